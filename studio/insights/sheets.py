"""A table as a CSV file that a spreadsheet opens without calculating anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a cell may not begin with (OWASP, "CSV Injection"); a number that we wrote is none of it.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# So that spreadsheets read the letters of every language.
MARK = "\ufeff"

Cell = str | int | float | None


def sheet(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes of the file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (MARK + file.getvalue()).encode()


def harmless(cell: Cell) -> str:
    """The cell as text: what would be taken for a formula gets a quote before it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4f}".rstrip("0").rstrip(".")
    if isinstance(cell, int):
        return str(cell)
    text = cell.replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text
