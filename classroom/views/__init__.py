"""Answers to the learners' browsers."""
