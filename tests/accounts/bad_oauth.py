"""Builders of the rows OA, against the provider's double."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.bad import World, row
from tests.accounts.conftest import begin, code_in_mail, come_back

START, CALLBACK = "/accounts/google/login/", "/accounts/google/login/callback/"
SIGN_UP = "/accounts/3rdparty/signup/"


def nothing_made(w: World) -> bool:
    return w.nothing_happened() and not SocialAccount.objects.exists()


@row("OA01")
def oa01(w: World) -> Any:
    assert w.provider
    answers = [w.client.get(CALLBACK, query) for query in ({}, {"code": "1"}, {"state": "a\u202e"})]
    assert nothing_made(w)
    return answers


@row("OA02")
def oa02(w: World) -> Any:
    back = begin(Client(), w.provider)
    answer = w.client.get(back)
    assert nothing_made(w)
    return answer


@row("OA03")
def oa03(w: World) -> Any:
    stolen = begin(Client(), w.provider).partition("code=")[2].partition("&")[0]
    own = begin(w.client, w.provider)
    state = own.partition("state=")[2]
    answer = w.client.get(CALLBACK, {"code": stolen, "state": state})
    assert nothing_made(w)
    return answer


@row("OA04")
def oa04(w: World) -> Any:
    back = begin(w.client, w.provider)
    assert w.client.get(back).status_code == 302
    answer = w.client.get(back)
    assert SocialAccount.objects.count() == 1
    return answer


@row("OA05")
def oa05(w: World) -> Any:
    state = begin(w.client, w.provider).partition("state=")[2]
    answer = w.client.get(CALLBACK, {"error": "access_denied", "state": state})
    assert answer["Location"].startswith("/")
    assert nothing_made(w)
    return answer


@row("OA06")
def oa06(w: World) -> Any:
    w.provider.be("uid-6", w.bob.email.upper(), "Robert")
    answer = come_back(w.client, w.provider)
    assert nothing_made(w)
    return answer


@row("OA07")
def oa07(w: World) -> Any:
    w.provider.be("uid-7", w.bob.email, "Robert", verified=False)
    assert come_back(w.client, w.provider)["Location"] == SIGN_UP
    answer = w.post(SIGN_UP, {"email": w.bob.email, "name": "Robert"})
    assert [message.to for message in mail.outbox] == [[w.bob.email]]
    assert not SocialAccount.objects.exists()
    assert not w.is_signed_in
    return answer


@row("OA08")
def oa08(w: World) -> Any:
    w.provider.be("uid-8", None, "Eve")
    answer = come_back(w.client, w.provider)
    assert answer["Location"] == SIGN_UP
    assert nothing_made(w)
    assert w.post(SIGN_UP, {"email": "eve@[::1]", "name": "Eve"}).status_code == 200
    assert nothing_made(w)
    asked = Client()
    w.client, before = asked, w.client
    come_back(asked, w.provider)
    w.post(SIGN_UP, {"email": "eve@example.org", "name": "Eve"})
    assert not w.is_signed_in
    w.post("/accounts/confirm-email/", {"code": code_in_mail()})
    assert w.is_signed_in
    w.client = before
    return answer


@row("OA09")
def oa09(w: World) -> Any:
    answers = []
    for uid, name, page in (
        ("a", "<b>Eve</b>", "/classroom/"),
        ("b", "Eve\r\nBcc: x@evil.example", SIGN_UP),
        ("c", "e" * 300, SIGN_UP),
    ):
        w.client = Client()
        w.provider.be(uid, f"{uid}@example.org", name)
        answers.append(come_back(w.client, w.provider))
        assert answers[-1]["Location"] == page
    assert [user.name for user in w.newcomers()] == ["<b>Eve</b>"]
    return answers


@row("OA10")
def oa10(w: World) -> Any:
    assert w.provider
    answers = [w.client.get(START), w.client.get("/accounts/github/login/")]
    assert nothing_made(w)
    return answers


@row("OA11")
def oa11(w: World) -> Any:
    answer = come_back(w.client, w.provider)
    assert not [call for call in w.provider.calls if "picture" in call]
    assert not w.newcomers()[0].profile.avatar
    return answer


@row("OA12")
def oa12(w: World) -> Any:
    answers = []
    for trouble in ("server_error", "html", "huge"):
        w.provider.misbehave = trouble
        answers.append(come_back(w.client, w.provider))
    assert nothing_made(w)
    return answers


@row("OA13")
def oa13(w: World) -> Any:
    assert w.provider
    answers = []
    for url in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        w.client = Client()
        asked = w.client.post(START, {"next": url})
        answers.append(w.client.get(w.provider.allow(asked["Location"])))
        assert answers[-1]["Location"] == "/classroom/"
    return answers


@row("OA14")
def oa14(w: World) -> Any:
    SocialAccount.objects.create(user=w.bob, provider="google", uid="uid-1")
    User.objects.filter(pk=w.bob.pk).update(is_active=False)
    answer = come_back(w.client, w.provider)
    assert answer["Location"] == "/accounts/inactive/"
    assert not w.is_signed_in
    return answer


@row("OA15")
def oa15(w: World) -> Any:
    other = User.objects.create_user("eve@example.org", name="Eve")
    SocialAccount.objects.create(user=other, provider="google", uid="uid-1")
    assert w.provider
    browser = w.signed_in_as_bob()
    asked = browser.post(f"{START}?process=connect")
    answer = browser.get(w.provider.allow(asked["Location"]))
    assert SocialAccount.objects.get().user == other
    assert browser.session["_auth_user_id"] == str(w.bob.pk)
    return answer
