"""Everybody chooses a language: for their pages, and for what is written to them."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User


def choose(client, language, page="http://testserver/courses/?level=1"):
    return client.post("/language/", {"language": language}, headers={"referer": page})


def spoken(answer):
    return answer.content.decode().partition('<html lang="')[2].partition('"')[0]


def test_a_visitors_choice_is_kept_in_a_cookie_and_nowhere_else(client, db):
    answer = choose(client, "de")
    assert answer.status_code == 303
    assert answer["Location"] == "/courses/?level=1"
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("de", True, "Lax")
    assert spoken(client.get("/help/")) == "de"
    assert spoken(Client().get("/help/")) == "en-gb"


def test_a_browser_says_what_nobody_chose(db):
    for asked, answered in (
        ("ar-EG,en;q=0.5", "ar"),
        ("de-AT", "de"),
        ("en-US", "en-gb"),
        ("xx", "en-gb"),
    ):
        assert spoken(Client().get("/help/", headers={"accept-language": asked})) == answered


def test_arabic_runs_from_right_to_left(client, db):
    choose(client, "ar")
    assert b'<html lang="ar" dir="rtl"' in client.get("/help/").content


def test_a_person_takes_the_choice_along(client, ada):
    client.force_login(ada)
    choose(client, "de")
    ada.refresh_from_db()
    assert ada.language == "de"
    elsewhere = Client(headers={"accept-language": "ar"})
    elsewhere.force_login(ada)
    assert spoken(elsewhere.get("/help/")) == "de"


def test_a_language_costs_no_query(client, ada, django_assert_num_queries):
    client.force_login(ada)
    client.get("/help/")
    with django_assert_num_queries(3):
        client.get("/help/")
    choose(client, "de")
    with django_assert_num_queries(3):
        client.get("/help/")


@pytest.mark.parametrize("language", ["", "fr", "de'", "DE", "\u0645", "x" * 5000])
def test_what_is_not_spoken_is_refused_in_words_and_changes_nothing(client, ada, language):
    client.force_login(ada)
    answer = client.post("/language/", {"language": language}, follow=True)
    assert "This language is not offered here." in answer.content.decode()
    ada.refresh_from_db()
    assert ada.language == ""
    assert "language" not in client.cookies


@pytest.mark.parametrize(
    "page",
    [
        "https://elsewhere.example/help/",
        "http://testserver//elsewhere.example/",
        "http://testserver",
        "http://[::1",
        "javascript:alert(1)",
        "",
        "x",
    ],
)
def test_it_leads_back_to_pages_of_ours_only(client, db, page):
    assert choose(client, "de", page)["Location"] == "/"


BOARD, CHOICE = "http://testserver/leaderboard/", "http://testserver/leaderboard/choice/"


@pytest.mark.parametrize(
    ("page", "before", "place"),
    [
        (CHOICE, f"{BOARD}?week=1", "/leaderboard/?week=1"),
        (CHOICE, CHOICE, "/leaderboard/"),
        (CHOICE, "https://elsewhere.example/help/", "/"),
        (CHOICE, "http://[::1", "/"),
        ("http://testserver/courses/tea/enrollment/", CHOICE, "/courses/tea/"),
        ("http://testserver/language/", CHOICE, "/"),
        ("http://testserver/nowhere/at/all/", BOARD, "/nowhere/at/all/"),
    ],
)
def test_where_only_forms_are_taken_it_leads_to_the_nearest_page(client, db, page, before, place):
    sent = {"language": "de", "before": before}
    assert client.post("/language/", sent, headers={"referer": page})["Location"] == place


def test_a_refused_form_says_where_it_stood_and_other_pages_nothing(client, ada):
    client.force_login(ada)
    sent = {"shown": "NICKNAME", "nickname": ""}
    refused = client.post("/leaderboard/choice/", sent, headers={"referer": BOARD})
    assert refused.status_code == 422
    assert f'name="before" value="{BOARD}"' in refused.text
    assert 'name="before"' not in client.get("/leaderboard/").text


def test_only_a_form_changes_it(client, db):
    assert client.get("/language/?language=de").status_code == 405
    assert (
        Client(enforce_csrf_checks=True).post("/language/", {"language": "de"}).status_code == 403
    )


def test_the_api_says_the_same_to_everybody(client, ada):
    client.force_login(ada)
    before = client.get("/api/v1/courses/nothing-like-it/").content
    choose(client, "ar")
    assert client.get("/api/v1/courses/nothing-like-it/").content == before


def test_a_language_that_is_gone_is_the_schools(db):
    assert User(language="xx").speaks == settings.LANGUAGE_CODE
    assert User(language="ar").speaks == "ar"
