"""Feedback that people write: waiting for one, at the desk, sent, answered."""
