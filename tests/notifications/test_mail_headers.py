"""What programs read of a mail, byte for byte as it arrives, whatever the school is called."""

import re
import string
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.utils import getaddresses

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.actions import remove_second_factor
from accounts.mail import Bare, letter_of_words
from notifications import digests
from notifications.messages import MESSAGES
from notifications.models import Preference
from notifications.telling import tell
from notifications.unsubscribing import token_of
from tests.notifications.conftest import REVIEW, send

pytestmark = pytest.mark.usefixtures("noon")

LONG = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 40, "example"])
SITES = {
    "plain": ("https://school.example", "Waymark"),
    "long": (
        f"https://{LONG}",
        "A school for everybody, of any age, who learns to code, " * 4 + "end",
    ),
    "foreign": ("https://xn--schle-lva.example", "Schüle, der „Kurse“ <trägt>; & mehr"),
}
NAME = rb"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
MESSAGE_ID = re.compile(rb"^Message-ID: <" + NAME + rb"@([\w.-]+)>\r\n(?![ \t])", re.MULTILINE)
UNSUBSCRIBE = re.compile(rb"^List-Unsubscribe: <(https://[\x21-\x7e]+)>\r\n(?![ \t])", re.MULTILINE)
POST = b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


@pytest.fixture(params=SITES)
def site(request, settings):
    settings.SITE_URL, settings.SITE_NAME = SITES[request.param]
    settings.SITE_HOST = settings.SITE_URL.removeprefix("https://")
    sender = Address(settings.SITE_NAME, "noreply", settings.SITE_HOST)
    settings.DEFAULT_FROM_EMAIL = str(sender)
    settings.IS_SENDER_NAMED = request.param == "plain"
    return settings


def head_of(raw):
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert head.isascii()
    return head + b"\r\n\r\n"


def check(raw, host, name):
    """A name of ours, and nothing that a program reads is encoded."""
    head = head_of(raw)
    (at,) = MESSAGE_ID.findall(head)
    assert at.decode() == host
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in head
    encoded = re.compile(rb"^(?!Subject|From)([\w-]+):(?:.|\r\n[ \t])*?=\?", re.MULTILINE)
    assert not encoded.search(head)
    sender = message_from_bytes(head, policy=policy.compat32)["From"]
    ((shown, address),) = getaddresses([sender])
    assert address == f"noreply@{host}"
    assert str(make_header(decode_header(shown))) == name
    return head


def gaps(kind):
    words = f"{MESSAGES[kind].title}{MESSAGES[kind].text}"
    names = {name for _, name, _, _ in string.Formatter().parse(words) if name}
    return dict.fromkeys(names, "7") | REVIEW


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_message_can_be_left_by_one_press(bob, mail_server, site, kind):
    topic = MESSAGES[kind].topic
    Preference.objects.create(user=bob, topic=topic.key, channel="EMAIL", is_on=True)
    tell([bob.pk], kind, "it:1", gaps(kind))
    send()
    (raw,) = mail_server.arrived
    head = check(raw, site.SITE_HOST, site.SITE_NAME)
    if topic.always_mail:
        assert b"List-Unsubscribe" not in head
    else:
        can_be_left(head, bob, topic.key, site)


def can_be_left(head, person, topic, site):
    (address,) = UNSUBSCRIBE.findall(head)
    assert address.decode().startswith(f"{site.SITE_URL}/notifications/unsubscribe/")
    assert head.count(POST) == 1
    path = address.decode().removeprefix(site.SITE_URL)
    said = Client().post(path, {"List-Unsubscribe": "One-Click"})
    assert said.status_code == 200
    assert path == f"/notifications/unsubscribe/{token_of(person.pk, topic, person.email)}/"


def test_the_weekly_mail_can_be_left_by_one_press(bob, mail_server, site, noon):
    tell([bob.pk], "ANNOUNCEMENT", "announcement:1", {"title": "News", "course_title": "Python"})
    noon.move_to("2026-11-23T09:00:00Z", tick=False)
    digests.claim_week()
    send()
    (raw,) = mail_server.arrived
    can_be_left(check(raw, site.SITE_HOST, site.SITE_NAME), bob, digests.TOPIC.key, site)


def test_mail_about_accounts_has_the_same_sound_headers(
    bob, mail_server, site, django_capture_on_commit_callbacks
):
    Authenticator.objects.create(user=bob, type="totp", data={})
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/accounts/password/reset/", {"email": bob.email})
        remove_second_factor(bob, reason="Lost.")
    assert len(mail_server.arrived) == 2
    for raw in mail_server.arrived:
        assert b"List-Unsubscribe" not in check(raw, site.SITE_HOST, site.SITE_NAME)


def test_a_school_without_a_name_of_its_own_signs_with_its_address(settings):
    settings.SITE_HOST = "::1"
    mail = letter_of_words("eve@example.org", "Hi", "Words.", "You get this because of that.")
    assert mail.extra_headers["Message-ID"].endswith("@[IPv6:::1]>")
    mail.message()


@pytest.mark.parametrize("said", ["<https://schüle.example>", "<a>\r\nBcc: eve@x", "a" * 990])
def test_what_no_program_could_read_is_not_written(said):
    with pytest.raises(ValueError, match=r"[Hh]eader"):
        Bare("List-Unsubscribe", said).fold(policy=policy.SMTP)
