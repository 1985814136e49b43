"""Who may open which door: all routes, five roles, one table. And that a hole in it is seen."""

import sys
from types import ModuleType

import pytest
from django.http import HttpResponse
from django.urls import get_resolver, path

from accounts.models import User
from assessments.models import Attempt
from lms import urls
from tests.doubles.stripe_endpoint import serving
from tests.scans.doors.school import ROLES, School
from tests.scans.doors.walking import Knock, differing, knocks_of, table, unlisted

SHUT = {"login", "again", "401", "403", "404"}


@pytest.fixture
def school(db, settings):
    """It sells plans, and one may sign in by Google and GitHub; none of them is asked anything."""
    app = [{"client_id": "a client", "secret": "a secret"}]
    known = settings.SOCIALACCOUNT_PROVIDERS
    settings.SOCIALACCOUNT_PROVIDERS = {name: {**one, "APPS": app} for name, one in known.items()}
    with serving() as double:
        for name, value in double.settings().items():
            setattr(settings, name, value)
        yield School()


def test_every_route_has_a_line_and_every_line_a_route():
    assert not unlisted()


@pytest.mark.parametrize("role", ROLES)
def test_everybody_is_answered_as_the_table_says(school, role):
    found = differing(school, role, knocks_of(role))
    assert not found, "\n".join(found)


def test_a_door_that_lets_nobody_in_says_why():
    shut = {line: said for line, said in table().items() if set(said.answers.values()) <= SHUT}
    assert not [line for line, said in shut.items() if not said.remark]
    assert not [line for line, said in table().items() if said.remark and line not in shut]


def everybodys_email(request):
    return HttpResponse(", ".join(User.objects.values_list("email", flat=True)))


def test_a_route_without_a_line_is_seen(settings, monkeypatch):
    planted = ModuleType("tests.planted_urls")
    planted.urlpatterns = [path("people-list/", everybodys_email), *urls.urlpatterns]
    monkeypatch.setitem(sys.modules, planted.__name__, planted)
    settings.ROOT_URLCONF = planted.__name__
    assert unlisted() == ["Say who may GET people-list/", "Say who may POST people-list/"]


def test_a_line_without_a_route_is_seen(settings, monkeypatch):
    planted = ModuleType("tests.planted_urls")
    planted.urlpatterns = [one for one in urls.urlpatterns if str(one.pattern) != "healthz"]
    monkeypatch.setitem(sys.modules, planted.__name__, planted)
    settings.ROOT_URLCONF = planted.__name__
    assert unlisted() == ["There is no GET healthz"]


def test_a_door_left_open_is_seen(school, monkeypatch):
    [studio] = [one for one in get_resolver().url_patterns if str(one.pattern) == "studio/"]
    [people] = [one for one in studio.url_patterns if one.name == "people"]
    monkeypatch.setattr(people, "callback", everybodys_email)
    knock = Knock("GET", "studio/gamification/people/")
    assert differing(school, "guest", [knock]) == [
        "GET studio/gamification/people/, guest: 200 in place of login"
    ]


def test_a_missing_owner_check_is_seen(school, monkeypatch):
    knock = Knock("GET", "attempts/<uuid:pk>/")
    assert differing(school, "other", [knock]) == []
    monkeypatch.setattr(
        "classroom.views.quizzes.settled_attempt",
        lambda user, key: Attempt.objects.with_quiz().get(pk=key),
    )
    [found] = differing(school, "other", [knock])
    assert found.endswith("in place of 404")
