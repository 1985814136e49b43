def shift_text(text, steps):
    """Return the text with each letter moved along the alphabet."""
