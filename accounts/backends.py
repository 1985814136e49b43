"""Signing in with email and password."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q

from accounts.access import GIVE_REVIEW
from accounts.models import User
from accounts.prepared import Prepared

# For the menu of every page, which must not ask the database for it.
APP, _, NAME = GIVE_REVIEW.partition(".")
HAS_THE_RIGHT = Exists(
    Permission.objects.filter(
        codename=NAME, content_type__app_label=APP, group__user=OuterRef("pk")
    )
)
# The same for finding them: from the right to its groups and who is in those.
ARE_GIVEN_THE_RIGHT = Q(
    groups__permissions__codename=NAME, groups__permissions__content_type__app_label=APP
)
BY_KEY = Prepared(
    lambda key: (
        User.objects.select_related("profile").annotate(is_reviewer=HAS_THE_RIGHT).filter(pk=key)
    ),
    UUID,
)


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend, which also brings the profile along: every page shows a bit of it.

    `is_reviewer` says whether a group of theirs may review; pages that are for reviewers alone ask
    `access.may_review`.
    """

    def get_user(self, user_id: Any) -> User | None:
        user = BY_KEY.first(User._meta.pk.to_python(user_id))
        return user if user and self.user_can_authenticate(user) else None
