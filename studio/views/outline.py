"""The outline of a course: modules and lessons are added, moved, published, archived."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments.models import Assignment, Quiz
from courses import actions
from courses.errors import CourseRefusal, NotReady
from courses.models import Course, Lesson, Module
from studio import outline
from studio.access import staff_only
from studio.admin.lesson import unfair
from studio.answers import go_to, is_htmx, said_aloud
from studio.authoring_forms import ModuleForm, NewLessonForm, NewModuleForm
from studio.editing import editing
from studio.foresight import foresee
from studio.quiz_checks import refuse_empty_quiz
from studio.ready import words_of
from studio.views.course import READ_OR_WRITE, address_of, course_or_404, show_course

Kind = Lesson.Kind
NOTHING = "Nothing to change."


def module_or_404(pk: UUID) -> Module:
    return get_object_or_404(Module.objects.select_related("course"), pk=pk)


def lesson_or_404(pk: UUID) -> Lesson:
    return get_object_or_404(Lesson.objects.select_related("course", "module"), pk=pk)


@require_http_methods(READ_OR_WRITE)
@staff_only
def new_module(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a module at the end."""
    found = course_or_404(slug)
    if request.method != "POST":
        return redirect("studio:course", slug=slug)
    form = NewModuleForm(request.POST)
    if not form.is_valid():
        return show_course(request, found, new_module=form)
    try:
        made = outline.add_module(found, form.cleaned_data["title"])
    except CourseRefusal as refusal:
        return show_course(request, found, refusal=str(refusal), status=409)
    return go_to(request, f"{address_of(found)}#module-{made.pk}", f"Module added: {made}.")


@require_http_methods(READ_OR_WRITE)
@staff_only
def new_lesson(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a lesson and go where it is written, or stay to add the next one."""
    module = module_or_404(pk)
    if request.method != "POST":
        return redirect("studio:course", slug=module.course.slug)
    form = NewLessonForm.of(module, request.POST)
    if not form.is_valid():
        return show_course(request, module.course, new_lesson=(module.pk, form))
    try:
        made = outline.add_lesson(module, **form.cleaned_data)
    except CourseRefusal as refusal:
        return show_course(request, module.course, refusal=str(refusal), status=409)
    if request.POST.get("go") == "stay":
        address = f"{address_of(module.course)}#lesson-{made.pk}"
        return go_to(request, address, f"Lesson added, as a draft: {made}.")
    said = f"{made.get_kind_display()} added, as a draft: {made}."
    return go_to(request, where_written(made), said)


def where_written(lesson: Lesson) -> str:
    """The page on which most of it is written: of a quiz its questions."""
    if lesson.kind == Kind.QUIZ:
        return reverse("studio:edit_quiz", args=[Quiz.objects.get(lesson=lesson).pk])
    if lesson.kind == Kind.ASSIGNMENT:
        return reverse("studio:edit_assignment", args=[Assignment.objects.get(lesson=lesson).pk])
    return reverse("studio:lesson", args=[lesson.pk])


@require_http_methods(READ_OR_WRITE)
@staff_only
def module(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The title and summary of a module."""
    found = module_or_404(pk)
    form = ModuleForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        with editing(found.course):
            Module.objects.filter(pk=pk).update(**values)
        address = f"{address_of(found.course)}#module-{pk}"
        return go_to(request, address, f"Module saved: {values['title']}.")
    status = 422 if form.is_bound else 200
    context = {"form": form, "module": found, "course": found.course, "nav": "studio"}
    return render(request, "studio/module.html", context, status=status)


def publish(lesson: Lesson) -> str:
    refuse_empty_quiz(lesson)
    if faults := unfair(lesson):
        raise NotReady(faults)
    return f"Published: {lesson}." if actions.publish_lesson(lesson) else ""


def hide(lesson: Lesson) -> str:
    return f"Taken back, a draft again: {lesson}." if actions.hide_lesson(lesson) else ""


def require(lesson: Lesson) -> str:
    done = outline.set_required(lesson, True)
    return f"Counts towards the end of the course from now on: {lesson}." if done else ""


def relax(lesson: Lesson) -> str:
    return f"An extra from now on: {lesson}." if outline.set_required(lesson, False) else ""


def archive(lesson: Lesson) -> str:
    return f"Archived: {lesson}. Undo is available." if actions.delete_lesson(lesson) else ""


def restore(lesson: Lesson) -> str:
    return f"Restored, as a draft: {lesson}." if actions.restore_lesson(lesson) else ""


def lesson_up(lesson: Lesson) -> str:
    return place_of(lesson) if actions.move_lesson(lesson, "up") else f"{lesson} is first already."


def lesson_down(lesson: Lesson) -> str:
    return place_of(lesson) if actions.move_lesson(lesson, "down") else f"{lesson} is last already."


def place_of(moved: Lesson) -> str:
    """Where it stands after it was moved."""
    lesson = Lesson.objects.select_related("module").get(pk=moved.pk)
    rows = Lesson.objects.filter(module=lesson.module_id, deleted_at=None)
    keys = list(rows.order_by("position", "id").values_list("pk", flat=True))
    place = f"lesson {keys.index(lesson.pk) + 1} of {len(keys)} in {lesson.module}"
    return f"Moved: {lesson} is {place}."


def module_up(module: Module) -> str:
    moved = actions.move_module(module, "up")
    return place_of_module(module) if moved else f"{module} is first already."


def module_down(module: Module) -> str:
    moved = actions.move_module(module, "down")
    return place_of_module(module) if moved else f"{module} is last already."


def place_of_module(module: Module) -> str:
    rows = Module.objects.filter(course=module.course_id, deleted_at=None)
    keys = list(rows.order_by("position", "id").values_list("pk", flat=True))
    return f"Moved: {module} is module {keys.index(module.pk) + 1} of {len(keys)}."


def archive_module(module: Module) -> str:
    done = actions.delete_module(module)
    return f"Archived, with its lessons: {module}. Undo is available." if done else ""


def restore_module(module: Module) -> str:
    return f"Restored, with its lessons: {module}." if actions.restore_module(module) else ""


LESSON_VERBS: dict[str, Callable[[Any], str]] = {
    "publish": publish, "hide": hide, "require": require, "relax": relax, "archive": archive,
    "restore": restore, "up": lesson_up, "down": lesson_down,
}  # fmt: skip
MODULE_VERBS: dict[str, Callable[[Any], str]] = {
    "archive": archive_module,
    "restore": restore_module,
    "up": module_up,
    "down": module_down,
}
# What learners of a published course notice: first what it changes, then the button.
NOTICED = {
    "publish": ("Publish", "Publish it"),
    "hide": ("Take back", "Take it back"),
    "require": ("Make required", "Make it required"),
    "relax": ("Make an extra", "Make it an extra"),
    "archive": ("Archive", "Archive it"),
}


@require_http_methods(READ_OR_WRITE)
@staff_only
def lesson_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """Do one thing to a lesson. Where learners would notice it, ask first."""
    if verb not in LESSON_VERBS:
        raise Http404
    return do_or_ask(request, lesson_or_404(pk), Lesson.objects.all(), verb, LESSON_VERBS[verb])


@require_http_methods(READ_OR_WRITE)
@staff_only
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
        return go_to(request, request.path)
    try:
        with editing(course) as locked:
            said = change(locked)
    except CourseRefusal as refusal:
        words = f"{one}: {' '.join(words_of(refusal))}"
        return show_course(request, course_or_404(course.slug), refusal=words, status=409)
    return show_done(request, one, verb, said or NOTHING)


def ask(request: HttpRequest, one: Any, verb: str, change: Callable[[Course], str]) -> HttpResponse:
    title, button = NOTICED[verb]
    context = {
        "course": one.course, "title": f"{title}: {one}", "button": button,
        "foreseen": foresee(one.course, change), "nav": "studio",
        "back": f"{address_of(one.course)}#{anchor_of(one)}",
    }  # fmt: skip
    return render(request, "studio/sure.html", context)


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
    back = request.POST.get("back", "")
    if back == "lesson" and verb != "archive":
        return go_to(request, reverse("studio:lesson", args=[one.pk]), said)
    query = f"?archived={gone}" if gone else ""
    return go_to(request, f"{address_of(one.course)}{query}#{anchor_of(one)}", said)


@require_http_methods(READ_OR_WRITE)
@staff_only
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
