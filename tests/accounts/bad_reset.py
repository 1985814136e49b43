"""Builders of the rows PR."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from accounts.tokens import create_token, user_of_token
from tests.accounts.bad import World, row
from tests.accounts.bad_sign_in import CODE, NEW, second_factor
from tests.accounts.conftest import PASSWORD

RESET = "/accounts/password/reset/"


@row("PR01")
def pr01(w: World) -> Any:
    answers = [w.post(RESET, {"email": email}) for email in (w.bob.email, "x@example.org")]
    pages = [w.client.get(answer["Location"]).content for answer in answers]
    assert len({page.count(b"<") for page in pages}) == 1
    assert [message.to[0] for message in mail.outbox] == [w.bob.email, "x@example.org"]
    return answers


@row("PR02")
def pr02(w: World) -> Any:
    for number in range(6):
        spelled = w.bob.email.upper()[:number] + w.bob.email[number:]
        answer = w.post(RESET, {"email": spelled})
    assert len(mail.outbox) == 5
    return answer


@row("PR03")
def pr03(w: World) -> Any:
    for number in range(21):
        answer = w.post(RESET, {"email": f"x{number}@example.org"})
    assert len(mail.outbox) == 20
    return answer


@row("PR04")
def pr04(w: World) -> Any:
    answer = w.post(RESET, {"email": "bob@example.org\r\nBcc: x@evil.example"})
    assert not mail.outbox
    return answer


@row("PR05")
def pr05(w: World) -> Any:
    answer = w.post(RESET, {"email": w.bob.email}, headers={"host": "evil.example"})
    assert not mail.outbox
    return answer


def link(w: World, **kwargs: Any) -> str:
    """Ask for a link and take it out of the mail."""
    mail.outbox.clear()
    w.post(RESET, {"email": w.bob.email}, **kwargs)
    match = re.search(r"https?://\S+", mail.outbox[-1].body)
    assert match, mail.outbox[-1].body
    return match[0]


def follow(w: World, url: str) -> Any:
    return w.client.get("/" + url.split("/", 3)[3], follow=True)


def set_new(w: World, url: str, password: str = NEW) -> Any:
    page = follow(w, url)
    where = page.redirect_chain[-1][0] if page.redirect_chain else page.request["PATH_INFO"]
    return w.post(where, {"password1": password, "password2": password})


@row("PR06")
def pr06(w: World) -> Any:
    w.fixture("settings").SITE_URL = "https://learn.example.org"
    headers = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "http"}
    assert link(w, headers=headers).startswith("https://learn.example.org/accounts/password/reset/")
    return w.post(RESET, {"email": w.bob.email}, headers=headers)


def password_is(w: World, password: str) -> bool:
    w.bob.refresh_from_db()
    return w.bob.check_password(password)


@row("PR07")
def pr07(w: World) -> Any:
    url = link(w)
    assert set_new(w, url).status_code == 302
    answer = set_new(w, url, "yet another walk, at night")
    assert password_is(w, NEW)
    return answer


@row("PR08")
def pr08(w: World) -> Any:
    answers = []
    url = link(w)
    w.fixture("time_machine").move_to(now() + timedelta(minutes=61))
    answers.append(follow(w, url))
    url = link(w)
    User.objects.filter(pk=w.bob.pk).update(email="robert@example.org")
    w.bob.emailaddress_set.update(email="robert@example.org")
    answers.append(follow(w, url))
    User.objects.filter(pk=w.bob.pk).update(email="bob@example.org")
    w.bob.emailaddress_set.update(email="bob@example.org")
    url = link(w)
    w.bob.set_password("changed in between")
    w.bob.save()
    answers.append(follow(w, url))
    assert all(answer.context["token_fail"] for answer in answers)
    assert password_is(w, "changed in between")
    return answers


@row("PR09")
def pr09(w: World) -> Any:
    other = User.objects.create_user("eve@example.org", PASSWORD, name="Eve")
    url = link(w)
    swapped = url.replace(w.bob.pk.hex, other.pk.hex)
    broken = (swapped, url[:-5] + "zzzz/", url.replace(w.bob.pk.hex, "zz"))
    answers = [follow(w, one) for one in broken]
    assert password_is(w, PASSWORD)
    other.refresh_from_db()
    assert other.check_password(PASSWORD)
    return answers


@row("PR10")
def pr10(w: World) -> Any:
    second_factor(w.bob)
    elsewhere = Client()
    elsewhere.force_login(w.bob)
    _, text = create_token(w.bob, "Editor")
    answer = set_new(w, link(w))
    assert password_is(w, NEW)
    assert Authenticator.objects.filter(user=w.bob).count() == 2
    assert elsewhere.get("/settings/profile/").status_code == 302
    assert user_of_token(text) is None
    assert not w.is_signed_in
    assert w.sign_in(password=NEW)["Location"] == CODE
    return answer


@row("PR11")
def pr11(w: World) -> Any:
    url = link(w)
    with patch("django.conf.settings.ACCOUNT_RATE_LIMITS", {}, create=True):
        answers = [set_new(w, url, bad) for bad in ("short-7", "fq7-wzp-" * 17, "password1")]
    assert password_is(w, PASSWORD)
    return answers
