def to_roman(number):
    """Return a whole number from 1 to 3999 in Roman letters."""
