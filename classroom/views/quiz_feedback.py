"""What a learner makes of words about a quiz: whether they helped, answering, asking a person."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.models import User
from assessments.access import settled_attempt
from assessments.errors import AlreadyAsked, AssessmentRefused, NotFinished, NotInPlan, TooOften
from assessments.feedback import seen_of_attempt, with_feedback
from assessments.models import Attempt, AttemptAnalysis
from assessments.reviewing import conversations
from assessments.reviewing.help_requests import ask_for_help
from classroom.forms import QuizHelpForm, ReplyForm
from classroom.pages.results import result_page
from classroom.requests import is_htmx, learner, members_only, said, see_other
from classroom.views.feedback import HEARD, RATINGS, UNCLEAR
from classroom.views.quizzes import attempt_address, show_result, turned_away

SENT = gettext_lazy("Sent. A person will look at your attempt and answer here.")


@require_POST
@members_only(attempt_address)
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask a person about a finished attempt, once."""
    user = learner(request, known=True)
    found = settled_attempt(user, pk)
    if away := turned_away(request, user, found.quiz):
        return away
    if found.is_open:
        messages.info(request, str(NotFinished()))
        return see_other(request, found.get_absolute_url())
    may_tell = result_page(user, found).answers_hidden is None
    form = QuizHelpForm(request.POST, may_tell=may_tell)
    if not form.is_valid():
        return show_result(request, user, found, form=form, status=422)
    try:
        ask_for_help(user, found, form.cleaned_data["text"])
    except AssessmentRefused as refusal:
        return not_asked(request, user, found, form, refusal)
    messages.success(request, SENT)
    return see_other(request, f"{found.get_absolute_url()}#help")


def not_asked(
    request: HttpRequest, user: User, found: Attempt, form: QuizHelpForm, refusal: AssessmentRefused
) -> HttpResponse:
    """Why nothing was sent, with what was typed unless the question stands there already."""
    if isinstance(refusal, AlreadyAsked):
        messages.info(request, str(refusal))
        return show_result(request, user, found, status=409)
    form.add_error(None, str(refusal))
    if isinstance(refusal, TooOften):
        return not_now(show_result(request, user, found, form=form, status=429), refusal)
    status = 403 if isinstance(refusal, NotInPlan) else 409
    return show_result(request, user, found, form=form, status=status)


@require_POST
@members_only(attempt_address)
def rating(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say whether the words helped. The form states the wanted end; the empty one takes it back."""
    user = learner(request, known=True)
    found, analysis = words_about(user, pk)
    value = request.POST.get("helpful")
    if value not in RATINGS:
        return not_rated(request, user, found, str(UNCLEAR), 422)
    try:
        conversations.rate_words(user, analysis, is_helpful=RATINGS[value])
    except TooOften as refusal:
        return not_now(not_rated(request, user, found, str(refusal), 429), refusal)
    if not is_htmx(request):
        return see_other(request, f"{found.get_absolute_url()}#rating-{analysis.pk}")
    context = {"attempt": found, "key": analysis.pk, "rating": RATINGS[value]}
    return said(
        render(request, "classroom/_remark_rating.html", context), str(HEARD[RATINGS[value]])
    )


def words_about(user: User, pk: UUID) -> tuple[Attempt, AttemptAnalysis]:
    """An own attempt and what was said of it, as far as its learner may see that. Else 404."""
    found = settled_attempt(user, pk)
    told = with_feedback(found)
    if found.is_open or seen_of_attempt(user, told) is None:
        raise Http404(_("No such feedback."))
    told.analysis.attempt = told
    return found, told.analysis


def not_rated(
    request: HttpRequest, user: User, found: Attempt, told: str, status: int
) -> HttpResponse:
    """The buttons as they stand, and why nothing was changed."""
    if not is_htmx(request):
        messages.error(request, told)
        return show_result(request, user, found, status=status)
    seen = seen_of_attempt(user, with_feedback(found))
    context = {"attempt": found, "problem": told}
    context |= {"key": seen.key, "rating": seen.rating} if seen else {}
    answer = render(request, "classroom/_remark_rating.html", context, status=status)
    return said(answer, told, urgent=True)


@require_POST
@members_only(attempt_address)
def replies(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer what was said; a reviewer gets to see it."""
    user = learner(request, known=True)
    found, analysis = words_about(user, pk)
    if away := turned_away(request, user, found.quiz):
        return away
    form = ReplyForm(request.POST, analysis.pk)
    if not form.is_valid():
        return show_thread(request, user, found, form, 422)
    try:
        conversations.reply(user, analysis, None, form.cleaned_data["text"])
    except TooOften as refusal:
        form.add_error("text", str(refusal))
        return not_now(show_thread(request, user, found, form, 429), refusal)
    except AssessmentRefused as refusal:
        form.add_error("text", str(refusal))
        return show_thread(request, user, found, form, 422)
    if not is_htmx(request):
        return see_other(request, f"{found.get_absolute_url()}#thread-{analysis.pk}")
    return said(show_thread(request, user, found), _("Sent. A person will read your reply."))


def show_thread(
    request: HttpRequest,
    user: User,
    found: Attempt,
    form: ReplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """What was answered, and what is still to come; without a script, all of the page."""
    if not is_htmx(request):
        return show_result(request, user, found, answering=form, status=status)
    page = result_page(user, found)
    if page.said is None:
        raise Http404(_("No such feedback."))
    seen = page.said.seen
    context = {
        "attempt": found, "page": page, "answering": form, "is_sent": form is None,
        "key": seen.key, "analysis": seen.key, "remark": None, "replies": seen.thread,
    }  # fmt: skip
    return render(request, "classroom/_feedback_thread.html#alone", context, status=status)


def not_now(answer: HttpResponse, refusal: TooOften) -> HttpResponse:
    answer["Retry-After"] = str(refusal.wait)
    return answer
