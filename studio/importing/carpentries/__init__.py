"""Lessons of the Carpentries."""
