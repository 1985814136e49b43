"""Steps of the tables of notifications."""
