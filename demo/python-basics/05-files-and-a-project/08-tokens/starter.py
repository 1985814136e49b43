def tokens(formula):
    """Return the numbers and signs of a formula. Raises ValueError for other characters."""
