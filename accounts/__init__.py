"""Who is here: people, their profiles, their ways to sign in, their tokens."""
