"""What this room keeps of people, allauth's and Django's tables included."""

import re
from collections.abc import Iterator
from functools import partial

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Cast

from accounts import export_making
from accounts.audit_entries import AuditEntry
from accounts.models import ApiToken, Profile, School, User
from accounts.own_data import Consent, PersonExport
from accounts.personal import (
    BLANK,
    TAKEN_OUT,
    File,
    Leaving,
    Table,
    declare,
    deleted,
    kept,
    nobodys,
    tables,
)
from accounts.upkeep import Upkeep

PSEUDONYM = "`accounts.erasure` sets the whole row, under a pseudonym."
SECRET = ("password", "session_epoch", "is_superuser")
# An address within other words, and not within a longer address.
WHOLE_ADDRESS = r"(?<![\w.+-])({})(?![\w-]|\.\w)"

# Where somebody else acted, from where is theirs, and why may name others.
DONE_BY_THEMSELF = Q(actor=F("person"))
OWN_ADDRESS = Case(When(DONE_BY_THEMSELF, then=F("ip")))
OWN_REASON = Case(When(DONE_BY_THEMSELF, then=F("reason")), default=Value(""))


def leave_log_and_files(leaving: Leaving) -> None:
    take_out_of_the_log(leaving)
    export_making.forget_exports_of(leaving.user)


def take_out_of_the_log(leaving: Leaving) -> None:
    """What staff did is kept with the names of things as they were; a person's own name goes.

    It is found by whose row an entry is about: others may be called the same, or have the name
    within a word of theirs. Only an address is one person's wherever it stands.
    """
    named = Q(pk__in=[])
    for words in {*leaving.emails, leaving.name} - {""}:
        named |= Q(object_repr__icontains=words)
    logged = ContentType.objects.filter(pk__in=LogEntry.objects.values("content_type"))
    kinds = {kind.model_class(): kind for kind in logged}
    for table in tables():
        if kind := kinds.get(table.model):
            for entries in entries_about(table, kind, leaving.user):
                whole = table.model is User
                entries.filter(Q() if whole else named).update(object_repr=TAKEN_OUT)
                if "reason" in table.clears:
                    # What is no list of changed fields may be the reason in other words.
                    said = entries.exclude(change_message="").exclude(
                        change_message__startswith="["
                    )
                    said.update(change_message=TAKEN_OUT)
    if leaving.emails:
        addresses = "|".join(re.escape(one) for one in sorted(leaving.emails))
        there = LogEntry.objects.filter(object_repr__iregex=WHOLE_ADDRESS.format(addresses))
        there.update(object_repr=TAKEN_OUT)


def entries_about(table: Table, kind: ContentType, user: User) -> Iterator[QuerySet[LogEntry]]:
    """What the admin logged of a person's rows in one table."""
    for rows in table.rows_of(user):
        keys = rows.annotate(as_logged=Cast("pk", TextField())).values("as_logged")
        yield LogEntry.objects.filter(content_type=kind, object_id__in=keys)


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
        # Whom somebody of the staff changed is about that person.
        hides=("object_id", "object_repr", "change_message"), reads=("content_type__model",),
        why="What staff changed is accounted for, without the name of who did it.",
    ),
    kept(
        AuditEntry, "person", acts=("actor",), clears={"reason": BLANK},
        keeps=("kind", "target", "title", "data", "ip", "request_id"), hides=("reason", "ip"),
        adds={"internet_address": OWN_ADDRESS, "own_reason": OWN_REASON},
        why="Who of the staff did what to an account is accounted for, without a name.",
    ),
    kept(
        Upkeep, "asked_by", keeps=("kind", "found", "fault"),
        hides=("found", "fault", "tries"),
        why="When the site was looked over; it holds no words of whoever asked.",
    ),
    nobodys(Session, "Signed and without a key to a person; each ends by the epoch of its person."),
    nobodys(School, "The school's own address and rule; it names nobody who learns."),
    first=leave_log_and_files,
    files=avatar_of,
)  # fmt: skip
