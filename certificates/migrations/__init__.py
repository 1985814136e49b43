"""Steps of the tables of certificates."""
