def minutes_in(text):
    """Return the minutes in a text such as '1 h 35 min'. Raises ValueError for other texts."""
