"""The way in: content type, who, CSRF, how often, how large, JSON. The first refusal answers."""

from abc import ABC, abstractmethod
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from ninja.parser import Parser
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from accounts.limits import Limit, address_of
from accounts.models import User
from accounts.tokens import token_of
from api import errors
from api.limits import ADDRESS, PERSON
from api.reader import MAX_BYTES, BrokenText, NotJson, read_object


class ApiRequest(HttpRequest):
    """A request that came through the door: somebody known, and the body as an object."""

    auth: User
    json_object: dict[str, Any]


class Door(AuthBase, ABC):
    """One way to be known. `limits` are counted by person, on top of those for everybody.

    What is asked for very often has a limit `instead` of the one for a person. `largest` is how
    many bytes a body may have.
    """

    def __init__(
        self, *limits: Limit, instead: Limit | None = None, largest: int = MAX_BYTES
    ) -> None:
        self.limits = limits
        self.instead = instead
        self.largest = largest
        super().__init__()

    def __call__(self, request: HttpRequest) -> User | AnonymousUser | None:
        # Every POST of this API takes one JSON object; no other method takes a body.
        takes_body = request.method == "POST"
        if takes_body and not is_json(request):
            raise errors.unsupported_media_type()
        user = self.identify(request)
        if user is None:
            return None
        self.count(request, user)
        if takes_body:
            cast(ApiRequest, request).json_object = read_body(request, self.largest)
        return user

    @abstractmethod
    def identify(self, request: HttpRequest) -> User | AnonymousUser | None:
        """Return who asks, None if this way says nothing about it, or raise."""

    def count(self, request: HttpRequest, user: User | AnonymousUser) -> None:
        spend(ADDRESS, address_of(request))
        if isinstance(user, User):
            for limit in (self.instead or PERSON, *self.limits):
                spend(limit, str(user.pk))


class BearerToken(Door):
    """`Authorization: Bearer <token>`. Whoever sends the header means it: no session after it."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A token made on the settings page or by `manage.py create_token EMAIL`."

    def identify(self, request: HttpRequest) -> User | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, text = header.strip().partition(" ")
        token = token_of(text.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            # Guessing is counted too: a stranger has no limit but that of the address.
            spend(ADDRESS, address_of(request))
            raise errors.not_authenticated()
        if token.reads_only and request.method not in ("GET", "HEAD"):
            raise errors.reads_only()
        return token.user


class SessionCookie(Door):
    """The browser's session. What changes something needs the CSRF token as well."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"
    openapi_description = "The session of the site; send `X-CSRFToken` with POST, PUT and DELETE."

    def identify(self, request: HttpRequest) -> User | None:
        if not isinstance(request.user, User):
            return None
        if request.method not in ("GET", "HEAD") and check_csrf(request) is not None:
            raise errors.csrf_failed()
        return request.user


class Anyone(Door):
    """Public addresses: open to those who come without token and session."""

    openapi_type = "none"

    def __init__(self) -> None:
        super().__init__()
        # No security scheme: the schema says by `{}` that none is needed.
        del self.openapi_security_schema

    def identify(self, request: HttpRequest) -> AnonymousUser:
        return AnonymousUser()


def members(*limits: Limit, instead: Limit | None = None, largest: int = MAX_BYTES) -> list[Door]:
    """The doors of what belongs to a person."""
    kinds = (BearerToken, SessionCookie)
    return [kind(*limits, instead=instead, largest=largest) for kind in kinds]


def everybody() -> list[Door]:
    """The doors of what is public. A bad token is still refused."""
    return [BearerToken(), SessionCookie(), Anyone()]


def spend(limit: Limit, who: str) -> None:
    wait = limit.spend(who)
    if wait is not None:
        raise errors.rate_limited(wait)


def is_json(request: HttpRequest) -> bool:
    """Whether the body says that it is JSON; a character set other than UTF-8 is not."""
    parameters = dict(request.content_params or {})
    charset = parameters.pop("charset", "utf-8").lower()
    return request.content_type == "application/json" and charset == "utf-8" and not parameters


def read_body(request: HttpRequest, largest: int) -> dict[str, Any]:
    """Return the body's object. What says that it is too large is not even read."""
    try:
        declared = int(request.META.get("CONTENT_LENGTH") or 0)
        raw = b"" if declared > largest else request.body
    except RequestDataTooBig as error:
        raise errors.too_large(largest) from error
    except (UnreadablePostError, ValueError) as error:
        raise errors.invalid_json() from error
    if max(declared, len(raw)) > largest:
        raise errors.too_large(largest)
    try:
        return read_object(raw)
    except BrokenText as error:
        raise errors.invalid_text(error.field) from error
    except NotJson as error:
        raise errors.invalid_json() from error


class ReadAlready(Parser):
    """Gives ninja the object that the door has read."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return cast(ApiRequest, request).json_object
