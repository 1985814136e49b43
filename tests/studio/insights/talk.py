"""Made-up work with all that was said about it; put into tables, and counted in plain Python."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import strategies as st

from accounts.models import User
from assessments.models import (
    Attempt,
    AttemptAnalysis,
    HelpRequest,
    Remark,
    RemarkRating,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)
from enrollments.models import Enrollment
from tests.studio.insights.conftest import NOW

LEARNERS = 4  # the last of them is staff
TABLES = (
    User, Enrollment, Submission, Attempt, Review, SubmissionAnalysis, AttemptAnalysis, Remark,
    RemarkRating, Reply, HelpRequest,
)  # fmt: skip


@dataclass(frozen=True)
class Spoken:
    """A remark; `drafted` is "" where no model wrote it. Ratings: minutes ago, and helpful."""

    rule: str
    words: str
    drafted: str
    verdict: str
    held: bool
    praise: bool
    rating: tuple[int, bool] | None


@dataclass(frozen=True)
class Work:
    """Moments are minutes before the count. `decided` and `sent`: None while it waits."""

    who: int
    is_code: bool
    came: int
    percent: int
    reason: str
    first_reason: str
    opened: int
    decided: int | None
    kind: str
    published: bool
    held: bool
    rules: tuple[Spoken, ...]
    said: tuple[Spoken, ...]
    asked: int | None
    replies: tuple[tuple[int, bool], ...]  # when, and whether by the learner
    rating: tuple[int, bool] | None  # of words about a quiz


MINUTES = st.integers(0, 70 * 24 * 60)
RATINGS = st.one_of(st.none(), st.tuples(MINUTES, st.booleans()))
REASONS = st.sampled_from(["HELP", "HELP", "DRAFT", "REPLY", "STAFF"])
WORDS = st.sampled_from(["Name it.", "Split it.", "Good."])
SPOKEN = st.builds(
    Spoken, rule=st.just(""), words=WORDS, drafted=st.one_of(st.just(""), WORDS),
    verdict=st.sampled_from(["UNDECIDED", "ACCEPTED", "EDITED", "DISCARDED"]),
    held=st.booleans(), praise=st.booleans(), rating=RATINGS,
)  # fmt: skip
BY_RULE = st.builds(
    Spoken, rule=st.sampled_from(["names", "length"]), words=WORDS, drafted=st.just(""),
    verdict=st.just("UNDECIDED"), held=st.just(False), praise=st.booleans(), rating=RATINGS,
)  # fmt: skip
WORKS = st.builds(
    Work, who=st.integers(0, LEARNERS - 1), is_code=st.booleans(), came=MINUTES,
    percent=st.sampled_from([20, 49, 50, 100]), reason=REASONS,
    first_reason=st.one_of(st.just(""), st.just(""), REASONS), opened=MINUTES,
    decided=st.one_of(st.none(), MINUTES, MINUTES),
    kind=st.sampled_from(["AI", "MANUAL", "HYBRID"]),
    published=st.booleans(), held=st.booleans(), rules=st.lists(BY_RULE, max_size=2).map(tuple),
    said=st.lists(SPOKEN, max_size=2).map(tuple), asked=st.one_of(st.none(), MINUTES),
    replies=st.lists(st.tuples(MINUTES, st.booleans()), max_size=2).map(tuple), rating=RATINGS,
)  # fmt: skip
TALKS = st.lists(WORKS, max_size=6)


def asked_late(work, minutes, before) -> Work:
    """Somebody asks about what had been with the reviewers for so long."""
    return replace(work, reason="HELP", first_reason="", asked=minutes, opened=minutes + before)


ASKED_LATE = st.lists(st.builds(asked_late, WORKS, MINUTES, MINUTES), max_size=3)


def reviewed(who, is_code, came, reason="DRAFT", replies=()) -> Work:
    """Handed in so many days ago, decided a day later."""
    came *= 24 * 60
    return Work(
        who, is_code, came, 50, reason, "", came, came - 24 * 60, "MANUAL", published=False,
        held=False, rules=(), said=(), asked=None, replies=replies, rating=None,
    )  # fmt: skip


# Work like that of long ago, and a reply to what was taken up unasked that waits for its answer.
AGAIN = [reviewed(0, is_code, came) for is_code in (True, False) for came in (60, 10)]
REPLIED = [reviewed(1, True, 9, "STAFF", ((7_200, True),)), reviewed(2, True, 9, "STAFF")]


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


def store(talk, course, assignment, quiz, reviewer) -> None:
    rows = defaultdict(list)
    people = [
        User(email=f"t{n}@example.org", name="T", role="ADMIN" if n == LEARNERS - 1 else "USER")
        for n in range(LEARNERS)
    ]
    rows[User] = people
    rows[Enrollment] = [Enrollment(user=one, course=course, enrolled_at=NOW) for one in people]
    for number, work in enumerate(talk, start=1):
        for row in rows_of(work, number, people[work.who], assignment, quiz, reviewer):
            rows[type(row)].append(row)
    asked = [one.created_at for one in rows[HelpRequest]]
    for model in TABLES:
        model.objects.bulk_create(rows[model])
    for row, at in zip(rows[HelpRequest], asked, strict=True):
        HelpRequest.objects.filter(pk=row.pk).update(created_at=at)


def rows_of(work, number, user, assignment, quiz, reviewer):
    at = ago(work.came)
    if work.is_code:
        subject = Submission(
            user=user, assignment=assignment, is_graded=True, number=number, created_at=at,
            finished_at=at, status="FAILED", percent=work.percent, revision=1,
        )  # fmt: skip
        of = {"submission": subject}
    else:
        subject = Attempt(
            user=user, quiz=quiz, number=number, status="SUBMITTED", started_at=at, closed_at=at,
            score=1, out_of=2, percent=50, passed=False,
        )  # fmt: skip
        of = {"attempt": subject}
    yield subject
    decided = {"waiting_since": at}
    if work.decided is not None:
        moment = ago(work.decided)
        decided = {"decision": "CHANGES", "decided_at": moment, "sent_at": moment}
    yield Review(
        **of, reason=work.reason, first_reason=work.first_reason, reviewer=reviewer,
        created_at=ago(work.opened), **decided,
    )  # fmt: skip
    if work.asked is not None:
        yield HelpRequest(**of, text="Why?", created_at=ago(work.asked))
    yield from words_about(work, of, user, reviewer)


def words_about(work, of, user, reviewer):
    drafted = {"text": "Drafted.", "held": ["code"] if work.held else []}
    fields = {
        "kind": work.kind, "text": "Drafted." if work.percent < 50 else "Written.",
        "drafted": None if work.kind == "MANUAL" else drafted,
        "published_at": NOW if work.published else None,
    }  # fmt: skip
    if work.is_code:
        rules = SubmissionAnalysis(**of, kind="RULES")
        analysis = SubmissionAnalysis(**of, **fields)
        yield from (rules, analysis)
        for said, told in ((rules, work.rules), (analysis, work.said)):
            for place, one in enumerate(told):
                yield from remark_of(one, said, place, user)
    else:
        rated = {}
        if work.rating:
            rated = {"rated_at": ago(work.rating[0]), "is_helpful": work.rating[1]}
        analysis = AttemptAnalysis(**of, **fields, **rated)
        yield analysis
    name = "analysis" if work.is_code else "attempt_analysis"
    for at, by_learner in work.replies:
        author = user if by_learner else reviewer
        yield Reply(**{name: analysis}, author=author, text="And?", created_at=ago(at))


def remark_of(one, analysis, place, user):
    remark = Remark(
        analysis=analysis, section="STRENGTH" if one.praise else "WEAKNESS", text=one.words,
        rule=one.rule, position=place, drafted=one.drafted, held="code" if one.held else "",
        verdict=one.verdict if one.drafted else "UNDECIDED",
    )  # fmt: skip
    yield remark
    if one.rating:
        at, is_helpful = one.rating
        yield RemarkRating(remark=remark, user=user, is_helpful=is_helpful, created_at=ago(at))


def of_learners(talk):
    return [work for work in talk if work.who < LEARNERS - 1]


def why(work) -> str:
    return work.first_reason or work.reason


def began(work) -> int | None:
    """When its learner began to wait; None: nobody asked, and nobody has replied."""
    if why(work) in ("REPLY", "STAFF"):
        replied = [at for at, by_learner in work.replies if by_learner and at <= work.opened]
        return max(replied, default=work.opened if why(work) == "REPLY" else None)
    if why(work) == "HELP" and work.asked is not None:
        return work.asked
    return work.opened if why(work) == "HELP" else work.came


def done(work) -> int | None:
    """When it was decided or, where a reply had brought it, answered: whichever came first."""
    since, ends = began(work), []
    if work.decided is not None and why(work) != "STAFF":
        ends.append(work.decided)
    if since is not None and why(work) in ("STAFF", "REPLY"):
        ends += [at for at, by_learner in work.replies if not by_learner and at <= since]
    return max(ends, default=None)


def wait_of(work) -> timedelta:
    return timedelta(minutes=began(work) - done(work))


def came_in(work) -> int | None:
    """When it came to the reviewers: with a question or a reply, else when it was put before them;
    None: it never did."""
    return began(work) if why(work) in ("REPLY", "STAFF", "HELP") else work.opened


def is_unasked(work, days) -> bool:
    """It was decided of late, nobody waited for that, and no answer to a reply counts instead."""
    recent, end = days * 24 * 60, done(work)
    is_recent = work.decided is not None and work.decided < recent
    return is_recent and why(work) == "STAFF" and (end is None or end >= recent)


def is_again(work, talk) -> bool:
    """Whether the same learner had handed in the same before; of one moment all but one had."""
    mine = [one for one in talk if (one.who, one.is_code) == (work.who, work.is_code)]
    return work is not max(mine, key=lambda one: one.came)


def decided(talk, days):
    """With whether it was handed in again: what stands, of the last so many days, not unasked."""
    for work in of_learners(talk):
        end = done(work)
        if end is not None and end < days * 24 * 60:
            yield work, is_again(work, talk)


def percentile(values, share: Fraction) -> timedelta | None:
    """Between the two neighbours, as far as the share lies."""
    if not values:
        return None
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * float(place - low)


def voice_of(work) -> str:
    if work.decided is not None:
        return "person"
    return "model" if work.kind != "MANUAL" and work.published and not work.held else ""


def source_of(one, voice) -> str:
    """Whose words a remark is shown in; "": it is not shown."""
    if voice == "model":
        return "model" if one.drafted and not one.held else ""
    is_same = one.drafted and one.words == one.drafted
    if voice != "person" or (one.drafted and one.verdict not in ("ACCEPTED", "EDITED")):
        return ""
    if one.held and one.words == one.drafted:
        return ""
    return "model" if is_same else "person"


def remarks(talk):
    """Each that is shown: who met it, its source, its rule, its words, and what it was rated."""
    for work in of_learners(talk):
        if work.is_code:
            for one in work.rules:
                if not (one.praise and work.percent < 50):
                    yield work, "rules", one.rule, one.words, one.rating
            voice = voice_of(work)
            for one in work.said:
                source = source_of(one, voice)
                if source:
                    shown = one.drafted if voice == "model" else one.words
                    yield work, source, "", shown, one.rating


def ratings(talk):
    """Each with whose words it was of."""
    for work in of_learners(talk):
        if not work.is_code:
            if work.rating:
                yield rated_words(work), work.rating[1]
            continue
        yield from (("rules", one.rating[1]) for one in work.rules if one.rating)
        for one in work.said:
            if one.rating:
                before = work.decided is None or one.rating[0] > work.decided
                is_models = one.drafted and (before or one.words == one.drafted)
                yield "model" if is_models else "person", one.rating[1]


def rated_words(work) -> str:
    before = work.decided is None or work.rating[0] > work.decided
    return "model" if before or is_models_text(work) else "person"


def is_models_text(work) -> bool:
    return work.kind != "MANUAL" and work.percent < 50


def quiz_words(talk):
    """Who read words about a quiz, and whose."""
    for work in of_learners(talk):
        voice = voice_of(work)
        if voice and not work.is_code:
            yield work, "model" if voice == "model" or is_models_text(work) else "person"
