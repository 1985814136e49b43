"""Files that hold all that is known of somebody: only who runs the site reads them."""

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

# How the name of a file ends that is not whole yet, whoever writes it.
HALF = ".waymark.part"
# So long nobody writes without a word: one that nobody touched was left by somebody killed.
GIVEN_UP_SECONDS = 12 * 3600.0


@contextmanager
def private_file(place: Path) -> Iterator[IO[bytes]]:
    """Write beside the place, then move it there whole. What ends the writing leaves nothing.

    But for a kill, which the next one that is written there clears up after.
    """
    clear_given_up(place.parent)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.", suffix=HALF)
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)


def clear_given_up(folder: Path) -> None:
    """Delete half files of ours that nobody writes any more."""
    for half in folder.glob(f"?*.????????{HALF}"):
        with suppress(OSError):
            state = half.lstat()
            is_ours = stat.S_ISREG(state.st_mode) and stat.S_IMODE(state.st_mode) == 0o600
            if is_ours and state.st_mtime < time.time() - GIVEN_UP_SECONDS:
                half.unlink()
