"""Commands about quizzes."""
