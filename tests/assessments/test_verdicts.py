"""What is said of a judged submission of which no result of a test is kept."""

import pytest

from assessments.models import Outcome
from assessments.verdicts import Told, announcement, headline


def told(outcome: str, percent: int, *, is_graded: bool = True) -> Told:
    return Told(outcome, 0, [], is_graded, False, percent, 80, None, 2, 64)


@pytest.mark.parametrize("outcome", [Outcome.WRONG, Outcome.TIME_LIMIT, Outcome.COMPILE_ERROR])
def test_without_results_nothing_is_said_to_pass(outcome: str) -> None:
    for one in (told(outcome, 40), told(outcome, 0, is_graded=False)):
        assert "pass" not in headline(one) + announcement(one)


def test_without_results_the_share_of_the_points_is_said() -> None:
    assert headline(told(Outcome.WRONG, 40)) == "40% of the points."
