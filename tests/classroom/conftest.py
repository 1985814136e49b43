"""What the tests about the classroom share."""

import pytest


@pytest.fixture(autouse=True)
def a_real_school(settings):
    """Whatever the environment says: no demo, in which all staff see drafts."""
    settings.DEMO_SCHOOL = False
