"""Is everything as it should be? A list of checks: each counts what is off, some can mend it.

A cache is held against its facts, a queue against the clock, a sweep against what it left undone.
A new part of the school adds its checks to CHECKS.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts import erasure
from activity.analytics import keeping
from assessments import attempts, promises, queue, runners, tasks
from assessments.reviewing import review_checks, telling
from billing import soundness as payments
from certificates import actions as certificates
from courses.actions import recount_courses, wrong_courses
from courses.models import Course
from enrollments.actions import enroll_those_due
from enrollments.models import DueEnrollment
from gamification import ledger, nickname_checks, streak_checks
from gamification.board_checks import recount_boards, wrong_boards
from notifications import soundness as mail
from progress import actions, verification
from studio import keeping as retention
from studio import lost_files, queue_checks
from studio.insights import counting

logger = logging.getLogger(__name__)

# A sweep comes by every few seconds. What it has left for so long is stuck.
PATIENCE = timedelta(minutes=10)
# A model is asked three times, with pauses that it may wish for itself.
PATIENCE_WITH_MODELS = timedelta(hours=1)
# One call of a sweep does a part; after so many calls the rest is not to be done by it.
MOST_ROUNDS = 1_000


@dataclass(frozen=True, slots=True)
class Off:
    """How much is off. `details` are sentences for the operator."""

    count: int
    details: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Something that can be off. `advice` says what a person does where `mend` cannot help.

    A command says it in English, a page in the language of its reader.
    """

    name: str
    title: str | Promise
    look: Callable[[], Off]
    mend: Callable[[], object] | None = None
    advice: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found, and what is still off after mending."""

    check: Check
    found: Off
    left: Off = field(default_factory=lambda: Off(0))

    @property
    def mended(self) -> int:
        return max(0, self.found.count - self.left.count)


def examine(check: Check, *, fix: bool) -> Outcome:
    """Look, mend what can be mended if that is wished, and look again. Errors are findings."""
    found, doing = Off(1), "look"
    try:
        found = left = check.look()
        if fix and found.count and check.mend:
            doing = "mend it"
            check.mend()
            doing = "look again"
            left = check.look()
    except Exception as error:
        logger.exception("The check %s broke", check.name)
        kind = type(error).__name__  # its words may be anybody's
        left = Off(found.count, [f"It could not {doing}: {kind}. The log says more."])
    return Outcome(check, found, left)


def wrong_percentages() -> Off:
    return Off(verification.wrong_rows() + wrong_courses())


def recount_progress() -> None:
    recount_courses()
    for course in Course.objects.order_by("pk"):
        actions.recount_course(course)
    repeat(actions.finish_those_done)


def days_owed() -> Off:
    return Off(streak_checks.people_with_older_learning().count())


def work_given_up() -> Off:
    lines = [line for line in queue.lines() if line.given_up]
    details = [f"{line.name}: {line.given_up} in seven days" for line in lines]
    return Off(sum(line.given_up for line in lines), details)


def lessons_owed() -> Off:
    return Off(promises.owed().count())


def complete_lessons() -> None:
    repeat(promises.complete_those_passed)


def reviews_at_odds() -> Off:
    waiting = review_checks.without_reason().count()
    asked = review_checks.out_of_sight().count()
    details = [
        *([f"Waiting without a reason: {waiting}"] if waiting else []),
        *([f"Questions outside of the queue: {asked}"] if asked else []),
    ]
    return Off(waiting + asked, details)


def late_drafts() -> Off:
    return Off(review_checks.drafts_late(PATIENCE_WITH_MODELS))


def ask_for_drafts() -> None:
    tasks.take_up_forgotten()
    tasks.drafts_forgotten()


def overdue_attempts() -> Off:
    return Off(attempts.overdue().filter(deadline__lt=now() - PATIENCE).count())


def enrolments_due() -> Off:
    return Off(DueEnrollment.objects.filter(created_at__lt=now() - PATIENCE).count())


def certificates_owed() -> Off:
    return Off(len(certificates.missing(100_000)))


def issue_certificates() -> None:
    repeat(certificates.issue_missing)


def payments_at_odds() -> Off:
    found = payments.faults()
    return Off(len(found), found)


def counted(found: Iterable[tuple[str, int]]) -> Off:
    """So many of each."""
    told = list(found)
    return Off(sum(count for _, count in told), [f"{what}: {count}" for what, count in told])


def fallen_walls() -> Off:
    runner = runners.chosen()
    if not (walls := runner.self_test()):
        return Off(1, [f"{runner.name} does not run."])
    fallen = [f"{one.name}: {one.detail or 'does not hold'}" for one in walls if not one.holds]
    return Off(len(fallen), fallen)


def repeat(sweep: Callable[[], int]) -> None:
    """Call a sweep until it finds nothing more to do."""
    for _round in range(MOST_ROUNDS):
        if not sweep():
            return


CHECKS: tuple[Check, ...] = (
    Check("progress", _("Counts of courses and of progress"), wrong_percentages, recount_progress),
    Check(
        "xp", _("Totals of XP and levels"), lambda: Off(ledger.wrong_standings()),
        ledger.recount_all,
    ),
    Check(
        "days", _("People who learned before days were noted"), days_owed,
        streak_checks.note_older_learning, _("The log says whose days could not be noted."),
    ),
    Check(
        "streaks", _("Streaks against their days"), lambda: Off(streak_checks.wrong_streaks()),
        streak_checks.rebuild_streaks, _("The log says whose streak could not be settled."),
    ),
    Check(
        "boards", _("Leaderboards and their counts"), lambda: Off(wrong_boards()), recount_boards
    ),
    Check(
        "nicknames", _("Choices for boards without what their names read as"),
        lambda: Off(len(nickname_checks.without_reading())), nickname_checks.read_them,
    ),
    Check(
        "lessons", _("Lessons passed and not completed"), lessons_owed, complete_lessons,
        _("Their learners have gone, or may not open the course now."),
    ),
    Check(
        "attempts", _("Attempts at quizzes past their deadline"), overdue_attempts,
        lambda: repeat(attempts.close_overdue), _("The log says why they could not be closed."),
    ),
    Check(
        "enrolments", _("Sign-ups that wait to be enrolled"), enrolments_due, enroll_those_due,
        _("The log says why they could not be enrolled."),
    ),
    Check(
        "jobs", _("Code that waits for more than ten minutes"),
        lambda: Off(queue.stuck(PATIENCE)), tasks.take_up_forgotten,
        _("It was sent again. Do workers of the queues “code” and “trials” run?"),
    ),
    Check(
        "given-up", _("Code that our side gave up"), work_given_up,
        advice=_("The page of the runner in the studio says why; its learner hands it in again."),
    ),
    Check(
        "reviews", _("Reviews that wait for nothing, and questions that nobody would find"),
        reviews_at_odds, review_checks.put_right,
    ),
    Check(
        "told", _("Reviews that were sent and not told"),
        lambda: Off(review_checks.untold(PATIENCE)),
        lambda: repeat(telling.tell_sent), _("The log says why they could not be told."),
    ),
    Check(
        "drafts", _("Drafts of a model that wait for more than an hour"), late_drafts,
        ask_for_drafts, _("They were sent again. Does a worker of the queue “model” run?"),
    ),
    Check(
        "certificates", _("Finished courses without a certificate"),
        certificates_owed, issue_certificates,
    ),
    Check(
        "unfounded", _("Certificates that no finished course accounts for"),
        lambda: Off(certificates.unfounded()),
        advice=_("Revoke them in the admin: nobody issued them by hand."),
    ),
    Check(
        "payments", _("Payments, and what Stripe told of them"),
        payments_at_odds, payments.put_right,
        _("docs/billing.md says what a person does about each."),
    ),
    Check(
        "mail", _("Mail that waits, was refused, or may be lost"), lambda: counted(mail.faults()),
        advice=_(
            "Does a worker of the queue “mail” run? The list of mails in the admin says more."
        ),
    ),
    Check(
        "messages", _("Push and text messages that wait, were refused, or may be lost"),
        lambda: counted(mail.message_faults()),
        advice=_(
            "Does a worker of the queue “messages” run? The deliveries in the admin say more."
        ),
    ),
    Check(
        "queues", _("Imports, exports, badges and announcements that wait for over 15 minutes"),
        lambda: counted(queue_checks.waiting_too_long()), queue_checks.send_again,
        _("They were sent again. Do beat and a worker of the queue “default” run?"),
    ),
    Check(
        "insights", _("Counts of insight pages that are older than two days"),
        lambda: Off(counting.counts_too_old()), counting.count_all,
        _("Does beat run? It has them counted every night."),
    ),
    Check(
        "visits", _("Counts of visits, and secrets of days, that are kept too long"),
        lambda: Off(keeping.overdue()), keeping.prune,
        _("Does beat run? It forgets them every day."),
    ),
    Check(
        "kept", _("What is kept longer than docs/privacy.md says"),
        lambda: counted(retention.kept_too_long().items()),
        retention.forget_all, _("Does beat run? It forgets them every day."),
    ),
    Check(
        "erased", _("What is left of people who were erased"),
        lambda: counted(erasure.left_of_all().items()), erasure.erase_the_rest,
    ),
    Check(
        "files", _("Files that are missing in the storage"), lambda: Off(*lost_files.count_lost()),
        advice=_("Bring them back from a backup. Is MEDIA_ROOT the right folder, and mounted?"),
    ),
    Check(
        "sandbox", _("Walls of the sandbox"), fallen_walls,
        advice=_("docs/sandbox.md says what the runner needs."),
    ),
)  # fmt: skip
