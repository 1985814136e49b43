"""A school that sells plans."""

from typing import Any

import pytest


@pytest.fixture
def selling(settings: Any) -> None:
    """There is a key of Stripe's: what was bought counts."""
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
