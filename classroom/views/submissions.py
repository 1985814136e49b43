"""A submission: waiting for it, its result, what changed since the one before, asking a person."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from assessments.access import own_submission
from assessments.drafts import draft_of
from assessments.errors import AlreadyAsked, AlreadyReviewed, NotInPlan, NotJudged, TooOften
from assessments.forms import HelpForm
from assessments.models import Submission
from assessments.reviewing.help_requests import ask_for_help
from assessments.unread import mark_read
from assessments.verdicts import GIVEN_UP
from classroom.access import door
from classroom.forms import ReplyForm
from classroom.numbers import numbers_for
from classroom.pages.code import history_of_work
from classroom.pages.learning import lesson_page
from classroom.pages.remarks import Feedback, feedback_on, has_rules
from classroom.pages.submissions import SubmissionPage, changes_page, result_page
from classroom.pages.waiting import wait_of
from classroom.points import likes_points
from classroom.requests import is_htmx, is_looked_at, learner, members_only, said, see_other
from classroom.views.learning import closed_door
from enrollments.errors import EnrollmentRefused
from notifications.actions import mark_read_of


@require_safe
@login_required
def submission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of it. htmx asks for a part: the result on the page of the assignment, `whole`
    for all of this page, `analysis` and `state` for what the rules and others have said by now.

    What one has handed in, its verdict and what was said of it stay readable for ever. What belongs
    to the course, its tests with their hints, is shown while its door is open.
    """
    user = learner(request, known=True)
    found = own_submission(user, pk)
    part = request.GET.get("part", "") if is_htmx(request) else ""
    if is_htmx(request) and found.is_open:
        return still_waiting(request, found, part)
    if part == "analysis":
        return analysis(request, user, found)
    if part == "state":
        return state(request, user, found)
    closed = door(user, found.assignment.lesson.course)
    if not is_htmx(request) or part:
        return show(request, user, found, closed=closed, part=part)
    if closed:
        return closed_door(request, found.assignment.lesson, closed)
    return beside_the_editor(request, user, found)


def still_waiting(request: HttpRequest, found: Submission, part: str) -> HttpResponse:
    if is_stale(request, found):
        return HttpResponse(status=204)
    context = {"wait": wait_of(found), "region": "judged" if part else "result", "part": part}
    return render(request, "classroom/_waiting.html", context)


def analysis(request: HttpRequest, user: User, found: Submission) -> HttpResponse:
    """What the rules say, as it is asked for again and again: no tests are read for it."""
    feedback = feedback_on(user, found)
    closed = door(user, found.assignment.lesson.course) if feedback.rules else None
    context = {"submission": found, "feedback": feedback, "closed": closed}
    return render(request, "classroom/_analysis.html#arrived", context)


def state(request: HttpRequest, user: User, found: Submission) -> HttpResponse:
    """What is still to come. What has come stands in its place, if the page showed nothing yet.

    A page that shows something may hold half a reply: it is told that there is more.
    """
    feedback = feedback_on(user, found)
    before = request.GET.get("mark", "")
    news = is_news(before, feedback)
    has_come = news and not before and feedback.review is not None
    context = {"submission": found, "feedback": feedback, "has_come": has_come}
    context |= {"is_news": news and not has_come}
    if has_come:
        context |= next_step_of(user, found, door(user, found.assignment.lesson.course))
        note_reading(request, found, feedback)
    answer = render(request, "classroom/_feedback_state.html", context)
    return said(answer, _("There is new feedback on this page.")) if news else answer


def note_reading(request: HttpRequest, found: Submission, feedback: Feedback) -> None:
    """Note that what the answer shows is read, before the answer counts what is not."""
    if is_looked_at(request) and mark_read(found.analyses.all(), feedback.seen, found.moment):
        mark_read_of(found.user, found.get_absolute_url())


def next_step_of(user: User, found: Submission, closed: EnrollmentRefused | None) -> dict[str, Any]:
    """What can be done after a result, as far as the door of the course is open."""
    lesson, draft = found.assignment.lesson, draft_of(user, found.assignment)
    context = {
        "page": SubmissionPage(found, draft.version if draft else 0),
        "assignment": found.assignment,
        "lesson": lesson,
        "course": lesson.course,
        "closed": closed,
    }
    if found.is_passed and not closed:
        context |= {"place": lesson_page(user, lesson, may_complete=True)}
    return context


def is_news(mark: str, feedback: Feedback) -> bool:
    """Whether something was said since a page was made that carries this mark."""
    return feedback.mark != mark


def is_stale(request: HttpRequest, found: Submission) -> bool:
    """Whether the page that asks shows something newer by now."""
    return request.GET.get("newest", str(found.pk)) != str(found.pk)


def beside_the_editor(request: HttpRequest, user: User, found: Submission) -> HttpResponse:
    """The result, and everything on the page that follows from it."""
    if is_stale(request, found):
        return HttpResponse(status=204)
    context = context_of(found)
    if found.is_graded:
        history, best = history_of_work(user, found.assignment)
        context |= {"history": history, "best": best}
    if found.is_graded and found.is_passed:
        context |= {"page": lesson_page(user, found.assignment.lesson, may_complete=True)}
    answer = render(request, "classroom/_result.html#beside", {**context, "oob": True})
    return said(answer, what_is_said(request, user, context))


def context_of(found: Submission) -> dict[str, Any]:
    lesson = found.assignment.lesson
    result = result_page(found) if found.is_judged else None
    return {
        "submission": found,
        "has_rules": has_rules(found),
        "result": result,
        "wait": wait_of(found) if found.is_open else None,
        "given_up": GIVEN_UP,
        "assignment": found.assignment,
        "lesson": lesson,
        "course": lesson.course,
    }


def what_is_said(request: HttpRequest, user: User, context: dict[str, Any]) -> str:
    result = context["result"]
    if result is None:
        return str(GIVEN_UP)
    shown = likes_points(user) and not numbers_for(request, user).hidden
    return str(result.announcement if shown else result.announcement_without_points)


def show(
    request: HttpRequest,
    user: User,
    found: Submission,
    *,
    closed: EnrollmentRefused | None = None,
    form: HelpForm | None = None,
    part: str = "",
    status: int = 200,
    answering: ReplyForm | None = None,
) -> HttpResponse:
    """All of the page, or of it what waits to be judged. `answering`: a reply with its problems."""
    context = context_of(found)
    if closed and context["result"]:
        context["result"] = replace(context["result"], rows=[])
    feedback = feedback_on(user, found)
    note_reading(request, found, feedback)
    context |= next_step_of(user, found, closed)
    context |= {
        "feedback": feedback,
        "form": form or HelpForm(),
        "nav": "classroom",
        "answering": answering,
    }
    name = f"classroom/submission.html{'#judged' if part == 'whole' else ''}"
    answer = render(request, name, {**context, "part": part}, status=status)
    if part == "whole":
        said(answer, what_is_said(request, user, context))
    return answer


@require_safe
@login_required
def changes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What changed since the submission before: both are one's own, whatever became of the door."""
    user = learner(request, known=True)
    found = graded_one(user, pk)
    context = {"page": changes_page(user, found), "submission": found, "nav": "classroom"}
    return render(request, "classroom/submission_diff.html", context)


def graded_one(user: User, pk: UUID) -> Submission:
    found = own_submission(user, pk)
    if not found.is_graded:
        raise Http404(_("No such submission."))
    return found


@require_POST
@members_only(lambda pk: reverse("classroom:submission", args=[pk]))
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask a person about it, once."""
    user = learner(request, known=True)
    found = graded_one(user, pk)
    refusal = door(user, found.assignment.lesson.course)
    if refusal:
        return closed_door(request, found.assignment.lesson, refusal)
    form = HelpForm(request.POST)
    if not form.is_valid():
        return show(request, user, found, form=form, status=422)
    try:
        ask_for_help(user, found, form.cleaned_data["text"])
    except (AlreadyAsked, NotJudged) as refusal_of_ask:
        messages.info(request, str(refusal_of_ask))
        return show(request, user, found, status=409)
    except (AlreadyReviewed, NotInPlan) as refusal_of_ask:
        form.add_error(None, str(refusal_of_ask))
        status = 403 if isinstance(refusal_of_ask, NotInPlan) else 409
        return show(request, user, found, form=form, status=status)
    except TooOften as refusal_of_ask:
        form.add_error(None, str(refusal_of_ask))
        answer = show(request, user, found, form=form, status=429)
        answer["Retry-After"] = str(refusal_of_ask.wait)
        return answer
    messages.success(request, _("Sent. A person will read your code and answer here."))
    return see_other(request, f"{found.get_absolute_url()}#help")
