"""Runs untrusted code. No Django in here."""
