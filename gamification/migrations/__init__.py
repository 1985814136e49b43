"""Steps of the tables of gamification."""
