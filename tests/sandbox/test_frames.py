"""Frames and values as they come out: whatever a program sends, nothing of ours falls over."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import frames, literals
from sandbox.frames import FrameRefused, Report, read, split
from sandbox.job import SourceRefused, clean_source
from sandbox.values import Type, Value, shown, value_of
from sandbox.wasm.guests.harness import Encoder, TooLarge

OPENING = b"\x1eWAYMARK abc "


@pytest.mark.parametrize(
    ("output", "printed", "frame"),
    [
        (b"", b"", None),
        (b"7\n", b"7\n", None),
        (b"7\n" + OPENING + b"{}\n", b"7\n", "{}"),
        (OPENING + b"{}\n", b"", "{}"),
        (OPENING + b"{}", b"{}", None),
        (OPENING + b"{}\nmore", b"{}\nmore", None),
        (OPENING + b"{}\n" + OPENING + b"{}\n", b"{}\n{}\n", None),
        (b"\x1eWAYMARK other {}\n", b"\x1eWAYMARK other {}\n", None),
        (OPENING, b"", None),
    ],
)
def test_a_frame_is_the_one_last_thing(output, printed, frame):
    assert split(output, "abc") == (printed, frame)


@pytest.mark.parametrize(
    "text",
    [
        "", "7", "null", "[]", "{}", "{", '{"value":7}', '{"value":[]}', '{"value":["int"]}',
        '{"value":["int","x"]}', '{"value":["int","7","8"]}', '{"value":["int",7]}',
        '{"value":["int","1_0"]}', '{"value":["int"," 7"]}', '{"value":["bool","2"]}',
        '{"value":["float","seven"]}', '{"value":["text","zz"]}', '{"value":["text","\\u0661"]}',
        '{"value":["dict",["int","7"]]}', '{"value":["none","7"]}', '{"value":["unknown","7"]}',
        '{"value":[["list"]]}', '{"value":["other"]}', '{"value":NaN}', '{"fault":7}',
        '{"raised":7}', '{"raised":"zz"}', '{"raised":["int","7"]}', '{"raised":""}',
        '{"value":["none"],"raised":"61"}', '{"value":' + "[" * 100_000, '{"other":1}',
        '{"value":' + '["list",' * 500 + '["none"]' + "]" * 500 + "}",
        '{"value":["float","0x1p999999999"]}', "9" * 10_000, "\ud800",
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_what_is_no_frame_is_refused(text):
    with pytest.raises(FrameRefused):
        read(text)


def test_what_is_too_long_is_refused():
    with pytest.raises(FrameRefused):
        read(" " * (frames.MAX_FRAME + 1))


def test_reports():
    assert read('{"fault":"compile"}') == Report(fault="compile")
    assert read('{"raised":"4f6f7073"}') == Report(raised="Oops")
    assert read('{"raised":["text16","004f"]}') == Report(raised="O")
    assert read('{"value":["int","-ff"]}').value == Value(Type.INT, -255)
    assert read('{"value":["text","eda080"]}').value.leaf == "\ufffd" * 3


@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)).map(json.dumps))  # fmt: skip
def test_any_text_is_read_or_refused(text):
    try:
        read(text)
        read(f'{{"value":{text}}}')
    except FrameRefused:
        pass


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.binary(max_size=20)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(VALUES)
def test_values_survive_the_way_out(plain):
    encoded = f'{{"value":{Encoder().value(plain)}}}'
    assert encoded.isascii()
    assert repr(read(encoded).value) == repr(value_of(plain))
    assert len(shown(value_of(plain))) <= 400


def test_what_is_too_large_is_not_encoded():
    deep = []
    for _ in range(100):
        deep = [deep]
    for large in (deep, list(range(100_000)), "x" * 300_000, 1 << 10_000_000, b"x" * 300_000):
        with pytest.raises(TooLarge):
            Encoder().value(large)


def test_a_class_that_interferes_is_not_asked():
    class Liar(dict):
        def items(self):
            raise AssertionError

        __iter__ = __len__ = __eq__ = items
        __class__ = property(items)

    value = read(f'{{"value":{Encoder().value(Liar(a=1))}}}').value
    assert value == Value(Type.OTHER, "Liar", (value_of({"a": 1}),))


ARGUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(ARGUMENTS)
def test_literals_of_python_are_read_as_they_were(value):
    literal = literals.python(value)
    assert literal.isascii()
    assert repr(eval(literal, {"__builtins__": {}})) == repr(value)  # noqa: S307


@given(ARGUMENTS)
def test_literals_of_javascript_are_one_line_of_ascii(value):
    literal = literals.javascript(value)
    assert literal.isascii()
    assert "\n" not in literal


@pytest.mark.parametrize("value", [object(), b"x", {1, 2}, [b"x"]])
def test_what_is_not_of_json_is_no_argument(value):
    for literal in (literals.python, literals.javascript):
        with pytest.raises(TypeError):
            literal(value)


@pytest.mark.parametrize(
    "given", ["", " \n\t", "a\0b", "x" * 65_537, "é" * 40_000, b"\xff\xfe", "\ud800", b"a\0"]
)
def test_what_is_no_source_is_refused(given):
    with pytest.raises(SourceRefused):
        clean_source(given)


def test_source_is_cleaned():
    assert clean_source("\ufeffa\r\nb\rc\n".encode()) == "a\nb\nc\n"
    assert len(clean_source("x" * 65_536)) == 65_536


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_any_output_is_split(output):
    printed, frame = split(output + OPENING + b"{}\n", "abc")
    assert (printed, frame) == (output, "{}")
