"""The settings pages."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils.timezone import now
from pydantic import ValidationError

from accounts import preferences
from accounts.models import User
from accounts.tokens import create_token, user_of_token
from tests.accounts.bad_profile import picture, profile, upload
from tests.accounts.conftest import PASSWORD

SECTIONS = [
    "profile", "account", "sessions", "data", "notifications", "appearance", "time", "tokens",
]  # fmt: skip
HTMX = {"hx-request": "true"}


@pytest.mark.parametrize("section", ["", *(f"{name}/" for name in SECTIONS)])
def test_a_section_is_for_its_owner_and_costs_few_queries(
    bob: User, as_: Any, client: Client, section: str, django_assert_max_num_queries: Any
) -> None:
    url = f"/settings/{section}"
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"
    browser = as_(bob)
    browser.get(url)
    with django_assert_max_num_queries(6):
        assert browser.get(url).status_code == 200
    assert browser.put(url).status_code == 405


def test_a_profile_is_saved_with_every_field(bob: User, as_: Any) -> None:
    browser = as_(bob)
    links = {"github": "https://github.com/bob", "mastodon": "https://social.example/@bob"}
    data = {
        "location": "Graz",
        "occupation": "Baker",
        "company": "Bread",
        "phone": "+43 1",
        "address": "1 Way",
        "website": "https://bob.example/",
        "bio": "One\r\nTwo",
    }
    answer = browser.post(
        "/settings/profile/", profile(name="Bobby", is_public="on", **data, **links)
    )
    assert (answer.status_code, answer["Location"]) == (303, "/settings/profile/")
    assert b"Profile saved." in browser.get("/settings/profile/").content
    bob = User.objects.get(pk=bob.pk)
    assert (bob.name, bob.profile.handle, bob.profile.is_public) == ("Bobby", "bob-b", True)
    assert bob.profile.bio == "One\nTwo"
    assert bob.profile.socials == links
    for field in ("location", "occupation", "company", "phone", "address", "website"):
        assert getattr(bob.profile, field) == data[field]


def test_a_public_page_needs_a_handle(bob: User, as_: Any) -> None:
    answer = as_(bob).post("/settings/profile/", {"name": "Bob", "is_public": "on"})
    assert answer.status_code == 422
    assert b"Choose a handle first" in answer.content


def test_htmx_gets_the_section_alone_whether_it_was_saved_or_refused(bob: User, as_: Any) -> None:
    browser = as_(bob)
    for name, status in (("Bobby", 200), ("", 422)):
        answer = browser.post("/settings/profile/", profile(name=name), headers=HTMX)
        assert answer.status_code == status
        assert b"<html" not in answer.content
        assert b'id="profile-form"' in answer.content
    saved = browser.post("/settings/appearance/", {"theme": "dark"}, headers=HTMX)
    assert "Appearance saved." in saved["HX-Trigger"]


def test_appearance_is_kept_and_theme_stands_on_the_page(bob: User, as_: Any) -> None:
    browser = as_(bob)
    assert (
        browser.post("/settings/appearance/", {"theme": "dark", "shortcuts": "on"}).status_code
        == 303
    )
    bob.profile.refresh_from_db()
    wanted = {"theme": "dark", "shortcuts": True, "show_points": False, "tab_indents": False}
    wanted["named_visits"] = False
    assert bob.profile.preferences == wanted
    assert b'data-theme="dark"' in browser.get("/settings/appearance/").content


def test_preferences_know_their_names_and_types() -> None:
    assert preferences.changed({"theme": "dark", "gone": 1}, {"shortcuts": False}) == {
        "theme": "dark",
        "shortcuts": False,
        "show_points": True,
        "tab_indents": False,
        "named_visits": False,
    }
    for new in ({"colour": "pink"}, {"theme": "pink"}, {"shortcuts": "yes"}, {"show_points": 1}):
        with pytest.raises(ValidationError):
            preferences.changed({}, new)


def test_a_stored_value_that_is_no_longer_known_counts_as_the_usual_one(
    bob: User, as_: Any
) -> None:
    bob.profile.preferences = {"theme": "sepia", "show_points": False, "old": 1}
    bob.profile.save()
    usual = preferences.complete({})
    assert preferences.complete(bob.profile.preferences) == {**usual, "show_points": False}
    assert as_(bob).get("/settings/appearance/").status_code == 200


def test_a_time_zone_is_saved_and_its_clock_shown(bob: User, as_: Any, time_machine: Any) -> None:
    time_machine.move_to("2026-11-21T12:00:00Z", tick=False)
    browser = as_(bob)
    assert browser.post("/settings/time/", {"timezone": "Asia/Kathmandu"}).status_code == 303
    assert b"17:45" in browser.get("/settings/time/").content
    User.objects.filter(pk=bob.pk).update(timezone="Asia/Calcutta")
    assert browser.post("/settings/time/", {"timezone": "Asia/Calcutta"}).status_code == 303


def reauthenticated(user: User) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_a_token_is_shown_once_and_opens_until_it_is_revoked(bob: User) -> None:
    browser = reauthenticated(bob)
    answer = browser.post("/settings/tokens/", {"name": "My editor", "days": "30"})
    assert answer.status_code == 200
    text = answer.context["new_token"]
    assert text.startswith("wm_")
    assert text in answer.content.decode()
    assert user_of_token(text) == bob
    page = browser.get("/settings/tokens/").content.decode()
    assert text not in page
    assert text[:9] in page
    token = bob.api_tokens.get()
    assert token.expires_at - now() < timedelta(days=30)
    url = f"/settings/tokens/{token.pk}/revocation/"
    assert browser.post(url).status_code == browser.post(url).status_code == 303
    assert user_of_token(text) is None


def test_a_token_can_be_for_reading_alone_and_says_so(bob: User) -> None:
    browser = reauthenticated(bob)
    data = {"name": "Statistics", "days": "30", "reads_only": "on"}
    assert "(read-only)" in browser.post("/settings/tokens/", data).text
    assert bob.api_tokens.get().reads_only


def test_making_a_token_asks_for_the_password_and_goes_on_after_it(bob: User) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    answer = browser.post("/settings/tokens/", {"name": "My editor", "days": "30"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not bob.api_tokens.exists()
    assert b"wm_" in browser.post(answer["Location"], {"password": PASSWORD}).content
    assert bob.api_tokens.count() == 1


@pytest.mark.parametrize("changes", [{"days": "91"}, {"days": "0"}, {"name": ""}, {"name": "a\nb"}])
def test_a_token_out_of_bounds_is_refused(bob: User, changes: dict[str, str]) -> None:
    data = {"name": "My editor", "days": "30", **changes}
    assert reauthenticated(bob).post("/settings/tokens/", data).status_code == 422
    assert not bob.api_tokens.exists()


def test_somebody_elses_token_is_not_there(bob: User, grace: User, as_: Any) -> None:
    token, text = create_token(grace, "Hers")
    url = f"/settings/tokens/{token.pk}/revocation/"
    assert as_(bob).post(url).status_code == 404
    assert as_(bob).get(url).status_code == 405
    assert user_of_token(text) == grace


def test_one_session_ends_or_all_others_do(bob: User) -> None:
    browsers = [reauthenticated(bob) for _ in range(3)]
    key = browsers[1].session.session_key
    session = UserSession.objects.get(session_key=key)
    assert browsers[0].post("/settings/sessions/", {"end": session.pk}).status_code == 303
    assert browsers[1].get("/settings/").status_code == 302
    assert browsers[2].get("/settings/").status_code == 200
    stray = Client()
    stray.force_login(bob)
    browsers[0].post("/settings/sessions/", {"end": "others"})
    assert [browser.get("/settings/").status_code for browser in browsers] == [200, 302, 302]
    assert stray.get("/settings/").status_code == 302
    assert UserSession.objects.filter(user=bob).count() == 1


def test_a_person_with_one_browser_is_told_so(bob: User, as_: Any) -> None:
    for sign_in in (as_, reauthenticated):
        page = sign_in(bob).get("/settings/sessions/").content.decode()
        assert "Only this browser." in page
        assert "End all others" not in page
    browser = reauthenticated(bob)
    page = browser.get("/settings/sessions/").content.decode()
    assert "Only this browser." not in page
    assert "End all others" in page


def test_a_new_picture_takes_the_old_file_away(
    bob: User, as_: Any, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    from tests.accounts.bad import World  # noqa: PLC0415

    def sent(call: Any, *args: Any, **kwargs: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return call(*args, **kwargs)

    world = World(None, sent, bob)
    upload(world, picture())
    bob.profile.refresh_from_db()
    first = bob.profile.avatar.name
    upload(world, picture("JPEG"))
    bob.profile.refresh_from_db()
    files = [path.name for path in (settings.MEDIA_ROOT / "avatars").iterdir()]
    assert files == [bob.profile.avatar.name.rpartition("/")[2]]
    assert bob.profile.avatar.name != first
    world.post("/settings/profile/avatar/", {"wanted": "0"})
    world.post("/settings/profile/avatar/", {"wanted": "0"})
    bob.profile.refresh_from_db()
    assert not bob.profile.avatar
    assert not list((settings.MEDIA_ROOT / "avatars").iterdir())


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_answers_htmx(bob: User, as_: Any, section: str) -> None:
    assert as_(bob).get(f"/settings/{section}/", headers=HTMX).status_code == 200
