"""The way out: a course as files again. Every format is written from the one tree."""
