"""Who counts as staff where more is to be seen than learners see."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from accounts.models import User

GIVE_REVIEW = "assessments.give_review"


def has_second_factor(user: User) -> bool:
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP]))


def may_work_as_staff(user: User) -> bool:
    """Staff with a second factor; in a demo school, whose passwords everybody knows, all staff.

    Without one they may do what learners may (docs/decisions/0004-mfa-for-staff.md).
    """
    return user.is_staff and (settings.DEMO_SCHOOL or has_second_factor(user))


def may_review(user: User) -> bool:
    """Whether somebody reads other people's work: a right of its own, behind the same lock."""
    has_right = user.is_active and (known_reviewer(user) or user.has_perm(GIVE_REVIEW))
    return has_right and (settings.DEMO_SCHOOL or has_second_factor(user))


def known_reviewer(user: User) -> bool:
    """Whether it is known without asking; `backends` asks along with whoever is signed in."""
    return bool(getattr(user, "is_reviewer", False))
