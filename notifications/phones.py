"""The number of a person's telephone: theirs once they have typed the code that was sent to it."""

import logging
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.limits import Limit
from accounts.models import User
from accounts.school import school
from notifications import sms_gateway
from notifications.models import Contact, PhoneCode

logger = logging.getLogger(__name__)

# E.164: a country code, which begins with no zero, and fifteen digits in all at most.
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# Written for who calls from inside the country; with a country code it is not dialled.
INSIDE = re.compile(r"\(\s*0\s*\)")
# A country code and the zero of calls from inside. Some countries have no such zero: theirs belongs
# to the number, as in Italy.
ZERO = re.compile(
    r"\+(?!39|37[89]|22[5679]|24[12])"
    r"(?>[17]|2[07]|3[0-46]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3})0"
)
BETWEEN = re.compile(r"[\s().\-/\u00a0\u202f]+")
LIVES = timedelta(minutes=10)
MOST_TRIES = 5
SALT = "notifications.phones"

HOUR = 3600
# What is sent costs money, whoever asks for it and whomever it wakes.
BY_PERSON = Limit("phone-codes-of-person", 5, HOUR)
BY_NUMBER = Limit("phone-codes-of-number", 3, HOUR)
BY_ADDRESS = Limit("phone-codes-of-address", 30, HOUR)
BY_SITE = Limit("phone-codes-of-site", 200, HOUR)


class NoNumber(ValueError):
    """This is not the whole number of a telephone."""


class ZeroTooMany(NoNumber):
    """A zero that is dialled inside a country stands after its code."""


class TooOften(Exception):
    """Codes were asked for too often. `wait`: for so many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class NotSent(Exception):
    """The gateway did not take the code."""


def clean_number(text: str) -> str:
    """The number as +4915112345678. Raises NoNumber, ZeroTooMany."""
    number = BETWEEN.sub("", INSIDE.sub("", text))
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if not NUMBER.fullmatch(number):
        raise NoNumber
    if ZERO.match(number):
        raise ZeroTooMany
    return number


def ask_for_code(user: User, number: str, address: str) -> bool:
    """Send a code to the number, which is theirs only once they have typed it; False: it is theirs.

    Another number than before, and no text goes to the old one any more. Raises TooOften, NotSent.
    """
    before = Contact.objects.filter(user=user).values("phone", "phone_confirmed_at").first()
    if before and before["phone"] == number and before["phone_confirmed_at"]:
        return False
    spend(user, number, address)
    code = f"{secrets.randbelow(10**6):06}"
    expect(user, number, code)
    try:
        sms_gateway.chosen().send(number, words_of(code))
    except Exception as fault:
        # Whatever became of it: they are told that none comes, and all is as it was.
        logger.warning("A code could not be sent: %s", type(fault).__name__)
        take_back(user, number, code, before or {"phone": ""})
        raise NotSent from fault
    return True


@transaction.atomic
def expect(user: User, number: str, code: str) -> None:
    """The number is not theirs yet. The code's row is locked first, as where it is typed."""
    fields = {"digest": digest_of(user, number, code), "expires_at": now() + LIVES, "tries": 0}
    PhoneCode.objects.update_or_create(user=user, defaults=fields)
    unconfirmed = {"phone": number, "phone_confirmed_at": None}
    Contact.objects.update_or_create(user=user, defaults=unconfirmed)


@transaction.atomic
def take_back(user: User, number: str, code: str, before: Mapping[str, Any]) -> None:
    """Expect this code no more. Where another was asked for meanwhile, that one is waited for."""
    PhoneCode.objects.filter(user=user, digest=digest_of(user, number, code)).delete()
    others = PhoneCode.objects.filter(user=user)
    known = Contact.objects.filter(~Exists(others), user=user, phone=number)
    known.filter(phone_confirmed_at=None).update(**before)


def spend(user: User, number: str, address: str) -> None:
    for limit, who in (
        (BY_PERSON, str(user.pk)), (BY_NUMBER, number), (BY_ADDRESS, address), (BY_SITE, "all"),
    ):  # fmt: skip
        if wait := limit.spend(who):
            raise TooOften(wait)


def words_of(code: str) -> str:
    """Some telephones read the code from the beginning of the text."""
    where = f"{settings.SITE_URL}{reverse('settings_notifications:page')}"
    return _(
        "%(code)s is your code for %(title)s, for ten minutes. Switch texts off: %(where)s"
    ) % {"code": code, "title": school().title, "where": where}


def digest_of(user: User, number: str, code: str) -> str:
    """Six digits are guessed from any plain hash: this one has a key, and is of one number."""
    return salted_hmac(SALT, f"{user.pk}:{number}:{code}", algorithm="sha256").hexdigest()


def good_codes(user: UUID) -> QuerySet[PhoneCode]:
    """The code that still works, if there is one."""
    return PhoneCode.objects.filter(pk=user, expires_at__gt=now(), tries__lt=MOST_TRIES)


def is_code_good(contact: Contact) -> bool:
    """Whether a number waits for its code, and the code still works. One query at most."""
    is_waiting = bool(contact.phone) and contact.phone_confirmed_at is None
    return is_waiting and good_codes(contact.user_id).exists()


@transaction.atomic
def confirm(user: User, code: str) -> bool:
    """Take the number for theirs if this is its code. After five tries no code is."""
    row = good_codes(user.pk).select_for_update().first()
    if row is None:
        return False
    contact = Contact.objects.get(user=user)
    if not constant_time_compare(row.digest, digest_of(user, contact.phone, code)):
        PhoneCode.objects.filter(pk=user.pk).update(tries=row.tries + 1)
        return False
    Contact.objects.filter(user=user).update(phone_confirmed_at=now())
    row.delete()
    return True


@transaction.atomic
def forget(user: User) -> bool:
    """Keep no number. Done twice, nothing more happens."""
    PhoneCode.objects.filter(user=user).delete()
    known = Contact.objects.filter(user=user).exclude(phone="")
    return bool(known.update(phone="", phone_confirmed_at=None))


def old_codes(patience: timedelta = timedelta(0)) -> QuerySet[PhoneCode]:
    """Codes that are good for nothing any more."""
    return PhoneCode.objects.filter(expires_at__lt=now() - patience)


def forget_old_codes() -> int:
    return old_codes().delete()[0]


def overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    return old_codes(patience).count()
