def number_in(text):
    """Return a number made of the digits 0 to 9. Raises ValueError."""
    for character in text:
        # int would accept a sign, and digits of other scripts.
        if character not in "0123456789":
            raise ValueError(f"{text!r} is not a whole number.")
    return int(text)


def minutes_in(text):
    """Return the minutes in a text such as '1 h 35 min'. Raises ValueError for other texts."""
    pieces = text.split()
    if len(pieces) == 2:
        number, unit = pieces
        if unit == "min":
            return number_in(number)
        if unit == "h":
            return number_in(number) * 60
    if len(pieces) == 4 and pieces[1] == "h" and pieces[3] == "min":
        minutes = number_in(pieces[2])
        if minutes < 60:
            return number_in(pieces[0]) * 60 + minutes
    raise ValueError(f"{text!r} is no time.")
