"""Bringing a course in: the upload, what it would change, and the word to do it."""

from contextlib import suppress
from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.numerals import grouped
from courses.models import CourseImport
from studio import course_imports
from studio.access import member_of_staff, require_author, staff_only
from studio.answers import is_htmx, said_aloud
from studio.course_imports import Choices, Gone, NotNow, Options
from studio.forms import ChoicesForm, UploadForm
from studio.importing.refusal import ImportRefused
from studio.limits import IMPORTS
from studio.pages.import_words import in_words
from studio.pages.imports import ImportPage, import_page, imports_page

METHODS = ["GET", "HEAD", "POST"]
# As many reasons of one refusal as a page lists.
MOST_REASONS = 100
ANOTHER_PLAN = gettext_lazy("With other choices this is another plan: look at it first.")


@require_http_methods(METHODS)
@staff_only
def imports(request: HttpRequest) -> HttpResponse:
    """The last imports, and a form for the next. What cannot be read is refused at once."""
    if request.method == "POST":
        require_author(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        # Only what is going to be read is counted: a form without a file costs nothing.
        if wait := IMPORTS.spend(str(member_of_staff(request).pk)):
            return not_yet(request, form, wait)
        if row := upload(request, form):
            return HttpResponseRedirect(row.get_absolute_url(), status=303)
    context = {"page": imports_page(), "form": form, "nav": "studio"}
    return render(request, "studio/imports.html", context, status=422 if form.is_bound else 200)


def not_yet(request: HttpRequest, form: UploadForm, wait: int) -> HttpResponse:
    """Too many archives within an hour. What was typed stands, the file is to be chosen again."""
    minutes = -(-wait // 60)
    said = ngettext(
        "Five archives an hour can be read. Ready again in %(minutes)s minute.",
        "Five archives an hour can be read. Ready again in %(minutes)s minutes.",
        minutes,
    )
    form.add_error(None, said % {"minutes": minutes})
    context = {"page": imports_page(), "form": form, "nav": "studio"}
    answer = render(request, "studio/imports.html", context, status=429)
    answer["Retry-After"] = str(wait)
    return answer


def upload(request: HttpRequest, form: UploadForm) -> CourseImport | None:
    """The import of what was uploaded; None if it was refused, with the reasons in the form."""
    said = form.cleaned_data
    file, options = said["file"], Options(said["slug"], said["title"])
    try:
        return course_imports.ask(member_of_staff(request), file.read(), file.name, options)
    except ImportRefused as refusal:
        reasons = [in_words(str(finding)) for finding in refusal.findings]
        if len(reasons) > MOST_REASONS:
            reasons[MOST_REASONS:] = [
                _("And %(value)s more.") % {"value": grouped(len(reasons) - MOST_REASONS)}
            ]
        for reason in reasons:
            form.add_error(None, reason)
        form.add_error(
            "file", _("%(name)s was not kept. Mend it, and choose it again.") % {"name": file.name}
        )
        return None


@require_http_methods(METHODS)
@staff_only
def course_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One import: what it would change, or what it did. A POST decides about it."""
    refusal = ""
    if request.method == "POST":
        require_author(request)
        try:
            if request.POST.get("do") == "discard":
                return discard(request, pk)
            return decide(request, row_or_404(pk))
        except NotNow as not_now:
            refusal = not_now.message
    return show(request, import_page(row_or_404(pk)), refusal)


def row_or_404(pk: UUID) -> CourseImport:
    return get_object_or_404(CourseImport.objects.select_related("by"), pk=pk)


def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget it. Said twice it leads to the same page. Raises NotNow."""
    with suppress(Gone):
        row = course_imports.discard(pk, member_of_staff(request))
        messages.info(request, _("%(row)s is discarded. Nothing was changed.") % {"row": row})
    return HttpResponseRedirect(reverse("studio:imports"), status=303)


def decide(request: HttpRequest, row: CourseImport) -> HttpResponse:
    """Import it, or plan it anew where other choices are made. Raises NotNow."""
    by, form = member_of_staff(request), ChoicesForm(request.POST)
    choices = Choices(**form.cleaned_data) if form.is_valid() else Choices.of(row)
    wanted = request.POST.get("do", "")
    if wanted == "import" and choices == Choices.of(row):
        course_imports.confirm(row.pk, by, seen=request.POST.get("seen", ""))
    else:
        course_imports.choose(row.pk, by, choices)
        if wanted == "import":
            messages.info(request, ANOTHER_PLAN)
    return HttpResponseRedirect(row.get_absolute_url(), status=303)


def show(request: HttpRequest, page: ImportPage, refusal: str = "") -> HttpResponse:
    """The page of an import; htmx asks for what has come of it alone."""
    row = page.row
    context = {
        "page": page,
        "row": row,
        "refusal": refusal,
        "form": ChoicesForm(initial=asdict(Choices.of(row))),
        "is_mine": row.by == request.user,
        "nav": "studio",
    }
    part = "#work" if is_htmx(request) else ""
    answer = render(request, f"studio/import.html{part}", context, status=409 if refusal else 200)
    return answer if row.is_open or not part else said_aloud(answer, f"{page.headline}.")
