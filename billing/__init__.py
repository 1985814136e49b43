"""Who pays, and which plan a person holds now."""
