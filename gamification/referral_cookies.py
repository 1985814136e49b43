"""What a browser keeps about referrals: whose link was opened in it, and whose it has shown."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from accounts.limits import address_of

# The link that was opened last, and when.
CLICKED = "referral"
# The link that was shown here to whom it belongs.
SHOWN = "own-referral"
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Visit:
    """What a browser says of the link that somebody came by. `own_code`: see `SHOWN`."""

    code: str
    clicked_at: datetime
    own_code: str = ""
    address: str = ""


def keep_click(response: HttpResponse, code: str) -> None:
    """Let the browser keep that the link was opened now. A later one takes its place.

    Whole seconds are rounded down: whoever signs up at once has come after it.
    """
    write(response, CLICKED, f"{int(now().timestamp())}.{code}")


def keep_own(response: HttpResponse, code: str) -> None:
    """Let the browser keep that somebody was shown their own link in it."""
    write(response, SHOWN, code)


def visit_of(request: HttpRequest) -> Visit | None:
    """By which link this browser came in the last ninety days, if by one that we gave out."""
    moment, _, code = read(request, CLICKED).partition(".")
    if not code:
        return None
    clicked_at = datetime.fromtimestamp(int(moment), UTC)
    return Visit(code, clicked_at, read(request, SHOWN), address_of(request))


def write(response: HttpResponse, name: str, value: str) -> None:
    response.set_signed_cookie(
        f"{settings.COOKIE_PREFIX}{name}",
        value,
        salt=name,
        max_age=KEPT,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def read(request: HttpRequest, name: str) -> str:
    """What was kept, if it is what we wrote; or nothing."""
    key = f"{settings.COOKIE_PREFIX}{name}"
    return request.get_signed_cookie(key, default="", salt=name, max_age=KEPT) or ""
