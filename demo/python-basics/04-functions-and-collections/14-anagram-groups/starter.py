def anagram_groups(words):
    """Return groups of words that are made of the same letters."""
