def is_isbn(text):
    """Return whether a text is a valid ISBN of ten characters."""
