"""What people agree to: in which words, since when, and that they took it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.own_data import Consent


def words_of_age(age: int) -> str:
    """What somebody says who signs up where there is a least age."""
    return _("I am %(age)d or older, or a parent agrees that I learn here.") % {"age": age}


def words_of_visits() -> str:
    """As it stands beside the switch."""
    return _("Count my visits under my name")


@transaction.atomic
def note(user: User, kind: Consent.Kind, *, is_given: bool, text: str) -> bool:
    """Log that somebody agreed, or took it back; the same again is not logged."""
    last = Consent.objects.filter(user=user, kind=kind).order_by("-at", "-pk").first()
    stands = bool(last and last.is_given)
    if stands == is_given and (not is_given or (last and last.text == text)):
        return False
    Consent.objects.create(user=user, kind=kind, is_given=is_given, text=text)
    return True
