"""Commands for authors and for demo schools."""
