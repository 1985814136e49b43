"""How a course goes: a page a tab, each as a file too, and the wish to have it counted again."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.taking_along import taken_along
from courses.models import Course
from progress import attention
from progress.attention_rows import AttentionMark
from studio.access import insight_courses, reviewer, staff_or_reviewers
from studio.answers import is_htmx, said_aloud
from studio.insights.replica import from_replica
from studio.insights.sheets import sheet
from studio.pages.insights import (
    FILE_OF,
    STUDENTS,
    TAB_OF,
    TABS,
    InsightsPage,
    LiveTab,
    Tab,
    insights_address,
    insights_page,
)
from studio.pages.insights_students import students_in
from studio.tasks import count_insights


@require_safe
@staff_or_reviewers
def insights(request: HttpRequest, slug: str, tab: str = TABS[0].key) -> HttpResponse:
    """Words, numbers, picture, table. htmx asks for the panel alone."""
    return show(request, page_of(request, slug, tab))


@taken_along
@staff_or_reviewers
def export(request: HttpRequest, slug: str, tab: str) -> HttpResponse:
    """The same numbers as a CSV file; with nothing to tell yet, it leads back to the page."""
    page = page_of(request, slug, tab, FILE_OF)
    if page.body is None:
        return redirect(insights_address(page.course, tab if tab in TAB_OF else TABS[0].key))
    name = f"{page.course.slug}-{tab}.csv"
    audit.note("EXPORTED", page.course, what=f"insights:{tab}")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = sheet(*page.tab.table(page.body))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@staff_or_reviewers
def recount(request: HttpRequest, slug: str) -> HttpResponse:
    """Count this course again, soon: a count that is a minute old is young enough."""
    course = course_or_404(request, slug)
    count_insights.delay_on_commit(str(course.pk))
    said = _("The course is being counted again. Load this page again in a minute to see it.")
    messages.success(request, said)
    return redirect(insights_address(course, TABS[0].key))


@require_POST
@staff_or_reviewers
def set_aside(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Leave somebody out of the list for a while, or name them again; then back to the list."""
    course = course_or_404(request, slug)
    place = get_object_or_404(students_in(course).select_related("user"), user=pk)
    kind = request.POST.get("kind", "")
    if kind in AttentionMark.Kind:
        mark = attention.set_aside(
            place.user, course, AttentionMark.Kind(kind), by=reviewer(request)
        )
        until = date_format(attention.hidden_until(mark), "j M Y")
        said = {"name": place.user.name, "day": until}
        messages.success(request, _("%(name)s is left out of the list until %(day)s.") % said)
    elif kind == "BACK":
        attention.bring_back(place.user, course)
        messages.success(request, _("%s is in the list again.") % place.user.name)
    else:
        messages.error(request, _("Nothing was changed: that is not something to say of somebody."))
        return show(request, page_of(request, slug, "students"), status=422)
    path = insights_address(course, "students")
    return redirect(f"{path}?{request.GET.urlencode()}" if request.GET else path)


def show(request: HttpRequest, page: InsightsPage, status: int = 200) -> HttpResponse:
    is_part = is_htmx(request)
    context = {"page": page, "is_part": is_part, "nav": "studio"}
    template = "studio/insights.html#panel" if is_part else "studio/insights.html"
    answer = render(request, template, context, status=status)
    return said_aloud(answer, page.said) if is_part else answer


def page_of(
    request: HttpRequest, slug: str, tab: str, known: Mapping[str, Tab | LiveTab] = TAB_OF
) -> InsightsPage:
    course = course_or_404(request, slug)
    if tab not in known:
        raise Http404
    if tab == STUDENTS.key:  # their buttons lead back to it
        return insights_page(course, known[tab], request.GET)
    return from_replica(partial(insights_page, course, known[tab], request.GET))


def course_or_404(request: HttpRequest, slug: str) -> Course:
    return get_object_or_404(insight_courses(request), slug=slug)
