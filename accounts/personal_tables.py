"""What this room keeps of people, allauth's and Django's tables included."""

from collections.abc import Iterator
from functools import partial

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.db.models.fields.files import FieldFile

from accounts.audit_entries import AuditEntry
from accounts.models import ApiToken, Profile, School, User
from accounts.own_data import Consent, PersonExport
from accounts.personal import BLANK, TAKEN_OUT, File, Leaving, declare, deleted, kept, nobodys
from accounts.upkeep import Upkeep

PSEUDONYM = "`accounts.erasure` sets the whole row, under a pseudonym."
SECRET = ("password", "session_epoch", "is_superuser")


def take_out_of_the_log(leaving: Leaving) -> None:
    """What staff did is kept with the names of things as they were; a person's own name goes."""
    about = Q(object_id=str(leaving.user.pk))
    for words in {*leaving.emails, leaving.name} - {""}:
        about |= Q(object_repr__icontains=words)
    LogEntry.objects.filter(about).exclude(object_repr=TAKEN_OUT).update(object_repr=TAKEN_OUT)


def avatar_of(user: User) -> Iterator[File]:
    if user.profile.avatar:
        yield File("avatar.webp", partial(content_of, user.profile.avatar))


def content_of(picture: FieldFile) -> bytes:
    with picture.storage.open(str(picture.name)) as file:
        return bytes(file.read())


declare(
    "accounts",
    kept(
        User, "pk", why=PSEUDONYM, hides=SECRET,
        keeps=("email", "name", "timezone", "language", "password"),
    ),
    kept(
        Profile, "user", why=PSEUDONYM, hides=("avatar",),
        keeps=(
            "handle", "bio", "avatar", "location", "website", "occupation", "company", "phone",
            "address", "socials", "preferences",
        ),
    ),
    deleted(ApiToken, "user", hides=("digest",)),
    deleted(EmailAddress, "user"),
    deleted(EmailConfirmation, "email_address__user", hides=("key",)),
    deleted(SocialToken, "account__user", hides=("token", "token_secret")),
    deleted(SocialAccount, "user"),
    deleted(Authenticator, "user", hides=("data",)),
    deleted(UserSession, "user", hides=("session_key", "data")),
    deleted(User.groups.through, "user"),
    deleted(User.user_permissions.through, "user"),
    deleted(PersonExport, "user", hides=("file", "claimed_until", "tries")),
    kept(Consent, "user", keeps=("text",), why="It proves that somebody agreed, and to what."),
    kept(
        LogEntry, "user", keeps=("object_id", "object_repr", "change_message"),
        why="What staff changed is accounted for, without the name of who did it.",
    ),
    kept(
        AuditEntry, "person", acts=("actor",), clears={"reason": BLANK},
        keeps=("kind", "target", "title", "data", "ip", "request_id"), hides=("reason", "ip"),
        why="Who of the staff did what to an account is accounted for, without a name.",
    ),
    kept(
        Upkeep, "asked_by", keeps=("kind", "found", "fault"), hides=("tries",),
        why="When the site was looked over; it holds no words of whoever asked.",
    ),
    nobodys(Session, "Signed and without a key to a person; each ends by the epoch of its person."),
    nobodys(School, "The school's own address and rule; it names nobody who learns."),
    first=take_out_of_the_log,
    files=avatar_of,
)  # fmt: skip
