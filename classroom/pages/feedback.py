"""All that a model or a person has said about my work, what is unread first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from assessments.feedback import Voice
from assessments.models import Review, Submission, SubmissionAnalysis
from assessments.unread import said_about_code, said_about_quizzes, with_answerer

SHOWN = 20
BY_PEOPLE = Q(sent__isnull=False) | Q(answered__isnull=False)
FILTERS = {
    "all": Q(),
    "people": BY_PEOPLE,
    "ai": Q(sent=None, let_out__isnull=False),
    "unread": Q(is_unread=True),
}
NAMES = {
    "all": gettext_lazy("All"),
    "people": gettext_lazy("People"),
    "ai": gettext_lazy("AI"),
    "unread": gettext_lazy("Unread"),
}
EMPTY = {
    "all": gettext_lazy("No reviews yet. What a person or AI says of your work arrives here."),
    "people": gettext_lazy("Nobody has reviewed anything of yours yet."),
    "ai": gettext_lazy("No AI review waits here. Those that a person has read stand under People."),
    "unread": gettext_lazy("You have read everything."),
}
BY_RULES_ALONE = gettext_lazy("No person and no AI has reviewed your work yet.")
CODE, QUIZ = "code", "quiz"


@dataclass(frozen=True, slots=True)
class Item:
    """One review or answer. `words` says what it is; `by` is a person's name, or empty.

    `is_answer`: that person answered a reply, and did not review.
    """

    kind: str
    title: str
    course: str
    address: str
    number: int
    voice: Voice
    words: str
    by: str
    said_at: datetime
    is_unread: bool
    is_answer: bool = False

    @property
    def icon(self) -> str:
        return "terminal" if self.kind == CODE else "list-checks"

    @property
    def what(self) -> str:
        said = (
            gettext("submission %(number)s") if self.kind == CODE else gettext("attempt %(number)s")
        )
        return said % {"number": self.number}


@dataclass(frozen=True)
class FeedbackPage:
    """`last_judged`: where nothing else was said, the latest work that the rules spoke of."""

    chosen: str
    rows: Page[Any]
    items: list[Item]
    last_judged: Submission | None = None

    @property
    def filters(self) -> dict[str, str]:
        return {key: str(name) for key, name in NAMES.items()}

    @property
    def empty(self) -> str:
        return str(BY_RULES_ALONE if self.last_judged else EMPTY[self.chosen])

    @property
    def query(self) -> str:
        return "" if self.chosen == "all" else f"show={self.chosen}&"


def feedback_page(user: User, chosen: str, page: str) -> FeedbackPage:
    """Four queries, however much there is; two where nothing is. An unknown filter shows all."""
    chosen = chosen if chosen in FILTERS else "all"
    rows = Paginator(keys_of(user, chosen), SHOWN).get_page(page)
    rows.object_list = list(rows.object_list)
    keys = {kind: [key for of, key, *_ in rows.object_list if of == kind] for kind in (CODE, QUIZ)}
    found = code_items(user, keys[CODE]) | quiz_items(user, keys[QUIZ])
    items = [found[key] for _, key, *_ in rows.object_list if key in found]
    last = None if items or chosen != "all" else last_judged(user)
    return FeedbackPage(chosen, rows, items, last)


def last_judged(user: User) -> Submission | None:
    """The latest submission of which the built-in rules have spoken."""
    rows = Submission.objects.filter(user=user, analyses__in=SubmissionAnalysis.objects.rules())
    names = ("number", "assignment__lesson__title")
    return rows.select_related("assignment__lesson").only(*names).order_by("-created_at").first()


def keys_of(user: User, chosen: str) -> QuerySet[Any]:
    """What to show in which order: unread first, then newest."""
    code, quizzes = (
        rows.filter(FILTERS[chosen])
        .order_by()
        .values_list(Value(kind, CharField()), "pk", "is_unread", "said_at")
        for kind, rows in ((CODE, said_about_code(user)), (QUIZ, said_about_quizzes(user)))
    )
    return code.union(quizzes, all=True).order_by("-is_unread", "-said_at", "-pk")


def code_items(user: User, keys: list[UUID]) -> dict[UUID, Item]:
    rows = with_answerer(user, said_about_code(user).filter(pk__in=keys), "analysis")
    return items_of(rows, CODE, "submission", "assignment", "classroom:submission")


def quiz_items(user: User, keys: list[UUID]) -> dict[UUID, Item]:
    rows = with_answerer(user, said_about_quizzes(user).filter(pk__in=keys), "attempt_analysis")
    return items_of(rows, QUIZ, "attempt", "quiz", "classroom:attempt")


def items_of(rows: QuerySet[Any], kind: str, work: str, task: str, route: str) -> dict[UUID, Item]:
    """The rows as they are listed. One query."""
    lesson, review = f"{work}__{task}__lesson", f"{work}__review"
    names = {
        "work": work,
        "number": f"{work}__number",
        "title": f"{lesson}__title",
        "course": f"{lesson}__course__title",
        "decision": f"{review}__decision",
        "reviewer": f"{review}__reviewer__name",
    }
    own = ("pk", "sent", "let_out", "answered", "answerer", "said_at", "is_unread")
    found = {}
    for row in rows.values(*own, *names.values()):
        told = {name: row[path] for name, path in names.items()}
        # Of a quiz words are published, and nothing is decided.
        decision = told["decision"] if kind == CODE else ""
        voice, words, by = told_of(row, decision, told["reviewer"] or "")
        found[row["pk"]] = Item(
            kind=kind,
            title=told["title"],
            course=told["course"],
            address=reverse(route, args=[told["work"]]),
            number=told["number"],
            voice=voice,
            words=words,
            by=by,
            said_at=row["said_at"],
            is_unread=row["is_unread"],
            is_answer=is_answer(row),
        )
    return found


def is_answer(row: dict[str, Any]) -> bool:
    """Whether the last that was said answers a reply."""
    return row["answered"] is not None and row["answered"] == row["said_at"]


def told_of(row: dict[str, Any], decision: str, reviewer: str) -> tuple[Voice, str, str]:
    """Who spoke last, what it was in words, and the name of that person."""
    if is_answer(row):
        return Voice.PERSON, gettext("Answer to your reply"), row["answerer"] or ""
    if row["sent"]:
        words = str(Review.Decision(decision).label) if decision else ""
        return Voice.PERSON, words, reviewer
    return Voice.AI, gettext("Not read by a person yet"), ""
