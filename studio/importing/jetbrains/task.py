"""One task of JetBrains Academy: its files, and what learners see of them."""

import posixpath
from dataclasses import dataclass, field

from courses.models import MAX_TEXT
from studio.importing.files import Source, SourceFile, text_of
from studio.importing.html_text import markdown_of
from studio.importing.jetbrains.text import description_of, without_answers
from studio.importing.loose_yaml import is_true, mappings, whole, word
from studio.importing.prose import fenced
from studio.importing.refusal import ImportRefused
from studio.importing.strict_yaml import Mapping

INFO = "task-info.yaml"
DESCRIPTIONS = ("task.md", "task.html")
READ = {INFO, "task-remote-info.yaml", *DESCRIPTIONS}
MEDIA = {"svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "mp4", "webm", "ogg", "mp3", "m4a"}
DATA = {"txt", "csv", "json", "pdf", "ipynb"}
LANGUAGES = {
    "py": "python", "js": "javascript", "ts": "typescript", "java": "java", "kt": "kotlin",
    "kts": "kotlin", "cpp": "cpp", "h": "cpp", "hpp": "cpp", "c": "c", "cs": "csharp",
    "rs": "rust", "go": "go", "scala": "scala", "php": "php", "sql": "sql", "html": "html",
    "css": "css", "xml": "xml", "sh": "bash", "gradle": "groovy", "toml": "toml", "rb": "ruby",
}  # fmt: skip
OUTPUTS = ("output.txt", "tests/output.txt", "test/output.txt")
INPUTS = ("input.txt", "tests/input.txt", "test/input.txt")


@dataclass(slots=True)
class Code:
    """A file of code: as learners get it, and solved ("" if nobody says how)."""

    name: str
    language: str
    starter: str
    solution: str = ""


@dataclass(slots=True)
class Task:
    """`kept` are files to be served, `linked` those of them that learners work with, `left` are
    the others, with the reason."""

    folder: str
    values: Mapping
    description: str
    origin: str
    codes: list[Code] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return word(self.values, "type")

    @property
    def title(self) -> str:
        return word(self.values, "custom_name") or posixpath.basename(self.folder)

    @property
    def article(self) -> str:
        """The description, what one begins with, and how it is solved."""
        parts = [self.description]
        parts += [fenced(code.starter, code.language, code.name) for code in self.codes]
        if self.linked:
            links = [
                f"- [{posixpath.basename(one)}](<{self._relative(one)}>)" for one in self.linked
            ]
            parts.append("\n".join(["Files:", "", *links]))
        solved = [
            fenced(code.solution, code.language, code.name) for code in self.codes if code.solution
        ]
        if solved:
            parts += ["<details><summary>Solution</summary>", *solved, "</details>"]
        return "\n\n".join(part for part in parts if part)

    def _relative(self, path: str) -> str:
        return path[len(self.folder) + 1 :]


def read_task(
    source: Source, folder: str, paths: list[str], values: Mapping, hide_solutions: bool
) -> Task:
    """The task in a folder with these files and fields. Raises ImportRefused."""
    origin = next(
        (path for name in DESCRIPTIONS if (path := f"{folder}/{name}") in source.files),
        f"{folder}/{INFO}",
    )
    task = Task(folder, values, _description(source, origin), origin)
    hide = hide_solutions or is_true(values, "solution_hidden")
    named = {f"{folder}/{word(one, 'name')}": one for one in mappings(values, "files")}
    for path in [*(path for path in named if path in source.files), *paths]:
        if path in task.left or path in task.kept:
            continue
        if path not in named or not is_true(named[path], "visible", True):
            _sort_unseen(task, path, is_named=path in named)
        elif not any(code.name == path[len(folder) + 1 :] for code in task.codes):
            _sort_seen(task, source.files[path], named[path], hide)
    return task


def missing_in(source: Source, task: Task) -> list[str]:
    """Files that the task names and the source has not."""
    names = [word(one, "name") for one in mappings(task.values, "files")]
    return [name for name in names if f"{task.folder}/{name}" not in source.files]


def text_beside(source: Source, folder: str, names: tuple[str, ...]) -> str | None:
    """The text of the first of these files that is there and can be read."""
    for name in names:
        if f"{folder}/{name}" in source.files:
            try:
                return text_of(source.files[f"{folder}/{name}"], MAX_TEXT)
            except ImportRefused:
                return None
    return None


def _description(source: Source, origin: str) -> str:
    if posixpath.basename(origin) == INFO:
        return ""
    text = text_of(source.files[origin], 4 * MAX_TEXT)
    return description_of(markdown_of(text) if origin.endswith(".html") else text)


def _sort_unseen(task: Task, path: str, *, is_named: bool) -> None:
    if path[len(task.folder) + 1 :] in READ:
        return
    if _ending(path) in MEDIA:
        task.kept.append(path)
    elif is_named:
        task.left[path] = "it is hidden from learners: a test, or what a test needs"
    else:
        task.left[path] = "the task does not name it"


def _sort_seen(task: Task, file: SourceFile, values: Mapping, hide: bool) -> None:
    if _ending(file.path) in MEDIA | DATA:
        task.kept.append(file.path)
        task.linked += [file.path] if _ending(file.path) in DATA else []
        return
    try:
        text = text_of(file, MAX_TEXT)
    except ImportRefused as refusal:
        task.left[file.path] = refusal.findings[0].message
        return
    found = [
        (whole(one, "offset"), whole(one, "length"), word(one, "placeholder_text"))
        for one in mappings(values, "placeholders")
    ]
    starter = without_answers(text, [one for one in found if min(one[0], one[1]) >= 0])
    solution = "" if hide or starter == text else text
    name = file.path[len(task.folder) + 1 :]
    task.codes.append(Code(name, LANGUAGES.get(_ending(name), ""), starter, solution))


def _ending(path: str) -> str:
    return path.rpartition(".")[2].lower()
