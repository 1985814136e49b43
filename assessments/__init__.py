"""Quizzes and assignments, attempts and submissions."""
