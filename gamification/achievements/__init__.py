"""Badges: what each asks for, who has reached it, and writing that down once."""
