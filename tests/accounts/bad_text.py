"""Builders of the rows HD and UN."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.accounts.bad import World, row
from tests.accounts.bad_profile import AVATAR, PROFILE, profile, unchanged
from tests.accounts.conftest import PASSWORD, form

SIGN_IN = {"login": "bob@example.org", "password": PASSWORD}


@row("HD02")
def hd02(w: World) -> Any:
    cookies = ("../../x", "x" * 10000, "\\000")
    return [
        Client().get("/accounts/login/", headers={"cookie": f"django_language={value}"})
        for value in cookies
    ]


@row("HD04")
def hd04(w: World) -> Any:
    headers = {
        "x-forwarded-for": "203.0.113.7",
        "x-real-ip": "203.0.113.8",
        "forwarded": "for=203.0.113.9",
        "x_forwarded_for": "203.0.113.10",
    }
    w.client.post("/accounts/login/", SIGN_IN, headers=headers)
    assert UserSession.objects.get().ip == "127.0.0.1"
    return w.client.get("/settings/sessions/", headers=headers)


@row("HD06")
def hd06(w: World) -> Any:
    w.client.force_login(w.bob)
    headers = {"x-http-method-override": "DELETE"}
    return [
        w.client.get(AVATAR, headers=headers),
        w.client.get(f"{AVATAR}?_method=POST"),
        w.client.delete(PROFILE),
    ]


@row("HD08")
def hd08(w: World) -> Any:
    w.client.force_login(w.bob)
    many = {f"field{number}": "x" for number in range(1001)}
    files = {f"f{number}": SimpleUploadedFile("x", b"x") for number in range(101)}
    answers = [
        w.post(PROFILE, many),
        w.post(PROFILE, files),
        w.client.generic("POST", PROFILE, b"--x\r\n", content_type="multipart/form-data"),
    ]
    w.bob.refresh_from_db()
    assert w.bob.name == "Bob"
    return answers


@row("HD10")
def hd10(w: World) -> Any:
    w.client.force_login(w.bob)
    return [w.client.generic(method, PROFILE) for method in ("TRACE", "CONNECT", "FOO")]


@row("UN01")
def un01(w: World) -> Any:
    return [w.client.get("/people/?q=%00"), w.client.get("/accounts/login/?next=%00")]


@row("UN04")
def un04(w: World) -> Any:
    w.client.force_login(w.bob)
    answers = [w.post(PROFILE, profile(name=name)) for name in ("Zo\u00eb", "Zoe\u0308")]
    w.bob.refresh_from_db()
    assert w.bob.name == "Zo\u00eb"
    User.objects.filter(pk=w.bob.pk).update(name="Bob")
    return answers


@row("UN05")
def un05(w: World) -> Any:
    bad = ({"name": "Bob\u202egnp.exe"}, {"location": "Graz\u2066"}, {"company": "A\x07"})
    return unchanged(w, *(profile(**changes) for changes in bad))


@row("UN06")
def un06(w: World) -> Any:
    """The one letter is refused in a local part; in a domain it makes a different domain."""
    answer = w.post("/accounts/signup/", form(email="\u0131nfo@example.org"))
    assert not w.newcomers()
    for domain in ("info.example.org", "\u0131nfo.example.org"):
        Client().post("/accounts/signup/", form(email=f"eve@{domain}"))
    assert {user.email.rpartition("@")[2] for user in w.newcomers()} == {
        "info.example.org",
        "xn--nfo-iua.example.org",
    }
    return answer


@row("UN07")
def un07(w: World) -> Any:
    w.client.force_login(w.bob)
    answers = []
    for name in (
        "\U0001f469\u200d\U0001f680 Eve",
        "\u05d0\u05d1\u05d2",
        "\u0645\u06cc\u200c\u062e",
    ):
        answers.append(w.post(PROFILE, profile(name=name)))
        w.bob.refresh_from_db()
        assert w.bob.name == name
    User.objects.filter(pk=w.bob.pk).update(name="Bob")
    return answers


@row("UN08")
def un08(w: World) -> Any:
    bad = ({"name": "Bob\nBcc: x@evil.example"}, {"location": "Graz\u2028x"}, {"phone": "1\r\n2"})
    answers = unchanged(w, *(profile(**changes) for changes in bad))
    assert Session.objects.count() == 1
    return answers
