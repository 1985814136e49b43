"""What the site had of everything when a folder was exported: short marks, in a file beside it.

Whoever has none of the marks was edited since, or was not there. Nothing in the file speaks of a
time or a site, so that the same course gives the same bytes.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from studio.importing.files import SourceFile, text_of
from studio.importing.refusal import refuse
from studio.importing.tree import CourseNode, fingerprint

FILE = "exported.yaml"
HEAD = """\
# What the site had when this folder was exported: an import tells by it what was edited there
# since. Keep it with the folder as it is.
exported:
"""
LENGTH = 16
MARK = re.compile(rf'- "([0-9a-f]{{{LENGTH}}})"')
MAX_FILE = 4 * 1024 * 1024


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a node has, as a folder gives it back."""
    return {name: tidied_value(value) for name, value in values.items()}


def tidied_value(value: Any) -> Any:
    """Line ends are plain, and none stand around a text.

    What is inside a value keeps its ends: what a case expects may hang on them.
    """
    plain = with_plain_ends(value)
    return plain.strip("\n").rstrip() if isinstance(plain, str) else plain


def with_plain_ends(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, dict):
        return {name: with_plain_ends(one) for name, one in value.items()}
    return [with_plain_ends(one) for one in value] if isinstance(value, list) else value


def mark(kind: str, key: str, values: Mapping[str, Any]) -> str:
    """The mark of a node or of its row: what an import compares of it, bound to its identity."""
    return fingerprint({"node": [kind, key], "values": tidied(values)})[:LENGTH]


def mark_of_file(path: str, sha256: str) -> str:
    return mark("file", path, {"sha256": sha256})


def mark_of_order(kind: str, owner: str, keys: Sequence[str]) -> str:
    """The mark of the order in which a course, module or quiz has its parts."""
    return mark(f"order of {kind}", owner, {"keys": list(keys)})


def _orders(tree: CourseNode) -> Iterator[str]:
    yield mark_of_order("modules", tree.slug, [one.key for one in tree.modules])
    for module in tree.modules:
        yield mark_of_order("lessons", module.key, [one.key for one in module.lessons])
    for lesson in tree.lessons:
        if lesson.quiz:
            keys = [one.key for one in lesson.quiz.questions]
            yield mark_of_order("questions", lesson.key, keys)


def marks_of(tree: CourseNode, files: Mapping[str, bytes]) -> set[str]:
    """The marks of everything in the tree, and of its orders.

    `files` are those of the course by their paths.
    """
    marks = {mark("course", tree.slug, tree.values), *_orders(tree)}
    marks |= {mark("module", one.key, one.compared) for one in tree.modules}
    for lesson in tree.lessons:
        marks.add(mark("lesson", lesson.key, lesson.compared))
        asked = lesson.quiz.questions if lesson.quiz else []
        marks |= {mark("question", one.key, one.compared) for one in asked}
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    return marks | {mark_of_file(path, digest) for path, digest in digests.items()}


def written_marks(marks: Iterable[str]) -> str:
    return HEAD + "".join(f'  - "{one}"\n' for one in sorted(marks))


def read_marks(file: SourceFile) -> frozenset[str]:
    """The marks in the file. Raises ImportRefused where a line is something else.

    Read line by line: thousands of values are no work for a parser of YAML.
    """
    found = set()
    for number, line in enumerate(text_of(file, MAX_FILE).splitlines(), start=1):
        text = line.strip()
        if hit := MARK.fullmatch(text):
            found.add(hit[1])
        elif text and not text.startswith("#") and text != "exported:":
            raise refuse("This line is none of an export.", file.path, number)
    return frozenset(found)
