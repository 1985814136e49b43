"""Deploy checks of signing in: `check --deploy` of Django and allauth passes with all of these off.

The numbers are those of the project's list of deploy checks. Each returns nothing or one error.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite, site
from django.core.checks import CheckMessage, Error, Tags, register

DAY = 24 * 3600
VALIDATORS = "django.contrib.auth.password_validation"
# What stands in the repository's examples, or in everybody's first attempt.
KNOWN_SECRETS = re.compile(r"insecure|change.?me|secret.?key|dev.?key|example|password", re.I)


def error(number: str, text: str, hint: str = "") -> list[CheckMessage]:
    return [Error(text, hint=hint or None, id=f"accounts.{number}")]


def deploy_check(function: Callable[[], list[CheckMessage]]) -> Callable[[], list[CheckMessage]]:
    """Register under --deploy; the function itself stays callable by tests without arguments."""

    def check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
        return function()

    register(check, Tags.security, deploy=True)
    return function


@deploy_check
def passwords_are_hashed_by_argon2() -> list[CheckMessage]:
    first = (settings.PASSWORD_HASHERS or [""])[0]
    if first == "accounts.hashers.Argon2":
        return []
    return error("P03", "The first of PASSWORD_HASHERS is not accounts.hashers.Argon2.")


@deploy_check
def passwords_are_validated() -> list[CheckMessage]:
    """Length, likeness, common ones, an upper limit; and no rule about their composition."""
    names: dict[str, Any] = {}
    entries: list[Any] = list(settings.AUTH_PASSWORD_VALIDATORS)
    for entry in entries:
        names[entry["NAME"]] = entry.get("OPTIONS", {})
    needed = {
        f"{VALIDATORS}.UserAttributeSimilarityValidator",
        f"{VALIDATORS}.MinimumLengthValidator",
        f"{VALIDATORS}.CommonPasswordValidator",
        "accounts.passwords.MaximumLengthValidator",
    }
    if missing := sorted(needed - set(names)):
        return error("P04", f"AUTH_PASSWORD_VALIDATORS lacks {', '.join(missing)}.")
    if names[f"{VALIDATORS}.MinimumLengthValidator"].get("min_length", 8) < 8:
        return error("P04", "Passwords shorter than 8 characters are accepted.")
    if f"{VALIDATORS}.NumericPasswordValidator" in names:
        return error("P04", "NumericPasswordValidator is a rule about composition: remove it.")
    return []


@deploy_check
def sign_in_is_rate_limited() -> list[CheckMessage]:
    limits = getattr(settings, "ACCOUNT_RATE_LIMITS", {})
    if limits is False or any(not limit for limit in limits.values()):
        return error("P06", "ACCOUNT_RATE_LIMITS switches limits off.")
    if settings.HTTPS and not settings.PROXIES_ARE_COUNTED:
        return error(
            "P06",
            "Nothing says how many proxies stand in front of this https site.",
            "Set TRUSTED_PROXY_COUNT, 0 if there is none: limits count by the visitor's address.",
        )
    return []


SAFE_SWITCHES = {
    "SOCIALACCOUNT_LOGIN_ON_GET": False,
    "ACCOUNT_LOGOUT_ON_GET": False,
    "ACCOUNT_CONFIRM_EMAIL_ON_GET": False,
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
}


@deploy_check
def sign_in_switches_are_safe() -> list[CheckMessage]:
    for name, wanted in SAFE_SWITCHES.items():
        if getattr(settings, name, None) != wanted:
            return error("P07", f"{name} is not {wanted!r}.")
    for provider, config in settings.SOCIALACCOUNT_PROVIDERS.items():
        if not config.get("OAUTH_PKCE_ENABLED"):
            return error("P07", f"OAUTH_PKCE_ENABLED is off for {provider}.")
    return []


@deploy_check
def no_origin_is_a_pattern() -> list[CheckMessage]:
    if any("*" in origin for origin in settings.CSRF_TRUSTED_ORIGINS):
        return error("P08", "CSRF_TRUSTED_ORIGINS holds a wildcard.")
    return []


@deploy_check
def sessions_end() -> list[CheckMessage]:
    if settings.SESSION_COOKIE_AGE > 14 * DAY:
        return error("P09", "SESSION_COOKIE_AGE is more than 14 days.")
    for name in ("staff_sessions", "learner_sessions"):
        if f"accounts.middleware.{name}" not in settings.MIDDLEWARE:
            return error("P09", f"accounts.middleware.{name} is not installed.")
    cached = [name for name in settings.MIDDLEWARE if name.startswith("django.middleware.cache.")]
    if settings.SESSION_SAVE_EVERY_REQUEST and cached:
        return error("P09", "SESSION_SAVE_EVERY_REQUEST and a cache of pages do not go together.")
    return []


@deploy_check
def secrets_are_secret() -> list[CheckMessage]:
    """Django measures the length of the key; this looks whether somebody else knows it."""
    password = settings.DATABASES["default"].get("PASSWORD") or ""
    if KNOWN_SECRETS.search(settings.SECRET_KEY):
        return error("P12", "SECRET_KEY is one that others know.", "Make a random one.")
    if password and KNOWN_SECRETS.search(password):
        return error("P12", "The database's password is one that others know.")
    return []


@deploy_check
def staff_come_in_by_one_door() -> list[CheckMessage]:
    if "accounts.middleware.mfa_for_staff" not in settings.MIDDLEWARE:
        return error("P14", "accounts.middleware.mfa_for_staff is not installed.")
    # The site of ours wraps it by secure_admin_login, which leaves Django's form unreachable.
    if getattr(site.login, "__func__", None) is AdminSite.login:
        return error("P14", "The admin has a login form of its own: see secure_admin_login.")
    return []
