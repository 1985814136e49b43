"""How the site is: one line each, for whoever may see what it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.numerals import decimal, grouped
from assessments.latest_runs import latest_runs
from assessments.model_drafts import budget, drafting
from billing import gateway
from billing.models import Subscription, WebhookDelivery
from notifications.models import EmailLog
from progress.models import LessonView
from studio import looking
from studio.admin_home.to_do import MOST, up_to_most
from studio.insights.shares import Share
from studio.pages.site_health import findings
from studio.setting_up import machine
from studio.setting_up.step import Step

LATELY, A_MONTH = timedelta(days=7), timedelta(days=30)
LATEST_MAILS, LATEST_PEOPLE = 5_000, 1_000
# So many faults of a hundred, so long a wait: somebody should look.
FAULTS, WAIT = 2.0, timedelta(seconds=30)
# Waits are told in tenths of a second; of shorter ones only that.
TELLABLE = timedelta(seconds=0.1)
IN_TROUBLE = (EmailLog.State.FAILED, EmailLog.State.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Vital:
    name: str
    text: str
    is_well: bool = True
    address: str = ""


def vitals_for(user: User) -> list[Vital]:
    """Nine queries at most, each bounded."""
    shown: list[tuple[str, Callable[[], list[Vital]]]] = [
        ("accounts.change_school", site),
        ("assessments.view_runnercheck", runner),
        ("notifications.view_emaillog", mail),
        ("billing.view_webhookdelivery", payments),
        ("assessments.view_modelrun", model),
        ("accounts.view_user", first_lessons),
    ]
    return [vital for permission, look in shown if user.has_perm(permission) for vital in look()]


def site() -> list[Vital]:
    """What the checklist of a new school asks too, and the last look of `doctor`."""
    steps = [
        machine.background(),
        machine.storage(tried=False),
        machine.backup(machine.last_archived()),
    ]
    return [*map(as_vital, steps), doctor()]


def as_vital(step: Step) -> Vital:
    return Vital(step.title, step.text, is_well=step.is_done)


def doctor() -> Vital:
    name, address, last = _("Doctor"), reverse("site_health"), looking.last_look()
    if last is None or last.ended_at is None:
        text = _("Nobody has looked yet. Do beat and a worker of the queue “looks” run?")
        return Vital(name, text, is_well=False, address=address)
    ago, off = naturaltime(last.ended_at), [str(one.title) for one in findings(last) if one.left]
    text = _("All %(last)s checks were well %(ago)s.") % {"ago": ago, "last": len(last.found)}
    if off:
        text = _("Something was off %(ago)s: %(what)s.") % {"ago": ago, "what": "; ".join(off)}
    if is_old := looking.is_old(last):
        text = f"{text} {_('Nobody has looked since: do beat and a worker of “looks” run?')}"
    return Vital(name, text, not (off or is_old), address)


def runner() -> list[Vital]:
    numbers, address = latest_runs(), reverse("studio:runner")
    if not numbers.submissions:
        return [
            Vital(_("Runner"), _("Nothing was handed in or tried within a day."), address=address)
        ]
    wait = numbers.wait or timedelta()
    said = _(
        "Of the last %(submissions)s submissions and tries within a day 95 of 100 "
        "waited %(seconds)s s at most; %(faults)s met a fault of ours."
    )
    if wait < TELLABLE:
        said = _(
            "Of the last %(submissions)s submissions and tries within a day 95 of 100 "
            "waited less than %(seconds)s s; %(faults)s met a fault of ours."
        )
    text = said % {
        "submissions": numbers.submissions,
        "seconds": decimal(max(wait, TELLABLE).total_seconds(), 1),
        "faults": numbers.faults,
    }
    is_well = numbers.fault_percent < FAULTS and wait < WAIT
    return [Vital(_("Runner"), text, is_well, address)]


def mail() -> list[Vital]:
    newest = EmailLog.objects.order_by("-pk").values("pk")[:LATEST_MAILS]
    lately = EmailLog.objects.filter(pk__in=newest, created_at__gt=now() - LATELY).order_by()
    waits, never = Q(state__in=EmailLog.WAITING), Q(state=EmailLog.State.DROPPED)
    found = lately.aggregate(
        tried=Count("pk", filter=~(waits | never)),
        bad=Count("pk", filter=Q(state__in=IN_TROUBLE)),
        waiting=Count("pk", filter=waits),
    )
    text = _("No mail has left within a week.")
    if found["tried"]:
        text = _("Refused or lost: %(bad)s of the last %(all)s within a week.") % {
            "bad": found["bad"],
            "all": found["tried"],
        }
    if waiting := found["waiting"]:
        said = ngettext("%(n)s waits to be sent.", "%(n)s wait to be sent.", waiting)
        text = f"{text} {said % {'n': grouped(waiting)}}"
    address = reverse("admin:notifications_emaillog_changelist")
    return [Vital(_("Mail"), text, not found["bad"], address)]


def payments() -> list[Vital]:
    """Nothing where nothing is sold."""
    if not gateway.is_configured():
        return []
    rows = Subscription.objects.filter(status=Subscription.Status.PAST_DUE)
    late = rows.order_by()[:MOST].count()
    unmatched = WebhookDelivery.objects.filter(state=WebhookDelivery.State.UNMATCHED)
    strange = unmatched.order_by()[:MOST].count()
    text = _("Late: %(late)s. Messages of Stripe’s that belong to nobody: %(strange)s.") % {
        "late": up_to_most(late),
        "strange": up_to_most(strange),
    }
    address = reverse("admin:billing_subscription_changelist")
    return [Vital(_("Payments"), text, not (late or strange), address)]


def model() -> list[Vital]:
    """Nothing where no model is asked."""
    if not drafting.is_on():
        return []
    used, most = budget.used(), settings.AI_TOKENS_PER_DAY
    text = _("%(used)s of %(most)s tokens a day were used in the last 24 hours.") % {
        "used": grouped(used),
        "most": grouped(most),
    }
    return [Vital(_("Language model"), text, used < most, reverse("studio:model"))]


def first_lessons() -> list[Vital]:
    """How many of those who signed up come as far as a lesson."""
    newest = User.objects.filter(role=User.Role.USER).order_by("-pk").values("pk")[:LATEST_PEOPLE]
    opened: Any = Exists(LessonView.objects.filter(user=OuterRef("pk")))
    people = User.objects.filter(pk__in=newest, date_joined__gt=now() - A_MONTH)
    found = people.aggregate(all=Count("pk"), opened=Count("pk", filter=opened))
    number, read = found["all"], found["opened"]
    if not number:
        return [Vital(_("First lessons"), _("Nobody signed up within 30 days."))]
    share, counts = (
        Share(read, number),
        _("%(read)s of %(number)s") % {"read": grouped(read), "number": grouped(number)},
    )
    said = f"{share.text} ({counts})" if share.is_rate else counts
    text = _("%(said)s of the last who signed up within 30 days have opened a lesson.") % {
        "said": said
    }
    return [Vital(_("First lessons"), text)]
