"""Each deploy check is quiet on our settings and speaks on its bad one."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.admin import AdminSite

from accounts import checks

GOOD_HASHERS = ["accounts.hashers.Argon2"]
V = "django.contrib.auth.password_validation"

BAD: list[tuple[str, str, Any]] = [
    ("passwords_are_hashed_by_argon2", "PASSWORD_HASHERS", [f"{V}.MD5PasswordHasher"]),
    ("passwords_are_hashed_by_argon2", "PASSWORD_HASHERS", []),
    ("passwords_are_validated", "AUTH_PASSWORD_VALIDATORS", []),
    ("sign_in_is_rate_limited", "ACCOUNT_RATE_LIMITS", False),
    ("sign_in_is_rate_limited", "ACCOUNT_RATE_LIMITS", {"login_failed": None}),
    ("sign_in_is_rate_limited", "PROXIES_ARE_COUNTED", False),
    *(("sign_in_switches_are_safe", name, not good) for name, good in checks.SAFE_SWITCHES.items()),
    ("sign_in_switches_are_safe", "SOCIALACCOUNT_PROVIDERS", {"google": {}}),
    ("no_origin_is_a_pattern", "CSRF_TRUSTED_ORIGINS", ["https://*"]),
    ("no_origin_is_a_pattern", "CSRF_TRUSTED_ORIGINS", ["https://*.example.org"]),
    ("sessions_end", "SESSION_COOKIE_AGE", 31 * 365 * 24 * 3600),
    ("sessions_end", "MIDDLEWARE", []),
    ("secrets_are_secret", "SECRET_KEY", "django-insecure-" + "x" * 60),
    ("staff_come_in_by_one_door", "MIDDLEWARE", []),
]


@pytest.fixture(autouse=True)
def as_deployed(settings: Any) -> None:
    settings.PASSWORD_HASHERS = GOOD_HASHERS
    settings.SECRET_KEY = "q8Zr" * 16
    settings.HTTPS = settings.PROXIES_ARE_COUNTED = True


@pytest.mark.parametrize(("name", "setting", "value"), BAD)
def test_a_check_speaks_on_its_bad_setting(
    settings: Any, name: str, setting: str, value: Any
) -> None:
    check = getattr(checks, name)
    assert check() == []
    setattr(settings, setting, value)
    (problem,) = check()
    assert problem.id.startswith("accounts.P")
    assert problem.msg.endswith(".")


def test_a_site_without_https_need_not_count_its_proxies(settings: Any) -> None:
    settings.HTTPS = settings.PROXIES_ARE_COUNTED = False
    assert checks.sign_in_is_rate_limited() == []


@pytest.mark.parametrize(
    ("given", "counted"), [({}, "False"), ({"TRUSTED_PROXY_COUNT": "0"}, "True")]
)
def test_nothing_said_about_proxies_is_not_the_same_as_none(
    given: dict[str, str], counted: str
) -> None:
    known = {name: value for name, value in os.environ.items() if name != "TRUSTED_PROXY_COUNT"}
    told = subprocess.run(
        [sys.executable, "-c", "from lms import settings; print(settings.PROXIES_ARE_COUNTED)"],
        env={**known, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == counted


def test_a_known_password_of_the_database_is_found(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "changeme")
    assert [problem.id for problem in checks.secrets_are_secret()] == ["accounts.P12"]


def test_short_passwords_and_rules_of_composition_are_found(settings: Any) -> None:
    good = settings.AUTH_PASSWORD_VALIDATORS
    short = {"NAME": f"{V}.MinimumLengthValidator", "OPTIONS": {"min_length": 6}}
    for bad in ([*good, short], [*good, {"NAME": f"{V}.NumericPasswordValidator"}]):
        settings.AUTH_PASSWORD_VALIDATORS = bad
        assert len(checks.passwords_are_validated()) == 1


def test_a_login_form_of_the_admin_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "site", AdminSite())
    assert [problem.id for problem in checks.staff_come_in_by_one_door()] == ["accounts.P14"]


def test_a_cache_of_pages_beside_sessions_saved_each_time_is_found(settings: Any) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.cache.UpdateCacheMiddleware"]
    assert [problem.id for problem in checks.sessions_end()] == ["accounts.P09"]
