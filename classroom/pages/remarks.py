"""What was said about a submission: a box for each voice, remarks under the lines of the code."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.analyser import LANGUAGES
from assessments.differences import lines_of
from assessments.feedback import Seen, SeenRemark, Voice, seen_of_submission
from assessments.models import HelpRequest, Remark, Review, Submission
from assessments.printed import legible
from billing.features import lacks
from billing.models import Feature
from classroom.pages.pending import Pending, is_expected, pending_of
from courses.outline import OutlineLesson

SOON = timedelta(minutes=3)
# From so many of ten points on.
WORDS = ((9, _("Very good")), (7, _("Good")), (5, _("Fair")), (3, _("Needs work")), (0, _("Weak")))
NAMES = {
    "readability": _("Readability"),
    "efficiency": _("Efficiency"),
    "best_practices": _("Good practice"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A score of the analysis, in words and on a meter."""

    name: str
    value: int

    @property
    def word(self) -> str:
        return str(next(word for least, word in WORDS if self.value >= least))


@dataclass(frozen=True, slots=True)
class Box:
    """What one voice says, as it is laid out."""

    seen: Seen

    @property
    def figures(self) -> list[Figure]:
        told = self.seen.figures
        return [Figure(str(NAMES[key]), value) for key, value in told.items() if value is not None]

    @property
    def sections(self) -> list[tuple[str, list[SeenRemark]]]:
        return sections_of(self.seen.remarks)


def sections_of(remarks: list[SeenRemark]) -> list[tuple[str, list[SeenRemark]]]:
    """What was done well, what could be better, what to try: those of which there is something."""
    rows = (
        (label, [one for one in remarks if one.section == section])
        for section, label in Remark.Section.choices
    )
    return [(str(label), found) for label, found in rows if found]


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of the code with what was said about it."""

    number: int
    text: str
    remarks: list[SeenRemark]


@dataclass(frozen=True)
class Feedback:
    """All that is said about a submission, what is still to come, and where to go on meanwhile."""

    submission: Submission
    seen: list[Seen] = field(default_factory=list)
    alike: list[SeenRemark] = field(default_factory=list)
    pending: Pending = field(default_factory=Pending)
    next: OutlineLesson | None = None

    @property
    def rules(self) -> Box | None:
        return next((Box(one) for one in self.seen if one.voice == Voice.RULES), None)

    @property
    def review(self) -> Box | None:
        """What a person said, or a model where nobody has yet."""
        return next((Box(one) for one in self.seen if one.voice != Voice.RULES), None)

    @property
    def has_review(self) -> bool:
        return self.review is not None and self.review.seen.voice == Voice.PERSON

    @property
    def asks_for_changes(self) -> bool:
        changes = Review.Decision.CHANGES
        return self.review is not None and self.review.seen.decision == changes

    @property
    def mark(self) -> str:
        """What a page shows that shows all of this: another mark, and there is something new."""
        times = [one.at for one in self.seen if one.at is not None]
        return max(times).isoformat() if times else ""

    @property
    def question(self) -> HelpRequest | None:
        return getattr(self.submission, "help_request", None)

    @property
    def offers_help(self) -> bool:
        """A person can be asked once, about code that was judged and that nobody has reviewed."""
        may = self.submission.is_graded and self.submission.is_judged
        return may and not (self.question or self.has_review)

    @cached_property
    def help_lacks(self) -> str:
        """What the person's plan lacks for asking, in a sentence. A query where plans are sold."""
        return lacks(self.submission.user, Feature.HELP)

    @property
    def expects_rules(self) -> bool:
        """Whether the rules are still at work, as far as one can tell from the time."""
        ended = self.submission.finished_at
        is_recent = ended is not None and self.submission.moment - ended < SOON
        return has_rules(self.submission) and is_recent

    @property
    def has_rules(self) -> bool:
        return has_rules(self.submission)

    @property
    def lines(self) -> list[CodeLine]:
        said: dict[int, list[SeenRemark]] = defaultdict(list)
        for one in [*(one for seen in self.seen for one in seen.remarks), *self.alike]:
            said[one.line or 0].append(one)
        texts = enumerate(lines_of(self.submission), 1)
        return [CodeLine(number, legible(text), said[number]) for number, text in texts]


def feedback_on(user: User, submission: Submission) -> Feedback:
    """Eight queries at most, nine while it waits for a person; of what is not graded none."""
    if not (submission.is_graded and submission.is_judged):
        return Feedback(submission)
    seen, alike = seen_of_submission(user, submission)
    lesson = submission.assignment.lesson
    course = lesson.course
    expected = is_expected(submission, course)
    pending = pending_of(submission, course, seen, is_expected=expected)
    following = course.outline().next(lesson.pk) if pending.waits_for_person else None
    return Feedback(submission, seen, alike, pending, following)


def has_rules(submission: Submission) -> bool:
    """Whether anything is ever said of code in its language by itself."""
    return submission.assignment.language in LANGUAGES
