"""OLX, the format of Open edX."""
