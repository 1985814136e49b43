"""One link of setting up, opened by many at once, makes one owner."""

import pytest

from accounts.models import School, User
from accounts.owner import OwnerExists, create_owner
from tests.conftest import PASSWORD
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 10


def trying(number):
    def attempt():
        try:
            return create_owner(f"p{number}@example.org", "Ida", PASSWORD, "UTC").email
        except OwnerExists:
            return ""

    return attempt


def test_of_many_with_one_link_one_becomes_the_owner():
    came = at_once("accounts_school", [trying(number) for number in range(CROWD)])
    owners = [email for email in came if email]
    assert len(owners) == 1
    assert [user.email for user in User.objects.filter(role=User.Role.ADMIN)] == owners
    assert User.objects.count() == 1
    assert School.objects.count() == 1


def test_without_the_lock_there_would_be_several(monkeypatch):
    """What the test above would see if nobody waited: it can fail."""
    monkeypatch.setattr("accounts.owner.locked_school", lambda: None)
    came = at_once("accounts_user", [trying(number) for number in range(CROWD)])
    assert len([email for email in came if email]) == CROWD
