"""Courses of JetBrains Academy."""
