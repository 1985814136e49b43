"""What learners may see of what was said about their work: the one place that knows the rule.

Of the rules all. Of a person what was sent, once the time to take it back is over. Of a model what
it said itself, where its draft was let out at once and no person's words have taken its place:
never what a reviewer has changed and not sent, never what was held back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from assessments import said_by_rules
from assessments.alike import remarks_for
from assessments.analyser.enough import RIGHT_FIRST, is_far_off
from assessments.authorship import (
    FIGURES,
    is_changed_remark,
    is_changed_text,
    is_models_text,
    models_figures,
)
from assessments.models import (
    Analysis,
    Attempt,
    AttemptAnalysis,
    Remark,
    RemarkRating,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK


class Voice(StrEnum):
    """Who speaks."""

    RULES = "rules"
    AI = "ai"
    PERSON = "person"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class SeenRemark:
    """A remark as it may be seen. `is_models`: in a model's words; `is_changed`: in words that a
    person made of those; `by`: of alike code, who.
    """

    key: UUID
    voice: Voice
    section: str
    text: str
    line: int | None
    is_models: bool = False
    is_changed: bool = False
    by: str = ""
    rating: bool | None = None
    thread: list[Reply] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one voice says about a submission or an attempt, as its learner may see it.

    `at` is when something was last said that one would want to be told of; of rules, only answers.
    """

    key: UUID
    voice: Voice
    text: str
    at: datetime | None
    read_at: datetime | None
    figures: dict[str, int | None] = field(default_factory=dict)
    remarks: list[SeenRemark] = field(default_factory=list)
    thread: list[Reply] = field(default_factory=list)
    by: str = ""
    decision: str = ""
    rating: bool | None = None
    was_drafted: bool = False
    is_models: bool = False
    is_changed: bool = False
    has_models_figures: bool = False
    has_changed_figures: bool = False

    @property
    def is_unread(self) -> bool:
        return self.at is not None and (self.read_at is None or self.read_at < self.at)

    @property
    def decided(self) -> str:
        """What was decided, in words."""
        return str(Review.Decision(self.decision).label) if self.decision else ""


def voice_of(analysis: Analysis, review: Review | None, moment: datetime) -> Voice | None:
    """Who may be heard in it; None: nobody yet. `unread` says it to the database."""
    if analysis.is_by_rules:
        return Voice.RULES
    if review and review.sent_at and review.sent_at <= moment:
        return Voice.PERSON
    drafted, published = analysis.drafted or {}, analysis.published_at
    let_out = published is not None and published <= moment and not drafted.get("held")
    return Voice.AI if drafted and let_out else None


def words_of(remark: Remark, voice: Voice | None) -> str:
    """What may be read of a remark; "": nothing."""
    if voice == Voice.AI:
        return "" if remark.held else remark.drafted
    if voice == Voice.PERSON:
        is_held = bool(remark.held) and remark.text == remark.drafted
        return remark.text if remark.is_sent and not is_held else ""
    return said_by_rules.remark(remark.rule, remark.text) if voice == Voice.RULES else ""


def seen(
    analysis: Analysis,
    review: Review | None,
    moment: datetime,
    *,
    remarks: Iterable[Remark] = (),
    replies: Iterable[Reply] = (),
    learner: User | None = None,
) -> Seen | None:
    """What a learner may see of an analysis; None: nothing yet."""
    voice = voice_of(analysis, review, moment)
    if voice is None:
        return None
    shown = [one for one in remarks if words_of(one, voice)]
    all_figures, some_figures = models_figures(analysis)
    threads: dict[UUID | None, list[Reply]] = {one.pk: [] for one in shown}
    whole: list[Reply] = []
    for reply in replies:
        # What was said about a remark that a reviewer has thrown out is not lost.
        threads.get(reply.remark_id, whole).append(reply)
    answers = [one.created_at for one in replies if learner and one.author_id != learner.pk]
    words = analysis.drafted if voice == Voice.AI and analysis.drafted else told_by(analysis)
    said_at = {
        Voice.AI: analysis.published_at, Voice.PERSON: review.sent_at if review else None,
    }.get(voice)  # fmt: skip
    text = str(words.get("text") or "")
    return Seen(
        key=analysis.pk,
        voice=voice,
        text=said_by_rules.summary(text) if voice == Voice.RULES else text,
        at=max(filter(None, (said_at, *answers)), default=None),
        read_at=analysis.read_at,
        figures={name: words.get(name) for name in FIGURES},
        remarks=[seen_remark(one, voice, threads[one.pk]) for one in shown],
        thread=whole,
        by=review.reviewer.name if voice == Voice.PERSON and review and review.reviewer else "",
        decision=decision_of(review) if voice == Voice.PERSON and review else "",
        was_drafted=bool(analysis.drafted),
        is_models=voice == Voice.AI or is_models_text(analysis),
        is_changed=voice == Voice.PERSON and is_changed_text(analysis),
        has_models_figures=all_figures,
        has_changed_figures=some_figures and not all_figures,
    )


def decision_of(review: Review) -> str:
    """What was decided about code. Of a quiz words are published, and nothing is decided."""
    return review.decision if review.submission_id else ""


def told_by(analysis: Analysis) -> dict[str, Any]:
    """The words and figures of an analysis as they stand."""
    return {name: getattr(analysis, name, None) for name in ("text", *FIGURES)}


def seen_remark(remark: Remark, voice: Voice, thread: list[Reply]) -> SeenRemark:
    """`voice` is one that the remark may be read in."""
    return SeenRemark(
        key=remark.pk,
        voice=voice,
        section=remark.section,
        text=words_of(remark, voice),
        line=remark.line,
        is_models=voice == Voice.AI or bool(remark.drafted and remark.text == remark.drafted),
        is_changed=voice == Voice.PERSON and is_changed_remark(remark),
        rating=getattr(remark, "rating", None),
        thread=thread,
    )


def with_rating(user: User) -> QuerySet[Remark]:
    """Remarks, each with what this person thought of it."""
    mine = RemarkRating.objects.filter(remark=OuterRef("pk"), user=user)
    return Remark.objects.annotate(rating=Subquery(mine.values("is_helpful")[:1]))


def seen_of_submission(user: User, submission: Submission) -> tuple[list[Seen], list[SeenRemark]]:
    """What may be seen about an own submission, the rules last, and about code of the same form.

    The submission carries its review and the clock as `moment`. Three queries, and three more
    where its form is known.
    """
    review = getattr(submission, "review", None)
    rows = submission.analyses.prefetch_related(
        Prefetch("remarks", with_rating(user)),
        Prefetch("replies", Reply.objects.select_related("author")),
    )
    found = [
        seen(
            row, review, submission.moment,
            remarks=[one for one in row.remarks.all() if not is_idle(one, row, submission)],
            replies=row.replies.all(), learner=user,
        )
        for row in rows
    ]  # fmt: skip
    if is_far_off(submission.percent):
        found = [right_first(one) if one else None for one in found]
    alike = seen_alike(user, submission) if any(row.form for row in rows) else []
    return sorted(filter(None, found), key=lambda one: one.voice == Voice.RULES), alike


def is_idle(remark: Remark, analysis: Analysis, submission: Submission) -> bool:
    """Whether the rules praise code that does not do what was asked."""
    is_praise = remark.section == Remark.Section.STRENGTH
    return is_praise and analysis.is_by_rules and is_far_off(submission.percent)


def right_first(told: Seen) -> Seen:
    """What the rules say of code that does not do what was asked: no figure and no praise."""
    if told.voice != Voice.RULES or all(value is None for value in told.figures.values()):
        return told
    return replace(told, text=_(RIGHT_FIRST), figures={})


def seen_of_attempt(user: User, attempt: Attempt) -> Seen | None:
    """About an own closed attempt, which carries all but replies. A rating is of what stands."""
    analysis: AttemptAnalysis | None = getattr(attempt, "analysis", None)
    review: Review | None = getattr(attempt, "review", None)
    if analysis is None:
        return None
    replies = analysis.replies.select_related("author")
    told = seen(analysis, review, attempt.moment, replies=replies, learner=user)
    if told is None or analysis.rated_at is None:
        return told
    since = review.sent_at if review and told.voice == Voice.PERSON else analysis.published_at
    is_of_these = since is not None and since <= analysis.rated_at
    return replace(told, rating=analysis.is_helpful) if is_of_these else told


def with_feedback(attempt: Attempt) -> Attempt:
    """The attempt with what was said about it and what is on its way. One query."""
    parts = ("analysis", "help_request", "review__reviewer", "model_run")
    longs = ("model_run__prompt", "model_run__answer", "review__note", "review__earlier")
    return Attempt.objects.with_moment().select_related(*parts).defer(*longs).get(pk=attempt.pk)


def seen_alike(user: User, submission: Submission) -> list[SeenRemark]:
    """What reviewers said of code like this, at its lines. At most three queries."""
    found = remarks_for(submission)
    mine = RemarkRating.objects.filter(user=user, remark__in=found)
    ratings = dict(mine.values_list("remark", "is_helpful")) if found else {}
    told = {one: seen_remark(one, Voice.PERSON, []) for one in found if words_of(one, Voice.PERSON)}
    return [
        replace(it, voice=Voice.ALIKE, rating=ratings.get(one.pk), by=cast("Any", one).reviewer)
        for one, it in told.items()
    ]


def visible_remark(user: User, key: UUID) -> Remark:
    """A remark that this person may see, about own code or, of alike code, by a reviewer.

    Raises Http404. Rating and replying ask the same question.
    """
    rows = Remark.objects.select_related("analysis__submission__review").annotate(moment=CLOCK)
    remark = rows.filter(pk=key).first()
    if remark is None:
        raise Http404(_("No such remark."))
    submission, moment = remark.analysis.submission, cast("Any", remark).moment
    voice = voice_of(remark.analysis, getattr(submission, "review", None), moment)
    is_own = submission.user_id == user.pk
    may_see = bool(words_of(remark, voice)) and (
        (is_own and not is_idle(remark, remark.analysis, submission))
        or (voice == Voice.PERSON and remark.for_alike and has_alike(user, submission))
    )
    if not may_see:
        raise Http404(_("No such remark."))
    return remark


def has_alike(user: User, submission: Submission) -> bool:
    """Whether this person has handed in code of the same form for the same assignment."""
    rules = SubmissionAnalysis.objects.rules().exclude(form="")
    form = rules.filter(submission=submission).values("form")
    mine = rules.filter(submission__user=user, submission__assignment=submission.assignment_id)
    return mine.filter(form__in=form).exists()
