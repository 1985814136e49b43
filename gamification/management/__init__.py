"""Commands of gamification."""
