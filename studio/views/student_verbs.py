"""What staff do for students of a course: a page each that says what will happen, then a press."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.keys import uuid7
from accounts.models import User
from courses.models import Course
from studio import student_verbs
from studio.access import authors_only, insight_courses, member_of_staff
from studio.answers import key_sent
from studio.insights.attention import PER_PAGE
from studio.pages.insights import insights_address
from studio.pages.insights_students import not_in_the_list, students_in, taken_out_of
from studio.student_forms import ExtraTimeForm, MessageForm

NOBODY = gettext_lazy("Choose at least one student first.")
ask_or_do = require_http_methods(["GET", "HEAD", "POST"])


@ask_or_do
@authors_only
def message(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a few words or write some, and send them once."""
    course, people, missing = chosen(request, slug)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if not people and not (form.is_bound and (missing or form.data.get("words"))):
        return back(request, course, missing or str(NOBODY))
    if people and form.is_bound and form.is_valid():
        by = member_of_staff(request)
        done = student_verbs.write_to(course, people, by, form.text, key_sent(request))
        why = _("Not sent, because they want no such messages: %s.")
        had = _("Not sent again, because they had these very words from you today: %s.")
        missing = both(left_out(done.left_out, why), left_out(done.again, had), missing)
        if done.people:
            sent = ngettext("Sent to %(count)s student.", "Sent to %(count)s students.",
                            len(done.people)) % {"count": len(done.people)}  # fmt: skip
            return back(request, course, missing, sent)
        people = []
    return ask(request, "message", course, people, form, missing or ("" if people else str(NOBODY)))


@ask_or_do
@authors_only
def extra_time(request: HttpRequest, slug: str) -> HttpResponse:
    """In every quiz that they take, here and in other courses, open attempts included."""
    course, people, missing = chosen(request, slug)
    form = ExtraTimeForm(request.POST if request.method == "POST" else None, people)
    if not people:
        return back(request, course, missing or str(NOBODY))
    if form.is_bound and form.is_valid():
        student_verbs.give_extra_time(people, form.cleaned_data["extra_time"])
        return back(request, course, missing, _("Saved: %s.") % names_of(people))
    return ask(request, "extra_time", course, people, form, missing)


@ask_or_do
@authors_only
def take_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Out of this course, after a page that says what that means."""
    course, people, missing = chosen(request, slug)
    if not people:
        return back(request, course, missing or str(NOBODY))
    if request.method == "POST":
        done = student_verbs.take_out(course, people, member_of_staff(request))
        said = said_of_taken_out(done.people) if done.people else ""
        why = _("Not taken out, because their place is paused: %s.")
        return back(request, course, both(left_out(done.left_out, why), missing), said)
    return ask(request, "take_out", course, people, None, missing)


def said_of_taken_out(people: Sequence[User]) -> str:
    """Who it was, and where it is undone."""
    words = _(
        "Taken out of the course: {names}. "
        '<a href="#taken-out">Below the students</a> they can be put back.'
    )
    return format_html(words, names=names_of(people))


@require_POST
@authors_only
def put_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Back into the course, whoever was taken out of it and is named."""
    course = get_object_or_404(insight_courses(request), slug=slug)
    places = taken_out_of(course).filter(user__in=keys_in(request.POST)).select_related("user")
    came = student_verbs.put_back(
        course, [place.user for place in places], member_of_staff(request)
    )
    if not came:
        return back(
            request,
            course,
            _("Nobody was put back. They are in the course again, or left it by themselves."),
        )
    return back(request, course, "", _("Back in the course: %s.") % names_of(came))


def chosen(request: HttpRequest, slug: str) -> tuple[Course, Sequence[User], str]:
    """The course, of those who were ticked its students, and a sentence about the others."""
    course = get_object_or_404(insight_courses(request), slug=slug)
    sent = request.POST if request.method == "POST" else request.GET
    keys = keys_in(sent)
    places = students_in(course).filter(user__in=keys).select_related("user__accommodation")
    people = [place.user for place in places.order_by("user__name", "user")]
    left, no_student = not_in_the_list(course, set(keys) - {one.pk for one in people})
    missing = both(
        left_out(left, _("Not in the course any more: %s.")),
        left_out(no_student, _("Not a student any more: %s.")),
    )
    return course, people, missing


def keys_in(sent: QueryDict) -> list[UUID]:
    return [key for one in sent.getlist("who")[:PER_PAGE] if (key := key_of(one))]


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def ask(
    request: HttpRequest, verb: str, course: Course, people: Sequence[User], form: Any, missing: str
) -> HttpResponse:
    context = {
        "course": course, "people": people, "form": form, "kept": kept(request), "nav": "studio",
        "list_address": list_address(request, course), "key": key_of_form(request),
        "missing": missing,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200 if people else 409
    return render(request, f"studio/students_{verb}.html", context, status=status)


def key_of_form(request: HttpRequest) -> UUID:
    """The same while a form comes back with its problems."""
    return key_sent(request) if request.method == "POST" else uuid7()


def back(request: HttpRequest, course: Course, problem: str, said: str = "") -> HttpResponse:
    """To the list as it was, with what was done and what was not."""
    if said:
        messages.success(request, said)
    if problem:
        messages.warning(request, problem)
    return HttpResponseRedirect(list_address(request, course))


def list_address(request: HttpRequest, course: Course) -> str:
    path, query = insights_address(course, "students"), kept(request)
    return f"{path}?{query}" if query else path


def kept(request: HttpRequest) -> str:
    """The filters of the list, to come back to."""
    sent = request.POST if request.method == "POST" else request.GET
    return QueryDict(sent.get("list", "")[:500]).urlencode()


def left_out(people: Sequence[User], why: str) -> str:
    return why % names_of(people) if people else ""


def both(*problems: str) -> str:
    return " ".join(filter(None, problems))


def names_of(people: Sequence[User]) -> str:
    return ", ".join(one.name for one in people)
