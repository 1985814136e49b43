"""A school with something of everything in it, for looking at every page."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils.timezone import now

from accounts.actions import set_preferences
from accounts.models import User
from assessments.models import Quiz
from assessments.rendering import render_question
from courses.actions import save_rendered, save_rendered_course, structure_changed
from courses.models import Asset, Course, Lesson, Module, ProgrammingLanguage
from enrollments.actions import enroll
from progress.actions import complete_lesson
from tests.assessments.builders import ask, make_quiz
from tests.conftest import make_course, make_person

LONG_TITLE = (
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze: what very long words do to narrow pages, "
    "and how one mends such"
)
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff Adelheid Ottilie von und zu Hohenlohe-Ingelfing"[
    :80
]

EVERYTHING = """
Text with `code`, **weight**, a [link](https://www.python.org/) and a footnote[^1].

## A heading

```python title="walks.py"
for minutes in [42, 95, 68]:  # a comment that goes on and on until it is wider than any telephone
    print(f"{minutes // 60} h", "and", 60 % 7, None, True)
class Walk(Exception): pass
```

### A smaller heading

> [!NOTE]
> Something to know.

> [!WARNING]
> Something to fear.

> [!TIP]
> Something to gain, with [a link](https://www.python.org/).

> [!TRY]
> Something to do.

> A quotation.

| Step | Line | `minutes` | What a table says when it has a lot of words in each cell |
| ---: | :--- | :-: | --- |
| 1 | 1 | 42 | Something with more words in it than fit, so that the table scrolls sideways |

An ordinary formula, $a^2 + b^2 = c^2$, and one of its own:

$$\\int_0^1 \\frac{x^2}{1 + x} dx = \\sqrt{\\sum_{i=1}^{n} a_i}$$

<details>
<summary>Answer</summary>

Forty-two, as `6 * 7` shows.

</details>

- [x] done
- [ ] not yet

1. one
2. two

---

![A square](square.png)

AVeryLongWordThatHasNoPlaceToBreakItselfAndWouldPushThePageSidewaysIfNobodyHadThoughtOfItBefore

[^1]: The note.
"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WIDGET = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Widget</title>
<style>button { font-size: 1rem; padding: .5rem }</style><main><h1>Try it</h1>
<button>0</button></main><script>
document.querySelector("button").onclick = (press) => { press.target.textContent += 1 }
</script></html>"""


@dataclass
class School:
    """Who and what is in it."""

    ada: User  # in the middle of it, with points
    zoe: User  # with the longest name there can be, and nothing else
    max: User  # has finished everything
    root: User
    course: Course
    kinds: dict[str, Lesson]


def fill_school() -> School:
    """Two languages, four courses, one lesson of every kind, three learners."""
    python = ProgrammingLanguage.objects.create(
        name="Python", slug="python", icon="code", description="Reads almost like a plan."
    )
    ProgrammingLanguage.objects.create(name="Haskell", slug="haskell")
    course = make_course("python-basics", "Python from zero", language=python, lessons=6)
    course.description = "What you get.\n\n- One thing\n- [Another](https://www.python.org/)"
    course.authors, course.licence = ["Grace Hopper"], "CC BY 4.0"
    save_rendered_course(course)
    kinds = equip(course)
    structure_changed(course)
    git = make_course("git-for-one", "Git for one", lessons=1, difficulty="INTERMEDIATE")
    make_course("long", LONG_TITLE, lessons=2, required_plan="PRO", opens_to_all=False)

    ada = make_person("ada@example.org", "Ada Lovelace")
    zoe = make_person("zoe@example.org", LONG_NAME)
    finisher = make_person("max@example.org", "Max")
    for person in (ada, finisher):
        enroll(person, git)
    enroll(ada, make_course("big", "A hundred and fifty lessons", lessons=150))
    enroll(ada, course)
    complete_lesson(ada, git.lessons.get(slug="lesson-1"))
    for slug in ("lesson-1", "lesson-2"):
        complete_lesson(ada, course.lessons.get(slug=slug), at=now() - timedelta(days=2))
    complete_lesson(finisher, git.lessons.get(slug="lesson-1"))
    show_profile(ada)
    root = make_person("root@example.org", "Root", role=User.Role.ADMIN, is_superuser=True)
    return School(ada, zoe, finisher, root, course, kinds)


def equip(course: Course) -> dict[str, Lesson]:
    """Make each lesson of the course one of another kind."""
    Asset.objects.create(
        course=course, path="square.png", sha256="0" * 64, size=len(PIXEL),
        file=ContentFile(PIXEL, "square.png"),
    )  # fmt: skip
    clip = f"/courses/{course.slug}/files/clip.webm"
    captions = f"/courses/{course.slug}/files/clip.vtt"
    for path, content in (
        ("clip.webm", b""),
        ("clip.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n"),
    ):
        Asset.objects.create(
            course=course, path=path, sha256="1" * 64, size=len(content),
            file=ContentFile(content, path),
        )  # fmt: skip
    wanted: dict[str, dict[str, Any]] = {
        "article": {"content": EVERYTHING, "is_preview": True},
        "film": {"kind": "VIDEO", "video_url": "https://www.youtube.com/watch?v=aaaaaaaaaaa"},
        "file": {"kind": "VIDEO", "video_url": clip, "captions": captions},
        "widget": {"kind": "INTERACTIVE", "widget": WIDGET},
        "quiz": {"kind": "QUIZ", "completion": "BY_PASSING"},
        "empty": {"content": "", "title": LONG_TITLE},
    }
    kinds = {}
    for (name, fields), lesson in zip(
        wanted.items(), course.lessons.in_outline_order(), strict=False
    ):
        for key, value in fields.items():
            setattr(lesson, key, value)
        save_rendered(lesson)
        kinds[name] = lesson
    return kinds


def show_profile(user: User) -> None:
    profile = user.profile
    profile.handle, profile.is_public = "ada", True
    profile.bio = "Writes programs for machines that do not exist yet.\n\nLikes horses."
    profile.occupation, profile.location = "Analyst", "London"
    profile.website = "https://example.org/a-rather-long-address/that-goes-on/and-on/and-on"
    profile.socials = {"github": "https://github.com/ada"}
    profile.save()
    set_preferences(user, theme="system")


OPTIONS = [
    "```python\nfor name in names:\n    print(name, 'and on and on, past any edge')\n```",
    LONG_TITLE,
    "`AVeryLongWordThatHasNoPlaceToBreakItselfAndWouldPushThePageSideways`",
    "- a list\n- of two",
    "$a^2 + b^2 = c^2$",
    "Yes",
    "No",
    "Neither",
]


def make_hard_quiz(module: Module, slug: str, **rules: Any) -> Quiz:
    """A quiz that is hard to lay out: a question with everything in it, then one of each kind."""
    lesson = {"title": LONG_TITLE, "summary": "Short."}
    quiz = make_quiz(module, slug, questions=False, lesson=lesson, **rules)
    read_again = module.course.lessons.first()
    hard = ask(
        quiz, "SINGLE", EVERYTHING, right=OPTIONS[:1], wrong=OPTIONS[1:],
        topics=["loops", "Donaudampfschifffahrtsgesellschaftskapitän"], taught_in=read_again,
    )  # fmt: skip
    hard.explanation = EVERYTHING
    options = list(hard.options.all())
    for option in options:
        option.feedback = option.text
    render_question(hard, options)
    for row in (hard, *options):
        row.save()
    for question in make_quiz(module, f"{slug}-easy").questions.all():
        question.quiz, question.position = quiz, question.position + 1
        question.save()
    return quiz
