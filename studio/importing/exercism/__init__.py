"""Exercism's canonical data."""
