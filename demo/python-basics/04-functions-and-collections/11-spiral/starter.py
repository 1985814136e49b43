def spiral(rows):
    """Return the values of a table in the order of a walk from its edge to its centre."""
