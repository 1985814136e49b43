"""Judging submissions again: first what it would change, then the word to do it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assessments import rejudgings
from studio.access import member_of_staff, staff_only
from studio.forms import RejudgeForm
from studio.pages.rejudging import RejudgePage, rejudge_page
from studio.views.assignments import assignment_or_404

NOT_SHOWN = gettext_lazy("Nothing was done: look at what would change first.")
AT_WORK = gettext_lazy("This is being worked out already.")
NOTHING_ELSE = gettext_lazy("Tick this: nothing else is left to be judged again.")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def rejudge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what judging again would change; a POST asks for a preview, or does what it showed."""
    assignment = assignment_or_404(pk)
    page, refusal = rejudge_page(assignment), ""
    wanted = request.POST.get("do", "") if request.method == "POST" else None
    form = RejudgeForm(request.POST if wanted == "judge" else None)
    if wanted is not None:
        refusal = why_not(page, wanted)
        if not refusal and (wanted == "look" or is_filled_in(form, page)):
            ask(request, page, wanted, form)
            return HttpResponseRedirect(request.path, status=303)
    context = {"page": page, "assignment": assignment, "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if wanted is not None else 200
    return render(request, "studio/rejudge.html", {**context, "nav": "studio"}, status=status)


def why_not(page: RejudgePage, wanted: str) -> str:
    """Why this cannot be asked for now; "" if it can."""
    if page.is_at_work:
        return str(AT_WORK)
    return str(NOT_SHOWN if wanted != "look" and not page.may_decide else "")


def is_filled_in(form: RejudgeForm, page: RejudgePage) -> bool:
    if form.is_valid() and page.may_only_lower and not form.cleaned_data["lower"]:
        form.add_error("lower", NOTHING_ELSE)
    return form.is_valid()


def ask(request: HttpRequest, page: RejudgePage, wanted: str, form: RejudgeForm) -> None:
    by = member_of_staff(request)
    if wanted == "look":
        rejudgings.ask(page.assignment, by)
        return
    said = form.cleaned_data
    lower, reason = said["lower"], said["reason"]
    row = rejudgings.ask(page.assignment, by, preview=False, lower=lower, reason=reason)
    is_ours = (row.lower, row.reason) == (lower, reason)
    messages.info(request, _("A worker judges the submissions again.") if is_ours else AT_WORK)
