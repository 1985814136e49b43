"""Feedback: the list of all of it, whether a remark helped, answering."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from assessments.access import own_submission
from assessments.errors import AssessmentRefused, RemarkGone, TooOften
from assessments.feedback import Seen, seen_of_submission, visible_remark
from assessments.models import Remark, Reply, Submission, SubmissionAnalysis
from assessments.reviewing import conversations
from classroom.access import door
from classroom.forms import ReplyForm
from classroom.pages.feedback import feedback_page
from classroom.pages.remarks import feedback_on
from classroom.requests import is_htmx, learner, members_only, said, see_other
from classroom.views.answers import NOTHING, key_of
from classroom.views.learning import closed_door
from classroom.views.submissions import graded_one, is_news, show

RATINGS = {"1": True, "0": False, "": None}
HEARD = {
    True: gettext_lazy("Noted: this was helpful."),
    False: gettext_lazy("Noted: this was not helpful."),
    None: gettext_lazy("Your rating was taken back."),
}
OFFERED = gettext_lazy("You can send what you wrote as a reply to all of it.")
UNCLEAR = gettext_lazy(
    "Nothing was changed: say helpful=1, helpful=0, or helpful= to take it back."
)


def list_address(pk: UUID) -> str:
    """Where a guest goes who rates a remark: nobody can tell on which page it stood."""
    return reverse("classroom:feedback")


@require_safe
@login_required
def feedback(request: HttpRequest) -> HttpResponse:
    """What a model or a person said about my work."""
    user = learner(request, known=True)
    page = feedback_page(user, request.GET.get("show", ""), request.GET.get("page", ""))
    name = f"classroom/feedback.html{'#list' if is_htmx(request) else ''}"
    answer = render(request, name, {"page": page, "nav": "feedback"})
    count = page.rows.paginator.count
    return (
        said(
            answer,
            ngettext("%(count)s review", "%(count)s reviews", count) % {"count": count},
        )
        if is_htmx(request)
        else answer
    )


@require_POST
@members_only(list_address)
def rating(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say whether a remark helped. The form states the wanted end; the empty one takes it back."""
    user = learner(request, known=True)
    remark = visible_remark(user, pk)
    value = request.POST.get("helpful")
    if value not in RATINGS:
        return not_rated(request, user, remark, str(UNCLEAR), 422)
    try:
        conversations.rate(user, remark, is_helpful=RATINGS[value])
    except TooOften as refusal:
        answer = not_rated(request, user, remark, str(refusal), 429)
        answer["Retry-After"] = str(refusal.wait)
        return answer
    if not is_htmx(request):
        return see_other(request, f"{page_of(request)}#remark-{pk}")
    context = {"key": pk, "rating": RATINGS[value], "on": request.POST.get("on", "")}
    return said(
        render(request, "classroom/_remark_rating.html", context), str(HEARD[RATINGS[value]])
    )


def page_of(request: HttpRequest) -> str:
    """Where the form stood: a remark of alike code stands on another's page than its own."""
    on = key_of(request.POST.get("on", ""))
    if on == NOTHING:
        return reverse("classroom:feedback")
    return reverse("classroom:submission", args=[on])


def not_rated(
    request: HttpRequest, user: User, remark: Remark, told: str, status: int
) -> HttpResponse:
    """The buttons as they stand, and why nothing was changed."""
    on = key_of(request.POST.get("on", ""))
    if is_htmx(request):
        rating = remark.ratings.filter(user=user).values_list("is_helpful", flat=True).first()
        context = {"key": remark.pk, "rating": rating, "on": on, "problem": told}
        answer = render(request, "classroom/_remark_rating.html", context, status=status)
        return said(answer, told, urgent=True)
    messages.error(request, told)
    if on == NOTHING:
        listed = {"page": feedback_page(user, "", ""), "nav": "feedback"}
        return render(request, "classroom/feedback.html", listed, status=status)
    found = graded_one(user, on)
    closed = door(user, found.assignment.lesson.course)
    return show(request, user, found, closed=closed, status=status)


@require_POST
@members_only(lambda pk: reverse("classroom:submission", args=[pk]))
def replies(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer feedback, or one remark of it; a reviewer gets to see it."""
    user = learner(request, known=True)
    found = graded_one(user, pk)
    if refusal := door(user, found.assignment.lesson.course):
        return closed_door(request, found.assignment.lesson, refusal)
    try:
        analysis, remark = what_is_answered(request, user, found)
    except RemarkGone as gone:
        return not_there_any_more(request, user, found, gone)
    key = remark.pk if remark else analysis.pk
    form = ReplyForm(request.POST, key)
    if not form.is_valid():
        return not_kept(request, user, found, form, 422)
    try:
        conversations.reply(user, analysis, remark, form.cleaned_data["text"])
    except AssessmentRefused as refused:
        form.add_error("text", str(refused))
        is_often = isinstance(refused, TooOften)
        answer = not_kept(request, user, found, form, 429 if is_often else 422)
        if isinstance(refused, TooOften):
            answer["Retry-After"] = str(refused.wait)
        return answer
    if not is_htmx(request):
        return see_other(request, f"{found.get_absolute_url()}#thread-{key}")
    answer = show_thread(request, user, own_submission(user, pk), key)
    return said(answer, gettext("Sent. A person will read your reply."))


def what_is_answered(
    request: HttpRequest, user: User, found: Submission
) -> tuple[SubmissionAnalysis, Remark | None]:
    """The remark that the form names, or the whole; both as far as this person may see them.

    Raises RemarkGone where the remark cannot be seen, but the whole of which the form has it can.
    """
    wanted = key_of(request.POST.get("analysis", ""))
    key = key_of(request.POST.get("remark", ""))
    seen, _ = seen_of_submission(user, found)
    if key != NOTHING:
        remark = Remark.objects.select_related("analysis__submission").filter(pk=key).first()
        if remark and any(key == one.key for whole in seen for one in whole.remarks):
            return remark.analysis, remark
    if not any(one.key == wanted for one in seen):
        raise Http404(gettext("No such feedback."))
    if request.POST.get("remark"):
        raise RemarkGone
    return found.analyses.get(pk=wanted), None


def not_there_any_more(
    request: HttpRequest, user: User, found: Submission, gone: RemarkGone
) -> HttpResponse:
    """What was typed about a remark that is gone, offered as a reply to the whole.

    A script puts it where the remark still stands; else it stands under the whole.
    """
    name = "remark" if is_htmx(request) else "analysis"
    form = ReplyForm(request.POST, key_of(request.POST[name]))
    form.add_error("text", f"{gone} {OFFERED}")
    return not_kept(request, user, found, form, 409)


def not_kept(
    request: HttpRequest, user: User, found: Submission, form: ReplyForm, status: int
) -> HttpResponse:
    """The form again, with what was typed and what is wrong with it."""
    if not is_htmx(request):
        return show(request, user, found, answering=form, status=status)
    return show_thread(request, user, found, form.key, form, status)


def show_thread(
    request: HttpRequest,
    user: User,
    found: Submission,
    key: UUID,
    form: ReplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """What was said under one remark, or under the whole, and what is still to come."""
    feedback = feedback_on(user, found)
    whole = key_of(request.POST.get("analysis", ""))
    thread, analysis, remark = place_of(feedback.seen, key, whole)
    context = {
        "submission": found,
        "feedback": feedback,
        "answering": form,
        "key": key,
        "replies": thread,
        "analysis": analysis,
        "remark": remark,
        "is_moved": key not in (analysis, remark),
        "is_sent": form is None,
        "is_news": is_news(request.POST.get("mark", ""), feedback),
    }
    return render(request, "classroom/_feedback_thread.html#alone", context, status=status)


def place_of(seen: list[Seen], key: UUID, whole: UUID) -> tuple[list[Reply], UUID, UUID | None]:
    """What was said there, in which analysis, about which remark.

    Of a remark that is gone by now: what was said about the whole, where replies to it stand.
    """
    for one in seen:
        for remark in one.remarks:
            if remark.key == key:
                return remark.thread, one.key, remark.key
    for one in seen:
        if one.key in (key, whole):
            return one.thread, one.key, None
    raise Http404(gettext("No such feedback."))
