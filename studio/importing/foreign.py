"""A course in the making from another system's files: what comes in keeps to our own limits.

Readers of foreign formats call the verbs here and get lessons and files of the one tree. What has
to be cut, or has no place here, is told: nothing is lost in silence.
"""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from courses.models import MAX_TEXT, Difficulty, Lesson
from courses.texts import LONGEST_LINE, MOST_LINES
from courses.videos import video_at
from studio.importing.assets import ACTIVE_SVG
from studio.importing.files import Source
from studio.importing.folder.quiz_file import MAX_QUESTIONS, USUAL_RULES, derived
from studio.importing.names import (
    CUT,
    SLUG,
    Keys,
    cleaned,
    file_name,
    one_line,
    slug_of,
)
from studio.importing.refusal import Finding, ImportRefused, refuse
from studio.importing.relinking import relinked
from studio.importing.served import is_served
from studio.importing.tree import (
    RESERVED,
    AssignmentNode,
    CourseNode,
    LessonNode,
    ModuleNode,
    QuestionNode,
    QuizNode,
    Skipped,
)

Kind = Lesson.Kind
MAX_MODULES, MAX_LESSONS = 200, 2_000
WORDS_A_MINUTE, SHORT = 180, 3
TEXTS = {"prompt", "explanation", "model_answer", "text", "feedback"}


@dataclass(slots=True)
class Part:
    """What becomes a lesson, as it was found: `text` in Markdown, from `line` of the file `origin`.

    `key` stays the same for ever. Minutes that nobody knows (0) are guessed from the text.
    """

    key: str
    title: str
    origin: str
    text: str = ""
    line: int = 1
    minutes: int = 0
    is_draft: bool = False
    is_required: bool = True


class ForeignCourse:
    """Modules, lessons and files as they are found; `finish` gives the tree.

    Every lesson has an `origin`, its file in the source: links between origins become links
    between lessons. Raises ImportRefused where the course cannot have an address.
    """

    def __init__(self, source: Source, slug: str, title: str, *, tags: Sequence[str] = ()) -> None:
        self.source, self.files = source, source.files
        self.slug = slug or slug_of(source.name)
        if self.slug in RESERVED or not SLUG.fullmatch(self.slug):
            raise refuse(f'The id "{self.slug}" is not allowed. Use small letters and hyphens.')
        self.title = one_line(title or source.name.replace("-", " ").replace("_", " "), 120)
        self.summary, self.description, self.licence = "", "", ""
        self.language, self.tags = "", list(tags)
        self.authors: list[str] = []
        self.modules: list[ModuleNode] = []
        self.assets = dict[str, Any]()
        self.origins: dict[str, LessonNode] = {}
        self.homes: dict[str, str] = {}
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self.skipped: list[Skipped] = []
        self._module_keys, self._lesson_keys = Keys(), Keys()
        self._count = 0

    def warn(self, message: str, path: str = "", line: int = 0, code: str = "foreign") -> None:
        self.warnings.append(Finding(cleaned(message), cleaned(path), line, code))

    def warn_of(self, refusal: ImportRefused) -> None:
        """Tell of a fault that costs a part of the course, and not all of it."""
        for one in refusal.findings:
            self.warn(one.message, one.path, one.line, one.code)

    def skip(self, path: str, reason: str, kind: str = "file", original: str = "") -> None:
        """Account for a node that has no place here; `original` is its text, to be kept."""
        self.skipped.append(Skipped(cleaned(path), cleaned(reason), kind, cleaned(original)))

    def module(self, key: str, title: str, summary: str = "") -> ModuleNode:
        """A new module at the end. Its key is made unique. Raises ImportRefused."""
        self._refuse_more(len(self.modules), MAX_MODULES, "modules")
        key = self._module_keys.free(_key(key, "m"))
        values = {"title": one_line(title, 120) or "Module", "description": one_line(summary, 400)}
        node = ModuleNode(key, f"{len(self.modules) + 1:02}-{file_name(key)}", values)
        self.modules.append(node)
        return node

    def page(self, module: ModuleNode, part: Part, video: str = "") -> LessonNode:
        """A new lesson to read, or to watch where `video` is an address that can be shown."""
        text = part.text
        if video and video_at(video) is None:
            text = f"[{one_line(part.title, 120)}](<{video}>)\n\n{text}".rstrip()
            video = ""
        minutes = min(600, part.minutes or max(1, round(len(text.split()) / WORDS_A_MINUTE)))
        values = self._values(part, text) | {
            "kind": str(Kind.VIDEO if video else Kind.ARTICLE),
            "minutes": minutes,
            "xp_reward": 5 if minutes < SHORT else 10,
            "is_preview": False,
            "video_url": video,
            "captions": "",
            "poster": "",
            "widget": "",
            "widget_height": 420,
        }
        return self._add(module, LessonNode(part.key, "", values, part.line), ".md", part.origin)

    def quiz(
        self, module: ModuleNode, part: Part, questions: Sequence[QuestionNode],
        rules: Mapping[str, Any] | None = None,
    ) -> LessonNode | None:  # fmt: skip
        """A new quiz, or None, said, where no question pays points. See `foreign_questions`."""
        kept = list(questions[:MAX_QUESTIONS])
        for one in questions[MAX_QUESTIONS:]:
            reason = f"a quiz has at most {MAX_QUESTIONS} questions"
            self.skip(one.key, reason, "question", str(one.values["prompt"]))
        if not any(one.values["points"] for one in kept):
            for one in kept:
                reason = "its quiz has no question that pays points"
                self.skip(one.key, reason, "question", str(one.values["prompt"]))
            self.skip(f"{part.origin}#{part.key}", "no question pays points", "quiz", part.text)
            return None
        values = self._values(part, part.text) | {
            "kind": str(Kind.QUIZ),
            "minutes": min(600, part.minutes or max(2, len(kept))),
            "xp_reward": 20,
        }
        quiz = QuizNode({**USUAL_RULES, **(rules or {})}, {}, unique(kept))
        node = LessonNode(part.key, "", values, part.line, quiz)
        return self._add(module, node, ".quiz.yaml", part.origin)

    def assignment(self, module: ModuleNode, part: Part, node: AssignmentNode) -> LessonNode:
        """A new assignment: a draft where it has no solution or no case."""
        part.is_draft = part.is_draft or not (node.rules["solution"] and node.cases)
        values = self._values(part, part.text) | {
            "kind": str(Kind.ASSIGNMENT),
            "minutes": min(600, part.minutes or 10),
            "xp_reward": 20,
            "is_preview": False,
        }
        lesson = LessonNode(part.key, "", values, part.line, assignment=node)
        return self._add(module, lesson, "/description.md", part.origin)

    def keep_file(self, path: str) -> bool:
        """Serve a file of the source with the course; False, said, if its kind is not served."""
        if not is_served(path):
            self.skip(path, "files of this kind are not served")
            return False
        if path.lower().endswith(".svg") and ACTIVE_SVG.search(self.files[path].read()):
            self.skip(path, "it is a picture with a program inside")
            return False
        self.assets[path] = self.files[path]
        return True

    def finish(self) -> CourseNode:
        """The tree, its links set right. Raises ImportRefused with every fault that was noted."""
        if self.errors:
            raise ImportRefused(list(dict.fromkeys(self.errors)))
        places = {path.casefold(): path for path in self.assets}
        for lesson in self.lessons:
            self._relink(lesson, places)
        return CourseNode(
            slug=self.slug,
            values={
                "title": one_line(self.title, 120) or "Course",
                "summary": one_line(self.summary, 240),
                "description": self._cut(self.description, "", 0),
                "difficulty": str(Difficulty.BEGINNER),
                "licence": one_line(self.licence, 60),
                "authors": self._authors,
                "tags": self.tags,
                "opens_to_all": True,
                "language": self.language,
            },
            language=self.language,
            language_name=self.language.capitalize(),
            draft=True,
            modules=self.modules,
            assets=dict(sorted(self.assets.items())),
            skipped=self.skipped,
            warnings=self.warnings,
            is_foreign=True,
        )

    @property
    def lessons(self) -> list[LessonNode]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def _authors(self) -> list[str]:
        names = dict.fromkeys(one_line(name, LONGEST_LINE) for name in self.authors)
        return [name for name in names if name][:MOST_LINES]

    def _values(self, part: Part, text: str) -> dict[str, Any]:
        text = self._cut(text, part.origin, part.line)
        status = Lesson.Status.DRAFT if part.is_draft else Lesson.Status.PUBLISHED
        return {
            "title": one_line(part.title, 120) or "Lesson",
            "summary": "",
            "content": text,
            "status": str(status),
            "is_required": part.is_required,
        }

    def _add(self, module: ModuleNode, node: LessonNode, ending: str, origin: str) -> LessonNode:
        self._refuse_more(self._count, MAX_LESSONS, "lessons")
        self._count += 1
        node.key = self._lesson_keys.free(_key(node.key, "l"))
        name = file_name(node.key)
        node.source = f"{module.source}/{len(module.lessons) + 1:02}-{name}{ending}"
        module.lessons.append(node)
        self.origins.setdefault(origin.casefold(), node)
        self.homes[node.key] = posixpath.dirname(origin)
        return node

    def _cut(self, text: str, path: str, line: int) -> str:
        """The text as it can be kept. Where some of it is lost, that is told."""
        kept = cleaned(text).strip("\n").rstrip()
        if len(kept) > MAX_TEXT or CUT in text:
            message = f"The text was cut to {min(len(kept), MAX_TEXT):,} characters."
            self.warn(message, path, line, "length")
        return kept[:MAX_TEXT]

    def _refuse_more(self, count: int, most: int, what: str) -> None:
        if count >= most:
            self.errors.append(Finding(f"A course has at most {most:,} {what}.", code="too_many"))
            raise ImportRefused(self.errors[-1:])

    def _relink(self, lesson: LessonNode, places: Mapping[str, str]) -> None:
        """Let links to files of the source mean what became of them."""
        home, here = self.homes[lesson.key], posixpath.dirname(lesson.source)

        def place(url: str) -> str | None:
            """Where the link leads now, seen from the lesson; None if it is left as it is."""
            for start in (home, ""):
                path = posixpath.normpath(posixpath.join(start, url)).casefold()
                target = self.origins[path].source if path in self.origins else places.get(path)
                if target:
                    return posixpath.relpath(target, here)
            return None

        lesson.values["content"] = relinked(lesson.values["content"], place)
        for question in lesson.quiz.questions if lesson.quiz else []:
            for values in (question.values, *(option.values for option in question.options)):
                for name in TEXTS & set(values):
                    values[name] = relinked(values[name], place)


def _key(name: str, letter: str) -> str:
    return slugify(name)[:70].strip("-") or derived(letter, name)


def unique(questions: list[QuestionNode]) -> list[QuestionNode]:
    """The questions, each with a key of its own."""
    keys = Keys()
    for one in questions:
        one.key = keys.free(one.key)
    return questions
