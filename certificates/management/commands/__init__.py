"""Commands of certificates."""
