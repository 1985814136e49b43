"""The school as one file, and back again: database, files, and what proves that both are whole."""
