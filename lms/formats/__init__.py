"""Dates as each language writes them, by the English pattern that pages and code ask for.

Django looks a pattern up here before it takes it as it is, for `date` and `date_format` alike.
"""
