def run_lengths(text):
    """Return pairs of a character and the number of times it stands in a row."""
    runs = []
    for character in text:
        if runs and runs[-1][0] == character:
            # The last pair is replaced, for a tuple cannot be changed.
            runs[-1] = (character, runs[-1][1] + 1)
        else:
            runs.append((character, 1))
    return runs
