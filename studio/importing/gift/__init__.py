"""GIFT, Moodle's format of questions."""
