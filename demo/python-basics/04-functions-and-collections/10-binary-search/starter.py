def look_up(numbers, wanted):
    """Return the position of a number in a sorted list, and how many looks that took."""
