"""Marking a quiz again: first what it would change, then the word to do it."""

from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from assessments import regrading
from assessments.models import Quiz
from assessments.regrading import LONGEST_REASON, Change, changes, completions_after
from assessments.replies import is_text
from assessments.tasks import regrade_quiz
from studio.access import staff_only

# As many as a page lists, and as many as are marked again while somebody waits for the answer.
MOST = 200
HANDED_ON = "A worker marks the attempts again. Look here in some minutes for what is left."
NO_REASON = "Enter why scores are lowered."


class RegradeForm(forms.Form):
    """Scores go up by themselves; to lower them takes a tick and a reason."""

    lower = forms.BooleanField(label="Lower scores too", required=False)
    reason = forms.CharField(
        label="Reason",
        help_text="Kept with every score that changes, for the learner to read.",
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not is_text(reason, LONGEST_REASON):
            raise forms.ValidationError("This text holds characters that cannot be kept.")
        if self.cleaned_data.get("lower") and not reason:
            raise forms.ValidationError(NO_REASON)
        return reason


@dataclass
class Look:
    """What marking again would come to: the first changes, and how many of each sort."""

    rows: list[Change] = field(default_factory=list)
    up: int = 0
    down: int = 0
    unchanged: int = 0
    completions: int = 0

    @property
    def count(self) -> int:
        return self.up + self.down

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def look_at(quiz: Quiz) -> Look:
    look, passing = Look(), set[UUID]()
    for change in changes(quiz):
        look.up += change.raised
        look.down += change.lowered
        if change.newly_passed:
            passing.add(change.attempt.user_id)
        if len(look.rows) < MOST:
            look.rows.append(change)
    look.unchanged = quiz.attempts.closed().count() - look.count
    look.completions = completions_after(quiz, passing)
    return look


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def regrade(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what marking again would change; a POST does it."""
    quiz = get_object_or_404(Quiz.objects.select_related("lesson__course"), pk=pk)
    form = RegradeForm(request.POST if request.method == "POST" else None)
    look = look_at(quiz)
    if form.is_bound and form.is_valid():
        tell(request, do(request, quiz, look, form))
        return HttpResponseRedirect(request.path, status=303)
    context = {"quiz": quiz, "look": look, "form": form, "nav": "studio"}
    status = 422 if form.is_bound else 200
    return render(request, "studio/regrade.html", context, status=status)


def do(request: HttpRequest, quiz: Quiz, look: Look, form: RegradeForm) -> list[Change] | None:
    """Mark again now, or, where that takes long, let a worker do it and return None."""
    user, said = request.user, form.cleaned_data
    assert isinstance(user, User)  # noqa: S101 - staff_only let nobody else in
    if look.count <= MOST:
        return regrading.regrade(quiz, by=user, lower=said["lower"], reason=said["reason"])
    regrade_quiz.delay_on_commit(
        str(quiz.pk), str(user.pk), lower=said["lower"], reason=said["reason"]
    )
    return None


def tell(request: HttpRequest, done: list[Change] | None) -> None:
    if done is None:
        text = (
            "A worker marks the attempts again. Look here in some minutes: what is left is listed."
        )
        messages.info(request, text)
    elif done:
        down = sum(one.lowered for one in done)
        text = f"Marked again: {len(done) - down} up, {down} down."
        messages.success(request, text)
    else:
        messages.info(request, "No score was changed.")
