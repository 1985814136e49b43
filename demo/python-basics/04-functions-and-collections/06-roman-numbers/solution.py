# From large to small. The pairs in which a letter is taken away are steps of their own.
STEPS = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"),
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]


def to_roman(number):
    """Return a whole number from 1 to 3999 in Roman letters."""
    letters = ""
    for value, name in STEPS:
        while number >= value:
            letters = letters + name
            number = number - value
    return letters
