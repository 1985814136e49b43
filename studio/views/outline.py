"""The outline of a course: modules and lessons are added, moved, published, archived."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assessments.models import Assignment, Quiz
from courses.errors import CourseRefusal, ModuleDeleted
from courses.models import Course, Lesson, Module
from studio import outline
from studio.access import authors_only
from studio.answers import go_to, is_htmx, is_stale, said_aloud, version_of
from studio.authoring_forms import ModuleForm, NewLessonForm, NewModuleForm
from studio.conflicts import conflict
from studio.editing import editing
from studio.foresight import foresee
from studio.outline_verbs import LESSON_VERBS, MODULE_VERBS, place_of
from studio.ready import words_of
from studio.views.course import READ_OR_WRITE, address_of, course_or_404, show_course

Kind = Lesson.Kind
NOTHING = gettext_lazy("Nothing to change.")


def module_or_404(pk: UUID) -> Module:
    return get_object_or_404(Module.objects.select_related("course"), pk=pk)


def lesson_or_404(pk: UUID) -> Lesson:
    return get_object_or_404(Lesson.objects.select_related("course", "module"), pk=pk)


@require_http_methods(READ_OR_WRITE)
@authors_only
def new_module(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a module at the end."""
    found = course_or_404(slug)
    if request.method != "POST":
        return redirect("studio:course", slug=slug)
    form = NewModuleForm(request.POST)
    if not form.is_valid():
        return show_course(request, found, new_module=form)
    try:
        made = outline.add_module(found, **form.cleaned_data)
    except CourseRefusal as refusal:
        return show_course(request, found, new_module=form, refusal=str(refusal), status=409)
    return go_to(
        request,
        f"{address_of(found)}#module-{made.pk}",
        _("Module added: %(made)s.") % {"made": made},
    )


@require_http_methods(READ_OR_WRITE)
@authors_only
def new_lesson(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a lesson and go where it is written, or stay to add the next one."""
    module = module_or_404(pk)
    if request.method != "POST":
        return redirect("studio:course", slug=module.course.slug)
    form = NewLessonForm.of(module, request.POST)
    if not form.is_valid() and not module.deleted_at:
        return show_course(request, module.course, new_lesson=(module.pk, form))
    try:
        if module.deleted_at:
            raise ModuleDeleted
        made = outline.add_lesson(module, **form.cleaned_data)
    except CourseRefusal as refusal:
        # Its form is not there any more: what was typed is said again.
        words = _("“%(value)s” was not added. %(refusal)s") % {
            "value": form["title"].value() or "",
            "refusal": refusal,
        }
        return show_course(request, module.course, refusal=words, status=409)
    if request.POST.get("go") == "stay":
        address = f"{address_of(module.course)}#lesson-{made.pk}"
        return go_to(request, address, _("Lesson added, as a draft: %(made)s.") % {"made": made})
    said = _("%(get_kind_display)s added, as a draft: %(made)s.") % {
        "get_kind_display": made.get_kind_display(),
        "made": made,
    }
    return go_to(request, where_written(made), said)


def where_written(lesson: Lesson) -> str:
    """The page on which most of it is written: of a quiz its questions."""
    if lesson.kind == Kind.QUIZ:
        return reverse("studio:edit_quiz", args=[Quiz.objects.get(lesson=lesson).pk])
    if lesson.kind == Kind.ASSIGNMENT:
        return reverse("studio:edit_assignment", args=[Assignment.objects.get(lesson=lesson).pk])
    return reverse("studio:lesson", args=[lesson.pk])


@require_http_methods(READ_OR_WRITE)
@authors_only
def module(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The title and summary of a module."""
    found = module_or_404(pk)
    if request.method == "POST":
        return save_module(request, found)
    return show_module(request, ModuleForm(instance=found))


def save_module(request: HttpRequest, found: Module) -> HttpResponse:
    with editing(found.course):
        locked = module_or_404(found.pk)
        form = ModuleForm(request.POST, instance=locked)
        version = version_of([form])
        if not form.is_valid():
            return show_module(request, form, module_or_404(found.pk))
        if is_stale(request, version):
            saved = ModuleForm(instance=module_or_404(found.pk))
            return conflict(request, [form], [saved], version, title=str(saved.instance))
        outline.save_module(locked)
    address = f"{address_of(found.course)}#module-{found.pk}"
    return go_to(request, address, _("Module saved: %(locked)s.") % {"locked": locked})


def show_module(
    request: HttpRequest, form: ModuleForm, standing: Module | None = None
) -> HttpResponse:
    """`standing` is the module as it is saved, where the form says something else."""
    found = standing or form.instance
    context = {
        "form": form, "module": found, "course": found.course, "nav": "studio",
        "version": request.POST.get("version") or version_of([form]),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "studio/module.html", context, status=status)


# What learners of a published course notice: first what it changes, then the button.
NOTICED = {
    "publish": (gettext_lazy("Publish"), gettext_lazy("Publish it")),
    "hide": (gettext_lazy("Take back"), gettext_lazy("Take it back")),
    "require": (gettext_lazy("Make required"), gettext_lazy("Make it required")),
    "relax": (gettext_lazy("Make an extra"), gettext_lazy("Make it an extra")),
    "archive": (gettext_lazy("Archive"), gettext_lazy("Archive it")),
    "restore": (gettext_lazy("Restore"), gettext_lazy("Restore it")),
    "undo": (gettext_lazy("Bring back"), gettext_lazy("Bring it back")),
}


@require_http_methods(READ_OR_WRITE)
@authors_only
def lesson_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """Do one thing to a lesson. Where learners would notice it, ask first."""
    if verb not in LESSON_VERBS:
        raise Http404
    return do_or_ask(request, lesson_or_404(pk), Lesson.objects.all(), verb, LESSON_VERBS[verb])


@require_http_methods(READ_OR_WRITE)
@authors_only
def module_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in MODULE_VERBS:
        raise Http404
    return do_or_ask(request, module_or_404(pk), Module.objects.all(), verb, MODULE_VERBS[verb])


def do_or_ask(
    request: HttpRequest, one: Any, rows: QuerySet[Any], verb: str, do: Callable[[Any], str]
) -> HttpResponse:
    course, is_asked = one.course, verb in NOTICED and one.course.is_published
    fresh = rows.select_related("module") if isinstance(one, Lesson) else rows

    def change(locked: Course) -> str:
        return do(fresh.get(pk=one.pk))

    if request.method != "POST":
        return ask(request, one, verb, change) if is_asked else redirect(address_of(course))
    if is_asked and "sure" not in request.POST:
        kind = "lesson_verb" if isinstance(one, Lesson) else "module_verb"
        page = reverse(f"studio:{kind}", args=[one.pk, verb])
        return go_to(request, f"{page}?back=lesson" if came_from(request) else page)
    try:
        with editing(course) as locked:
            said = change(locked)
    except CourseRefusal as refusal:
        return show_refused(request, one, f"{one}: {' '.join(words_of(refusal))}")
    return show_done(request, one, verb, str(said or NOTHING))


def show_refused(request: HttpRequest, one: Any, words: str) -> HttpResponse:
    """Say why not, on the page where the button was."""
    if came_from(request) and isinstance(one, Lesson):
        messages.error(request, words)
        return go_to(request, reverse("studio:lesson", args=[one.pk]))
    return show_course(request, course_or_404(one.course.slug), refusal=words, status=409)


def ask(request: HttpRequest, one: Any, verb: str, change: Callable[[Course], str]) -> HttpResponse:
    title, button = NOTICED[verb]
    origin, back = came_from(request), f"{address_of(one.course)}#{anchor_of(one)}"
    if origin and isinstance(one, Lesson):
        back = reverse("studio:lesson", args=[one.pk])
    context = {
        "course": one.course, "title": f"{title}: {one}", "button": button,
        "foreseen": foresee(one.course, change), "nav": "studio", "back": back, "origin": origin,
    }  # fmt: skip
    return render(request, "studio/sure.html", context)


def came_from(request: HttpRequest) -> str:
    """The page of the lesson, if that is where the button was; else the outline."""
    asked = request.POST.get("back") or request.GET.get("back")
    return "lesson" if asked == "lesson" else ""


def anchor_of(one: Lesson | Module) -> str:
    return f"{'lesson' if isinstance(one, Lesson) else 'module'}-{one.pk}"


def show_done(request: HttpRequest, one: Any, verb: str, said: str) -> HttpResponse:
    """The page anew where a part of it was asked for; else the way back to the row."""
    gone = str(one.pk) if verb == "archive" else ""
    if is_htmx(request) and "sure" not in request.POST:
        # Buttons that move keep the focus; others stood in a menu that is closed by now.
        touched = None if verb in ("up", "down", "archive") else one.pk
        course = course_or_404(one.course.slug)
        page = show_course(request, course, gone=gone, touched=touched)
        return said_aloud(page, said)
    if came_from(request) and verb != "archive" and isinstance(one, Lesson):
        return go_to(request, reverse("studio:lesson", args=[one.pk]), said)
    query = f"?archived={gone}" if gone else ""
    return go_to(request, f"{address_of(one.course)}{query}#{anchor_of(one)}", said)


@require_http_methods(READ_OR_WRITE)
@authors_only
def move_lesson(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To which module? One button each."""
    found = lesson_or_404(pk)
    course = found.course
    if request.method == "POST":
        target = get_object_or_404(course.modules, pk=key_or_404(request.POST.get("module", "")))
        try:
            with editing(course):
                row = Lesson.objects.get(pk=pk)
                outline.move_to_module(row, Module.objects.get(pk=target.pk))
                said = place_of(row)
        except CourseRefusal as refusal:
            return show_course(request, course, refusal=str(refusal), status=409)
        return go_to(request, f"{address_of(course)}#lesson-{pk}", said)
    modules = course.modules.filter(deleted_at=None).order_by("position", "id")
    context = {"lesson": found, "course": course, "modules": modules, "nav": "studio"}
    return render(request, "studio/move.html", context)


def key_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
