def run_lengths(text):
    """Return pairs of a character and the number of times it stands in a row."""
