"""What a Common Cartridge 1.1 has no place for, course by course and lesson by lesson."""

from collections.abc import Iterator

from assessments.models import Question
from courses.models import Lesson
from studio.importing.folder.quiz_file import USUAL_RULES
from studio.importing.refusal import Finding
from studio.importing.tree import CourseNode, LessonNode, QuizNode

Kind = Question.Kind
RULES = {
    "pass_percent": "passing score", "time_limit": "time limit (its field is our own)",
    "wait": "wait", "layout": "layout", "shuffle": "shuffling of questions", "review": "review",
}  # fmt: skip


def lost_of(tree: CourseNode) -> Iterator[Finding]:
    values = tree.values
    told = {
        "difficulty": True,
        "language": bool(values["language"]),
        "authors": bool(values["authors"]),
        "whom it opens to": not values["opens_to_all"],
        "summaries of modules": any(module.values["description"] for module in tree.modules),
    }
    yield _finding("The course", told)
    for lesson in tree.lessons:
        yield _finding("The lesson", _of_lesson(lesson), lesson.source)
        if lesson.assignment:
            message = (
                "The task goes out as a page: Common Cartridge 1.1 has no place for code, cases, "
                "limits and hints."
            )
            yield Finding(message, lesson.source, code="cartridge")
        if lesson.quiz:
            yield from _of_quiz(lesson, lesson.quiz)


def _of_lesson(lesson: LessonNode) -> dict[str, bool]:
    values = lesson.values
    video = str(values.get("video_url", ""))
    return {
        "minutes": True,
        "XP": True,
        "summary": bool(values["summary"]),
        "that it is a draft": values["status"] == Lesson.Status.DRAFT,
        "that it is optional": not values["is_required"],
        "that it is a preview": bool(values.get("is_preview")),
        "its widget": bool(values.get("widget")),
        "a video inside of a page (it goes out as a link)": bool(video)
        and (bool(values["content"].strip()) or not video.startswith("https://")),
    }


def _of_quiz(lesson: LessonNode, quiz: QuizNode) -> Iterator[Finding]:
    rules = {words: quiz.rules[name] != USUAL_RULES[name] for name, words in RULES.items()}
    told = {**rules, "banks": bool(quiz.banks)}
    if any(told.values()):
        yield _finding("The quiz", told, lesson.source)
    for question in quiz.questions:
        values = question.values
        about = {
            "topics": bool(values["topics"]),
            "the lesson to study again": bool(question.lesson),
            "the tolerance, outside of Canvas": values["kind"] == Kind.NUMERIC
            and bool(values["tolerance"]),
        }
        if any(about.values()):
            what = f"The question {question.key}"
            yield _finding(what, about, lesson.source, question.line)


def _finding(what: str, told: dict[str, bool], path: str = "", line: int = 0) -> Finding:
    names = [name for name, found in told.items() if found]
    message = f"{what}: Common Cartridge 1.1 has no place for {', '.join(names)}."
    return Finding(message, path, line, "cartridge")
