"""Erasing a person: what they wrote and who they were goes, what sums and proofs rest on stays.

The row of the user stays under a pseudonym, and so does what hangs on it: points, scores,
payments. `accounts.personal` says of every table what becomes of it.
"""

import logging
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from accounts import audit, avatars, personal
from accounts.models import Profile, User
from accounts.school import locked_school
from accounts.sessions import end_all_access

logger = logging.getLogger(__name__)

# RFC 2606: nobody can ever be written to at such a name.
NOWHERE = "@erased.invalid"
# What was under way when somebody was erased is over after so long, and was looked after again.
LATE = timedelta(days=2)


class LastAdmin(Exception):
    """Nobody else administers this school."""


@transaction.atomic
def erase_person(user: User) -> bool:
    """Erase a person for good; False if that was done before. Raises LastAdmin.

    A subscription is not ended in here: `billing.telling` does that with Stripe, from the row.
    """
    if user.role == User.Role.ADMIN:
        locked_school()
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if person.deleted_at:
        return False
    if is_last_admin(person):
        raise LastAdmin
    addresses = EmailAddress.objects.filter(user_id=person.pk).values_list("email", flat=True)
    emails = frozenset(one.lower() for one in [person.email, *addresses])
    name = person.name
    end_all_access(person)
    put_under_pseudonym(person)
    personal.erase_rows(person, emails, name)
    audit.note("ERASED", person)
    # By the key alone: whoever brings a backup back reads here whom to erase again.
    transaction.on_commit(lambda: logger.info("The account %s was erased", person.pk))
    return True


def is_last_admin(person: User) -> bool:
    if person.role != User.Role.ADMIN:
        return False
    others = User.objects.filter(role=User.Role.ADMIN, is_active=True).exclude(pk=person.pk)
    return not others.exists()


def put_under_pseudonym(person: User) -> None:
    """Leave nothing in the person's own rows that says who it was."""
    called = secrets.token_hex(6)
    person.email, person.name = f"{called}{NOWHERE}", f"Erased {called}"
    person.role, person.is_superuser = User.Role.USER, False
    person.timezone, person.language, person.is_minor = "UTC", "", False
    person.is_active, person.deleted_at, person.last_login = False, now(), None
    person.set_unusable_password()
    person.save()
    person.groups.clear()
    person.user_permissions.clear()
    profile = Profile.objects.select_for_update().get(user=person)
    avatars.forget_file_after_commit(profile)
    blank = Profile(pk=profile.pk, user=person, preferences={"show_points": False})
    blank.save(force_update=True)


def erased() -> QuerySet[User]:
    return User.objects.filter(deleted_at__isnull=False)


def erase_what_came_late() -> int:
    """The sweep: what requests and workers wrote that were under way when somebody was erased."""
    lately = erased().filter(deleted_at__gt=now() - LATE)
    return erase_again(lately)


def erase_again(people: QuerySet[User]) -> int:
    """Erase once more whatever is left of people who were erased; how many rows there were."""
    done = 0
    for key in sorted(personal.people_left(people)):
        with transaction.atomic():
            person = User.objects.select_for_update(no_key=True).get(pk=key)
            done += personal.erase_rows(person)
    return done


def erase_the_rest() -> int:
    """The same for everybody who was ever erased: what `doctor` mends."""
    return erase_again(erased())


def left_of_all() -> dict[str, int]:
    """What is still there of people who were erased, by table."""
    return personal.left_of_erased(erased())
