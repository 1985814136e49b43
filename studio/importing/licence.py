"""Under which licence a course of others may be used, as far as its files say so plainly."""

from studio.importing.files import Source, text_of
from studio.importing.refusal import ImportRefused

MAX_BYTES = 1024 * 1024
# What a licence's text says near its beginning, and what it is called.
KNOWN = {
    "MIT License": "MIT",
    "Permission is hereby granted, free of charge": "MIT",
    "Apache License": "Apache-2.0",
    "CC BY-NC-SA 4.0": "CC-BY-NC-SA-4.0",
    "Attribution-NonCommercial-ShareAlike 4.0": "CC-BY-NC-SA-4.0",
    "Attribution-ShareAlike 4.0": "CC-BY-SA-4.0",
    "CC BY-SA 4.0": "CC-BY-SA-4.0",
    "CC BY 4.0": "CC-BY-4.0",
    "Attribution 4.0": "CC-BY-4.0",
}


def licence_of(source: Source) -> str:
    """The names of the licences at the top of the source, "" if nothing is known."""
    found: dict[str, None] = {}
    for path, file in source.files.items():
        if "/" not in path and path.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
            try:
                head = " ".join(text_of(file, MAX_BYTES)[:2_000].split())
            except ImportRefused:
                continue
            name = next((name for mark, name in KNOWN.items() if mark in head), "")
            found |= {name: None} if name else {}
    return " or ".join(found)
