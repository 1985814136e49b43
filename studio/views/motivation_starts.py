"""Who has started a challenge; and a new start, for time that our own fault took."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gamification import challenges
from gamification.clock import read_clock
from gamification.models import Challenge, ChallengeEntry
from gamification.season_errors import ContestRefused
from studio.access import member_of_staff, staff_only
from studio.answers import go_to
from studio.motivation_forms import RestartForm
from studio.pages.starts import starts_page
from studio.views.motivation import page_of, show, with_right


@require_safe
@staff_only
def starts(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest first, with the new starts that were given and why."""
    found = get_object_or_404(Challenge, slug=slug)
    return show(request, "motivation_starts", page=starts_page(found, page_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("gamification.change_challengeentry")
def start_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, then let the person start again from that moment."""
    entries = ChallengeEntry.objects.select_related("challenge", "user")
    entry, by = get_object_or_404(entries, pk=pk), member_of_staff(request)
    form = RestartForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": entry.started_at.isoformat()},
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            challenges.restart_entry(entry, by, said["reason"], seen=said["seen"])
        except ContestRefused as refusal:
            return ask(request, entry, form, str(refusal))
        address = reverse("studio:starts", args=[entry.challenge.slug])
        return go_to(
            request, address, _("%(name)s starts again from now.") % {"name": entry.user.name}
        )
    try:
        challenges.refuse_restart(entry, by, read_clock())
    except ContestRefused as refusal:
        return ask(request, entry, form, str(refusal))
    return ask(request, entry, form)


def ask(
    request: HttpRequest, entry: ChallengeEntry, form: RestartForm, refusal: str = ""
) -> HttpResponse:
    """The page with the reason; where it cannot be, the sentence that says so instead."""
    status = 409 if refusal else 422 if form.errors else 200
    is_over = entry.deadline <= read_clock()
    context = {"entry": entry, "form": form, "refusal": refusal, "is_over": is_over}
    return show(request, "motivation_start_again", status=status, **context)
