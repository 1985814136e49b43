def without_stop(route, stop):
    """Return the route as it was, and a new list without the first visit to a stop."""
    # Without copy() both names would share one list, and the plan would lose the stop as well.
    shorter = route.copy()
    if stop in shorter:
        shorter.remove(stop)
    return route, shorter
