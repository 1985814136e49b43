"""People: the account, its profile, its API tokens."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.audit_entries import AuditEntry  # noqa: F401 (Django looks for models here)
from accounts.emails import canonical_email
from accounts.keys import uuid7
from accounts.own_data import Consent, PersonExport  # noqa: F401 (Django looks for models here)
from accounts.upkeep import Upkeep  # noqa: F401 (Django looks for models here)


class UserManager(BaseUserManager["User"]):
    """Makes people together with their profile: nobody is without one."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a person under a lower-cased email. `password=None` means none that works."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields |= {"role": User.Role.ADMIN, "is_superuser": True}
        return self.create_user(email, password, **fields)

    def named(self, text: str) -> "User":
        """The one whose key or address this is. Raises InvalidEmail, User.DoesNotExist."""
        try:
            return self.get(pk=UUID(text))
        except ValueError:
            return self.get(email=canonical_email(text))

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The email is the login; `name` is what everybody sees."""

    class Role(models.TextChoices):
        USER = "USER", _("user")
        ADMIN = "ADMIN", _("admin")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email address"), max_length=254)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=8, choices=Role, default=Role.USER)
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    # Empty: as the browser asks for pages, and as the school speaks in mail.
    language = models.CharField(_("language"), max_length=16, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    # What we keep of an age: no dates of birth. Set by staff; a minor is on no leaderboard.
    is_minor = models.BooleanField("minor", default=False)
    date_joined = models.DateTimeField(default=now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Part of the hash that every session carries: the next number ends them all.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(
                condition=models.Q(is_superuser=False) | models.Q(role="ADMIN"),
                name="user_superuser_is_admin",
            ),
            models.CheckConstraint(
                condition=models.Q(deleted_at=None) | models.Q(is_active=False),
                name="user_deleted_is_inactive",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(role="ADMIN"), name="user_is_admin"),
            models.Index(Upper("name"), name="user_by_name"),
            # allauth asks for the address as it is written, at every way in.
            models.Index(fields=["email"], name="user_by_email"),
            models.Index(
                fields=["id"], condition=~models.Q(deleted_at=None), name="user_is_erased"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the person; a new one gets a profile in the same breath."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            Profile.objects.create(user=self)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Django's hash of the password, and of the epoch: see `accounts.sessions`."""
        salt = "accounts.models.User.session"
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether this person may enter the admin."""
        return self.role == self.Role.ADMIN

    @property
    def zone(self) -> ZoneInfo:
        """Where this person's days begin."""
        return zone_called(self.timezone)

    @property
    def speaks(self) -> str:
        """The language of what is written to this person."""
        return (
            self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        )


def zone_called(name: str) -> ZoneInfo:
    """A name that the system has forgotten counts as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class Profile(models.Model):
    """What a person says about themself, and how they like the site to be."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    handle = models.CharField(max_length=32, null=True, blank=True, unique=True)
    is_public = models.BooleanField(default=False)
    bio = models.TextField(blank=True, validators=[MaxLengthValidator(4000)])
    avatar = models.FileField(upload_to="avatars/", blank=True)
    location = models.CharField(max_length=80, blank=True)
    website = models.URLField(max_length=200, blank=True)
    occupation = models.CharField(max_length=80, blank=True)
    company = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=300, blank=True)
    socials = models.JSONField(default=dict, blank=True)
    preferences = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handle=None)
                | models.Q(handle__regex=r"^[a-z0-9][a-z0-9-]{1,31}$"),
                name="profile_handle_plain",
            ),
            models.CheckConstraint(
                condition=models.Q(is_public=False) | models.Q(handle__isnull=False),
                name="profile_public_has_handle",
            ),
        ]

    def __str__(self) -> str:
        return f"Profile of {self.user_id}"

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.handle])

    @property
    def avatar_url(self) -> str:
        return (
            reverse("people:avatar", args=[str(self.avatar.name).rpartition("/")[2]])
            if self.avatar
            else ""
        )


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def alive(self) -> Self:
        """Tokens that still open the API: not revoked, not expired, of active people."""
        return self.filter(revoked_at=None, expires_at__gt=now(), user__is_active=True)

    def matching(self, text: str) -> Self:
        """Tokens whose secret is `text`."""
        return self.filter(digest=ApiToken.digest_of(text))


class ApiToken(models.Model):
    """A key to the API. Only its SHA-256 is kept; the text is shown once."""

    LIFETIME = timedelta(days=90)
    PREFIX = "wm_"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # Whether it may only look: a script that reads numbers need not be able to hand in code.
    reads_only = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def digest_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()


def new_invitation() -> str:
    return secrets.token_urlsafe(16)


class School(models.Model):
    """The one row of what its owner says of the school. No row: everything is as it comes."""

    class Joining(models.TextChoices):
        OPEN = "OPEN", _("Everybody")
        INVITED = "INVITED", _("Whoever has the link of invitation")
        DOMAIN = "DOMAIN", _("Whoever has an address of ours, or the link of invitation")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    is_the_one = models.BooleanField(default=True, editable=False)
    name = models.CharField(max_length=60, blank=True)
    # Of the colour that says "you can press this", in degrees. None: as it comes.
    hue = models.PositiveSmallIntegerField(null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    joining = models.CharField(max_length=8, choices=Joining, default=Joining.OPEN)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    # Whoever signs up says that they are as old, or that a parent agrees. None: nobody is asked.
    minimum_age = models.SmallIntegerField(null=True, blank=True)
    invitation = models.CharField(max_length=32, default=new_invitation, editable=False)
    # Steps of setting up that were put off, by their names.
    set_aside = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    # When setting up came to its end, or was left for good.
    set_up_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_the_one"], name="school_is_one"),
            models.CheckConstraint(condition=models.Q(is_the_one=True), name="school_is_the_one"),
            models.CheckConstraint(
                condition=models.Q(hue=None) | models.Q(hue__lt=360), name="school_hue_is_an_angle"
            ),
            models.CheckConstraint(
                condition=~models.Q(joining="DOMAIN") | models.Q(domains__len__gt=0),
                name="school_domain_is_named",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """How the school is called."""
        return self.name or settings.SITE_NAME

    @property
    def zone(self) -> ZoneInfo:
        """Whose days guests see."""
        return zone_called(self.timezone)

    @property
    def is_being_set_up(self) -> bool:
        """A demo school needs no setting up."""
        return self.set_up_at is None and not settings.DEMO_SCHOOL
