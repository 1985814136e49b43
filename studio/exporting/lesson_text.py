"""A lesson as its file: fields in front, Markdown behind, and its widget beside it."""

import posixpath
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from courses.models import Lesson
from studio.exporting.yaml_text import Bare, document, number, optional, text, truth
from studio.importing.folder.fields import is_identity
from studio.importing.folder.lesson_file import KINDS
from studio.importing.tree import LessonNode

Kind = Lesson.Kind
FILE = re.compile(r"/courses/[^/]+/files/(.+)")
NAMES = {kind: name for name, kind in KINDS.items()}
WIDGET = "widget.html"


def identity(key: str, path_key: str = "") -> str | None:
    """What stands as the id; None where the path says it already, or alone can."""
    if is_identity(key):
        return text(key)
    return text(key) if key != path_key and is_identity(key, made=True) else None


def line(value: str) -> str | None:
    """A text on one line; None for none."""
    return optional(" ".join(value.split("\n")))


def unless(value: int, usual: int) -> Bare | None:
    """A number, if it is another than the usual one."""
    return None if value == usual else number(value)


def places_in(values: Mapping[str, Any]) -> dict[str, Bare | None]:
    """The fields that every lesson may have and mostly has not."""
    return {
        "preview": truth(True) if values.get("is_preview") else None,
        "draft": truth(True) if values["status"] == Lesson.Status.DRAFT else None,
        "required": None if values["is_required"] else truth(False),
    }


def plain(content: str) -> str:
    """Markdown with one kind of line ends and no empty lines around it."""
    return content.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def usual_xp(kind: str, minutes: int) -> int:
    return 15 if kind == Kind.INTERACTIVE else 5 if minutes < 3 else 10


def lesson_files(node: LessonNode, path: str, path_key: str) -> dict[str, bytes]:
    """The files of a lesson that is neither quiz nor assignment, by their paths."""
    values, content = node.values, plain(node.values["content"])
    is_video = values["kind"] == Kind.VIDEO
    widget = widget_path(path) if values["widget"] else ""
    fields = {
        "id": identity(node.key, path_key),
        "title": line(values["title"]),
        "summary": line(values["summary"]),
        "type": None if values["kind"] == Kind.ARTICLE else Bare(NAMES[values["kind"]]),
        "minutes": unless(values["minutes"], 5),
        "xp": unless(values["xp_reward"], usual_xp(values["kind"], values["minutes"])),
        **places_in(values),
        "url": optional(relative(values["video_url"], path)) if is_video else None,
        "captions": optional(relative(values["captions"], path)),
        "poster": optional(relative(values["poster"], path)),
        "widget": optional(posixpath.basename(widget)),
        "height": unless(values["widget_height"], 420),
    }
    body = f"{content}\n" if content else ""
    files = {path: f"---\n{document(fields)}---\n{body}".encode()}
    return files | ({widget: values["widget"].encode()} if widget else {})


def widget_path(path: str) -> str:
    """A lesson that owns its folder has its widget in it; others have it beside them."""
    folder, name = posixpath.split(path)
    return f"{folder}/{WIDGET if name == 'index.md' else f'{name.removesuffix(".md")}.{WIDGET}'}"


def relative(address: str, path: str) -> str:
    """A file of the course as it is seen from the lesson in `path`; other addresses stay."""
    hit = FILE.fullmatch(address)
    if not hit:
        return address
    found = posixpath.relpath(unquote(hit[1]), posixpath.dirname(path))
    return found if unquote(found) == found == found.strip() else quote(found)
