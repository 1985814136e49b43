"""A school that sells plans, and what Stripe would show it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from billing import syncing
from tests.billing import seeing
from tests.doubles.stripe_endpoint import StripeEndpoint, serving


@pytest.fixture
def selling(settings: Any) -> None:
    seeing.sell(settings)


@pytest.fixture
def shown(selling: None, monkeypatch: pytest.MonkeyPatch) -> seeing.Shown:
    """What a look at Stripe shows; asked without a request."""
    stands_in = seeing.Shown()
    monkeypatch.setattr(syncing.gateway, "look", stands_in)
    return stands_in


@pytest.fixture
def stripe() -> Iterator[StripeEndpoint]:
    """A Stripe of our own that sells one price, and the settings of a site that uses it."""
    with serving() as double, override_settings(**double.settings()):
        double.price("price_pro", 1200, "eur", "month")
        yield double


@pytest.fixture
def running(stripe: StripeEndpoint) -> dict[str, Any]:
    """A subscription there to what costs twelve euros a month."""
    return stripe.subscribe(stripe.customer(), "price_pro")
