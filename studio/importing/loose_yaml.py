"""Values out of YAML that another system wrote: what is missing or of another kind is nothing.

The strict reader refuses what could mean different things; unknown fields are none of our business.
"""

from studio.importing.files import Source, text_of
from studio.importing.strict_yaml import Listing, Mapping, Scalar, load

MAX_BYTES = 1024 * 1024
MAX_VALUES = 50_000


def values_in(source: Source, path: str) -> Mapping:
    """The fields of a file; none if there is no such file. Raises ImportRefused, with the line."""
    if path not in source.files:
        return Mapping()
    text = text_of(source.files[path], MAX_BYTES)
    return load(text, path, max_bytes=MAX_BYTES, max_values=MAX_VALUES)


def word(values: Mapping, name: str) -> str:
    found = values.items.get(name)
    if not isinstance(found, Scalar) or (found.plain and found.text in {"null", "~"}):
        return ""
    return found.text.strip("\n")


def is_true(values: Mapping, name: str, otherwise: bool = False) -> bool:
    return word(values, name).lower() == "true" if word(values, name) else otherwise


def whole(values: Mapping, name: str) -> int:
    """A number from 0; -1 if it is none."""
    text = word(values, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def words(values: Mapping, name: str) -> list[str]:
    """The texts of a list, also of one."""
    found = values.items.get(name)
    if isinstance(found, Listing):
        return [one.text for one in found.items if isinstance(one, Scalar)]
    return [text] if (text := word(values, name)) else []


def mappings(values: Mapping, name: str) -> list[Mapping]:
    found = values.items.get(name)
    items = found.items if isinstance(found, Listing) else []
    return [one for one in items if isinstance(one, Mapping)]
