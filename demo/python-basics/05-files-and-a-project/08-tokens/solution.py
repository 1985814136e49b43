DIGITS = "0123456789"
SIGNS = "+-*/()"


def tokens(formula):
    """Return the numbers and signs of a formula. Raises ValueError for other characters."""
    parts = []
    position = 0
    while position < len(formula):
        character = formula[position]
        if character in DIGITS:
            start = position
            # The length is asked first: behind the last digit there may be nothing.
            while position < len(formula) and formula[position] in DIGITS:
                position += 1
            parts.append(int(formula[start:position]))
            continue
        if character in SIGNS:
            parts.append(character)
        elif character != " ":
            raise ValueError(f"There is no sign {character!r}.")
        position += 1
    return parts
