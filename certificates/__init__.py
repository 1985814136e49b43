"""Frozen proofs of finished courses."""
