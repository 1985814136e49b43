"""The school full of marks."""

import pytest

from tests.scans.planting import Planted, plant


@pytest.fixture
def planted(db, settings) -> Planted:
    settings.DEMO_SCHOOL = True
    return plant()
