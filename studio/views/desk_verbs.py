"""What is done to a review by one press: claim, take back, answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.errors import AssessmentRefused, BadWords, RemarkGone
from assessments.models import AttemptAnalysis, Remark, Review, Submission, SubmissionAnalysis
from assessments.reviewing import conversations, reviews, sending
from studio.access import reviewer, reviewers_only
from studio.answers import go_to, is_htmx, said_aloud
from studio.pages.reviews import queue_row
from studio.review_forms import AnswerReplyForm
from studio.views.desk import review_or_404
from studio.views.desk_steps import address_of, give_back_next


def known_or_404(pk: UUID) -> Review:
    rows = Review.objects.only("submission", "decision", "decided_at")
    return get_object_or_404(rows, pk=pk)


@require_POST
@reviewers_only
def claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it up. htmx gets the row of the queue as it is now, others go to the desk."""
    known, looker = known_or_404(pk), reviewer(request)
    refusal = None
    try:
        reviews.claim(known.pk, looker)
    except AssessmentRefused as said:
        refusal = said
    if is_htmx(request):
        context = {"row": queue_row(looker, known.pk), "user": looker}
        status = 409 if refusal else 200
        answer = render(request, "studio/_review_row.html", context, status=status)
        return said_aloud(answer, str(refusal) if refusal else _("Claimed by you for 30 minutes."))
    if refusal:
        messages.warning(request, str(refusal))
    return go_to(request, address_of(known))


@require_POST
@reviewers_only
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what was just sent, and go on with it: not with the next one as well."""
    known = known_or_404(pk)
    try:
        sending.undo(known.pk, reviewer(request))
    except AssessmentRefused as refusal:
        messages.warning(request, str(refusal))
        return go_to(request, address_of(known))
    is_free = give_back_next(request, known)
    told = (
        _("Taken back. Nothing was sent. The next one is given back too.")
        if is_free
        else _("Taken back. Nothing was sent.")
    )
    decided = f"?decision={known.decision}" if known.submission_id and known.decision else ""
    return go_to(request, f"{address_of(known)}{decided}", told)


@require_POST
@reviewers_only
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer what the learner replied."""
    found, looker = review_or_404(pk), reviewer(request)
    form = AnswerReplyForm(request.POST)
    if not form.is_valid():
        return refuse_answer(request, found, form)
    given = form.cleaned_data
    analysis = said_of(found, given["analysis"])
    remark = Remark.objects.filter(pk=given["remark"]).first() if given["remark"] else None
    try:
        if given["remark"] and remark is None:
            raise RemarkGone
        conversations.answer(looker, analysis, remark, given["text"])
    except BadWords as refusal:
        form.add_error("text", str(refusal))
        return refuse_answer(request, found, form)
    except AssessmentRefused as refusal:
        form.add_error(None, str(refusal))
        return refuse_answer(request, found, form, status=409)
    return go_to(request, f"{address_of(found)}#replies", _("Your answer is sent."))


def said_of(review: Review, key: UUID) -> SubmissionAnalysis | AttemptAnalysis:
    """What was said of the work of a review, by its key. Raises Http404."""
    of = reviews.of_subject(review.subject)
    model = SubmissionAnalysis if review.submission_id else AttemptAnalysis
    analysis = model.objects.filter(**of, pk=key).first()
    if analysis is None:
        raise Http404(_("No such feedback."))
    for name, subject in of.items():
        setattr(analysis, name, subject)
    return analysis


def refuse_answer(
    request: HttpRequest, found: Review, form: AnswerReplyForm, status: int = 422
) -> HttpResponse:
    """Say why on a page of its own that gives back what was typed.

    Where it is not the text that is wrong, sending it again would not help: it is to be copied.
    """
    told = dict.fromkeys(error for listed in form.errors.values() for error in listed)
    context = {
        "review": found, "told": list(told), "text": request.POST.get("text", ""),
        "sent": form.data, "may_send": set(form.errors) == {"text"}, "nav": "studio",
    }  # fmt: skip
    return render(request, "studio/review_answer.html", context, status=status)


@require_POST
@reviewers_only
def open_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take up a submission that nobody put in the queue."""
    submission = get_object_or_404(Submission.objects.graded().defer("source"), pk=pk)
    try:
        found = reviews.open_review(reviewer(request), submission)
    except AssessmentRefused as refusal:
        return go_to(request, reverse("studio:reviews"), str(refusal))
    return go_to(request, address_of(found))
