"""Where allauth asks us."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    pass


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    pass
