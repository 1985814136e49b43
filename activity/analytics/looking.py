"""Hearing of a look: what of a request is worth a count, and whether it may be counted at all."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now

from accounts import preferences
from accounts.limits import address_of
from accounts.models import User
from activity.analytics import buffer
from activity.analytics.look import Look
from activity.analytics.visitors import is_person
from activity.analytics.words import subject_of
from activity.models import AnalyticsEvent
from courses.models import Course

Name = AnalyticsEvent.Name


def may_be_counted(request: HttpRequest) -> bool:
    """Neither robots, nor who asks not to be, nor staff who look as somebody, nor prefetches."""
    headers = request.headers
    asks_not = headers.get("Sec-GPC") == "1" or headers.get("DNT") == "1"
    unasked = "prefetch" in (headers.get("Sec-Purpose", "") + headers.get("Purpose", ""))
    is_oneself = getattr(request, "impersonator", None) is None
    wanted = settings.ANALYTICS_SAMPLING > 0 and not asks_not and not unasked and is_oneself
    return wanted and is_person(headers.get("User-Agent", ""))


def note_page(request: HttpRequest) -> None:
    """A whole page was answered."""
    match = request.resolver_match
    if match is not None:
        note(request, Name.PAGE_VIEW, match.view_name, named=True)


def note_course(request: HttpRequest, course: Course) -> None:
    """Somebody looks at the public page of a course."""
    note(request, Name.COURSE_VIEW, "classroom:course", named=True, course=course.pk)


def note_search(request: HttpRequest, text: str) -> None:
    """Somebody looked for words: never kept beside a name."""
    if text:
        note(request, Name.SEARCH, "classroom:catalogue", words=subject_of(text))


def note_vital(request: HttpRequest, view: str, metric: str, value: float) -> None:
    """A browser says how quick a page was."""
    note(request, Name.WEB_VITAL, view, named=True, metric=metric, value=value)


def note(
    request: HttpRequest,
    name: Name,
    view: str,
    *,
    named: bool = False,
    course: UUID | None = None,
    words: str = "",
    metric: str = "",
    value: float | None = None,
) -> None:
    """Keep the look, if it may be counted; `named`: with who it was, if they agreed."""
    if may_be_counted(request):
        agent = request.headers.get("User-Agent", "")[:300]
        address, user = address_of(request), agreed(request) if named else None
        buffer.put(Look(name, view, address, agent, now(), user, course, words, metric, value))


def agreed(request: HttpRequest) -> UUID | None:
    """Who looks, if they agreed to be named; their profile came along with them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    return user.pk if preferences.complete(user.profile.preferences)["named_visits"] else None
