"""What the builders of the bad inputs share: the register, the world they act in."""

from collections.abc import Callable
from typing import Any

from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.accounts.oauth_double import OAuthDouble

Builder = Callable[["World"], Any]
BUILDERS: dict[str, Builder] = {}
NOBODY = User.objects.none()


def row(number: str) -> Callable[[Builder], Builder]:
    """Register the builder of one row. It acts, checks the database, and returns the answer(s)."""

    def register(builder: Builder) -> Builder:
        assert number not in BUILDERS
        BUILDERS[number] = builder
        return builder

    return register


class World:
    """A browser, bob who has an account, and whatever fixture a row asks for."""

    def __init__(self, request: Any, sent: Any, bob: User) -> None:
        self.request, self.sent, self.bob = request, sent, bob
        self.client = Client()

    def fixture(self, name: str) -> Any:
        return self.request.getfixturevalue(name)

    @property
    def provider(self) -> OAuthDouble:
        double: OAuthDouble = self.fixture("provider")
        return double

    def post(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """POST in the browser; what waits for the commit happens as well."""
        return self.sent(self.client.post, url, data or {}, **kwargs)

    def sign_in(self, email: str = "bob@example.org", password: str = PASSWORD, **data: Any) -> Any:
        return self.post("/accounts/login/", {"login": email, "password": password, **data})

    def signed_in_as_bob(self) -> Client:
        """bob in this browser, having just typed his password."""
        self.client = Client()
        assert self.sign_in().status_code == 302
        assert self.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
        return self.client

    @property
    def is_signed_in(self) -> bool:
        return "_auth_user_id" in self.client.session

    def newcomers(self) -> list[User]:
        return list(User.objects.exclude(pk=self.bob.pk))

    def nothing_happened(self) -> bool:
        return not self.newcomers() and not mail.outbox and not self.is_signed_in
