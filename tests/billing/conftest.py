"""A school that sells plans, and what Stripe would show it."""

from typing import Any

import pytest

from billing import syncing
from tests.billing import seeing


@pytest.fixture
def selling(settings: Any) -> None:
    """There are keys of Stripe's: what was bought counts, and messages are heard."""
    settings.STRIPE_SECRET_KEY = seeing.KEY
    settings.STRIPE_WEBHOOK_SECRET = seeing.SECRET
    settings.STRIPE_IS_LIVE = False


@pytest.fixture
def shown(selling: None, monkeypatch: pytest.MonkeyPatch) -> seeing.Shown:
    """What a look at Stripe shows; asked without a request."""
    stands_in = seeing.Shown()
    monkeypatch.setattr(syncing.gateway, "look", stands_in)
    return stands_in
