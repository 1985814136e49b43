"""The task of a problem of Exercism: its texts put together, with where it comes from."""

import re
from collections.abc import Mapping as Files

from courses.models import MAX_TEXT
from studio.importing.files import SourceFile, text_of
from studio.importing.refusal import refuse

DATA = "canonical-data.json"
# What stands in front, and what it is called where it comes second.
INTRODUCTION = "introduction.md"
TASKS = ("description.md", "instructions.md")
APPENDED = "instructions.append.md"
TEXTS = (INTRODUCTION, *TASKS, APPENDED)
HEADING = re.compile(r"\A\s*#\s[^\n]*\n+")
NOTE = re.compile(r"^(~{3,})exercism/(\w+)[^\n]*\n(.*?)^\1[ \t]*$\n?", re.MULTILINE | re.DOTALL)
CALLOUTS = {"note": "NOTE", "caution": "WARNING", "advanced": "TIP"}


def task_of(files: Files[str, SourceFile], start: str, about: dict[str, str]) -> str:
    """Introduction, task, what was appended to it, and where it comes from."""
    introduction, *rest = (_text(files, start + name) for name in TEXTS)
    task = [part for part in rest if part]
    parts = [introduction, "## Instructions", *task] if introduction and task else task
    parts = parts or [introduction]
    if about.get("source") and about.get("source_url", "").startswith(("http:", "https:")):
        parts.append(f"Source: [{_escaped(about['source'])}](<{about['source_url']}>)")
    elif about.get("source"):
        parts.append(f"Source: {_escaped(about['source'])}")
    content = "\n\n".join(part for part in parts if part)
    if len(content) > MAX_TEXT:
        raise refuse(f"The text has more than {MAX_TEXT:,} characters.", start + DATA)
    return content


def _text(files: Files[str, SourceFile], path: str) -> str:
    """A text without its first heading, with notes as callouts."""
    if path not in files:
        return ""
    text = HEADING.sub("", text_of(files[path], 4 * MAX_TEXT) + "\n", count=1)
    return NOTE.sub(_callout, text).strip("\n")


def _callout(note: re.Match[str]) -> str:
    lines = [f"[!{CALLOUTS.get(note[2], 'NOTE')}]", *note[3].rstrip("\n").split("\n")]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines)


def _escaped(text: str) -> str:
    return re.sub(r"([\\\[\]`*_<>])", r"\\\1", text)
