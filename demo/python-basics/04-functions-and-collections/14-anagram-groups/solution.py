def anagram_groups(words):
    """Return groups of words that are made of the same letters."""
    groups = {}
    for word in words:
        # The letters in order are the same text for all words of a group.
        key = "".join(sorted(word.lower()))
        if key not in groups:
            groups[key] = []
        groups[key].append(word)
    return [group for group in groups.values() if len(group) > 1]
