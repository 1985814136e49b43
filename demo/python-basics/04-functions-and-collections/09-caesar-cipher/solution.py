SMALL = "abcdefghijklmnopqrstuvwxyz"


def shift_letter(letter, alphabet, steps):
    """Return the letter that stands some steps further in an alphabet."""
    # In Python the remainder is never negative, so that steps back need no extra care.
    return alphabet[(alphabet.find(letter) + steps) % len(alphabet)]


def shift_text(text, steps):
    """Return the text with each letter moved along the alphabet."""
    shifted = ""
    for character in text:
        if character in SMALL:
            shifted = shifted + shift_letter(character, SMALL, steps)
        elif character in SMALL.upper():
            shifted = shifted + shift_letter(character, SMALL.upper(), steps)
        else:
            shifted = shifted + character
    return shifted
