def without_stop(route, stop):
    """Return the route as it was, and a new list without the first visit to a stop."""
