"""Counting what is looked at. `looking` hears of it, `buffer` keeps it, `writing` stores it."""

from activity.analytics.counting import visitors_of_course

__all__ = ["visitors_of_course"]
