"""Builders of the rows LG."""

import re
import threading
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from accounts.tokens import create_token, user_of_token
from tests.accounts.bad import World, row
from tests.accounts.conftest import PASSWORD, code_in_mail

LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
NEW = "another walk, on the hills"


def guess_six_times(w: World, email: str = "{}", **headers: str) -> Any:
    for number in range(6):
        spelled = "bob@example.org".upper()[:number] + "bob@example.org"[number:]
        changed = {name: value.format(number) for name, value in headers.items()}
        address = email if email != "{}" else spelled
        answer = w.post(LOGIN, {"login": address, "password": "wrong words"}, headers=changed)
    assert b"Too many" in w.sign_in().content
    assert not w.is_signed_in
    return answer


@row("LG01")
def lg01(w: World) -> Any:
    return guess_six_times(w, "bob@example.org")


@row("LG02")
def lg02(w: World) -> Any:
    return guess_six_times(w)


@row("LG03")
def lg03(w: World) -> Any:
    return guess_six_times(w, "bob@example.org", **{"x-forwarded-for": "203.0.113.{}"})


@row("LG04")
def lg04(w: World) -> Any:
    answers = [w.sign_in("bob@example.org", "wrong"), w.sign_in("nobody@example.org", "wrong")]
    shown = [
        re.sub(
            r"(nobody|bob)@example.org|csrf.*|nonce=\S+", "", answer.content.decode(), flags=re.I
        )
        for answer in answers
    ]
    assert shown[0] == shown[1]
    assert not w.is_signed_in
    return answers


@row("LG05")
def lg05(w: World) -> Any:
    for number in range(31):
        answer = w.sign_in(f"x{number}@example.org", "wrong")
    assert not w.is_signed_in
    return answer


@row("LG06")
def lg06(w: World) -> Any:
    User.objects.filter(pk=w.bob.pk).update(is_active=False)
    answer = w.sign_in()
    assert answer["Location"] == "/accounts/inactive/"
    assert not w.is_signed_in
    return answer


@row("LG07")
def lg07(w: World) -> Any:
    w.bob.emailaddress_set.update(verified=False)
    answer = w.sign_in()
    assert answer["Location"] == "/accounts/confirm-email/"
    assert not w.is_signed_in
    w.post(answer["Location"], {"code": code_in_mail()})
    assert w.is_signed_in
    return answer


@row("LG08")
def lg08(w: World) -> Any:
    urls = ("//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example")
    answers = []
    for url in (*urls, "https:evil.example"):
        w.client = Client()
        answers.append(w.sign_in(next=url))
        assert answers[-1]["Location"] == "/classroom/"
    return answers


@row("LG09")
def lg09(w: World) -> Any:
    session = w.client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    w.client.cookies["sessionid"] = planted
    answer = w.sign_in()
    assert w.client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    return answer


@row("LG10")
def lg10(w: World) -> Any:
    cookies = ("a" * 6000, "%00" * 8, '"\\000aaaaaaaaaaaa"', "kqrfg7k0p4m6zldq4c4h6v1k9yz3c2xx")
    answers = [Client().get(LOGIN, headers={"cookie": f"sessionid={cookie}"}) for cookie in cookies]
    assert not Session.objects.exists()
    return answers


@row("LG11")
def lg11(w: World) -> Any:
    answers = [w.sign_in("bob@example.org", ""), w.sign_in("", PASSWORD)]
    assert not w.is_signed_in
    return answers


@row("LG12")
def lg12(w: World) -> Any:
    w.sign_in()
    answer = w.client.get("/accounts/logout/")
    assert w.is_signed_in
    return answer


@row("LG13")
def lg13(w: World) -> Any:
    w.sign_in()
    stolen = w.client.cookies["sessionid"].value
    answer = w.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"storage"'
    thief = Client(headers={"cookie": f"sessionid={stolen}"})
    assert thief.get("/settings/profile/").status_code == 302
    return answer


@row("LG14")
def lg14(w: World) -> Any:
    answer = w.post("/admin/login/", {"username": w.bob.email, "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/login/")
    assert not w.is_signed_in
    return answer


def second_factor(user: User) -> tuple[str, list[str]]:
    """Give the person an app and recovery codes; return the app's secret and the codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).generate_codes()


def shown_by_app(secret: str, windows_ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + windows_ahead))


def shown_long_enough(secret: str) -> str:
    """The code of a window that does not end before the code is typed and sent."""
    left = 30 - time.time() % 30
    if left < 10:
        time.sleep(left)
    return shown_by_app(secret)


def half_way(w: World) -> Client:
    browser = w.client = Client()
    assert w.sign_in()["Location"] == CODE
    return browser


@row("LG15")
def lg15(w: World) -> Any:
    second_factor(w.bob)
    half_way(w)
    assert not w.is_signed_in
    return w.client.get("/admin/")


@row("LG16")
def lg16(w: World) -> Any:
    secret, _ = second_factor(w.bob)
    travel = w.fixture("time_machine")
    travel.move_to(now(), tick=False)
    code = shown_by_app(secret)
    half_way(w)
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    strange = [w.post(CODE, {"code": f"{code[:3]} {code[3:]}"}), w.post(CODE, {"code": f" {code}"})]
    strange.append(w.post(CODE, {"code": wide}))
    assert not w.is_signed_in
    assert w.post(CODE, {"code": code}).status_code == 302
    assert w.is_signed_in
    w.fixture("settings").CACHES["default"]["KEY_PREFIX"] = "emptied"
    half_way(w)
    again = w.post(CODE, {"code": code})
    assert not w.is_signed_in
    return [*strange, again]


@row("LG17")
def lg17(w: World) -> Any:
    secret, _ = second_factor(w.bob)
    w.fixture("time_machine").move_to(now(), tick=False)
    half_way(w)
    answers = [w.post(CODE, {"code": shown_by_app(secret, ahead)}) for ahead in (-1, 1)]
    assert not w.is_signed_in
    return answers


@row("LG18")
def lg18(w: World) -> Any:
    _, codes = second_factor(w.bob)
    browsers = [half_way(w) for _ in range(2)]
    answers: list[Any] = []

    def post(browser: Client) -> None:
        try:
            answers.append(browser.post(CODE, {"code": codes[0]}))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    mask = Authenticator.objects.get(type="recovery_codes").data["used_mask"]
    assert mask == 1
    return [answer for answer in answers if answer.status_code == 200]


@row("LG19")
def lg19(w: World) -> Any:
    elsewhere, untracked = Client(), Client()
    elsewhere.post(LOGIN, {"login": w.bob.email, "password": PASSWORD})
    untracked.force_login(w.bob)
    _, text = create_token(w.bob, "Editor")
    here = w.signed_in_as_bob()
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    answer = w.post("/accounts/password/change/", data)
    assert here.get("/settings/profile/").status_code == 200
    for browser in (elsewhere, untracked):
        assert browser.get("/settings/profile/").status_code == 302
    assert user_of_token(text) is None
    return answer
