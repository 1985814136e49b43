"""The public page of a person."""

from typing import Any

import pytest
from django.test import Client

from accounts.actions import deactivate
from accounts.models import User


@pytest.fixture
def public(bob: User) -> User:
    bob.profile.handle, bob.profile.is_public = "bob-b", True
    bob.profile.bio, bob.profile.phone, bob.profile.address = "First\nSecond", "+43 1", "1 Way"
    bob.profile.socials = {"github": "https://github.com/bob", "gone": "https://x.example/"}
    bob.profile.save()
    return bob


def test_a_page_shows_what_its_owner_gave_and_no_more(
    public: User, client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        page = client.get(public.profile.get_absolute_url()).content.decode()
    assert "First<br>Second" in page
    assert "https://github.com/bob" in page
    for hidden in (public.email, "+43 1", "1 Way", "x.example", str(public.pk)):
        assert hidden not in page


def test_off_unknown_and_closed_pages_answer_the_same(public: User, client: Client) -> None:
    def answer() -> tuple[int, bytes]:
        page = client.get("/people/bob-b/")
        return page.status_code, b"\n".join(
            line
            for line in page.content.splitlines()
            # Each answer has a token, and a name, of its own.
            if b"csrf" not in line.lower() and b'class="reference"' not in line
        )

    User.objects.filter(pk=public.pk).update(is_active=False)
    closed = answer()
    User.objects.filter(pk=public.pk).update(is_active=True)
    public.profile.is_public = False
    public.profile.save()
    off = answer()
    public.profile.handle = None
    public.profile.save()
    assert off == closed == answer()
    assert off[0] == 404


def test_only_the_owner_is_offered_to_edit(public: User, client: Client, as_: Any) -> None:
    assert b"Edit" in as_(public).get("/people/bob-b/").content
    assert b">Edit<" not in client.get("/people/bob-b/").content
    assert client.post("/people/bob-b/").status_code == 405


def test_deactivating_twice_is_deactivating_once(public: User) -> None:
    assert deactivate(public)
    assert not deactivate(public)
