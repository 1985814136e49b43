"""The light desk: words about a quiz, to be let out or thrown away."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.errors import AssessmentRefused, BadWords, NothingToSend, StaleReview, Undecided
from assessments.models import Review
from assessments.reviewing.attempt_reviews import (
    discard_attempt_draft,
    publish_attempt_words,
    save_attempt_words,
)
from studio.access import reviewer
from studio.answers import go_to
from studio.pages.quiz_desk import quiz_desk_of
from studio.pages.readable import readable
from studio.pages.reviews import can_be_undone
from studio.review_forms import QuizWordsForm
from studio.views.desk_steps import UNFIT, address_of, given_back, go_on, is_autosave, state

NO_VERB = gettext_lazy("Nothing was done. Press what is to become of these words.")


def review(request: HttpRequest, found: Review) -> HttpResponse:
    """What is known of the attempt, and what a model says of it; a POST saves or decides."""
    if request.method != "POST":
        return show(request, found)
    form, verb = QuizWordsForm(request.POST), VERBS.get(request.POST.get("go", ""))
    if form.is_valid() and verb is None:
        form.add_error(None, NO_VERB)
    if verb is None or form.errors:
        return unfit(request, found, form)
    try:
        return verb(request, found, form)
    except (BadWords, NothingToSend) as refusal:
        form.add_error("text", str(refusal))
        return unfit(request, found, form)
    except AssessmentRefused as refusal:
        return refused(request, found, form, refusal)


def unfit(request: HttpRequest, found: Review, form: QuizWordsForm) -> HttpResponse:
    if is_autosave(request):
        return state(request, {"problem": UNFIT}, 422)
    return show(request, found, form=form, status=422)


def refused(
    request: HttpRequest, found: Review, form: QuizWordsForm, refusal: AssessmentRefused
) -> HttpResponse:
    """Say why, and give back what was typed; upon what stands now, which is shown beside it."""
    if is_autosave(request):
        problem = {
            "problem": _("Not saved. %(refusal)s") % {"refusal": refusal},
            "address": address_of(found),
        }
        return state(request, problem, 409)
    now = readable().get(pk=found.pk)
    if isinstance(refusal, StaleReview):
        form = QuizWordsForm({**request.POST.dict(), "version": str(now.version)})
    status = 422 if isinstance(refusal, Undecided) else 409
    return show(request, now, form=form, refusal=refusal, status=status)


def keep(request: HttpRequest, found: Review, form: QuizWordsForm) -> HttpResponse:
    """Save. An autosave gets what changed: the state and the version."""
    saved = keep_words(request, found, form)
    if not is_autosave(request):
        return go_to(request, f"{address_of(found)}#words")
    found.version = saved.version
    desk = quiz_desk_of(reviewer(request), found)
    return state(request, {"desk": desk, "oob": True})


def keep_words(request: HttpRequest, found: Review, form: QuizWordsForm) -> Review:
    given, looker = form.cleaned_data, reviewer(request)
    return save_attempt_words(
        found.pk, looker, given["version"], given["text"], accepts=given["accepts"]
    )


def publish(request: HttpRequest, found: Review, form: QuizWordsForm) -> HttpResponse:
    given, looker = form.cleaned_data, reviewer(request)
    sent = publish_attempt_words(
        found.pk, looker, given["version"], given["text"], accepts=given["accepts"]
    )
    return go_on(request, sent)


def discard(request: HttpRequest, found: Review, form: QuizWordsForm) -> HttpResponse:
    discard_attempt_draft(found.pk, reviewer(request), form.cleaned_data["version"])
    return go_to(request, reverse("studio:reviews"), _("Discarded. Nothing was sent."))


def give_back(request: HttpRequest, found: Review, form: QuizWordsForm) -> HttpResponse:
    keep_words(request, found, form)
    return given_back(request, found)


VERBS: dict[str, Callable[[HttpRequest, Review, QuizWordsForm], HttpResponse]] = {
    "autosave": keep, "save": keep, "publish": publish, "discard": discard, "release": give_back,
}  # fmt: skip


def show(
    request: HttpRequest,
    found: Review,
    *,
    form: QuizWordsForm | None = None,
    refusal: AssessmentRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    looker = reviewer(request)
    context = {
        "desk": quiz_desk_of(looker, found, form), "review": found, "refusal": refusal,
        "sent": can_be_undone(looker, request.GET.get("sent", "")),
        "is_stale": isinstance(refusal, StaleReview), "form": form,
        "is_undecided": isinstance(refusal, Undecided),
        "next": request.session.get("review_next", True), "nav": "studio",
    }  # fmt: skip
    return render(request, "studio/review_quiz.html", context, status=status)
