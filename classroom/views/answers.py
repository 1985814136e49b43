"""Reading the answers of a form, saving them, and saying what came of it."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.answering import Given, Saved, save_answers
from assessments.limits import SAVES
from assessments.models import Answer, Attempt, Quiz
from classroom.access import door
from classroom.pages.quizzes import Place, attempt_page
from classroom.requests import is_htmx, see_other, whole
from classroom.views.learning import closed_door

CHANGED_ELSEWHERE = gettext_lazy("This answer was changed in another tab.")
UNKNOWN = gettext_lazy("Unknown question.")
NOTHING = UUID(int=0)


def save(request: HttpRequest, user: User, attempt: Attempt) -> HttpResponse:
    """Keep what the form says. Raises AlreadySubmitted, TimeOver."""
    wait = SAVES.spend(str(user.pk))
    if wait is not None:
        return too_many(request, wait)
    given = given_from(request.POST)
    tab, step = name_of_tab(request.POST.get("tab", "")), whole(request.POST.get("step", ""))
    saved = save_answers(attempt, list(given.values()), tab=tab, step=step)
    status = 409 if saved.conflicts else 422 if saved.invalid or saved.unknown else 200
    if is_htmx(request):
        return fragment(request, attempt, saved, status)
    if saved.unknown:
        return HttpResponse(UNKNOWN, status=422, content_type="text/plain; charset=utf-8")
    if status == 200:
        go = request.POST.get("go", "")
        return see_other(request, address_after(go, attempt, saved.answers))
    if closed := door(user, attempt.quiz.lesson.course):
        return closed_door(request, attempt.quiz.lesson, closed)
    told = str(CHANGED_ELSEWHERE)
    conflicts = dict.fromkeys((row.question_id for row in saved.conflicts), told)
    troubled = {**saved.invalid, **conflicts}
    typed = {key: given[key] for key in troubled}
    page = attempt_page(attempt, typed=typed, errors=troubled, conflicts=conflicts)
    context = {"page": page, "attempt": attempt}
    return render(request, "classroom/attempt.html", context, status=status)


def given_from(data: QueryDict) -> dict[UUID, Given]:
    """What a form says about each question that it names."""
    found: dict[UUID, Given] = {}
    for name in data.getlist("q"):
        key = key_of(name)
        values = data.getlist(f"a-{name}")
        found[key] = Given(
            question=key,
            chosen=tuple(key_of(value) for value in values if value),
            text=values[0] if values else "",
            is_flagged=f"f-{name}" in data,
            version=whole(data.get(f"v-{name}", "")),
        )
    return found


def key_of(text: str) -> UUID:
    """The key that a form gives; what is none is nobody's."""
    try:
        return UUID(text)
    except ValueError:
        return NOTHING


def name_of_tab(text: str) -> str:
    """The name that a page gave itself; what no page of ours says is none."""
    return text if re.fullmatch("[0-9A-Za-z-]{1,40}", text) else ""


def address_after(go: str, attempt: Attempt, answers: Sequence[Answer]) -> str:
    """Where a form wants to go once it is saved: next, previous, a number, summary, a report."""
    here = {answer.position: answer.question_id for answer in answers}
    if go.startswith("report-") and (question := here.get(whole(go[7:]))):
        return f"{reverse('classroom:reports', args=[question])}?attempt={attempt.pk}"
    if attempt.quiz.layout == Quiz.Layout.ALL and whole(go):
        return f"{attempt.get_absolute_url()}#question-{whole(go)}"
    if go == "summary" or attempt.quiz.layout == Quiz.Layout.ALL or not here:
        return reverse("classroom:summary", args=[attempt.pk])
    place = min(here)
    # A page whose clock was ahead of the server's stays where it is.
    step = {"previous": -1, "finish": 0}.get(go, 1)
    wanted = whole(go) or place + step
    return reverse("classroom:question", args=[attempt.pk, max(1, wanted)])


def fragment(request: HttpRequest, attempt: Attempt, saved: Saved, status: int) -> HttpResponse:
    """What saving by itself changes on the page: a word, the list of questions, the versions."""
    moment: datetime | None = max(
        (row.saved_at for row in saved.answers if row.saved_at), default=None
    )
    places = [
        Place(row.position, row.question_id, row.is_answered, row.is_flagged)
        for row in saved.answers
    ]
    context = {
        "attempt": attempt,
        "saved": saved,
        "saved_at": localtime(moment) if moment else None,
        "places": places,
        "refusals": [
            *(
                _("question %(numbers)s. %(fault)s")
                % {"numbers": saved.numbers[key], "fault": fault}
                for key, fault in saved.invalid.items()
            ),
            *[UNKNOWN] * bool(saved.unknown),
        ],
        "faults": [(number, saved.invalid.get(key)) for key, number in saved.numbers.items()],
        "changed_elsewhere": CHANGED_ELSEWHERE if saved.conflicts else "",
    }
    return render(request, "classroom/attempt.html#saved", context, status=status)


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """Saved too often within a few seconds: what was kept last stands."""
    part = "classroom/attempt.html#too_many" if is_htmx(request) else "429.html"
    answer = render(request, part, {"retry_after": wait}, status=429)
    answer["Retry-After"] = str(wait)
    return answer
