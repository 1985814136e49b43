"""A quiz: what to know before, the attempt, its result and its review."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from assessments.access import (
    asked_question,
    live_quiz,
    own_attempt,
    settled_attempt,
    settled_history,
)
from assessments.answering import check_yourself
from assessments.attempts import Finished, finish_attempt, start_attempt
from assessments.errors import AlreadyReported, AnswersHidden, AssessmentRefused
from assessments.forms import ReportForm
from assessments.models import Answer, Attempt, AttemptAnalysis, Question, Quiz
from assessments.reports import report_question
from assessments.unread import mark_read
from classroom.access import door
from classroom.forms import QuizHelpForm, ReplyForm
from classroom.pages.quizzes import attempt_page, quiz_page
from classroom.pages.results import result_page, review_page
from classroom.points import shows_points
from classroom.requests import (
    is_htmx,
    is_looked_at,
    learner,
    members_only,
    refuses_too_many_fields,
    see_other,
)
from classroom.views.answers import key_of, save
from classroom.views.learning import closed_door
from enrollments.errors import EnrollmentRefused
from gamification.ledger import paid_at
from notifications.actions import mark_read_of
from progress.errors import LessonGone


def quiz_address(pk: UUID) -> str:
    return reverse("classroom:quiz", args=[pk])


def attempt_address(pk: UUID) -> str:
    return reverse("classroom:attempt", args=[pk])


@require_safe
@login_required
def quiz(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What to know before the clock starts, and what I have done in it."""
    found, user = live_quiz(pk), learner(request, known=True)
    refusal = door(user, found.lesson.course)
    if refusal:
        return closed_door(request, found.lesson, refusal)
    return show_quiz(request, user, found)


def show_quiz(
    request: HttpRequest,
    user: User,
    found: Quiz,
    refusal: AssessmentRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    page = quiz_page(user, found, refusal)
    context = {"page": page, "lesson": found.lesson, "course": found.lesson.course}
    return render(request, "classroom/quiz.html", {**context, "nav": "classroom"}, status=status)


@require_POST
@members_only(quiz_address)
def attempts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin an attempt, or go on with the one that is open. `practice=1` does not count."""
    found, user = live_quiz(pk), learner(request, known=True)
    try:
        begun, _ = start_attempt(user, found, practice=request.POST.get("practice") == "1")
    except LessonGone:
        raise Http404(gettext("No such quiz.")) from None
    except EnrollmentRefused as refusal:
        return closed_door(request, found.lesson, refusal)
    except AssessmentRefused as refusal:
        return show_quiz(request, user, found, refusal, status=409)
    return see_other(request, begun.get_absolute_url())


def turned_away(request: HttpRequest, user: User, quiz: Quiz) -> HttpResponse | None:
    """What is told to somebody who left the course, or whose plan does not cover it any more."""
    refusal = door(user, quiz.lesson.course)
    return closed_door(request, quiz.lesson, refusal) if refusal else None


@require_safe
@login_required
def attempt(request: HttpRequest, pk: UUID, number: int | None = None) -> HttpResponse:
    """The question to answer; once the attempt is closed, its result."""
    user = learner(request, known=True)
    found = settled_attempt(user, pk)
    if away := turned_away(request, user, found.quiz):
        return away
    if not found.is_open and number is not None:
        return redirect(found)
    if not found.is_open:
        return show_result(request, user, found)
    page = attempt_page(found, number=number)
    if not page.questions:
        return redirect("classroom:summary", pk)
    return render(request, "classroom/attempt.html", {"page": page, "attempt": found})


def show_result(
    request: HttpRequest,
    user: User,
    found: Attempt,
    *,
    form: QuizHelpForm | None = None,
    answering: ReplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """`form`, `answering`: a question or a reply with its problems."""
    page = result_page(user, found)
    said = [page.said.seen] if page.said and is_looked_at(request) else []
    if mark_read(AttemptAnalysis.objects.all(), said, page.looked_at):
        mark_read_of(user, found.get_absolute_url())
    asking = form or QuizHelpForm(may_tell=page.answers_hidden is None)
    context = {"page": page, "attempt": found, "nav": "classroom"}
    context |= {"form": asking, "answering": answering}
    return render(request, "classroom/result.html", context, status=status)


@require_safe
@login_required
def summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is answered and what is not, before it is handed in."""
    user = learner(request, known=True)
    found = settled_attempt(user, pk)
    if away := turned_away(request, user, found.quiz):
        return away
    if not found.is_open:
        return redirect(found)
    context = {"page": attempt_page(found), "attempt": found}
    return render(request, "classroom/attempt_summary.html", context)


@require_safe
@login_required
def clock(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The clock alone, for a page that was away."""
    user = learner(request, known=True)
    found = settled_attempt(user, pk)
    if away := turned_away(request, user, found.quiz):
        return away
    if not found.is_open:
        return see_other(request, found.get_absolute_url())
    return render(request, "classroom/_clock.html", {"attempt": found})


@refuses_too_many_fields(gettext_lazy("Choose one option. No question has as many as were sent."))
@require_POST
@members_only(attempt_address)
def answers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save what the page says. `go` is where it goes next.

    A page whose clock shows zero says `go=finish`: it is handed in if the server's clock agrees.
    """
    user = learner(request, known=True)
    found = settled_attempt(user, pk)
    finishes = request.POST.get("go") == "finish" and found.is_out_of_time
    try:
        answer = save(request, user, found)
    except AssessmentRefused as refusal:
        return already_closed(request, found, refusal)
    if not finishes or answer.status_code == 429:
        return answer
    return hand_in(request, user, found)


@require_POST
@members_only(attempt_address)
def submission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand the attempt in."""
    user = learner(request, known=True)
    return hand_in(request, user, own_attempt(user, pk))


def hand_in(request: HttpRequest, user: User, found: Attempt) -> HttpResponse:
    try:
        finished = finish_attempt(found)
    except EnrollmentRefused as refusal:
        return closed_door(request, found.quiz.lesson, refusal)
    except AssessmentRefused as refusal:
        return already_closed(request, found, refusal)
    if finished.attempt.status == Attempt.Status.SUBMITTED:
        messages.success(request, what_was_said(user, finished))
    return see_other(request, found.get_absolute_url())


def what_was_said(user: User, finished: Finished) -> str:
    """What handing in in time brought."""
    told = [gettext("Quiz submitted.")]
    if finished.completed and shows_points(user) and (xp := xp_of(finished.attempt)):
        told.append(gettext("You earned %(intcomma)s XP.") % {"intcomma": intcomma(xp)})
    return " ".join(told)


def xp_of(attempt: Attempt) -> int:
    """What completing the lesson by this attempt paid, multiplied where that counted."""
    subject = f"lesson:{attempt.quiz.lesson_id}"
    return paid_at(attempt.user, subject, attempt.ended_at) if attempt.ended_at else 0


def already_closed(
    request: HttpRequest, found: Attempt, refusal: AssessmentRefused
) -> HttpResponse:
    """The attempt takes nothing more; what was saved before stands."""
    name = "classroom/attempt_closed.html"
    part = f"{name}#notice" if is_htmx(request) else name
    return render(request, part, {"attempt": found, "refusal": refusal}, status=409)


@require_safe
@login_required
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was right and why, as soon as that may be known."""
    user = learner(request, known=True)
    found = settled_attempt(user, pk)
    if away := turned_away(request, user, found.quiz):
        return away
    hidden = settled_history(user, found.quiz).why_answers_are_hidden
    if hidden or found.is_open:
        context = {
            "attempt": found,
            "refusal": hidden or AnswersHidden(gettext("This attempt is open.")),
        }
        return render(request, "classroom/review_hidden.html", context, status=403)
    context = {"page": review_page(user, found), "attempt": found, "nav": "classroom"}
    context |= {"verdicts": Answer.SelfCheck.choices}
    return render(request, "classroom/review.html", context)


@require_POST
@members_only(lambda pk: reverse("classroom:review", args=[pk]))
def self_checks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How near I was to a model answer, by my own judgement."""
    user = learner(request, known=True)
    found = own_attempt(user, pk)
    if away := turned_away(request, user, found.quiz):
        return away
    verdict, question = request.POST.get("verdict", ""), key_of(request.POST.get("question", ""))
    if verdict not in Answer.SelfCheck or not check_yourself(found, question, verdict):
        text = gettext("Nothing was changed: say how near your answer was.")
        return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
    return see_other(request, f"{reverse('classroom:review', args=[pk])}#question-{question}")


def where_it_stands(user: User, question: Question, attempt: UUID) -> str:
    """The question in an open attempt of mine; the result of a closed one; else the quiz."""
    answers = question.answers.filter(attempt=attempt, attempt__user=user)
    found = answers.select_related("attempt__quiz").first()
    if found is None:
        return quiz_address(question.quiz_id)
    if not found.attempt.is_open:
        return attempt_address(attempt)
    if found.attempt.quiz.layout == Quiz.Layout.ALL:
        return f"{attempt_address(attempt)}#question-{found.position}"
    return reverse("classroom:question", args=[attempt, found.position])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a question is wrong, and go back to where it stood."""
    user = learner(request, known=True)
    found = asked_question(user, pk)
    if away := turned_away(request, user, found.quiz):
        return away
    form = ReportForm(request.POST or None)
    back = where_it_stands(user, found, key_of(request.GET.get("attempt", "")))
    if not form.is_valid():
        context = {"form": form, "question": found, "back": back}
        status = 422 if request.method == "POST" else 200
        return render(request, "classroom/report.html", context, status=status)
    try:
        report_question(user, found, form.cleaned_data["text"])
        messages.success(request, gettext("Thanks. A teacher will check."))
    except AlreadyReported as refusal:
        messages.info(request, str(refusal))
    return see_other(request, back)
