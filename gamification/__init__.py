"""XP, levels, and everything that follows from what happened."""
