"""Keys: how a node is called in its course's folder, and in what was exported from the site."""

import secrets

LETTERS = "bcdfghjkmnpqrstvwxz"
ALPHABET = f"{LETTERS}23456789"
LENGTH = 10


def new_key() -> str:
    """A word of small letters and digits that nothing else has, allowed as an id in a folder.

    Without vowels, so that it says nothing, and with a letter first, so that YAML takes it for a
    text.
    """
    rest = (secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return secrets.choice(LETTERS) + "".join(rest)
