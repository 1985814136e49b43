"""The authors' desk is open."""

import pytest


@pytest.fixture(autouse=True)
def open_desk(settings):
    """In the demo school staff enter without a second factor; the gate has tests of its own."""
    settings.DEMO_SCHOOL = True
