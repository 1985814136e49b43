"""Who counts as staff where more is to be seen than learners see."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from accounts.models import User


def has_second_factor(user: User) -> bool:
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP]))


def may_work_as_staff(user: User) -> bool:
    """Staff with a second factor; in a demo school, whose passwords everybody knows, all staff.

    Without one they may do what learners may (docs/decisions/0004-mfa-for-staff.md).
    """
    return user.is_staff and (settings.DEMO_SCHOOL or has_second_factor(user))


def may_review(user: User) -> bool:
    """Whether somebody reads other people's work: a right of its own, behind the same lock."""
    is_reviewer = user.is_active and user.has_perm("assessments.give_review")
    return is_reviewer and (settings.DEMO_SCHOOL or has_second_factor(user))
