"""XML of others: what is read, and what is refused with its file and line."""

import pytest

from studio.importing.refusal import ImportRefused
from studio.importing.strict_xml import (
    MAX_DEPTH,
    attribute,
    child,
    children,
    descendants,
    inner_html,
    local,
    parse_xml,
    text_of_element,
)

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">]>
"""
LOCAL = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>\n<x>&f;</x>'
ELSEWHERE = b'<!DOCTYPE x [<!ENTITY % f SYSTEM "http://127.0.0.1:9/x.dtd"> %f;]>\n<x/>'
REFUSED = {
    "a bomb in a text": (BOMB + b"<x>&h;</x>", "Entities are not allowed"),
    "a bomb in an attribute": (BOMB + b'<x y="&h;"/>', "Entities are not allowed"),
    "a bomb in UTF-16": (
        (BOMB + b"<x>&h;</x>")
        .decode()
        .replace('"1.0"', '"1.0" encoding="UTF-16"')
        .encode("utf-16"),
        "Entities are not allowed",
    ),
    "a file of the machine": (LOCAL, "Entities are not allowed"),
    "an address": (ELSEWHERE, "Entities are not allowed"),
    "an entity that is never used": (b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "Entities are not"),
    "an entity of another file": (
        b'<!DOCTYPE x SYSTEM "x.dtd">\n<x>&nbsp;</x>',
        'The entity "&nbsp;" is not defined',
    ),
    "an unknown entity": (b"<x>\n&nbsp;</x>", "not well-formed XML: Entity 'nbsp' not defined"),
    "a tag that is not closed": (b"<x>\n<y></x>", "not well-formed XML: Opening and ending tag"),
    "nothing": (b"", "not well-formed XML"),
    "no XML": (b"PK\x03\x04", "not well-formed XML"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><x/>', "not well-formed XML"),
    "bytes that are no text": (b"<x>\xff\xfe</x>", "not well-formed XML"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_dangerous_or_broken_is_refused_with_its_file(name):
    data, words = REFUSED[name]
    with pytest.raises(ImportRefused) as refusal:
        parse_xml(data, "a/b.xml")
    [finding] = refusal.value.findings
    assert words in finding.message
    assert finding.path == "a/b.xml"
    assert "\n" not in finding.message


def test_the_line_of_a_fault_is_given():
    with pytest.raises(ImportRefused) as refusal:
        parse_xml(b"<x>\n\n<y></x>", "b.xml")
    assert str(refusal.value).startswith("b.xml:3: This is not well-formed XML: ")


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 500, 100_000])
def test_what_is_nested_too_deep_is_refused(depth):
    with pytest.raises(ImportRefused, match="nested more than 100 deep"):
        parse_xml(b"<x>" * depth + b"</x>" * depth, "b.xml")


def test_the_deepest_that_is_allowed_is_read():
    assert local(parse_xml(b"<x>" * MAX_DEPTH + b"</x>" * MAX_DEPTH, "b.xml")) == "x"


def test_what_is_too_long_is_refused_unread():
    with pytest.raises(ImportRefused, match="longer than 10 bytes"):
        parse_xml(b"<x>aaaaaaaaaaa</x>", "b.xml", limit=10)


def test_a_harmless_document_type_is_read():
    assert local(parse_xml(b'<!DOCTYPE x PUBLIC "-//A//B" "b.dtd">\n<x/>', "b.xml")) == "x"


def test_a_text_about_entities_is_a_text():
    root = parse_xml(b'<x><![CDATA[<!ENTITY a "b"> &a;]]></x>', "b.xml")
    assert text_of_element(root) == '<!ENTITY a "b"> &a;'


def test_names_are_compared_without_their_namespaces():
    root = parse_xml(
        b'<x xmlns="urn:one" xmlns:o="urn:two"><!-- c --><o:y o:z=" 1 ">a<b>c</b></o:y><y/></x>',
        "b.xml",
    )
    assert [local(one) for one in root] == ["y", "y"]
    assert len(children(root, "y")) == len(children(root)) == 2
    assert attribute(child(root, "y"), "z") == "1"
    assert text_of_element(child(root, "y")) == "ac"
    assert text_of_element(child(root, "y", "b")) == "c"
    assert child(root, "y", "none", "b") is None
    assert children(None) == []
    assert [text_of_element(one) for one in descendants(root, "b")] == ["c"]


def test_what_stands_inside_is_given_as_html():
    root = parse_xml(b"<x>1 &lt; 2<br/><p>a</p></x>", "b.xml")
    assert inner_html(root) == "1 &lt; 2<br><p>a</p>"
