"""Is this certificate good? Open to everybody, counted by address, alike for every wrong code."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers, get_conditional_response, set_response_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import address_of
from certificates import keys
from certificates.credentials import signed
from certificates.limits import CHECKS
from certificates.models import SigningKey
from certificates.printing import PAPERS, pdf_of
from certificates.revocations import revocations
from classroom.pages.certificates import CODE, CheckPage, as_json, check_page, proof_of
from classroom.requests import View, learner

FIVE_MINUTES = 300
WRONG_NAME = gettext_lazy("This is not the name on this certificate.")


def page_of_patience(request: HttpRequest, wait: int) -> HttpResponse:
    return render(request, "429.html", {"retry_after": wait}, status=429)


def body_of_patience(request: HttpRequest, wait: int) -> HttpResponse:
    """For programs, in the shape in which the API refuses."""
    detail = _("Too many requests. Try again in %(wait)s seconds.") % {"wait": wait}
    error = {"code": "rate_limited", "detail": detail, "fields": {}}
    return open_to_programs(JsonResponse({"error": error}, status=429))


def counted(view: View, refuse: View = page_of_patience) -> View:
    """Thirty a minute from one address, or by one person: a class shares an address.

    Robots are told to keep what they see to themselves.
    """

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = learner(request)
        wait = CHECKS.spend(str(user.pk) if user else address_of(request))
        if wait is None:
            answer = view(request, *args, **kwargs)
        else:
            answer = refuse(request, wait)
            answer["Retry-After"] = str(wait)
        answer["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(answer)
        return answer

    return handle


def status_of(page: CheckPage) -> int:
    return 404 if page.status == "not_found" else 200


def shown(request: HttpRequest, page: CheckPage, **context: Any) -> HttpResponse:
    context |= {"page": page, "nav": ""}
    return render(request, "classroom/certificate_check.html", context, status=status_of(page))


@require_http_methods(["GET", "HEAD", "POST"])
@counted
def lookup(request: HttpRequest) -> HttpResponse:
    """Two forms: for a code or the whole address that holds it, and for a signed credential."""
    typed = request.GET.get("code", "").strip()
    if request.method == "POST" or not typed:
        context: dict[str, Any] = {"asked": "code" in request.GET, "nav": ""}
        if request.method == "POST":
            context["proof"] = proof_of(request.POST.get("credential", ""))
        return render(request, "classroom/certificate_lookup.html", context)
    code = code_in(typed)
    if CODE.fullmatch(code):
        return redirect("classroom:certificate", code)
    return shown(request, check_page(code, learner(request)))


def code_in(typed: str) -> str:
    """The code in what somebody typed: an address ends with it."""
    try:
        return urlsplit(typed).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
@counted
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The check page. Whoever knows the name on a private certificate says it by POST."""
    name = request.POST.get("name", "")[:200]
    page = check_page(code, learner(request), name)
    wrong = WRONG_NAME if request.method == "POST" and page.status == "private" else ""
    return shown(request, page, problem=wrong, name=name)


@require_safe
@partial(counted, refuse=body_of_patience)
def certificate_json(request: HttpRequest, code: str) -> HttpResponse:
    """The same for programs."""
    page = check_page(code, learner(request))
    return open_to_programs(JsonResponse(as_json(page), status=status_of(page)))


def open_to_programs(answer: HttpResponse) -> HttpResponse:
    """Let pages of others read it: there is nothing in it that the reader did not bring."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def page_with_files(request: HttpRequest, code: str) -> CheckPage:
    """A certificate that can be printed. Everything else has no files."""
    page = check_page(code, learner(request))
    if not page.has_files:
        raise Http404(_("No such certificate."))
    return page


@require_safe
@counted
def credential(request: HttpRequest, code: str) -> HttpResponse:
    """The signed credential, as a file."""
    page = page_with_files(request, code)
    token = signed(page.certificate) if page.certificate else ""
    return as_file(token.encode(), "application/jwt", f"certificate-{code}.jwt")


@require_safe
@counted
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as a PDF; the sheet, where it cannot be made here."""
    page = page_with_files(request, code)
    paper = request.GET.get("paper", "a4")
    made = None
    if page.can_print and paper in PAPERS and page.certificate:
        made = pdf_of(page.certificate, paper)
    if made is None:
        return redirect("classroom:certificate_sheet", code)
    return as_file(made, "application/pdf", f"certificate-{code}.pdf")


def as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=disposition)


@require_safe
@counted
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as it is printed from a browser."""
    page = page_with_files(request, code)
    return render(request, "classroom/certificate_sheet.html", {"page": page, "sheet": page.sheet})


def for_everybody(view: Callable[..., HttpResponse]) -> View:
    """What is the same for all and may be kept for five minutes."""

    @require_safe
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = open_to_programs(view(request, *args, **kwargs))
        answer["Cache-Control"] = f"public, max-age={FIVE_MINUTES}"
        return answer

    return handle


@for_everybody
def key_set(request: HttpRequest) -> HttpResponse:
    """The public halves of all keys that ever signed here."""
    return JsonResponse(keys.key_set())


@for_everybody
def key(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One key: what the header of a credential points to."""
    return JsonResponse(keys.jwk_of(get_object_or_404(SigningKey, pk=pk)))


@require_safe
def revoked(request: HttpRequest) -> HttpResponse:
    """Credentials that are not good any more, by ids that open no page.

    Nobody keeps a copy without asking whether it still holds.
    """
    answer = JsonResponse(revocations(), headers={"Cache-Control": "public, no-cache"})
    set_response_etag(answer)
    if get_conditional_response(request, answer["ETag"]):
        answer.status_code, answer.content = 304, b""
    return open_to_programs(answer)
