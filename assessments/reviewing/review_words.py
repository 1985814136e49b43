"""What a reviewer writes at the desk: saved as they type, seen by the learner once it is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.authorship import is_same
from assessments.clock import read_clock
from assessments.differences import lines_of
from assessments.errors import BadWords, RemarkGone, StaleReview
from assessments.models import Remark, Review, Submission, SubmissionAnalysis
from assessments.models.attempt import CLOCK
from assessments.models.feedback import MAX_WORDS
from assessments.replies import is_text
from assessments.reviewing.reviews import CLAIM, lock_claimed
from assessments.reviewing.take_overs import put_by

MOST_REMARKS = 40
FIGURES = {"overall": 100, "readability": 10, "efficiency": 10, "best_practices": 10}
Verdict = Remark.Verdict


@dataclass(frozen=True, slots=True)
class RemarkWords:
    """One remark as it stands at the desk. Without `pk` it is new; `verdict` is of a draft's."""

    pk: UUID | None
    section: str
    text: str
    line: int | None = None
    verdict: str = Verdict.UNDECIDED
    for_alike: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """All that stands at the desk. A remark of a person that is not among them was taken out.

    Of a draft, `accepts_text` takes the message as the model wrote it, `accepts_figures` its
    figures. `decision` is the one that is chosen so far.
    """

    text: str = ""
    overall: int | None = None
    readability: int | None = None
    efficiency: int | None = None
    best_practices: int | None = None
    note: str = ""
    remarks: list[RemarkWords] = field(default_factory=list)
    accepts_text: bool = False
    accepts_figures: bool = False
    decision: str = ""


@transaction.atomic
def save(review_pk: UUID, reviewer: User, version: int, words: Words) -> Review:
    """Keep what was written upon `version`, and the claim; the same again changes nothing.

    Raises AlreadyDecided, ClaimLost, OwnWork, StaleReview, BadWords, RemarkGone.
    """
    review = lock_claimed(review_pk, reviewer)
    write(review, version, words)
    return review


def write(review: Review, version: int, words: Words) -> SubmissionAnalysis:
    """Write the words of a review that is locked, and renew the claim."""
    submission = review.submission
    if submission is None:
        raise BadWords(_("This is not code."))
    check(submission, words)
    feedback = SubmissionAnalysis.objects.feedback()
    analysis, is_new = feedback.get_or_create(
        submission=submission, defaults={"kind": SubmissionAnalysis.Kind.MANUAL}
    )
    analysis.submission = submission
    rows = list(analysis.remarks.all())
    stands = not is_new and said(review, analysis, rows) == told(words, analysis, rows)
    if review.version != version and not stands:
        raise StaleReview(review.version)
    if not stands:
        put_by(review, analysis, rows)
        write_analysis(analysis, words)
        write_remarks(analysis, rows, words.remarks)
        review.version, review.note = review.version + 1, words.note
        review.chosen = words.decision
    renew(review)
    return analysis


def check(submission: Submission, words: Words) -> None:
    """Refuse what cannot be kept."""
    lines = len(lines_of(submission))
    if not all(is_text(text, MAX_WORDS) for text in (words.text, words.note)):
        raise BadWords(_("Texts have at most %(max_words)s characters.") % {"max_words": MAX_WORDS})
    if len(words.remarks) > MOST_REMARKS:
        raise BadWords(
            _("A review has at most %(most_remarks)s remarks.") % {"most_remarks": MOST_REMARKS}
        )
    for name, most in FIGURES.items():
        if not 0 <= (getattr(words, name) or 0) <= most:
            raise BadWords(_("This figure goes from 0 to %(most)s.") % {"most": most})
    for one in words.remarks:
        if not one.text.strip() or not is_text(one.text, MAX_WORDS):
            raise BadWords(
                _("A remark has between 1 and %(max_words)s characters.") % {"max_words": MAX_WORDS}
            )
        if one.line is not None and not 1 <= one.line <= lines:
            raise BadWords(_("The code has %(lines)s lines.") % {"lines": lines})
        if one.section not in Remark.Section or one.verdict not in Verdict:
            raise BadWords(_("A remark of no known kind."))
    if words.decision and words.decision not in Review.Decision:
        raise BadWords(_("A decision of no known kind."))


def renew(review: Review) -> None:
    """Keep what was saved of a review, and its claim for another while."""
    Review.objects.filter(pk=review.pk).update(
        version=review.version,
        note=review.note,
        chosen=review.chosen,
        writer=review.writer,
        earlier=review.earlier,
        claimed_until=CLOCK + CLAIM,
    )
    review.claimed_until = read_clock() + CLAIM


def write_analysis(analysis: SubmissionAnalysis, words: Words) -> None:
    fields = ["text", *FIGURES]
    values = {name: getattr(words, name) for name in fields} | accepted(words, analysis)
    for name, value in values.items():
        setattr(analysis, name, value)
    analysis.save(update_fields=list(values))


def accepted(words: Words, analysis: SubmissionAnalysis) -> dict[str, bool]:
    """What is accepted of a draft: words that were changed are a person's own."""
    drafted = analysis.drafted or {}
    return {
        "text_accepted": words.accepts_text and is_same(words.text, drafted.get("text")),
        "figures_accepted": words.accepts_figures and bool(drafted),
    }


def write_remarks(
    analysis: SubmissionAnalysis, rows: Sequence[Remark], remarks: Sequence[RemarkWords]
) -> None:
    """Change, add and take out; of a draft nothing is taken out, it is discarded. Three queries."""
    known = {row.pk: row for row in rows}
    kept = {one.pk for one in remarks if one.pk}
    if not kept <= known.keys():
        raise RemarkGone
    analysis.remarks.filter(drafted="").exclude(pk__in=kept).delete()
    fresh, changed = list[Remark](), list[Remark]()
    for place, one in enumerate(remarks, 1):
        row = known[one.pk] if one.pk else Remark(analysis=analysis)
        row.verdict = verdict_of(row, one)
        row.section, row.text, row.line = one.section, one.text, one.line
        row.for_alike, row.position = one.for_alike, place
        (changed if one.pk else fresh).append(row)
    fields = ["section", "text", "line", "for_alike", "position", "verdict"]
    Remark.objects.bulk_update(changed, fields)
    Remark.objects.bulk_create(fresh)


def verdict_of(row: Remark | None, words: RemarkWords) -> str:
    """What a person made of a model's words: other words are edited ones, whatever was pressed."""
    if row is None or not row.drafted:
        return Verdict.UNDECIDED
    if words.verdict == Verdict.DISCARDED:
        return Verdict.DISCARDED
    if words.text != row.drafted:
        return Verdict.EDITED
    # What was held back goes out in other words, or not at all.
    is_open = words.verdict == Verdict.UNDECIDED or bool(row.held)
    return Verdict.UNDECIDED if is_open else Verdict.ACCEPTED


Said = tuple[object, ...]


def said(review: Review, analysis: SubmissionAnalysis, rows: Iterable[Remark]) -> Said:
    """What stands in the rows, to be compared with what came from the desk."""
    remarks = [(one.section, one.text, one.line, one.for_alike, one.verdict) for one in rows]
    flags = {name: getattr(analysis, name) for name in ("text_accepted", "figures_accepted")}
    figures = [getattr(analysis, name) for name in FIGURES]
    return review.note, review.chosen, analysis.text, figures, flags, remarks


def told(words: Words, analysis: SubmissionAnalysis, rows: Iterable[Remark]) -> Said:
    """The same of what came from the desk, where a new remark has no key."""
    known: dict[UUID | None, Remark] = {row.pk: row for row in rows}
    remarks = [
        (one.section, one.text, one.line, one.for_alike, verdict_of(known.get(one.pk), one))
        for one in words.remarks
    ]
    figures = [getattr(words, name) for name in FIGURES]
    flags = accepted(words, analysis)
    return words.note, words.decision, words.text, figures, flags, remarks
