"""Deploy checks of the whole site: `check --deploy` of Django passes with all of these wrong.

The numbers are those of the project's list; accounts.checks and billing.checks have the others.
Each returns nothing or one error.
"""

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.http.request import validate_host

from assessments import runners
from lms.floors import too_old

SHARED_CACHES = ("RedisCache", "DatabaseCache", "PyMemcacheCache", "PyLibMCCache")
UPLOADS = (
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    "DATA_UPLOAD_MAX_NUMBER_FILES",
    "FILE_UPLOAD_PERMISSIONS",
)
OWN_MACHINE = {"127.0.0.1", "localhost", "::1"}
ONLY_WRITTEN = re.compile(r"\.(console|filebased|dummy|locmem)\.EmailBackend$")


def error(number: str, text: str, hint: str = "") -> list[CheckMessage]:
    return [Error(text, hint=hint or None, id=f"lms.{number}")]


def deploy_check(function: Callable[[], list[CheckMessage]]) -> Callable[[], list[CheckMessage]]:
    """Register under --deploy; the function itself stays callable by tests without arguments."""

    def check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
        return function()

    # What the walls of the sandbox do takes seconds: it has a name by which it is left out.
    register(
        check, "sandbox" if function.__name__.startswith("sandbox") else Tags.security, deploy=True
    )
    return function


@deploy_check
def nothing_is_shown_that_is_for_developers() -> list[CheckMessage]:
    if settings.DEBUG:
        return error("P01", "DEBUG is on: faults are shown with the code around them.")
    if tools := {"debug_toolbar", "django_extensions", "silk"} & set(settings.INSTALLED_APPS):
        return error("P01", f"{', '.join(sorted(tools))} is for developers alone.")
    return []


@deploy_check
def the_site_answers_to_its_own_names() -> list[CheckMessage]:
    if not settings.ALLOWED_HOSTS or any(host.strip(".*") == "" for host in settings.ALLOWED_HOSTS):
        return error("P02", "ALLOWED_HOSTS names any host, or none.")
    return []


@deploy_check
def all_workers_count_in_one_place() -> list[CheckMessage]:
    backend = settings.CACHES["default"]["BACKEND"]
    if backend.endswith(SHARED_CACHES):
        return []
    return error("P05", f"{backend} is not shared: each worker would count limits for itself.")


@deploy_check
def the_scheme_is_told_by_whom_we_trust() -> list[CheckMessage]:
    if settings.SECURE_PROXY_SSL_HEADER and not settings.TRUSTED_PROXY_COUNT:
        text = "SECURE_PROXY_SSL_HEADER is believed, and no proxy is declared that sets it."
        return error("P10", text, "Set TRUSTED_PROXY_COUNT.")
    return []


@deploy_check
def scripts_come_from_us_alone() -> list[CheckMessage]:
    if "django.middleware.csp.ContentSecurityPolicyMiddleware" not in settings.MIDDLEWARE:
        return error("P13", "ContentSecurityPolicyMiddleware is not installed.")
    loose = [name for name, sources in settings.SECURE_CSP.items() if "unsafe" in str(sources)]
    if loose or not settings.SECURE_CSP.get("default-src"):
        named = ", ".join(loose) or "default-src"
        return error("P13", f"SECURE_CSP is loose or silent about {named}.")
    return []


@deploy_check
def the_database_is_postgresql() -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"].endswith(".postgresql"):
        return []
    return error("P15", "The database is not PostgreSQL: locks and constraints need it.")


@deploy_check
def sandbox_holds() -> list[CheckMessage]:
    try:
        walls = runners.chosen().self_test()
    except OSError as fault:
        return error("P16", f"The runner of learners' code does not run: {fault}")
    fallen = [wall.name for wall in walls if not wall.holds]
    if fallen or not walls:
        text = f"The runner of learners' code has open walls: {', '.join(fallen) or 'all'}."
        return error("P16", text, "`manage.py sandbox_selftest` tells more.")
    return []


@deploy_check
def uploads_have_bounds() -> list[CheckMessage]:
    if unset := [name for name in UPLOADS if getattr(settings, name) is None]:
        return error("P17", f"{', '.join(unset)} is not set.")
    return []


@deploy_check
def no_package_is_too_old() -> list[CheckMessage]:
    if told := too_old():
        return error("P18", " ".join(told), "lms/floors.py says what is wrong with older ones.")
    return []


@deploy_check
def uploads_lie_apart_from_the_code() -> list[CheckMessage]:
    media = Path(settings.MEDIA_ROOT).resolve()
    for place in (Path(settings.STATIC_ROOT), Path(settings.BASE_DIR)):
        if media.is_relative_to(place.resolve()):
            text = "MEDIA_ROOT lies inside of the code or of what is served as static files."
            return error("P19", text, "Set MEDIA_ROOT to a folder of its own.")
    return []


@deploy_check
def mail_is_not_read_on_its_way() -> list[CheckMessage]:
    transport = settings.MAILERS["transport"]
    options = transport.get("OPTIONS", {})
    if ONLY_WRITTEN.search(transport["BACKEND"]):
        return error("P20", "EMAIL_URL sends no mail: nobody gets the code to sign up.")
    is_far = options.get("host") not in OWN_MACHINE
    is_open = not (options.get("use_tls") or options.get("use_ssl"))
    if transport["BACKEND"].endswith(".smtp.EmailBackend") and is_far and is_open:
        return error("P20", "EMAIL_URL is SMTP without TLS.", "Use smtp+tls:// or smtp+ssl://.")
    return []


@deploy_check
def demo_schools_are_seen_by_nobody_else() -> list[CheckMessage]:
    """Their passwords stand in the docs, and their staff need no second factor."""
    if settings.DEMO_SCHOOL and (settings.HTTPS or settings.SITE_HOST not in OWN_MACHINE):
        text = "DEMO_SCHOOL is on: everybody knows the passwords, and staff need no second factor."
        return error("P21", text, "Take it away: a demo school is for http://127.0.0.1 alone.")
    return []


@deploy_check
def links_in_mail_lead_to_the_site() -> list[CheckMessage]:
    hosts = settings.ALLOWED_HOSTS
    if not hosts or validate_host(settings.SITE_HOST, hosts):
        return []
    text = f"ALLOWED_HOSTS lacks {settings.SITE_HOST}, the host of SITE_URL: its links end in 400."
    return error("P22", text)


@deploy_check
def files_can_be_written() -> list[CheckMessage]:
    """A folder that is not there yet is made with the first file."""
    place = Path(settings.MEDIA_ROOT)
    there = next(one for one in (place, *place.absolute().parents) if os.path.exists(one))
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return []
    return error("P23", f"MEDIA_ROOT, {place}, is no folder that this process can write to.")


@deploy_check
def no_secret_stands_in_the_code() -> list[CheckMessage]:
    """A value that everybody can read here protects nothing, however long it is."""
    for name, value in secrets():
        whole = rf"(?<!\w){re.escape(value)}(?!\w)"
        if len(value) >= 8 and value in the_code() and re.search(whole, the_code()):
            return error("P12", f"{name} is a value that stands in the code.", "Make a random one.")
    return []


def secrets() -> list[tuple[str, str]]:
    names = (
        "SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "EMAIL_WEBHOOK_SECRET",
        "PUSH_VAPID_PRIVATE_KEY", "AI_API_KEY",
    )  # fmt: skip
    broker = urlsplit(settings.REDIS_URL).password or ""
    found = [(name, str(getattr(settings, name))) for name in names]
    password = str(settings.DATABASES["default"].get("PASSWORD") or "")
    return [*found, ("The password of the database", password), ("The password of Redis", broker)]


@cache
def the_code() -> str:
    """Everything that stands in our files, as one text."""
    root = Path(settings.BASE_DIR)
    rooms = [one for one in root.iterdir() if one.is_dir() and one.name not in {"var", "static"}]
    code = [path for room in rooms if room.name[0] != "." for path in room.rglob("*.py")]
    beside = [*root.glob("*.yml"), *root.glob("*.md"), *root.glob("*.example"), root / "Dockerfile"]
    return "\n".join(path.read_text(errors="ignore") for path in [*code, *beside])
