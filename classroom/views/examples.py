"""Running the code that a lesson shows, as it is or changed; what a program printed."""

from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.limits import address_of
from accounts.models import User
from assessments.access import own_run
from assessments.errors import TooOften
from assessments.glosses import gloss
from assessments.models import Run, Work
from assessments.printed import legible, printed
from assessments.runs import run_example, run_program
from assessments.verdicts import GIVEN_UP, end_of_program
from classroom.access import door, live_lesson
from classroom.pages.examples import Block, runnable
from classroom.pages.waiting import wait_of
from classroom.requests import is_htmx, learner, said, see_other, whole
from classroom.views.code import typed
from classroom.views.learning import closed_door
from courses.models import Lesson
from sandbox.job import SourceRefused


@require_POST
def lesson_runs(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Run a block of a lesson. Guests run it as it stands; learners may send their own version."""
    lesson, user = live_lesson(pk), learner(request)
    if lesson is None:
        raise Http404(_("No such lesson."))
    refusal = door(user, lesson.course)
    if refusal and not lesson.is_preview:
        if user is None:
            return redirect_to_login(lesson.get_absolute_url())
        return closed_door(request, lesson, refusal)
    number = whole(request.POST.get("block", ""))
    block = runnable(lesson).get(number)
    if block is None:
        text = _("Nothing was run: the lesson has no such example.")
        return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
    try:
        started = start(request, user, lesson, block)
    except (SourceRefused, TooOften) as why:
        return refused(request, lesson, why, number)
    if not is_htmx(request):
        return see_other(request, started.get_absolute_url())
    started.refresh_from_db()
    started.moment = started.created_at
    answer = render(request, "classroom/_run.html", context_of(started, number))
    return said(answer, _("Running the example."))


def start(request: HttpRequest, user: User | None, lesson: Lesson, block: Block) -> Run:
    if user is None:
        return run_example(address_of(request), lesson, block.language, block.source)
    source = typed(request) if "source" in request.POST else block.source
    stdin = request.POST.get("stdin", "").replace("\r\n", "\n")
    return run_program(user, lesson, block.language, source, stdin)


def refused(
    request: HttpRequest, lesson: Lesson, why: SourceRefused | TooOften, number: int
) -> HttpResponse:
    context = {"refusal": str(why), "region": f"example-{number}", "lesson": lesson}
    context |= {"course": lesson.course, "place": number}
    context |= {"code": legible(request.POST.get("source", ""))}
    name = "classroom/_run.html" if is_htmx(request) else "classroom/run.html"
    answer = render(request, name, context, status=429 if isinstance(why, TooOften) else 422)
    if isinstance(why, TooOften):
        answer["Retry-After"] = str(why.wait)
    return answer


def context_of(found: Run, place: int = 0) -> dict[str, Any]:
    """`place` is the block on whose page it stands; 0: beside an editor or alone."""
    failed = found.status == Work.Status.FAILED
    return {
        "run": found,
        "lesson": found.lesson,
        "course": found.lesson.course,
        "place": place,
        "region": f"example-{place}" if place else "result",
        "is_run": True,
        "wait": wait_of(found, "program") if found.is_open else None,
        "end": end_of_program(found.outcome, found.seconds) if found.outcome else GIVEN_UP,
        "output": printed(found.stdout),
        "trace": printed(found.stderr),
        "gloss": gloss(found.language, found.stderr, found.source) if failed else None,
    }


@require_safe
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a program printed. Guests see what guests ran."""
    found = own_run(learner(request), pk)
    at = request.GET.get("at", "")
    context = context_of(found, whole(at))
    if not is_htmx(request) or at == "page":
        context |= {"heading": "h2", "region": "result", "place": 0}
    if not is_htmx(request):
        context |= {"code": legible(found.source), "nav": "classroom"}
        return render(request, "classroom/run.html", context)
    if request.GET.get("newest", str(pk)) != str(pk):
        return HttpResponse(status=204)
    answer = render(request, "classroom/_run.html", context)
    if found.is_open:
        return answer
    return said(answer, _("Run finished. %(context)s") % {"context": context["end"]})
