"""The reviewer of the demo school: questions that wait, reviews that were sent, one reply."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from assessments import analysing
from assessments.models import Assignment, Remark, Review, Snippet, Submission
from assessments.past import bring_in_code
from assessments.reviewing.past_reviews import bring_in_question, bring_in_reply, bring_in_review
from assessments.reviewing.review_words import RemarkWords, Words
from assessments.reviewing.snippets import add_snippet
from assessments.running import RunnerAway, RunnerFailed, run_cases
from progress.actions import record_view
from studio.demo_code import AT_ONCE, Ran
from studio.demo_review_words import PIECES, SNIPPETS, Piece, Reviewed

READING = timedelta(minutes=25)


def load_reviews(reviewer: User) -> None:
    """Bring in what is missing; where no code can be run there is nothing to review."""
    if Review.objects.filter(reviewer=reviewer).exists():
        return
    people = {one.email: one for one in User.objects.filter(email__in=[p.email for p in PIECES])}
    found = [(one, _assignment(one)) for one in PIECES if one.email in people]
    wanted = [(one, assignment) for one, assignment in found if assignment]
    try:
        results = _run(wanted)
    except (RunnerAway, RunnerFailed):
        return
    with transaction.atomic():
        for (one, assignment), ran in zip(wanted, results, strict=True):
            submission = _handed_in(one, people[one.email], assignment, ran)
            if submission:
                _said(one, submission, reviewer)
        if not Snippet.objects.filter(owner=reviewer).exists():
            for number, (title, text) in enumerate(SNIPPETS):
                add_snippet(reviewer, title, text, shared=number == 0)


def _assignment(piece: Piece) -> Assignment | None:
    rows = Assignment.objects.select_related("lesson__course")
    return rows.filter(lesson__course__slug=piece.course, lesson__key=piece.lesson).first()


def _run(wanted: Sequence[tuple[Piece, Assignment]]) -> list[Ran]:
    """Run what they hand in, once each. Raises RunnerAway and RunnerFailed."""
    cases = [list(assignment.cases.live().in_order()) for _, assignment in wanted]

    def run(number: int) -> Ran:
        piece, assignment = wanted[number]
        source = piece.source or assignment.solution
        return cases[number], run_cases(assignment, source, cases[number])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(len(wanted))))


def _handed_in(piece: Piece, user: User, assignment: Assignment, ran: Ran) -> Submission | None:
    """What the piece is about; None, if they have not handed it in."""
    if not piece.source:
        mine = Submission.objects.of(user).graded().filter(assignment=assignment)
        return mine.order_by("number").last()
    moment = max(now() - timedelta(hours=piece.hours_ago), user.date_joined + 2 * READING)
    record_view(user, assignment.lesson, moment - READING)
    return bring_in_code(user, assignment, piece.source, ran, moment).submission


def _said(piece: Piece, submission: Submission, reviewer: User) -> None:
    """What the rules say comes first: by their forms two codes are alike."""
    analysing.analyse(submission.pk)
    if piece.question:
        asked = now() - timedelta(hours=piece.asked_hours_ago)
        bring_in_question(submission, piece.question, asked)
    if piece.review:
        _reviewed(piece.review, submission, reviewer)


def _reviewed(review: Reviewed, submission: Submission, reviewer: User) -> None:
    overall, readability, efficiency, practices = review.figures
    lines = submission.source.split("\n")
    remarks = [
        RemarkWords(None, one.section, one.text, _line(lines, one.at), for_alike=one.for_alike)
        for one in review.remarks
    ]
    words = Words(review.text, overall, readability, efficiency, practices, "", remarks)
    decided = now() - timedelta(hours=review.hours_ago)
    analysis = bring_in_review(submission, reviewer, review.decision, words, decided)
    if review.reply:
        first: Remark | None = analysis.remarks.first()
        replied = now() - timedelta(hours=review.replied_hours_ago)
        bring_in_reply(analysis, first, review.reply, replied)


def _line(lines: Sequence[str], at: str) -> int | None:
    """The first line that holds these words."""
    return next((number for number, line in enumerate(lines, 1) if at and at in line), None)
