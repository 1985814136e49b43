DIGITS = "0123456789"


def is_isbn(text):
    """Return whether a text is a valid ISBN of ten characters."""
    characters = text.replace("-", "")
    if len(characters) != 10:
        return False
    total = 0
    for position, character in enumerate(characters):
        # Not isdigit(): that is True for signs such as a raised two, which int refuses.
        value = DIGITS.find(character)
        if character == "X" and position == 9:
            value = 10
        if value < 0:
            return False
        total = total + value * (10 - position)
    return total % 11 == 0
