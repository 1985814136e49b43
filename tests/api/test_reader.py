"""The strict reader: one JSON object, or one of two refusals."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reader import BrokenText, NotJson, read_object

TEXT = st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXT, VALUES, max_size=6)


@given(OBJECTS, st.booleans())
def test_what_was_written_is_read(value, escaped):
    assert read_object(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    with suppress(NotJson, BrokenText):
        assert isinstance(read_object(raw), dict)


@given(OBJECTS, st.text(min_size=1, max_size=5))
def test_nothing_may_follow_the_object(value, tail):
    raw = json.dumps(value) + tail
    if tail.strip(" \t\n\r"):
        with pytest.raises(NotJson):
            read_object(raw.encode("utf-8", "surrogatepass"))


@given(VALUES.filter(lambda value: not isinstance(value, dict)))
def test_only_objects_pass(value):
    with pytest.raises(NotJson):
        read_object(json.dumps(value).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": -1e999}',
        b'{"a": 1, "a": 1}', b'{"b": [{"a": 1, "a": 2}]}', b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 16_000, b'{"a":' * 3_000, b"\xff\xfe{}", b'{"a": "\xc3"}', b"\xef\xbb\xbf{}",
        b"{} {}", b'{"a": 1,}', b"{'a': 1}", b"// no\n{}", b"", b" ", b"null", b'"x"', b"[]",
        b'{"a": 01}', b'{"a": 0x10}', b'{"a": "\t"}',
    ],
)  # fmt: skip
def test_refuses(raw):
    with pytest.raises(NotJson):
        read_object(raw)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (rb'{"userId": "a\u0000b"}', "userId"),
        (rb'{"userId": "\ud800"}', "userId"),
        (rb'{"userId": "\udc00\ud800"}', "userId"),
        (rb'{"a": [{"b": ["\u0000"]}]}', "a"),
        (rb'{"a": {"\ud800": 1}}', "a"),
        (rb'{"\u0000": 1}', ""),
    ],
)
def test_what_is_not_text_is_told_apart(raw, field):
    with pytest.raises(BrokenText) as caught:
        read_object(raw)
    assert caught.value.field == field


def test_a_pair_of_surrogates_is_text():
    assert read_object(rb'{"a": "\ud83d\ude00"}') == {"a": "😀"}
