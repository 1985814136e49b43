"""What this room keeps of people: grades stay, what was written goes."""

from collections.abc import Iterator
from functools import partial

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, Func, OuterRef, Q, TextField, Value, When

from accounts.models import User
from accounts.personal import TAKEN_OUT, File, Leaving, declare, deleted, in_batches, kept
from assessments.models import (
    Accommodation,
    Answer,
    Attempt,
    AttemptAnalysis,
    Draft,
    HelpRequest,
    ModelRun,
    Option,
    QuestionReport,
    Rejudging,
    Remark,
    RemarkRating,
    Reply,
    Review,
    Run,
    RunnerCheck,
    Snippet,
    Submission,
    SubmissionAnalysis,
    TestResult,
)
from assessments.models.work import OPEN
from enrollments.models import Enrollment

# Sources in memory at a time.
AT_ONCE = 100
SUFFIXES = {"python": "py", "javascript": "js", "java": "java"}
HOW_IT_RUNS = ("due_at", "claim", "leased_until", "tries", "fault")
SCORE = "A score is what a certificate rests on; what was written is taken out."
COUNTED = "How helpful feedback is, is counted of it; its words are taken out."
BOTH = ("submission__user", "attempt__user")


def end_what_is_open(leaving: Leaving) -> None:
    """Nothing of theirs is judged, drafted or reviewed any more.

    The places are held first, so that a verdict is written before, or finds nothing to write to.
    """
    user = leaving.user
    places = Enrollment.objects.filter(user=user).order_by("pk").select_for_update(no_key=True)
    list(places.values_list("pk"))
    Submission.objects.filter(user=user, status__in=OPEN).delete()
    for way in BOTH:
        ModelRun.objects.filter(**{way: user.pk}, status__in=OPEN).delete()
    QuestionReport.objects.filter(user=user, status=QuestionReport.Status.OPEN).delete()
    Snippet.objects.filter(owner=user, is_shared=False).delete()


def code_of(user: User) -> Iterator[File]:
    """What was handed in, as files."""
    rows = Submission.objects.filter(user=user).select_related("assignment__lesson__course")
    for one in in_batches(rows, AT_ONCE):
        lesson = one.assignment.lesson
        suffix = SUFFIXES.get(one.assignment.language, "txt")
        name = f"{one.number or one.pk}.{suffix}"
        path = f"code/{lesson.course.slug}/{lesson.slug}/{name}"
        yield File(path, partial(one.source.encode, "utf-8"))


# What learners may read: words that nobody has decided on are not said to them yet.
RULES = Q(kind="RULES")
SENT_CODE = RULES | Q(published_at__isnull=False) | Q(submission__review__sent_at__isnull=False)
SENT_QUIZ = RULES | Q(published_at__isnull=False) | Q(attempt__review__sent_at__isnull=False)
SENT_REMARK = Q(held="") & ~Q(verdict="DISCARDED") & (
    Q(analysis__kind="RULES") | Q(analysis__published_at__isnull=False)
    | Q(analysis__submission__review__sent_at__isnull=False)
)  # fmt: skip
# As they stand now; one that was taken out since is kept as it was.
CHOSEN = ArraySubquery(
    Option.objects.filter(
        Func(
            F("pk"), OuterRef("chosen"), template="%(expressions)s)", arg_joiner=" = ANY(",
            output_field=BooleanField(),
        )
    ).order_by("position", "pk").values("text")
)  # fmt: skip


def where_shown(column: str) -> Case:
    """What `showing` lets its learner read of a result: of hidden cases it is empty."""
    is_visible = Q(was_visible=True, case__is_visible=True)
    return Case(When(is_visible, then=F(column)), default=Value(""), output_field=TextField())


# A verdict on a draft wants to know that there was one.
NO_DRAFT = Case(When(drafted="", then=Value("")), default=Value(TAKEN_OUT))

declare(
    "assessments",
    kept(Attempt, "user", reads=("quiz__lesson__title",), why=SCORE),
    kept(
        Answer, "attempt__user", clears={"text": ""}, keeps=("chosen", "option_order", "tab"),
        # Which answers were right is told by the page, when the quiz says so.
        hides=("chosen", "option_order", "tab", "mark", "points", "version", "step"),
        reads=("question__prompt",), adds={"chosen_options": CHOSEN}, why=SCORE,
    ),
    kept(
        Submission, "user", clears={"source": "", "compile_output": "", "fault": ""},
        keeps=("engine", "runtime"), hides=HOW_IT_RUNS, reads=("assignment__lesson__title",),
        why=SCORE,
    ),
    kept(
        TestResult, "submission__user", clears={"stdout": "", "stderr": "", "got": ""},
        # Of hidden cases they would say what they ask for.
        keeps=("expected", "where"), hides=("expected", "got", "stdout", "stderr", "where", "case"),
        reads=("case__name",), why=SCORE,
        adds={
            "what_came": where_shown("got"), "what_was_expected": where_shown("expected"),
            "output": where_shown("stdout"), "errors": where_shown("stderr"),
            "place": where_shown("where"),
        },
    ),
    deleted(Run, "user", hides=HOW_IT_RUNS),
    deleted(Draft, "user"),
    kept(
        Remark, "analysis__submission__user", shown=SENT_REMARK,
        clears={"text": "", "drafted": NO_DRAFT, "for_alike": False}, keeps=("rule", "held"),
        holding=~Q(text="") | ~Q(drafted__in=["", TAKEN_OUT]) | Q(for_alike=True),
        hides=("drafted", "held", "verdict", "for_alike"), why=COUNTED,
    ),
    kept(RemarkRating, "user", why=COUNTED),
    deleted(Reply, "analysis__submission__user", "attempt_analysis__attempt__user",
            acts=("author",)),
    deleted(HelpRequest, *BOTH),
    kept(
        SubmissionAnalysis, "submission__user", shown=SENT_CODE, keeps=("engine",),
        clears={"text": "", "drafted": None, "form": "", "form_places": []},
        hides=("drafted", "form", "form_places", "text_accepted", "figures_accepted"), why=COUNTED,
    ),
    kept(
        AttemptAnalysis, "attempt__user", shown=SENT_QUIZ, keeps=("engine",),
        clears={"text": "", "drafted": None}, hides=("drafted", "text_accepted"), why=COUNTED,
    ),
    kept(
        ModelRun, *BOTH, clears={"prompt": "", "answer": "", "fault": ""},
        keeps=("model", "prompt_version"), hides=("prompt", "answer", *HOW_IT_RUNS),
        why="What models cost is counted of it.",
    ),
    kept(
        Review, *BOTH, acts=("reviewer", "writer"), shown=Q(sent_at__isnull=False),
        clears={
            "note": "", "earlier": None, "waiting_since": None, "claimed_at": None,
            "claimed_until": None,
        },
        # Notes are reviewers' own, until they say something to the learner.
        hides=("note", "earlier", "chosen", "claimed_at", "claimed_until", "version"), why=COUNTED,
    ),
    deleted(Accommodation, "user"),
    kept(
        QuestionReport, "user", acts=("replied_by",), clears={"text": "", "reply": ""},
        reads=("question__prompt",), why="How often a question was doubted is counted of it.",
    ),
    kept(Snippet, "owner", keeps=("title", "text"), why="Words that all reviewers share."),
    kept(
        RunnerCheck, "asked_by", keeps=("fault", "runner", "languages", "walls"),
        hides=HOW_IT_RUNS, why="What staff tried; it holds no words of theirs.",
    ),
    kept(
        Rejudging, "asked_by", keeps=("fault", "reason", "changes"),
        hides=("changes", "reached", *HOW_IT_RUNS),
        why="Why scores were changed is told to those whose they are.",
    ),
    first=end_what_is_open,
    files=code_of,
)  # fmt: skip
