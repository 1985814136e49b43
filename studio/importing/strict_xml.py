"""XML read strictly: no entities of its own, nothing fetched, bounded in size and depth.

Names are compared without their namespace: it changes with every version of a format.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from lxml import etree

from studio.importing.refusal import ImportRefused, refuse

# Elements of lxml, which has no types.
type Element = Any

MAX_XML = 10 * 1024 * 1024
MAX_DEPTH = 100
PLACE = re.compile(r",? line \d+, column \d+.*$", re.DOTALL)


def parse_xml(data: bytes, path: str, limit: int = MAX_XML) -> Element:
    """Return the outermost element. Raises ImportRefused, with the line."""
    if len(data) > limit:
        raise refuse(f"The XML is longer than {limit:,} bytes.", path)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error, path) from error
    except (LookupError, ValueError) as error:
        raise refuse("This is not well-formed XML: its encoding is not known.", path) from error
    _refuse_entities(root, path)
    _refuse_depth(root, path)
    return root


def _not_well_formed(error: etree.XMLSyntaxError, path: str) -> ImportRefused:
    words = PLACE.sub("", str(error.msg or "")).strip().rstrip(".")
    lowered = words.lower()
    line = error.lineno or 1
    if "entity" in lowered and ("loop" in lowered or "amplification" in lowered):
        return refuse("Entities are not allowed in XML.", path, line)
    if "depth" in lowered:
        return refuse(f"The XML is nested more than {MAX_DEPTH} deep.", path, line)
    return refuse(f"This is not well-formed XML: {words or 'it ends too early'}.", path, line)


def _refuse_entities(root: Element, path: str) -> None:
    """No definitions, and no use of one that a file elsewhere would have to define."""
    document = root.getroottree().docinfo
    if document.internalDTD is not None and any(document.internalDTD.iterentities()):
        raise refuse("Entities are not allowed in XML.", path, 1)
    for one in root.iter(etree.Entity):
        raise refuse(f'The entity "{one.text}" is not defined.', path, one.sourceline or 1)


def _refuse_depth(root: Element, path: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            message = f"The XML is nested more than {MAX_DEPTH} deep."
            raise refuse(message, path, element.sourceline or 1)


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, *names: str) -> list[Element]:
    """The children with one of these names, or all of them; none of an element that is not."""
    if element is None:
        return []
    return [one for one in element if not names or local(one) in names]


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of that name; with several names, the way down to a descendant."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def descendants(element: Element | None, *names: str) -> Iterator[Element]:
    """All below the element with one of these names, in their order."""
    if element is not None:
        yield from (one for one in element.iterdescendants() if local(one) in names)


def attribute(element: Element | None, name: str) -> str:
    """An attribute by its name without namespace; "" if it is not there."""
    if element is None:
        return ""
    plain = element.get(name)
    if plain is not None:
        return str(plain).strip()
    found = (text for key, text in element.attrib.items() if key.rpartition("}")[2] == name)
    return str(next(found, "")).strip()


def text_of_element(element: Element | None) -> str:
    """All text inside the element, without spaces around it; "" if there is no element."""
    return "" if element is None else "".join(element.itertext()).strip()


def inner_html(element: Element | None) -> str:
    """What stands inside the element, as HTML."""
    if element is None:
        return ""
    parts = [escape(element.text or "", quote=False)]
    parts += [etree.tostring(one, method="html", encoding="unicode") for one in element]
    return "".join(parts).strip()


def line_of(element: Element | None) -> int:
    return 0 if element is None else int(element.sourceline or 0)


def source_of(element: Element) -> str:
    """The element as it stands in its file."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))
