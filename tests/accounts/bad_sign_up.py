"""Builders of the rows SU."""

import threading
from typing import Any

from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.accounts.bad import World, row
from tests.accounts.conftest import PASSWORD, form

URL, CONFIRM = "/accounts/signup/", "/accounts/confirm-email/"


def refused(w: World, *forms: dict[str, Any]) -> list[Any]:
    """Each form is answered by itself, nobody is stored, no mail leaves."""
    answers = [w.post(URL, data) for data in forms]
    assert w.nothing_happened()
    return answers


@row("SU01")
def su01(w: World) -> Any:
    return refused(w, form(email="eve@example.org\u202e"), form(email="eve@exam\u202eple.org"))


@row("SU02")
def su02(w: World) -> Any:
    return refused(w, form(email="a" * 250 + "@example.org"), form(email="a" * 900 + "@x.org"))


@row("SU03")
def su03(w: World) -> Any:
    return refused(w, form(email="a" * 65 + "@example.org"))


@row("SU04")
def su04(w: World) -> Any:
    return refused(w, form(email="a@[127.0.0.1]"), form(email="a@[IPv6:::1]"))


@row("SU05")
def su05(w: World) -> Any:
    return refused(w, form(email="b\u0131b@example.org"), form(email="\u212aim@example.org"))


@row("SU06")
def su06(w: World) -> Any:
    User.objects.create_user("u1@example.org", PASSWORD, name="U")
    answer = w.post(URL, form(email="U1@ex\u0430mple.org"))
    assert User.objects.filter(email="u1@xn--exmple-4nf.org").exists()
    assert [message.to for message in mail.outbox] == [["u1@xn--exmple-4nf.org"]]
    return answer


@row("SU07")
def su07(w: World) -> Any:
    hosts = ("localhost", "exa_mple.org", "x..org", "example.org.", "127.0.0.1", "-x.org")
    return refused(w, *(form(email=f"a@{host}") for host in hosts))


def twin_of_a_newcomer(w: World, email: str) -> Any:
    """The page is the one a newcomer sees, letter for letter but for the address."""
    newcomer = Client()
    page = w.sent(newcomer.post, URL, form(email="new@example.org"), follow=True).content.decode()
    mail.outbox.clear()
    answer = w.post(URL, form(email=email))
    same = w.client.get(answer["Location"]).content.decode()
    assert plain(page, "new@example.org") == plain(same, "bob@example.org")
    assert [message.to for message in mail.outbox] == [["bob@example.org"]]
    assert not w.is_signed_in
    assert User.objects.filter(email__iexact="bob@example.org").count() == 1
    return answer


def plain(page: str, email: str) -> str:
    """The page without what differs on every load."""
    lines = page.replace(email, "EMAIL").splitlines()
    return "\n".join(line for line in lines if "csrf" not in line.lower() and "nonce" not in line)


@row("SU08")
def su08(w: World) -> Any:
    return twin_of_a_newcomer(w, "bob@example.org")


@row("SU09")
def su09(w: World) -> Any:
    return twin_of_a_newcomer(w, "BOB@Example.ORG")


@row("SU10")
def su10(w: World) -> Any:
    """Counted, not measured: hashing is where the time goes, and a clock is no test."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    w.fixture("monkeypatch").setattr(MD5PasswordHasher, "encode", counted)
    answers = [w.post(URL, form(email="new@example.org"))]
    assert len(hashed) == 1
    w.client = Client()
    answers.append(w.post(URL, form(email="bob@example.org")))
    assert len(hashed) == 2
    return answers


@row("SU11")
def su11(w: World) -> Any:
    return refused(w, form(password1="fq7-wzp"))


@row("SU12")
def su12(w: World) -> Any:
    return refused(w, form(email="evelyn.roberts@example.org", password1="evelyn.roberts"))


@row("SU13")
def su13(w: World) -> Any:
    return refused(w, form(password1="password1"), form(password1="qwertyuiop"))


def works_only_as_typed(w: World, password: str, *others: str) -> Any:
    email = f"eve{len(w.newcomers())}@example.org"
    answer = w.post(URL, form(email=email, password1=password))
    user = User.objects.get(email=email)
    assert user.check_password(password)
    assert not any(user.check_password(other) for other in others)
    return answer


@row("SU14")
def su14(w: World) -> Any:
    w.fixture("settings").PASSWORD_HASHERS = ["accounts.hashers.Argon2"]
    long = "quite long words of ours " * 6
    answers = []
    for length in (64, 128):
        w.client = Client()
        answers.append(works_only_as_typed(w, long[:length], long[: length - 1]))
    kept = {user.password.rpartition("$")[0][:36] for user in w.newcomers()}
    assert kept == {"argon2$argon2id$v=19$m=47104,t=1,p=1"}
    return answers


@row("SU15")
def su15(w: World) -> Any:
    return refused(w, form(password1="fq7-wzp-" * 16 + "x"), form(password1="fq7-wzp " * 12500))


@row("SU16")
def su16(w: World) -> Any:
    return works_only_as_typed(w, " pa ss word \U0001f600 ", "pa ss word \U0001f600")


@row("SU17")
def su17(w: World) -> Any:
    return refused(w, form(name="Evelyn Roberts", password1="evelynroberts"))


@row("SU18")
def su18(w: World) -> Any:
    bad = ({"email": "e\x00ve@example.org"}, {"password1": PASSWORD + "\x00"}, {"name": "E\x00"})
    return refused(w, *(form(**changes) for changes in bad))


@row("SU19")
def su19(w: World) -> Any:
    more = {"role": "ADMIN", "is_superuser": "1", "is_staff": "1", "verified": "1"}
    answer = w.post(URL, form(id=str(w.bob.pk), is_active="0", **more))
    user = w.newcomers()[0]
    assert (user.role, user.is_superuser, user.is_active) == ("USER", False, True)
    assert not user.emailaddress_set.get().verified
    return answer


@row("SU20")
def su20(w: World) -> Any:
    w.client = Client(enforce_csrf_checks=True)
    answer = w.post(URL, form())
    assert b"Traceback" not in answer.content
    assert w.nothing_happened()
    return answer


def flood(w: World, **headers: str) -> Any:
    for number in range(21):
        w.client = Client()
        changed = {name: value.format(number) for name, value in headers.items()}
        answer = w.post(URL, form(email=f"eve{number}@example.org"), headers=changed)
    assert len(w.newcomers()) <= 20
    assert answer["Retry-After"] == "60"
    return answer


@row("SU21")
def su21(w: World) -> Any:
    return flood(w)


@row("SU22")
def su22(w: World) -> Any:
    return flood(w, **{"x-forwarded-for": "203.0.113.{}"})


@row("SU23")
def su23(w: World) -> Any:
    """Both have seen that the address is free before either stores it."""
    both_looked = threading.Barrier(2, timeout=10)
    clean = User.set_password

    def wait_here(self: User, password: str | None) -> None:
        clean(self, password)
        if not both_looked.broken and self.email == "eve@example.org":
            both_looked.wait()

    w.fixture("monkeypatch").setattr(User, "set_password", wait_here)
    answers: list[Any] = []

    def post() -> None:
        try:
            answers.append(Client().post(URL, form()))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(email="eve@example.org").count() == 1
    assert len(answers) == 2
    return answers


@row("SU24")
def su24(w: World) -> Any:
    name = "<script>alert(1)</script>"
    answer = w.post(URL, form(name=name))
    user = w.newcomers()[0]
    assert user.name == name
    w.client.force_login(user)
    assert name not in w.client.get("/settings/profile/").content.decode()
    return answer


@row("SU25")
def su25(w: World) -> Any:
    names = ("", "   ", "x" * 81, "\u200b", "Eve\u202egnp", "Eve\x07")
    answers = [w.post(URL, form(name=name)) for name in names]
    assert w.nothing_happened()
    assert all(answer.context["form"].errors["name"] for answer in answers)
    return answers


@row("SU26")
def su26(w: World) -> Any:
    names = ("Bob\r\nBcc: x@evil.example", "Bob\u2028Eve", "Bob\nEve", "Bob\x85Eve")
    return refused(w, *(form(name=name) for name in names))


@row("SU27")
def su27(w: World) -> Any:
    return refused(w, form(website="https://buy.example/"))


@row("SU28")
def su28(w: World) -> Any:
    answer = w.post(URL, form(next="https://evil.example/"))
    assert answer["Location"] == CONFIRM
    assert len(w.newcomers()) == 1
    return answer


@row("SU29")
def su29(w: World) -> Any:
    answer = w.post(URL, form(timezone="../../etc/passwd"))
    assert w.newcomers()[0].timezone == "UTC"
    return answer
