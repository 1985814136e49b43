"""Learners' pages that mix apps."""
