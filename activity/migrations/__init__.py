"""Steps of the tables of activity."""
