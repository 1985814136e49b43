"""The owner of a new school: made by a link of half an hour, once."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import now, timedelta

from accounts.models import School, User
from accounts.owner import OwnerExists, create_owner, setup_link
from accounts.owner_forms import OwnerForm
from accounts.school import forget
from tests.accounts.conftest import PASSWORD, known

pytestmark = pytest.mark.django_db
OWNER = "/setup/owner/"
FORM = {"email": "ida@example.org", "name": "Ida", "password1": PASSWORD, "timezone": "Asia/Tokyo"}


@pytest.fixture(autouse=True)
def a_new_school() -> None:
    forget()


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def link(settings: Any) -> str:
    settings.SITE_URL = "http://127.0.0.1:8000"
    return path_of(setup_link())


def test_the_link_makes_the_owner_who_is_signed_in_and_led_to_the_checklist(
    client: Client, link: str
) -> None:
    answer = client.get(link)
    assert (answer.status_code, answer["Location"]) == (302, OWNER)
    assert "no-store" in client.get(OWNER)["Cache-Control"]
    answer = client.post(OWNER, FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/setup/")
    user = User.objects.get()
    assert (user.role, user.is_superuser, user.timezone) == ("ADMIN", True, "Asia/Tokyo")
    assert user.emailaddress_set.get().verified
    assert known(client)


def test_the_token_is_on_no_page_and_in_no_address_but_the_links(client: Client, link: str) -> None:
    token = link.partition("t=")[2]
    client.get(link)
    page = client.get(OWNER)
    assert token not in page.text
    assert token not in page.request["PATH_INFO"]


def test_the_owner_can_set_up_a_second_factor_without_typing_the_password_again(
    client: Client, link: str
) -> None:
    client.get(link)
    client.post(OWNER, FORM)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_the_link_works_once(client: Client, link: str) -> None:
    client.get(link)
    client.post(OWNER, FORM)
    later = Client()
    answer = later.get(link)
    assert answer.status_code == 410
    assert "this school has an owner" in answer.text
    assert "setup_link" not in answer.text
    assert later.post(OWNER, FORM | {"email": "eve@example.org"}).status_code == 410
    assert User.objects.count() == 1


def test_a_form_that_was_open_before_somebody_else_used_the_link_makes_nobody(
    client: Client, link: str, root: User
) -> None:
    User.objects.filter(pk=root.pk).update(role="USER", is_superuser=False)
    client.get(link)
    User.objects.filter(pk=root.pk).update(role="ADMIN")
    assert client.post(OWNER, FORM).status_code == 410
    assert not User.objects.filter(email=FORM["email"]).exists()


def test_the_link_is_over_after_half_an_hour(client: Client, link: str, time_machine: Any) -> None:
    client.get(link)
    time_machine.move_to(now() + timedelta(minutes=31))
    for answer in (Client().get(link), client.get(OWNER), client.post(OWNER, FORM)):
        assert answer.status_code == 410
        assert "python manage.py setup_link" in answer.text
    assert not User.objects.exists()


@pytest.mark.parametrize("token", ["", "owner", "owner:1tVbzH:" + "x" * 43, "é", "x" * 3000])
def test_an_invented_token_opens_nothing(client: Client, token: str) -> None:
    assert client.get("/setup/", {"t": token}).status_code == 410
    assert client.get(OWNER).status_code == 410
    assert client.post(OWNER, FORM).status_code == 410
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "no address"}, "Enter a valid email address."),
        ({"email": ""}, "Enter your email."),
        ({"name": ""}, "required"),
        ({"password1": "short"}, "at least 8 characters"),
        ({"password1": "ida@example.org"}, "too similar to the"),
        ({"password1": "x" * 129}, "at most 128 characters"),
        ({"password1": "é\x00" * 9}, "cannot be kept"),
    ],
)
def test_a_bad_form_says_why_and_keeps_what_was_typed(
    client: Client, link: str, wrong: dict[str, str], words: str
) -> None:
    client.get(link)
    answer = client.post(OWNER, FORM | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert User.objects.count() == 0
    assert client.post(OWNER, FORM).status_code == 302


def test_an_address_that_learns_here_is_refused_in_words(
    client: Client, link: str, bob: User
) -> None:
    client.get(link)
    answer = client.post(OWNER, FORM | {"email": "BOB@example.org"})
    assert answer.status_code == 422
    assert "has an account here" in answer.text


def test_an_address_that_signed_up_just_now_is_refused_in_words_and_stays_typed(
    client: Client, link: str, bob: User, monkeypatch: Any
) -> None:
    client.get(link)
    monkeypatch.setattr(OwnerForm, "clean_email", lambda form: form.cleaned_data["email"])
    answer = client.post(OWNER, FORM | {"email": "bob@example.org"})
    assert answer.status_code == 422
    assert "has an account here" in answer.text
    assert 'value="bob@example.org"' in answer.text
    assert 'value="Ida"' in answer.text
    assert not User.objects.filter(name="Ida").exists()


def test_the_rule_of_passwords_stands_beside_the_field(client: Client, link: str) -> None:
    client.get(link)
    rule = "At least 8 characters; not your name, not a common password."
    assert rule in client.get(OWNER).text
    assert OwnerForm().fields["password1"].help_text == rule


def test_guessing_is_slowed_down(client: Client) -> None:
    for _ in range(30):
        assert client.get("/setup/?t=guess").status_code == 410
    answer = client.get("/setup/?t=guess")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_a_second_owner_is_refused_by_the_verb_itself() -> None:
    create_owner("ida@example.org", "Ida", PASSWORD, "UTC")
    with pytest.raises(OwnerExists):
        create_owner("eve@example.org", "Eve", PASSWORD, "UTC")
    assert School.objects.count() == 1


def test_the_command_prints_a_link_that_works(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://school.example"
    out = StringIO()
    call_command("setup_link", stdout=out)
    found = re.search(r"https://school\.example(/setup/\?t=\S+)", out.getvalue())
    assert found
    assert client.get(found[1]).status_code == 302


def test_the_command_refuses_where_there_is_an_owner(root: User) -> None:
    with pytest.raises(CommandError, match="has an owner"):
        call_command("setup_link")


@pytest.mark.parametrize("is_demo", [True, False])
def test_where_it_is_not_needed_the_command_says_nothing(
    root: User, settings: Any, is_demo: bool
) -> None:
    settings.DEMO_SCHOOL = is_demo
    if is_demo:
        User.objects.filter(pk=root.pk).update(role="USER", is_superuser=False)
    out = StringIO()
    call_command("setup_link", "--if-needed", stdout=out)
    assert out.getvalue() == ""
