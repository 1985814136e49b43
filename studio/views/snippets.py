"""Words that reviewers use again: shown, added, changed, deleted."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Snippet
from assessments.reviewing.snippets import (
    TooManySnippets,
    add_snippet,
    change_snippet,
    delete_snippet,
    snippets_of,
)
from studio.access import reviewer, reviewers_only
from studio.pages.snippets import snippets_page
from studio.snippet_forms import SnippetForm


@require_safe
@reviewers_only
def snippets(request: HttpRequest) -> HttpResponse:
    """One's own, and those of others that are shared."""
    page = snippets_page(reviewer(request), request.GET.get("page", "1")[:6])
    return render(request, "studio/snippets.html", {"page": page, "nav": "studio"})


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def new_snippet(request: HttpRequest) -> HttpResponse:
    form, refusal = SnippetForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        try:
            add_snippet(reviewer(request), **form.cleaned_data)
        except TooManySnippets as refused:
            refusal = str(refused)
        else:
            return to_the_list(request, _("The snippet is kept."))
    return show(request, form, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def snippet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change one of one's own; those of others are not there."""
    row = get_object_or_404(snippets_of(reviewer(request)), pk=pk)
    form = SnippetForm.of(row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        change_snippet(row, **form.cleaned_data)
        return to_the_list(request, _("The snippet is changed."))
    return show(request, form, row)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, and delete on a POST."""
    row = get_object_or_404(snippets_of(reviewer(request)), pk=pk)
    if request.method == "POST":
        delete_snippet(row)
        return to_the_list(request, _("The snippet is deleted."))
    return render(request, "studio/snippet_delete.html", {"snippet": row, "nav": "studio"})


def show(
    request: HttpRequest, form: SnippetForm, row: Snippet | None = None, *, refusal: str = ""
) -> HttpResponse:
    context = {"form": form, "snippet": row, "refusal": refusal, "nav": "studio"}
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "studio/snippet.html", context, status=status)


def to_the_list(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("studio:snippets"), status=303)
