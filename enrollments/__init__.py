"""Who learns what, and who may open what."""
