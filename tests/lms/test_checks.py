"""The deploy checks P01 to P23: all are quiet on our settings, each speaks on its own bad one."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks.registry import registry
from django.db import connection

from lms import checks, floors
from lms.settings import SECURE_CSP
from sandbox.runner import Wall

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"accounts.checks", "billing.checks", "lms.checks"}
SMTP = "django.core.mail.backends.smtp.EmailBackend"
LOCAL = "django.core.cache.backends.locmem.LocMemCache"
DUMMY = "django.core.cache.backends.dummy.DummyCache"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"
LIVE = "sk_" + "live_" + "4" * 24

BAD = [
    ("lms.P01", {"DEBUG": True}),
    ("lms.P01", {"INSTALLED_APPS": ["debug_toolbar"]}),
    ("lms.P02", {"ALLOWED_HOSTS": ["*"]}),
    ("lms.P02", {"ALLOWED_HOSTS": ["127.0.0.1", "."]}),
    ("lms.P02", {"ALLOWED_HOSTS": []}),
    ("accounts.P03", {"PASSWORD_HASHERS": [MD5]}),
    ("accounts.P04", {"AUTH_PASSWORD_VALIDATORS": []}),
    ("lms.P05", {"CACHES": {"default": {"BACKEND": LOCAL}}}),
    ("lms.P05", {"CACHES": {"default": {"BACKEND": DUMMY}}}),
    ("accounts.P06", {"ACCOUNT_RATE_LIMITS": False}),
    ("accounts.P06", {"PROXIES_ARE_COUNTED": False}),
    ("accounts.P07", {"SOCIALACCOUNT_LOGIN_ON_GET": True}),
    ("accounts.P07", {"ACCOUNT_EMAIL_VERIFICATION": "optional"}),
    ("accounts.P08", {"CSRF_TRUSTED_ORIGINS": ["https://*"]}),
    ("accounts.P09", {"SESSION_COOKIE_AGE": 31 * 365 * 24 * 3600}),
    ("lms.P10", {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
                 "TRUSTED_PROXY_COUNT": 0}),
    ("billing.P11", {"STRIPE_SECRET_KEY": LIVE, "STRIPE_WEBHOOK_SECRET": "not one"}),
    ("billing.P11", {"STRIPE_SECRET_KEY": LIVE, "STRIPE_IS_LIVE": True,
                     "STRIPE_API_BASE": "https://pay.example",
                     "STRIPE_WEBHOOK_SECRET": "whsec_" + "s" * 20}),
    ("accounts.P12", {"SECRET_KEY": "django-insecure-" + "x" * 60}),
    ("lms.P12", {"STRIPE_WEBHOOK_SECRET": "signal_handlers_of_ours"}),
    ("lms.P12", {"REDIS_URL": "redis://:a_word_of_this_very_file@redis:6379/0"}),
    ("lms.P13", {"MIDDLEWARE": "django.middleware.csp.ContentSecurityPolicyMiddleware"}),
    ("lms.P13", {"SECURE_CSP": {**SECURE_CSP, "script-src": ["'self'", "'unsafe-inline'"]}}),
    ("lms.P13", {"SECURE_CSP": {}}),
    ("accounts.P14", {"MIDDLEWARE": "accounts.middleware.mfa_for_staff"}),
    ("lms.P15", {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}),
    ("lms.P17", {"DATA_UPLOAD_MAX_NUMBER_FIELDS": None}),
    ("lms.P19", {"MEDIA_ROOT": ROOT / "media"}),
    ("lms.P19", {"MEDIA_ROOT": settings.STATIC_ROOT / "media"}),
    ("lms.P20", {"MAILERS": {"transport": {"BACKEND": SMTP, "OPTIONS": {"host": "mail.example"}}}}),
    ("lms.P20", {"MAILERS": {"transport": {"BACKEND": CONSOLE}}}),
    ("lms.P21", {"DEMO_SCHOOL": True}),
    ("lms.P21", {"DEMO_SCHOOL": True, "HTTPS": False, "SITE_HOST": "school.example",
                 "ALLOWED_HOSTS": ["school.example"]}),
    ("lms.P22", {"SITE_HOST": "www.school.example", "ALLOWED_HOSTS": ["school.example"]}),
    ("lms.P23", {"MEDIA_ROOT": Path("/dev/null")}),
    ("lms.P23", {"MEDIA_ROOT": Path("/dev/null/media")}),
]  # fmt: skip
# A word that stands in the code, here: signal_handlers_of_ours, a_word_of_this_very_file.


class Walls:
    """A runner whose walls hold, or do not."""

    def __init__(self, *walls):
        self.walls = list(walls)

    def self_test(self):
        return self.walls


@pytest.fixture(autouse=True)
def as_deployed(request, monkeypatch):
    settings = request.getfixturevalue("settings")
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2"]
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    settings.HTTPS = settings.PROXIES_ARE_COUNTED = True
    settings.TRUSTED_PROXY_COUNT = 1
    settings.STRIPE_SECRET_KEY = settings.STRIPE_WEBHOOK_SECRET = ""
    settings.STRIPE_IS_LIVE = settings.STRIPE_AUTOMATIC_TAX = False
    settings.MAILERS = {
        "transport": {"BACKEND": SMTP, "OPTIONS": {"host": "mail.example", "use_tls": True}}
    }
    monkeypatch.setattr(checks.runners, "chosen", lambda: Walls(Wall("no network", True)))


def found():
    """What all of our deploy checks say, by their numbers."""
    ours = [one for one in registry.deployment_checks if one.__module__ in ROOMS]
    return {problem.id for one in ours for problem in one(app_configs=None)}


def test_our_settings_pass_all_of_them():
    assert found() == set()


@pytest.mark.parametrize(("number", "values"), BAD)
def test_one_bad_setting_is_told_by_one_check(monkeypatch, number, values):
    for name, value in values.items():
        without = [one for one in settings.MIDDLEWARE if one != value]
        monkeypatch.setattr(settings, name, without if name == "MIDDLEWARE" else value, False)
    assert found() == {number}


@pytest.mark.parametrize("walls", [[], [Wall("no network", False), Wall("no new files", True)]])
def test_an_open_wall_of_the_sandbox_is_told(monkeypatch, walls):
    monkeypatch.setattr(checks.runners, "chosen", lambda: Walls(*walls))
    assert found() == {"lms.P16"}


def test_a_sandbox_that_does_not_run_is_told(monkeypatch):
    def none():
        raise FileNotFoundError("bwrap")

    monkeypatch.setattr(checks.runners, "chosen", none)
    assert found() == {"lms.P16"}


def test_a_demo_school_that_takes_real_money_is_told_twice(monkeypatch):
    for name, value in {"DEMO_SCHOOL": True, "STRIPE_IS_LIVE": True}.items():
        monkeypatch.setattr(settings, name, value)
    assert found() == {"billing.P11", "lms.P21"}


def test_a_demo_school_on_the_own_machine_is_fine(monkeypatch):
    for name, value in {"DEMO_SCHOOL": True, "HTTPS": False, "SITE_HOST": "127.0.0.1"}.items():
        monkeypatch.setattr(settings, name, value)
    assert found() == set()


@pytest.mark.parametrize("hosts", [["school.example"], [".school.example"], ["School.example"]])
def test_a_site_answers_to_the_host_of_its_links(monkeypatch, hosts):
    monkeypatch.setattr(settings, "SITE_HOST", "school.example")
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", hosts)
    assert found() == set()


def test_a_package_below_its_floor_is_told(monkeypatch):
    monkeypatch.setitem(floors.FLOORS, "django", ("99.0", "Planted."))
    assert found() == {"lms.P18"}
    assert floors.too_old()[0].endswith("is older than 99.0.")


def test_every_number_has_a_check_and_a_bad_setting():
    named = {number.partition(".")[2] for number, _ in BAD} | {"P16", "P18"}
    assert named == {f"P{number:02}" for number in range(1, 24)}


def test_a_mail_server_on_the_own_machine_needs_no_tls(monkeypatch):
    near = {"transport": {"BACKEND": SMTP, "OPTIONS": {"host": "127.0.0.1"}}}
    monkeypatch.setattr(settings, "MAILERS", near)
    assert found() == set()


def test_what_the_example_of_the_environment_says_is_clean_once_filled_in(db, tmp_path):
    """As docker compose starts it, with what its operator has to give."""
    said = re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    place = os.environ["DATABASE_URL"].rpartition("/")[0]
    given = {
        "DATABASE_URL": f"{place}/{connection.settings_dict['NAME']}",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "EMAIL_URL": "smtp+tls://user:word@mail.example:587",
        "MEDIA_ROOT": str(tmp_path),
        "DEBUG": "0",
        "DEMO_SCHOOL": "0",
    }
    known = {name: value for name, value in os.environ.items() if "ASYNC" not in name}
    done = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "check",
            "--deploy",
            "--fail-level",
            "INFO",
            "--tag",
            "security",
        ],
        cwd=ROOT,
        env={**known, **dict(said), **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
