"""What the site's own pages report: how quick they were. Not for programs, so not in the schema."""

from typing import Annotated

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from accounts.limits import Limit, address_of
from accounts.models import User
from activity.analytics.looking import note_vital
from api import errors
from api.door import ApiRequest, BearerToken, Door, spend
from api.limits import ADDRESS
from api.shapes import Shape

router = Router(tags=["The site itself"], by_alias=True)
LARGEST = 2 * 1024
EVENTS = Limit("api-events", 60)
Milliseconds = Annotated[float | None, Field(strict=True, ge=0, le=600_000)]


class Vitals(Shape):
    """Each is left out where the browser has not measured it."""

    lcp: Milliseconds = Field(default=None, alias="LCP")
    inp: Milliseconds = Field(default=None, alias="INP")
    cls: Annotated[float | None, Field(strict=True, ge=0, le=1000)] = Field(
        default=None, alias="CLS"
    )
    ttfb: Milliseconds = Field(default=None, alias="TTFB")


class EventsRequest(Shape):
    page: Annotated[str, Field(strict=True, max_length=500, pattern=r"^/[^\x00?#]*$")]
    vitals: Vitals


class OwnPage(Door):
    """A page of this site, whoever looks at it. It changes nothing of theirs: no token is asked."""

    openapi_type = "none"

    def __init__(self) -> None:
        super().__init__(largest=LARGEST)
        # No security scheme, as with `Anyone`.
        del self.openapi_security_schema

    def identify(self, request: HttpRequest) -> User | AnonymousUser:
        if not is_from_here(request):
            raise errors.other_origin()
        return request.user

    def count(self, request: HttpRequest, user: User | AnonymousUser) -> None:
        for limit in (ADDRESS, EVENTS):
            spend(limit, address_of(request))


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that one of our pages sends this. Who says nothing is no browser."""
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    return is_ours and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


@router.post(
    "/events",
    auth=[BearerToken(largest=LARGEST), OwnPage()],
    operation_id="report_events",
    include_in_schema=False,
    response={204: None},
)
def report(request: ApiRequest, body: EventsRequest) -> Status[None]:
    """Count what a page measured of itself. 404 for an address that is no page of ours."""
    try:
        view = resolve(body.page).view_name
    except Resolver404 as error:
        raise errors.not_found() from error
    for metric, value in body.vitals.model_dump(by_alias=True).items():
        if value is not None:
            note_vital(request, view, metric, value)
    return Status(204, None)
