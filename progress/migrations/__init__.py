"""Steps of the tables of progress."""
