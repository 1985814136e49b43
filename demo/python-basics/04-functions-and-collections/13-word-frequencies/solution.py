SIGNS = '.,;:!?"()'


def top_words(text, count):
    """Return the most frequent words of a text, each with its number."""
    counts = {}
    for piece in text.lower().split():
        word = piece.strip(SIGNS)
        if word:
            counts[word] = counts.get(word, 0) + 1

    # Pairs are put in order by their first part, then by their second. Minus turns the counts
    # round, and leaves the words in alphabetical order.
    order = []
    for word, number in counts.items():
        order.append((-number, word))
    return [(word, -minus) for minus, word in sorted(order)[:count]]
