"""imsmanifest.xml: what a cartridge holds, and in which order it is taught."""

from dataclasses import dataclass, field

from studio.importing.files import Source
from studio.importing.refusal import refuse
from studio.importing.strict_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    line_of,
    local,
    parse_xml,
    text_of_element,
)

MANIFEST = "imsmanifest.xml"
KINDS = (
    ("question-bank", "bank"), ("imsqti", "quiz"), ("imswl", "link"), ("imsdt", "topic"),
    ("imsbasiclti", "tool"), ("assignment_xml", "assignment"), ("webcontent", "web"),
    ("associatedcontent", "associated"), ("learning-application-resource", "associated"),
)  # fmt: skip


@dataclass(slots=True)
class Resource:
    """`files` are hrefs as they are written, the resource's own first."""

    key: str
    type: str
    files: list[str]
    element: Element
    line: int

    @property
    def inline(self) -> Element | None:
        """What CC 1.3 lets stand in the manifest instead of a file."""
        beside = {"file", "dependency", "metadata", "variant"}
        return next((one for one in self.element if local(one) not in beside), None)

    @property
    def kind(self) -> str:
        """In a word of ours; "" where the type is not known."""
        lowered = self.type.lower()
        return next((kind for part, kind in KINDS if part in lowered), "")


@dataclass(slots=True)
class Leaf:
    """A place in a module: a resource by its key, or an address. `kind` is Canvas's word for it."""

    title: str
    ref: str = ""
    key: str = ""
    url: str = ""
    kind: str = ""
    is_draft: bool = False
    line: int = 0


@dataclass(slots=True)
class Heading:
    key: str
    title: str
    leaves: list[Leaf] = field(default_factory=list)
    is_draft: bool = False


@dataclass(slots=True)
class Manifest:
    """`flattened` are headings below modules, with the line of each."""

    title: str
    description: str
    version: str
    headings: list[Heading]
    resources: dict[str, Resource]
    flattened: list[tuple[str, int]]


def read_manifest(source: Source) -> Manifest:
    """Raises ImportRefused."""
    root = parse_xml(source.files[MANIFEST].read(), MANIFEST)
    if local(root) != "manifest":
        raise refuse("This is no manifest of a cartridge.", MANIFEST, line_of(root))
    metadata = child(root, "metadata")
    if "scorm" in text_of_element(child(metadata, "schema")).lower():
        raise refuse("This is a SCORM package. It needs a player and cannot be imported.", MANIFEST)
    general = next(descendants(metadata, "general"), None)
    manifest = Manifest(
        title=text_of_element(_words(child(general, "title"))),
        description=text_of_element(_words(child(general, "description"))),
        version=text_of_element(child(metadata, "schemaversion")),
        headings=[],
        resources=_resources(child(root, "resources")),
        flattened=[],
    )
    organization = child(root, "organizations", "organization")
    if organization is not None:
        _read_organization(manifest, organization)
    return manifest


def _words(element: Element | None) -> Element | None:
    """The first language of a text in several."""
    return next(descendants(element, "string", "langstring"), element)


def _resources(holder: Element | None) -> dict[str, Resource]:
    found = dict[str, Resource]()
    base = attribute(holder, "base")
    for one in children(holder, "resource"):
        start = f"{base}{attribute(one, 'base')}"
        hrefs = [
            attribute(one, "href"),
            *(attribute(file, "href") for file in children(one, "file")),
        ]
        files = [f"{start}{href}" for href in dict.fromkeys(hrefs) if href]
        key = attribute(one, "identifier") or f"resource-{len(found) + 1}"
        found.setdefault(key, Resource(key, attribute(one, "type"), files, one, line_of(one)))
    return found


def _read_organization(manifest: Manifest, organization: Element) -> None:
    """Below the root item stand modules, and maybe lessons between them."""
    items = children(organization, "item")
    if len(items) == 1 and children(items[0], "item") and not attribute(items[0], "identifierref"):
        root = items[0]
        has_modules = any(children(one, "item") for one in children(root, "item"))
        if has_modules or not text_of_element(child(root, "title")):
            items = children(root, "item")
    loose: Heading | None = None
    for number, one in enumerate(items, start=1):
        if children(one, "item") or not attribute(one, "identifierref"):
            loose = None
            title = text_of_element(child(one, "title")) or f"Module {number}"
            heading = Heading(attribute(one, "identifier") or title, title)
            _add_leaves(manifest, heading, one, 0)
            manifest.headings.append(heading)
            continue
        if loose is None:
            title = manifest.title or "Lessons"
            loose = Heading(f"{attribute(one, 'identifier')}-module", title)
            manifest.headings.append(loose)
        loose.leaves.append(_leaf(one))


def _leaf(item: Element) -> Leaf:
    return Leaf(
        text_of_element(child(item, "title")),
        attribute(item, "identifierref"),
        attribute(item, "identifier"),
        line=line_of(item),
    )


def _add_leaves(manifest: Manifest, heading: Heading, item: Element, depth: int) -> None:
    if attribute(item, "identifierref"):
        heading.leaves.append(_leaf(item))
    elif depth:
        manifest.flattened.append((text_of_element(child(item, "title")), line_of(item)))
    for one in children(item, "item"):
        _add_leaves(manifest, heading, one, depth + 1)
