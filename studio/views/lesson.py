"""A lesson is written here: text and preview side by side, files at hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courses import actions
from courses.models import MAX_TEXT, Lesson
from studio.access import authors_only
from studio.answers import go_to, is_htmx, is_stale, version_of
from studio.authoring_forms import LessonTextForm, leave_unjudged, with_plain_lines
from studio.conflicts import conflict
from studio.course_files import FileRefused, add_file
from studio.editing import editing
from studio.outline_verbs import LESSON_VERBS
from studio.pages.lesson import FileRow, files_of, lesson_desk, preview_of
from studio.views.course import READ_OR_WRITE
from studio.views.outline import do_or_ask, lesson_or_404

SAVED = _("The lesson is saved.")
AT_THE_TOP = {"publish", "hide", "require", "relax", "restore"}


@require_http_methods(READ_OR_WRITE)
@authors_only
def lesson(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a lesson to be written. A POST saves it, previews it, or adds a file to the course.

    The buttons at the top, which publish it and the like, save what was typed before they do it.
    """
    found = lesson_or_404(pk)
    if request.method != "POST":
        return show(request, found)
    wanted = {"preview": preview, "upload": upload}.get(request.POST.get("go", ""), save)
    return wanted(request, found)


def form_of(found: Lesson, files: list[FileRow], data: Any = None) -> LessonTextForm:
    sent = data if data is None else with_plain_lines(data)
    return LessonTextForm(sent, instance=found, files=[row.asset.path for row in files])


def save(request: HttpRequest, found: Lesson) -> HttpResponse:
    verb = request.POST.get("go", "")
    with editing(found.course):
        locked = lesson_or_404(found.pk)
        files = files_of(locked)
        form = form_of(locked, files, request.POST)
        version = version_of([form])
        is_as_it_was = verb in AT_THE_TOP and not form.has_changed()
        if not is_as_it_was:
            if not form.is_valid():
                return show(request, lesson_or_404(found.pk), form=form)
            if is_stale(request, version):
                saved = form_of(lesson_or_404(found.pk), files)
                return conflict(request, [form], [saved], version, title=saved.instance.title)
            actions.save_rendered(locked)
    if verb not in AT_THE_TOP:
        return go_to(request, reverse("studio:lesson", args=[found.pk]), str(SAVED))
    if not is_as_it_was:
        messages.success(request, SAVED)
    rows, one = Lesson.objects.all(), lesson_or_404(found.pk)
    return do_or_ask(request, one, rows, verb, LESSON_VERBS[verb])


def preview(request: HttpRequest, found: Lesson) -> HttpResponse:
    """What was typed, as learners would read it. Nothing is saved."""
    text = request.POST.get("content", "").replace("\x00", "")
    if is_htmx(request):
        context = {"html": preview_of(found, text), "cut": cut(text)}
        return render(request, "studio/_lesson_preview.html", context)
    return show(request, found, typed=request.POST)


def cut(text: str) -> int:
    """How much of the text the preview shows, if not all of it."""
    return MAX_TEXT if len(text) > MAX_TEXT else 0


def upload(request: HttpRequest, found: Lesson) -> HttpResponse:
    """Add a file to the course. What was typed comes back as it was."""
    fault, added = "", ""
    try:
        added = add_file(found.course, request.FILES.get("file")).path
    except FileRefused as refusal:
        fault = str(refusal)
    if is_htmx(request):
        context = {"files": files_of(found), "fault": fault, "added": added, "lesson": found}
        status = 422 if fault else 200
        return render(request, "studio/_lesson_files.html", context, status=status)
    return show(request, found, typed=request.POST, fault=fault, added=added)


def show(
    request: HttpRequest,
    found: Lesson,
    *,
    form: LessonTextForm | None = None,
    typed: Any = None,
    fault: str = "",
    added: str = "",
) -> HttpResponse:
    """`typed` is shown again unjudged; `form` was judged and is not saved."""
    files = files_of(found)
    shown = form or form_of(found, files)
    version = request.POST.get("version") or version_of([form_of(found, files)])
    if typed is not None:
        shown = form_of(found, files, typed)
        leave_unjudged(shown)
    text = request.POST.get("content") if request.method == "POST" else None
    desk = lesson_desk(found, files, text)
    context = {
        "desk": desk, "lesson": found, "course": found.course, "form": shown, "version": version,
        "files": files, "html": desk.html, "fault": fault, "added": added,
        "cut": cut(text or ""), "nav": "studio",
    }  # fmt: skip
    status = 422 if shown.errors or fault else 200
    return render(request, "studio/lesson.html", context, status=status)
