"""Races, by a gate that does not depend on luck."""
