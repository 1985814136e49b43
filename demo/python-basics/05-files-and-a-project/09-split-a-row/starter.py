def split_row(line):
    """Return the fields of a line. Raises ValueError if a quoted field is not closed."""
