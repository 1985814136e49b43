"""What happened, once and append-only."""
