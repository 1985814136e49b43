"""Commands of progress."""
