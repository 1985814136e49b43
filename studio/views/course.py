"""A course on the desk of its authors: made, described, published."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from courses import actions
from courses.errors import CourseRefusal
from courses.models import Course
from studio.access import authors_only, member_of_staff
from studio.answers import go_to, is_stale, version_of
from studio.authoring_forms import CourseFactsForm, NewCourseForm, with_plain_lines
from studio.conflicts import conflict
from studio.editing import editing
from studio.foresight import Foreseen, foresee
from studio.outline import new_course
from studio.pages.course import course_page
from studio.ready import drafts_of, publish_with, readiness

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def course_or_404(slug: str) -> Course:
    return get_object_or_404(Course.objects.select_related("language"), slug=slug)


def address_of(course: Course) -> str:
    return reverse("studio:course", args=[course.slug])


@require_http_methods(READ_OR_WRITE)
@authors_only
def make_course(request: HttpRequest) -> HttpResponse:
    """Title and language first; everything else can wait."""
    form = NewCourseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        key, named = values.pop("key"), values.pop("new_language")
        try:
            course = new_course(values, new_language=named, key=key)
        except CourseRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("The course is made, as a draft: only staff see it. Now add its first lesson.")
            return go_to(request, address_of(course), said)
    status = 422 if form.is_bound else 200
    context = {"form": form, "nav": "studio"}
    return render(request, "studio/new_course.html", context, status=status)


@require_http_methods(READ_OR_WRITE)
@authors_only
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """The outline of a course and its facts; a POST saves the facts.

    The button that leads to publishing saves them first.
    """
    found = course_or_404(slug)
    if request.method == "POST":
        return save_facts(request, found)
    return show_course(request, found, gone=request.GET.get("archived", "")[:36])


def save_facts(request: HttpRequest, found: Course) -> HttpResponse:
    with editing(found) as locked:
        form = CourseFactsForm(with_plain_lines(request.POST), instance=locked)
        version = version_of([form])
        if not form.is_valid():
            return show_course(request, course_or_404(found.slug), facts=form)
        if is_stale(request, version):
            saved = CourseFactsForm(instance=course_or_404(found.slug))
            return conflict(request, [form], [saved], version, title=saved.instance.title)
        actions.save_rendered_course(locked)
    address = address_of(found)
    if request.POST.get("go") == "publish":
        address = reverse("studio:course_verb", args=[found.slug, "publish"])
    return go_to(request, address, _("The facts of the course are saved."))


def show_course(
    request: HttpRequest,
    found: Course,
    *,
    facts: CourseFactsForm | None = None,
    refusal: str = "",
    touched: Any = None,
    status: int = 200,
    **wanted: Any,
) -> HttpResponse:
    """`wanted` is what `course_page` takes beside the course; `touched` gets the focus."""
    page = course_page(found, **wanted)
    facts = facts or CourseFactsForm(instance=found)
    bad = facts if facts.is_bound else next((x for x in bound(page) if x.errors), None)
    context = {
        "page": page, "course": found, "facts": facts, "refusal": refusal, "form": bad,
        "touched": touched,
        "version": request.POST.get("version") or version_of([facts]), "nav": "studio",
    }  # fmt: skip
    status = 422 if bad else status
    return render(request, "studio/course.html", context, status=status)


def bound(page: Any) -> list[Any]:
    return [page.new_module, *(row.form for row in page.modules)]


def unpublish(found: Course) -> str:
    return _("Taken back: it is a draft again.") if actions.unpublish_course(found) else ""


def archive(found: Course) -> str:
    return _("Archived. What learners did in it stays.") if actions.archive_course(found) else ""


def restore(found: Course) -> str:
    return _("Restored, as a draft.") if actions.restore_course(found) else ""


VERBS = {"unpublish": unpublish, "archive": archive, "restore": restore}
TITLES = {
    "unpublish": (gettext_lazy("Take the course back"), gettext_lazy("Take it back")),
    "archive": (gettext_lazy("Archive the course"), gettext_lazy("Archive it")),
    "restore": (gettext_lazy("Restore the course"), gettext_lazy("Restore it")),
}


@require_http_methods(READ_OR_WRITE)
@authors_only
def course_verb(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """First what it changes for learners; the button there does it."""
    found = course_or_404(slug)
    if verb == "publish":
        return publish(request, found)
    if verb not in VERBS:
        raise Http404
    if request.method == "POST":
        with editing(found) as locked:
            said = VERBS[verb](locked)
        return go_to(request, address_of(found), said or _("Nothing to change."))
    title, button = TITLES[verb]
    foreseen = foresee(found, VERBS[verb])
    context = {
        "course": found, "title": title, "button": button, "foreseen": foreseen,
        "back": address_of(found), "nav": "studio",
    }  # fmt: skip
    return render(request, "studio/sure.html", context)


def publish(request: HttpRequest, found: Course) -> HttpResponse:
    """What is missing, who will get the course, and which drafts go out with it."""
    drafts = drafts_of(found)
    is_first = found.published_at is None
    if request.method == "POST":
        chosen = set(request.POST.getlist("lesson"))
    else:
        chosen = {str(one.pk) for one in drafts} if is_first else set()
    chosen &= {str(one.pk) for one in drafts}
    if request.method == "POST" and "look" not in request.POST:
        try:
            publish_with(found, chosen, member_of_staff(request))
        except CourseRefusal as refusal:
            return show_ready(request, found, chosen, refusal)
        said = _("The course is published: learners find it in the catalogue.")
        return go_to(request, address_of(found), said)
    return show_ready(request, found, chosen)


def show_ready(
    request: HttpRequest, found: Course, chosen: set[str], refusal: CourseRefusal | None = None
) -> HttpResponse:
    ready = readiness(found, chosen)
    refused = ready.words_of(refusal) if refusal else []
    foreseen = Foreseen()
    if not ready.errors and not found.is_published:
        by = member_of_staff(request)
        foreseen = foresee(found, lambda one: publish_with(one, chosen, by))
    context = {
        "course": found, "ready": ready, "foreseen": foreseen, "refused": refused,
        "drafts": [(one, str(one.pk) in chosen) for one in drafts_of(found)], "nav": "studio",
    }  # fmt: skip
    return render(request, "studio/publish.html", context, status=422 if refused else 200)
