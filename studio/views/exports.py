"""Taking a course out: what each format holds of it, and the file."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.taking_along import taken_along
from courses.models import Course
from studio.access import staff_only
from studio.exporting.formats import WRITERS
from studio.exporting.formats import export as write
from studio.importing.refusal import Finding, ImportRefused
from studio.pages.exports import export_page


def course_or_404(slug: str) -> Course:
    return get_object_or_404(Course.objects.with_language(), slug=slug, deleted_at=None)


@require_safe
@staff_only
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The formats that a course can be had in, each with what it does not hold."""
    return show(request, course_or_404(slug))


@taken_along
@staff_only
def download(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The course as a file."""
    course = course_or_404(slug)
    if name not in WRITERS:
        raise Http404
    try:
        archive = write(course, WRITERS[name])
    except ImportRefused as refusal:
        return show(request, course, refusal.findings)
    audit.note("EXPORTED", course, what=f"course:{name}")
    disposition = content_disposition_header(True, archive.name)
    return HttpResponse(
        archive.data,
        content_type=WRITERS[name].content_type,
        headers={"Content-Disposition": disposition},
    )


def show(request: HttpRequest, course: Course, refused: Sequence[Finding] = ()) -> HttpResponse:
    """The page; `refused` says why a download could not be made."""
    context = {
        "course": course, "page": export_page(course), "refused": refused, "nav": "studio",
    }  # fmt: skip
    return render(request, "studio/export.html", context, status=409 if refused else 200)
