"""What follows from what happened."""

from typing import Any

from allauth.account.signals import user_signed_up
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.signals import preferences_changed
from activity.learning import LEARNING, is_blank, moment_of
from activity.models import Event
from activity.signals import event_recorded
from gamification import boards, challenges, days, ledger, referrals, tasks
from gamification.achievements import awarding
from gamification.achievements.registry import WAKING
from gamification.referral_cookies import visit_of


# First of all: it locks the streak, and whoever pays locks the standing after it.
@receiver(event_recorded)
def note_the_day(sender: Any, event: Event, **kwargs: Any) -> None:
    moment = moment_of(event)
    if moment is not None and event.user is not None:
        days.note_day(event.user, moment, badges=event.kind != Event.Kind.LESSON_COMPLETED)


@receiver(event_recorded)
def pay_for_a_lesson(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind == Event.Kind.LESSON_COMPLETED:
        ledger.award_for(event)


@receiver(event_recorded)
def solve_a_task(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind in (Event.Kind.SUBMISSION_JUDGED, Event.Kind.SUBMISSION_REJUDGED):
        challenges.take_in(event)


# Each of these leaves a note without a statement for it: a lesson with what it pays, work with its
# day; a blank quiz has none. What was passed comes with its work, or that work's new verdict.
NOTED = LEARNING | {Event.Kind.QUIZ_PASSED, Event.Kind.ASSIGNMENT_PASSED}


@receiver(event_recorded)
def look_for_badges(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind in WAKING and event.user is not None:
        if event.kind not in NOTED or is_blank(event):
            awarding.note(event.user)
        tasks.award_achievements.delay_on_commit(str(event.user.pk))


@receiver(preferences_changed)
def leave_boards_with_points_hidden(
    sender: Any, user: User, before: dict[str, Any], after: dict[str, Any], **kwargs: Any
) -> None:
    """Hiding points takes somebody off boards at once; showing them lists them again."""
    if before["show_points"] != after["show_points"]:
        boards.list_again(user)


@receiver(user_signed_up)
def note_who_brought_them(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Email or social: whoever came by somebody's link in the last ninety days."""
    visit = visit_of(request)
    if visit is not None:
        referrals.note_sign_up(user, visit)
