"""Faults: parts that fall away while the school is open."""
