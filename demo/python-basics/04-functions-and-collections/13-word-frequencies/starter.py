def top_words(text, count):
    """Return the most frequent words of a text, each with its number."""
