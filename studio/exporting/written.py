"""What every format becomes: files by their paths, and what the format could not hold."""

import io
import zipfile
import zlib
from dataclasses import dataclass, field

from studio.importing.archive import MAX_RATIO, SMALL
from studio.importing.refusal import Finding

# The first moment that a zip can speak of, for every file of every export.
MOMENT = (1980, 1, 1, 0, 0, 0)
ORDINARY_FILE = 0o100644 << 16
UNIX = 3
LEVEL = 9
# Far enough below what the reader bears.
DENSE = MAX_RATIO // 2


@dataclass(slots=True)
class Written:
    """A course in some format. `lost` tells what the format has no place for."""

    files: dict[str, bytes]
    lost: list[Finding] = field(default_factory=list)


def zip_of(files: dict[str, bytes], top: str) -> bytes:
    """The files as an archive below one folder, or below none where `top` is empty.

    The same files give the same bytes: sorted names, fixed times, permissions and compression.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(files):
            data = files[path]
            entry = zipfile.ZipInfo(f"{top}/{path}" if top else path, MOMENT)
            entry.create_system, entry.external_attr = UNIX, ORDINARY_FILE
            archive.writestr(entry, data, _method(data), LEVEL)
    return out.getvalue()


def _method(data: bytes) -> int:
    """Deflated, unless so dense that a careful reader would take it for a trap."""
    if len(data) > SMALL and len(data) > DENSE * len(zlib.compress(data, LEVEL)):
        return zipfile.ZIP_STORED
    return zipfile.ZIP_DEFLATED
