"""Measures: each bench runs its bound beside what it measures and says the ratio of the two."""
