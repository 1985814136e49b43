"""Steps of the tables of courses."""
