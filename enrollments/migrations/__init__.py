"""Steps of the tables of enrollments."""
