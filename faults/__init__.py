"""Breaks things under load and looks whether anything was lost: `make faults`."""
