"""Words that reviewers use again: their own to change, those of others to use."""

import pytest
from django.contrib.auth.models import Permission

from assessments.models import Snippet
from assessments.reviewing import snippets
from tests.conftest import make_person

LIST = "/studio/snippets/"
NEW = "/studio/snippets/new/"
GIVEN = {"title": "Early return", "text": "Leave early where a condition fails."}


def make_reviewer(user):
    right = Permission.objects.get(codename="give_review")
    user.user_permissions.add(right)
    return user


@pytest.fixture
def kim(db):
    return make_reviewer(make_person("kim@example.org", "Kim"))


@pytest.fixture
def other(grace):
    return make_reviewer(grace)


def make_snippet(owner, title="Names", **fields):
    return Snippet.objects.create(owner=owner, title=title, **{"text": "Say what it is.", **fields})


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("address", [LIST, NEW])
def test_guests_sign_in_and_learners_find_nothing(client, ada, as_, address):
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=/studio/")
    assert as_(ada).get(address).status_code == 404
    assert as_(ada).post(address, GIVEN).status_code in (404, 405)
    assert not Snippet.objects.exists()


def test_a_snippet_is_kept_changed_and_deleted(kim, as_):
    browser = as_(kim)
    assert "No snippets yet" in text(browser.get(LIST))
    answer = browser.post(NEW, GIVEN)
    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    kept = Snippet.objects.get()
    assert (kept.title, kept.text, kept.owner, kept.is_shared) == (*GIVEN.values(), kim, False)
    page = f"{LIST}{kept.pk}/"
    assert "Leave early" in text(browser.get(page))
    assert browser.post(page, {**GIVEN, "title": "Flat", "shared": "on"}).status_code == 303
    kept.refresh_from_db()
    assert (kept.title, kept.is_shared) == ("Flat", True)
    sure = text(browser.get(f"{page}delete/"))
    assert "Other reviewers cannot use it any more." in sure
    assert Snippet.objects.exists()
    assert browser.post(f"{page}delete/").status_code == 303
    assert not Snippet.objects.exists()
    assert browser.post(f"{page}delete/").status_code == 404


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"title": ""}, "Enter a title."),
        ({"text": "  "}, "Enter the text."),
        ({"title": "x" * 81}, "longer than 80 characters"),
        ({"text": "x" * 4001}, "longer than 4000 characters"),
        ({"text": "a\0b"}, "This text holds characters that cannot be kept."),
        ({"title": "a\u202eb"}, "cannot be shown"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_typed(kim, as_, given, told):
    answer = as_(kim).post(NEW, GIVEN | given)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Snippet.objects.exists()


def test_what_others_share_is_to_use_and_not_to_change(kim, other, as_):
    hidden, shared = make_snippet(other, "Hidden"), make_snippet(other, "Shared", is_shared=True)
    html = text(as_(kim).get(LIST))
    assert "by <bdi>Grace</bdi>" in html
    assert "Hidden" not in html
    assert f"{LIST}{shared.pk}/" not in html
    for one in (hidden, shared):
        assert as_(kim).get(f"{LIST}{one.pk}/").status_code == 404
        assert as_(kim).post(f"{LIST}{one.pk}/", GIVEN).status_code == 404
        assert as_(kim).post(f"{LIST}{one.pk}/delete/").status_code == 404
    assert Snippet.objects.count() == 2
    assert set(snippets.snippets_for(kim)) == {shared}


def test_markup_in_a_snippet_is_words(kim, as_):
    make_snippet(kim, "<b>bold</b>", text="<script>1</script>")
    html = text(as_(kim).get(LIST))
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "&lt;script&gt;1&lt;/script&gt;" in html


def test_a_full_list_takes_no_more(kim, as_, monkeypatch):
    monkeypatch.setattr(snippets, "MOST", 1)
    make_snippet(kim)
    answer = as_(kim).post(NEW, GIVEN)
    assert answer.status_code == 409
    assert "Delete one" in text(answer)
    assert "Leave early" in text(answer)
    assert Snippet.objects.count() == 1


def test_a_long_list_asks_as_often_as_a_short_one(kim, other, as_, django_assert_num_queries):
    browser = as_(kim)
    browser.get(LIST)
    for number in range(3):
        make_snippet(kim, f"Own {number}")
        make_snippet(other, f"Shared {number}", is_shared=True)
        with django_assert_num_queries(8):
            browser.get(LIST)
