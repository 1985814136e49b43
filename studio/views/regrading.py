"""Marking a quiz again: first what it would change, then the word to do it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from assessments import regrading
from assessments.models import Quiz
from assessments.regrading import Change
from assessments.tasks import regrade_quiz
from studio.access import member_of_staff, staff_only
from studio.forms import RegradeForm
from studio.pages.regrading import regrade_page, takes_long

HANDED_ON = gettext_lazy("A worker marks the attempts again.")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def regrade(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what marking again would change; a POST does it."""
    quiz = get_object_or_404(Quiz.objects.select_related("lesson__course"), pk=pk)
    form = RegradeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        tell(request, mark_again(quiz, member_of_staff(request), **form.cleaned_data))
        return HttpResponseRedirect(request.path, status=303)
    context = {"page": regrade_page(quiz), "quiz": quiz, "form": form, "nav": "studio"}
    status = 422 if form.is_bound else 200
    return render(request, "studio/regrade.html", context, status=status)


def mark_again(quiz: Quiz, user: User, *, lower: bool, reason: str) -> list[Change] | None:
    """Mark again now, or, where that takes long, let a worker do it and return None."""
    if not takes_long(quiz):
        return regrading.regrade(quiz, by=user, lower=lower, reason=reason)
    regrade_quiz.delay_on_commit(str(quiz.pk), str(user.pk), lower=lower, reason=reason)
    return None


def tell(request: HttpRequest, done: list[Change] | None) -> None:
    if done is None:
        messages.info(request, HANDED_ON)
    elif done:
        down = sum(one.lowered for one in done)
        messages.success(
            request,
            _("Marked again: %(value)s up, %(down)s down.")
            % {"value": len(done) - down, "down": down},
        )
    else:
        messages.info(request, _("No score was changed."))
