"""Every row of the table of bad inputs about people is built and holds."""

import csv
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from tests.accounts import (  # noqa: F401
    bad_oauth,
    bad_profile,
    bad_reset,
    bad_sign_in,
    bad_sign_up,
    bad_text,
)
from tests.accounts.bad import BUILDERS, World

TABLE = Path(__file__).parent.parent / "bad_inputs" / "accounts_rows.tsv"
with TABLE.open(newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
# Two browsers at once need commits of their own.
RACES = {"SU23", "LG18"}


def case(row: dict[str, str]) -> Any:
    number = row["surface"].split()[0]
    marks = pytest.mark.django_db(transaction=number in RACES)
    return pytest.param(number, row, id=number, marks=marks)


@pytest.mark.parametrize(("number", "row"), [case(row) for row in ROWS])
def test_a_bad_input_is_answered_and_changes_nothing_else(
    number: str, row: dict[str, str], request: Any, sent: Any, bob: User
) -> None:
    world = World(request, sent, bob)
    before = User.objects.filter(pk=bob.pk).values("email", "name", "role", "is_superuser").get()
    answers = BUILDERS[number](world)
    answers = answers if isinstance(answers, list) else [answers]
    assert answers
    for answer in answers:
        assert answer.status_code == int(row["status"]), answer
        assert_says(world, answer, row["body"])
    after = User.objects.filter(pk=bob.pk).values("email", "name", "role", "is_superuser").get()
    assert after == before
    assert User.objects.filter(role=User.Role.ADMIN).count() == 0


def assert_says(world: World, answer: Any, text: str) -> None:
    """Look for the words in the answer, or on the page it leads to."""
    content = answer.content
    if text and answer.status_code in {302, 303}:
        content = world.client.get(answer["Location"], follow=True).content
    assert text.encode() in content.replace(b"&#x27;", b"'"), content[:3000]


def test_the_table_and_the_builders_have_the_same_rows() -> None:
    numbers = [row["surface"].split()[0] for row in ROWS]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == set(BUILDERS)
