"""The desk of one review: reading, writing, deciding. What was typed is never lost."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from assessments.errors import (
    AlreadyDecided,
    AssessmentRefused,
    BadWords,
    ClaimedBy,
    ClaimLost,
    HeldWords,
    NothingToSend,
    StaleReview,
    Undecided,
)
from assessments.models import Review, Submission
from assessments.reviewing.review_words import Words, save
from assessments.reviewing.reviews import claim, open_review, release
from assessments.reviewing.sending import send
from assessments.reviewing.snippets import snippets_for
from assessments.reviewing.suggestions import without_undecided
from studio.access import reviewer, reviewers_only
from studio.answers import go_to, is_htmx, said_aloud
from studio.pages.desk import Desk, desk_of, line_count, rows_in
from studio.pages.desk_differences import Difference, differences
from studio.pages.readable import readable
from studio.pages.reviews import can_be_undone
from studio.pages.seat import Seat
from studio.review_forms import NO_DECISION
from studio.review_words import Typed, sent, without
from studio.views import quiz_desk
from studio.views.desk_steps import UNFIT, address_of, given_back, go_on, is_autosave, state

# With these there is nothing to write on any more: what was typed is shown, to be copied.
FINAL = (AlreadyDecided, ClaimedBy)
MENDABLE = (BadWords, HeldWords, NothingToSend, Undecided)
FINISH, CLEAR = "finish-", "clear-"


def review_or_404(pk: UUID) -> Review:
    found = readable().filter(pk=pk).first()
    if found is None:
        raise Http404(gettext("No such review."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All about one submission; a POST saves what is said of it, or sends it."""
    found = review_or_404(pk)
    if Seat(found, reviewer(request)).is_own_work:
        context = {"lesson": found.lesson, "nav": "studio"}
        status = 409 if request.method == "POST" else 200
        return render(request, "studio/review_own.html", context, status=status)
    if found.submission is None:
        return quiz_desk.review(request, found)
    if request.method == "POST":
        return write(request, found)
    desk = desk_of(reviewer(request), found)
    if request.GET.get("decision", "") in Review.Decision:
        # It was sent with this one, and taken back.
        desk.typed.form.initial["decision"] = request.GET["decision"]
    return show(request, desk)


def show(
    request: HttpRequest,
    desk: Desk,
    *,
    refusal: AssessmentRefused | None = None,
    status: int = 200,
    differing: Sequence[Difference] = (),
) -> HttpResponse:
    newer = newer_named(request)
    context = {
        "desk": desk, "review": desk.review, "submission": desk.submission,
        "sent": can_be_undone(reviewer(request), request.GET.get("sent", "")),
        "refusal": refusal, "conflict": type(refusal).__name__ if refusal else "",
        "differing": differing,
        "may_write": desk.is_mine and not isinstance(refusal, FINAL),
        "finishes": newer if newer and desk.newest and desk.newest.pk == newer else "",
        "next": request.session.get("review_next", True), "nav": "studio",
    }  # fmt: skip
    answer = render(request, "studio/review.html", context, status=status)
    if is_htmx(request):
        # Asked for by a button that swaps a part: what is wrong may stand anywhere on the page.
        answer["HX-Retarget"] = answer["HX-Reselect"] = "#main"
        answer["HX-Reswap"] = "outerHTML"
    return answer


def write(request: HttpRequest, found: Review) -> HttpResponse:
    """Read the forms, then do what the button that was pressed says."""
    assert found.submission is not None  # noqa: S101 - `review` has looked
    go, lines = request.POST.get("go", ""), line_count(found.submission)
    removed = go.removeprefix("remove-") if go.startswith("remove-") else ""
    if go == "claim":
        found = claimed_again(request, found)
    typed = sent(without(request.POST, removed), lines)
    desk = desk_of(reviewer(request), found, typed)
    rows = rows_in(desk.analyses)
    if typed.is_valid():
        typed.require(rows)
    if typed.has_problems:
        return unfit(request, desk)
    words = typed.words(rows, desk.drafted)
    if go == "insert":
        words = with_snippet(request, words)
    if go.startswith("clear"):
        words = without_undecided(words, desk.analysis, list(rows.values()))
    try:
        return VERBS.get(go.partition("-")[0], keep)(request, desk, words)
    except AssessmentRefused as refusal:
        return refused(request, desk, words, refusal)


def with_snippet(request: HttpRequest, words: Words) -> Words:
    """The message with the words of a snippet below; the way of pages without script."""
    try:
        snippet = snippets_for(reviewer(request)).filter(pk=UUID(request.POST.get("snippet", "")))
    except ValueError:
        return words
    texts = [words.text.strip(), *snippet.values_list("text", flat=True)]
    return replace(words, text="\n\n".join(filter(None, texts)))


def unfit(request: HttpRequest, desk: Desk) -> HttpResponse:
    if is_autosave(request):
        return state(request, {"problem": UNFIT}, 422)
    desk.typed.make_room(line_count(desk.submission))
    return show(request, desk, status=422)


def keep(request: HttpRequest, desk: Desk, words: Words) -> HttpResponse:
    """Save. htmx gets what changed: the state, the version, the keys of new remarks."""
    looker = reviewer(request)
    save(desk.review.pk, looker, desk.typed.form.cleaned_data["version"], words)
    if not is_htmx(request):
        place = "#fresh" if request.POST.get("go") == "add" else "#words"
        return go_to(request, f"{address_of(desk.review)}{place}")
    after = desk_of(looker, review_or_404(desk.review.pk))
    context = {"desk": after, "review": after.review, "submission": after.submission}
    if is_autosave(request):
        return state(request, {**context, "keys": keys_after(desk, after), "oob": True})
    answer = render(request, "studio/_desk_remarks.html#beside", {**context, "may_write": True})
    count = len(after.said)
    return said_aloud(
        answer,
        ngettext("Saved. %(count)s remark.", "Saved. %(count)s remarks.", count) % {"count": count},
    )


def keys_after(desk: Desk, after: Desk) -> list[tuple[int, str]]:
    """The key of each remark on the page, by its place there. One that was not kept has none."""
    kept = (form for form, _ in desk.typed.kept(rows_in(desk.analyses)))
    saved = dict(zip(kept, rows_in(after.analyses), strict=False))
    return [(place, str(saved.get(one, ""))) for place, one in enumerate(desk.typed.remarks)]


def send_off(request: HttpRequest, desk: Desk, words: Words) -> HttpResponse:
    given, looker = desk.typed.form.cleaned_data, reviewer(request)
    if not given["decision"]:
        raise NothingToSend(str(NO_DECISION))
    decision = Review.Decision(given["decision"])
    newer = newer_named(request)
    return go_on(request, send(desk.review.pk, looker, given["version"], decision, words, newer))


def newer_named(request: HttpRequest) -> UUID | None:
    """The newer attempt that was named, and in spite of which this one is to be finished."""
    go = request.POST.get("go", "")
    try:
        named = go.startswith((FINISH, CLEAR))
        return UUID(go.removeprefix(FINISH).removeprefix(CLEAR)) if named else None
    except ValueError:
        return None


def switch(request: HttpRequest, desk: Desk, words: Words) -> HttpResponse:
    """Go on with the newer attempt; what was written about this one stays with it."""
    looker = reviewer(request)
    if desk.newest is None:
        return keep(request, desk, words)
    save(desk.review.pk, looker, desk.typed.form.cleaned_data["version"], words)
    newer = open_review(looker, Submission.objects.get(pk=desk.newest.pk))
    release(desk.review.pk, looker)
    return go_to(
        request, address_of(newer), gettext("What you wrote about the older attempt is kept.")
    )


def give_back(request: HttpRequest, desk: Desk, words: Words) -> HttpResponse:
    """Save, and leave it to whoever takes it up."""
    save(desk.review.pk, reviewer(request), desk.typed.form.cleaned_data["version"], words)
    return given_back(request, desk.review)


VERBS: dict[str, Callable[[HttpRequest, Desk, Words], HttpResponse]] = {
    "send": send_off, "finish": send_off, "clear": send_off, "switch": switch, "release": give_back,
}  # fmt: skip


def claimed_again(request: HttpRequest, found: Review) -> Review:
    """Take back a claim that was lost; where that cannot be, saving says why."""
    try:
        claim(found.pk, reviewer(request))
    except AssessmentRefused:
        return found
    return review_or_404(found.pk)


def refused(
    request: HttpRequest, desk: Desk, words: Words, refusal: AssessmentRefused
) -> HttpResponse:
    """Say why, and give everything back as it was typed."""
    status = 422 if isinstance(refusal, MENDABLE) else 409
    if is_autosave(request):
        problem = {
            "problem": gettext("Not saved. %(refusal)s") % {"refusal": refusal},
            "address": address_of(desk.review),
        }
        return state(request, problem, status)
    if not isinstance(refusal, (*FINAL, ClaimLost, StaleReview)):
        save_beside(request, desk, words)
    found = review_or_404(desk.review.pk)
    if isinstance(refusal, ClaimLost) and refusal.name and found.claimed_at:
        refusal = ClaimedBy(refusal.name, found.claimed_at)
    stands = desk_of(reviewer(request), found)
    typed = overtaken(desk.typed, stands) if not isinstance(refusal, BadWords) else desk.typed
    if str(refusal) == str(NO_DECISION):
        typed.form.add_error("decision", NO_DECISION)
    elif status == 422 and not isinstance(refusal, Undecided):
        typed.problems.append(str(refusal))
    differing = differences(stands.typed, typed) if isinstance(refusal, StaleReview) else []
    desk = replace(stands, typed=typed)
    return show(request, desk, refusal=refusal, status=status, differing=differing)


def save_beside(request: HttpRequest, desk: Desk, words: Words) -> None:
    """Keep what could not be sent."""
    try:
        save(desk.review.pk, reviewer(request), desk.typed.form.cleaned_data["version"], words)
    except AssessmentRefused:
        # It stands on the page.
        return


def overtaken(typed: Typed, stands: Desk) -> Typed:
    """The same words upon what stands now; a remark that is gone is a new one."""
    rows, values = rows_in(stands.analyses), cast("QueryDict", typed.form.data).copy()
    values["version"] = str(stands.review.version)
    for one in typed.remarks:
        if one.cleaned_data.get("pk") not in rows:
            values[one.add_prefix("pk")] = ""
    again = sent(values, line_count(stands.submission))
    again.problems = list(typed.problems)
    again.form.is_valid()
    return again
