"""Room for commands."""
