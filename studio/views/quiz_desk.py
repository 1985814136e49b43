"""The light desk: words about a quiz, to be let out or thrown away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from assessments.errors import AssessmentRefused, BadWords, NothingToSend, StaleReview
from assessments.models import Review
from assessments.reviewing.attempt_reviews import discard_attempt_draft, publish_attempt_words
from studio.access import reviewer
from studio.answers import go_to
from studio.pages.desk import readable
from studio.pages.quiz_desk import quiz_desk_of
from studio.pages.reviews import can_be_undone
from studio.review_forms import QuizWordsForm
from studio.views.reviews import NOTHING_FREE, next_of

VERBS = ("publish", "discard")
NO_VERB = "Nothing was done. Press what is to become of these words."


def review(request: HttpRequest, found: Review) -> HttpResponse:
    """What is known of the attempt, and what a model says of it; a POST decides."""
    if request.method != "POST":
        return show(request, found)
    form = QuizWordsForm(request.POST)
    if form.is_valid() and request.POST.get("go") not in VERBS:
        form.add_error(None, NO_VERB)
    if form.errors:
        return show(request, found, form=form, status=422)
    try:
        return decide(request, found, form)
    except (BadWords, NothingToSend) as refusal:
        form.add_error("text", str(refusal))
        return show(request, found, form=form, status=422)
    except AssessmentRefused as refusal:
        now = readable().get(pk=found.pk)
        return show(request, now, form=form, refusal=refusal, status=409)


def decide(request: HttpRequest, found: Review, form: QuizWordsForm) -> HttpResponse:
    looker, version = reviewer(request), form.cleaned_data["version"]
    if request.POST.get("go") == "discard":
        discard_attempt_draft(found.pk, looker, version)
        return go_to(request, reverse("studio:reviews"), "Discarded. Nothing was sent.")
    publish_attempt_words(found.pk, looker, version, form.cleaned_data["text"])
    following = next_of(looker, {}) if request.POST.get("next") == "on" else None
    address = reverse("studio:review", args=[following.pk]) if following else None
    told = "" if following or request.POST.get("next") != "on" else NOTHING_FREE
    return go_to(request, f"{address or reverse('studio:reviews')}?sent={found.pk}", told)


def show(
    request: HttpRequest,
    found: Review,
    *,
    form: QuizWordsForm | None = None,
    refusal: AssessmentRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    looker, key = reviewer(request), request.GET.get("sent", "")
    context = {
        "desk": quiz_desk_of(looker, found, form), "review": found, "refusal": refusal,
        "sent": can_be_undone(looker, key) if key else None,
        "is_stale": isinstance(refusal, StaleReview), "form": form,
        "next": request.session.get("review_next", True), "nav": "studio",
    }  # fmt: skip
    return render(request, "studio/review_quiz.html", context, status=status)
