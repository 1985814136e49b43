"""Readers of strangers' bytes: whatever comes, only the refusal that they declare leaves them.

JSON, Stripe's messages and Markdown are looked at beside their other tests.
"""

import struct
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as some

from accounts.emails import InvalidEmail, canonical_email
from studio.importing.archive import CENTRAL, END, END_MARK, LOCAL, open_archive
from studio.importing.refusal import ImportRefused
from studio.importing.strict_yaml import load
from tests.studio.test_bad_sources import packed

pace = settings(max_examples=150, deadline=None, derandomize=True, database=None)

WHOLE = packed(("course.yaml", "format: 1\n"), ("01-a/01-b.md", "# B\n\nText. " * 20), ("x/", ""))
DIRECTORY = WHOLE.index(b"PK\x01\x02")
# Sizes, offsets and counts that are nearly right are what a reader falls over.
NUMBERS = some.sampled_from([0, 1, 2, 20, 0x7FFF, 0xFFFF]) | some.integers(0, 0xFFFF)
PLACES = some.integers(0, len(WHOLE) - 3) | some.integers(DIRECTORY, len(WHOLE) - 3)


def read_all(data: bytes) -> None:
    """List what is in it and read each file, as an import does."""
    for file in open_archive(data, "tea").files.values():
        assert len(file.read()) == file.size


@pace
@given(some.lists(some.tuples(PLACES, NUMBERS), min_size=1, max_size=4))
def test_an_archive_with_other_numbers_is_read_or_refused(changes):
    data = bytearray(WHOLE)
    for place, number in changes:
        struct.pack_into("<H", data, place, number)
    with suppress(ImportRefused):
        read_all(bytes(data))


@pace
@given(some.binary(max_size=90), some.lists(NUMBERS, min_size=17, max_size=17), NUMBERS)
def test_an_archive_of_junk_is_read_or_refused(middle, numbers, count):
    """The marks and the end are right, so that what lies between them is looked at."""
    system, *rest = numbers
    entry = LOCAL.pack(b"PK\x03\x04", *[0] * 8, 1, 0) + b"a" + middle
    listed = CENTRAL.pack(b"PK\x01\x02", system % 256, 3, *rest[:8], 1, *rest[9:14], 0) + b"a"
    end = END.pack(END_MARK, 0, 0, count, count, len(listed), len(entry), 0)
    with suppress(ImportRefused):
        read_all(entry + listed + end)


WORDS = some.sampled_from(
    ["a", "- ", ": ", "\n", "  ", "\t", "[", "]", "{", "}", ",", "?", "|\n", ">-\n", "&a ", "*a",
     "!!python/object:os.system ", "!t", "%YAML 1.9\n", "---\n", "...\n", "'", '"', "\\x", '"\\u12',
     "<<: ", "#", "@", "`", "\ufeff", "\x85", "\u2028", "\ud800", "\x00", "\r", "99", ".nan", "~"]
)  # fmt: skip


@settings(pace, max_examples=400)
@given(some.lists(WORDS | some.text(max_size=3), max_size=24).map("".join))
@example("- " * 5_000)
@example("[" * 30_000)
@example("\ud800: 1")
@example("%YAML 1.9\n---\na: 1")
def test_any_yaml_is_read_or_refused(text):
    with suppress(ImportRefused):
        load(text, "course.yaml")


@settings(pace, max_examples=400)
@given(
    some.text(max_size=20),
    some.lists(some.sampled_from([".", "-", "xn--", "a", "\u202e", "ß", "\u200d", "。", "1"])
               | some.text(max_size=4), max_size=12).map("".join),
)  # fmt: skip
def test_any_text_is_an_address_or_refused(local, domain):
    with suppress(InvalidEmail):
        kept = canonical_email(f"{local}@{domain}")
        assert kept.isascii()
        assert len(kept) <= 254
        assert canonical_email(kept) == kept
