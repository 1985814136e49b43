"""Courses from folders and archives: read, compare, apply."""
