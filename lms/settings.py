"""Settings, read from the environment and safe by default."""

import re
from base64 import urlsafe_b64decode
from email.headerregistry import Address
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from lms import database
from lms.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# What `make run` chose for this checkout stands below the real environment.
LOCAL_ENV = BASE_DIR / "var" / "local.env"
if LOCAL_ENV.is_file():
    env.read_env(LOCAL_ENV)

# The site ----------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.required("SECRET_KEY", "a long random text that stays the same between starts.")
SITE_NAME = env.str("SITE_NAME", default="Waymark")
SITE_URL = env.address(
    "SITE_URL",
    pattern=r"https?://(?a:[\w.-]+)(:\d+)?/*",
    example="https://school.example",
    default="http://127.0.0.1:8000",
).rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST])
# A demo school shows its mail at /demo/mail/ and has accounts whose password everybody knows.
DEMO_SCHOOL = env.bool("DEMO_SCHOOL", default=False)
HTTPS = SITE_URL.startswith("https://")

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Apps and middleware -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.github",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "ninja",
    "accounts",
    "courses",
    "activity",
    "billing",
    "enrollments",
    "progress",
    "assessments",
    "gamification",
    "certificates",
    "classroom",
    "notifications",
    "studio",
    "api",
    "lms.apps.LmsConfig",
    "lms.apps.SchoolAdminConfig",
]

MIDDLEWARE = [
    "lms.middleware.request_id",
    "lms.middleware.metrics_by_any_name",
    # What is said to browsers stands outside of all that may answer by itself.
    "lms.middleware.extra_headers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lms.middleware.refuse_other_methods",
    "lms.middleware.compress",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.middleware.measure",
    "lms.middleware.probes_know_nobody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.circumstances",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lms.middleware.refuse_broken_text",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "activity.middleware.count_pages",
    "accounts.middleware.staff_sessions",
    "accounts.middleware.learner_sessions",
    "accounts.middleware.mfa_for_staff",
    "accounts.impersonation_middleware.impersonation",
    "accounts.middleware.time_zone_of_the_person",
    "accounts.middleware.language_of_the_person",
    "accounts.middleware.leave_nothing_behind",
    "accounts.middleware.say_when_to_come_back",
    "accounts.middleware.ProviderTrouble",
    "lms.middleware.htmx_sign_in",
    "lms.middleware.LostRace",
    "lms.middleware.explain_wrong_method",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "classroom.context.frame",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "classroom.templatetags.classroom",
            ],
        },
    },
]

# Data --------------------------------------------------------------------------------------------

env.required("DATABASE_URL", "postgres://user:password@host:5432/name (PostgreSQL 15 or newer).")
# No statement runs long enough to be worth compiling, and estimates over large tables say it is.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL", connect_timeout=5, options="-c jit=off")
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A pooler gives each transaction to whichever connection is free: nothing may outlast one.
DATABASE_POOLER = env.bool("DATABASE_POOLER", default=False)
if DATABASE_POOLER:
    del DATABASES["default"]["OPTIONS"]["options"]
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
# Connections a process keeps for its threads. A single command (0) opens one of its own.
DATABASE_POOL = env.int("DATABASE_POOL", default=8)
if DATABASE_POOL:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL,
        "timeout": database.FIRST_SECONDS,
        "reconnect_timeout": database.RECONNECT_SECONDS,
        "reconnect_failed": database.send_away,
        "connection_class": database.Connection,
        "check": database.check,
    }
# A copy of it that may lag behind: insights ask it, nothing else does, and nobody writes there.
if env.str("DATABASE_REPLICA_URL", default=""):
    only_read = "-c jit=off -c default_transaction_read_only=on"
    DATABASES["replica"] = env.database(
        "DATABASE_REPLICA_URL", connect_timeout=2, options=only_read
    ) | {"TEST": {"MIRROR": "default"}}
# Where pg_dump and pg_restore are, if not on PATH or where Debian and Red Hat put them.
POSTGRES_BIN = env.str("POSTGRES_BIN", default="")
near = "redis://127.0.0.1:6379/0"
REDIS_URL = env.address("REDIS_URL", pattern=r"rediss?://\S+", example=near, default=near)
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "lms.cache.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "waymark",
        # A hanging Redis may cost a page a quarter of a second, never the page.
        "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
    }
}

# Sign-in -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/classroom/"
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.MaximumLengthValidator"},
]
# Links in mail to set a new password live for an hour.
PASSWORD_RESET_TIMEOUT = 3600

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.fields.SignupDetails"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
# The others end by accounts.receivers; this browser stays.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
# One address each: a new one replaces the old one once it is verified.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
# The rest are allauth's own numbers. A code belongs to one browser: who lost it waits a minute.
ACCOUNT_RATE_LIMITS = {"confirm_email": "1/m/key"}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "user_token": "accounts.forms.ResetLinkForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
# How many proxies stand in front: each adds one address to X-Forwarded-For that can be trusted.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
PROXIES_ARE_COUNTED = env.str("TRUSTED_PROXY_COUNT", default="") != ""
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 0
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}

SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.SocialSignupForm"}
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5


def social_provider(name: str, **fixed: Any) -> dict[str, Any]:
    """Describe one provider; without a client id it has no app and is not offered."""
    client_id = env.str(f"{name.upper()}_CLIENT_ID", default="")
    secret = env.str(f"{name.upper()}_CLIENT_SECRET", default="")
    app = [{"client_id": client_id, "secret": secret}] if client_id else []
    return {"APPS": app, "OAUTH_PKCE_ENABLED": True, **fixed}


SOCIALACCOUNT_PROVIDERS = {
    "google": social_provider("google", SCOPE=["profile", "email"]),
    "github": social_provider("github", SCOPE=["read:user", "user:email"]),
}

# Sessions, cookies, headers ----------------------------------------------------------------------

SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A browser takes such a cookie from this very host alone, and over TLS alone.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "lms.message_storage.MessageStorage"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lms.errors.csrf_failed"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
# Staff sessions end after half an hour without a request, and after eight hours in any case.
STAFF_IDLE_SECONDS = 30 * 60
STAFF_SESSION_SECONDS = 8 * 3600
# Everybody else: two weeks without a request, and a month in any case.
SESSION_ABSOLUTE_SECONDS = 30 * 24 * 3600

SECURE_SSL_REDIRECT = HTTPS
PROBES = ("/healthz", "/readyz", "/metrics")
# They are asked from inside of the network, where nothing speaks TLS.
SECURE_REDIRECT_EXEMPT = [rf"^{path[1:]}$" for path in PROBES]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT and HTTPS else None
)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# Sign-in forms post to us and are sent on to a provider: browsers check the way there as well.
OAUTH_HOSTS = ["https://accounts.google.com", "https://github.com"]
# Where somebody who pays is sent on to: Stripe, or whatever stands in for it.
PAYMENT_HOSTS = [
    "https://checkout.stripe.com",
    "https://billing.stripe.com",
    "https://invoice.stripe.com",
    "https://pay.stripe.com",
]
STRIPE_API_BASE = env.address(
    "STRIPE_API_BASE", pattern=r"(https?://\S+)?", example="https://api.stripe.com", default=""
).rstrip("/")
if STRIPE_API_BASE:
    PAYMENT_HOSTS = [STRIPE_API_BASE]
VIDEO_HOSTS = ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF, *OAUTH_HOSTS, *PAYMENT_HOSTS],
    "frame-src": [CSP.SELF, *VIDEO_HOSTS],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o644

# Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "lms.formats"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = "UTC"
USE_TZ = True

# Files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default="") or BASE_DIR / "var" / "media")
STORAGES = {
    "default": {"BACKEND": "lms.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 3600
# What browsers and robots ask for at the top of a site without being told.
WHITENOISE_ROOT = BASE_DIR / "public"

# Mail --------------------------------------------------------------------------------------------


def mailer(url: str) -> dict[str, Any]:
    """Turn EMAIL_URL into one entry of MAILERS."""
    if url.startswith(BY_PROVIDER):
        return provider_of_mail(url)
    said = "EMAIL_URL is smtp+tls://user:password@host:587 or consolemail://."
    try:
        config = environ.Env.email_url_config(url)
    except (ImproperlyConfigured, ValueError):
        raise ImproperlyConfigured(said) from None
    backend = config["EMAIL_BACKEND"]
    if backend.endswith("filebased.EmailBackend"):
        return {"BACKEND": backend, "OPTIONS": {"file_path": config["EMAIL_FILE_PATH"]}}
    if not backend.endswith("smtp.EmailBackend"):
        return {"BACKEND": backend}
    if not config["EMAIL_HOST"]:
        raise ImproperlyConfigured(said)
    options = {
        "host": config["EMAIL_HOST"],
        "port": config["EMAIL_PORT"],
        "username": config["EMAIL_HOST_USER"] or "",
        "password": config["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": config.get("EMAIL_USE_TLS", False),
        "use_ssl": config.get("EMAIL_USE_SSL", False),
        "timeout": 10,
    }
    return {"BACKEND": backend, "OPTIONS": options}


BY_PROVIDER = "anymail+"


def provider_of_mail(url: str) -> dict[str, Any]:
    """Turn anymail+postmark://?server_token=… into one entry of MAILERS."""
    if find_spec("anymail") is None:
        raise ImproperlyConfigured("EMAIL_URL names a provider: install the extra `mail`.")
    place = urlsplit(url.removeprefix(BY_PROVIDER))
    backend = f"anymail.backends.{place.scheme}"
    if find_spec(backend) is None:
        raise ImproperlyConfigured("EMAIL_URL names a provider that django-anymail has not.")
    return {"BACKEND": f"{backend}.EmailBackend", "OPTIONS": dict(parse_qsl(place.query))}


def sender_of_mail() -> str:
    """The school's name and address, quoted where a name has signs of an address in it."""
    return str(Address(SITE_NAME, "noreply", SITE_HOST))


EMAIL_URL = env.str("EMAIL_URL", default="consolemail://")
# What leaves by `transport`, and nothing else does, is written down (notifications.mail_backend).
MAILERS = {
    "default": {"BACKEND": "notifications.mail_backend.Recorded"},
    "transport": mailer(EMAIL_URL),
}
# What a provider tells of mail that came back. Without a secret there is no address for it.
EMAIL_PROVIDER = EMAIL_URL.removeprefix(BY_PROVIDER).partition(":")[0]
EMAIL_WEBHOOK_SECRET = env.str("EMAIL_WEBHOOK_SECRET", default="").strip()
ANYMAIL = {"REQUESTS_TIMEOUT": 10, "WEBHOOK_SECRET": EMAIL_WEBHOOK_SECRET}
if EMAIL_WEBHOOK_SECRET and not EMAIL_URL.startswith(BY_PROVIDER):
    raise ImproperlyConfigured("EMAIL_WEBHOOK_SECRET is for a provider: see EMAIL_URL.")
if EMAIL_WEBHOOK_SECRET and not re.fullmatch(r"[^:\s]+:\S{16,}", EMAIL_WEBHOOK_SECRET):
    raise ImproperlyConfigured("EMAIL_WEBHOOK_SECRET is user:password, with 16 signs or more.")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=sender_of_mail())
# Unless it was said who sends, mail is signed with the name that the school has by then.
IS_SENDER_NAMED = bool(env.str("DEFAULT_FROM_EMAIL", default=""))

# Counting visits ----------------------------------------------------------------------------------

# Of a thousand visitors, 0.1 counts a hundred, each for ten; 0 counts nobody.
ANALYTICS_SAMPLING = env.float("ANALYTICS_SAMPLING", default=1.0)
if not 0 <= ANALYTICS_SAMPLING <= 1:
    raise ImproperlyConfigured("ANALYTICS_SAMPLING is from 0, nobody, to 1, everybody.")
# How many months before this one are kept.
ANALYTICS_MONTHS = env.int("ANALYTICS_MONTHS", default=12)
if not 1 <= ANALYTICS_MONTHS <= 60:
    raise ImproperlyConfigured("ANALYTICS_MONTHS is from 1 to 60.")

# Telling people ----------------------------------------------------------------------------------

# Which room says whether points are shown at all: what speaks of them is told nobody where not.
POINTS_ARE_SHOWN = "gamification.policy.points_are_shown"
# And which says whether a day was kept: who learned since is not told that nothing is done yet.
DAY_IS_KEPT = "gamification.streak_evenings.is_kept"
# Push messages and text messages: each is offered only where the site has what it takes.
PUSH_VAPID_PRIVATE_KEY = env.str("PUSH_VAPID_PRIVATE_KEY", default="").strip()
PUSH_CONTACT = env.str("PUSH_CONTACT", default="").strip()
# The services of browsers, and of nobody else: a browser names the address that we ask.
PUSH_SERVICES = env.list(
    "PUSH_SERVICES",
    default=[
        "https://fcm.googleapis.com",
        "https://*.push.services.mozilla.com",
        "https://*.notify.windows.com",
        "https://*.push.apple.com",
    ],
)
SMS_GATEWAY = env.str("SMS_GATEWAY", default="").strip()
# Keys of the curve P-256 are numbers below this one.
END_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def check_push(key: str, contact: str, services: list[str]) -> None:
    """Stop the start with one sentence if what is said of push messages cannot work."""
    is_long_enough = re.fullmatch(r"[\w-]{43}=?", key, re.ASCII)
    if (
        not is_long_enough
        or not 0 < int.from_bytes(urlsafe_b64decode(f"{key[:43]}=")) < END_OF_P256
    ):
        raise ImproperlyConfigured(
            "PUSH_VAPID_PRIVATE_KEY is what `manage.py make_push_keys` prints."
        )
    if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https://[^\s/]+\S*", contact):
        raise ImproperlyConfigured(
            "PUSH_CONTACT is an address at which push services reach you: "
            "mailto:admin@school.example or https://school.example/contact."
        )
    own_machine = r"http://(?:127\.0\.0\.1|localhost)(?::\d+)?"
    for one in services:
        if not re.fullmatch(rf"https://(?:\*\.)?[a-z0-9.-]+(?::\d+)?|{own_machine}", one):
            raise ImproperlyConfigured(
                "PUSH_SERVICES are origins such as https://push.example or https://*.push.example."
            )


if PUSH_VAPID_PRIVATE_KEY:
    check_push(PUSH_VAPID_PRIVATE_KEY, PUSH_CONTACT, PUSH_SERVICES)

# Work in the background --------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# Somebody waits for what is in `code`. What staff asked for takes longer and stands behind it.
CELERY_TASK_ROUTES = {
    "assessments.tasks.grade_submission": {"queue": "code"},
    "assessments.tasks.run_program": {"queue": "code"},
    "assessments.tasks.try_assignment": {"queue": "trials"},
    "assessments.tasks.judge_again": {"queue": "trials"},
    "assessments.tasks.check_runner": {"queue": "code"},
    # It attacks the sandbox where that works, and may take minutes. The worker of the trials takes
    # it in turn: nobody's submission waits behind it, nor it behind a night of trials.
    "studio.tasks.look": {"queue": "looks"},
    # Whoever has just paid waits behind nothing but what is being done: queues take turns.
    "billing.tasks.handle_delivery": {"queue": "payments"},
    "billing.tasks.take_up_deliveries": {"queue": "payments"},
    "billing.tasks.mail_plans": {"queue": "payments"},
    "billing.tasks.tell_stripe": {"queue": "payments"},
    # A mail server that is slow holds up neither payments nor what is due.
    "notifications.tasks.send_mail": {"queue": "mail"},
    "notifications.tasks.send_pushes": {"queue": "messages"},
    "notifications.tasks.send_texts": {"queue": "messages"},
    # Whoever waits for a model holds up nobody else.
    "assessments.tasks.draft_by_model": {"queue": "model"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Publishing may not hold up a request: one quick try, the sweep finds what was lost.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 0.5,
    "visibility_timeout": 2 * 3600,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
# By the clock: a day that is counted from each start of beat never ends where it starts daily.
# Twice, because a round is left out where beat does not run at that minute.
TWICE_A_DAY = crontab(hour="2,14", minute="40")
CELERY_BEAT_SCHEDULE = {
    "enroll-those-still-due": {"task": "enrollments.tasks.enroll_those_due", "schedule": 30.0},
    "resume-backfills": {"task": "enrollments.tasks.resume_backfills", "schedule": 60.0},
    "recount-what-changed": {"task": "progress.tasks.recount_stale_courses", "schedule": 30.0},
    "close-overdue-attempts": {
        "task": "assessments.tasks.close_overdue_attempts",
        "schedule": 15.0,
    },
    "complete-those-passed": {
        "task": "assessments.tasks.complete_those_passed",
        "schedule": 300.0,
    },
    "take-up-what-was-forgotten": {
        "task": "assessments.tasks.take_up_forgotten",
        "schedule": 10.0,
    },
    "analyse-what-was-forgotten": {
        "task": "assessments.tasks.analyse_forgotten",
        "schedule": 300.0,
    },
    "want-drafts-that-were-forgotten": {
        "task": "assessments.tasks.drafts_forgotten",
        "schedule": 300.0,
    },
    "take-up-forgotten-imports": {
        "task": "studio.tasks.take_up_forgotten_imports",
        "schedule": 30.0,
    },
    # Not kept for when a worker comes back: word that is late says nothing.
    "note-background": {
        "task": "studio.tasks.note_background",
        "schedule": 20.0,
        "options": {"expires": 60},
    },
    "forget-uploads": {"task": "studio.tasks.forget_uploads", "schedule": TWICE_A_DAY},
    "forget-files": {"task": "studio.tasks.forget_files", "schedule": TWICE_A_DAY},
    "count-how-courses-go": {
        "task": "studio.tasks.count_all_insights",
        "schedule": crontab(hour="3", minute="10"),
    },
    "look-over-the-site": {
        "task": "studio.tasks.look_every_night",
        "schedule": crontab(hour="4", minute="10"),
    },
    "take-up-looks": {"task": "studio.tasks.take_up_looks", "schedule": 60.0},
    "tell-of-sent-reviews": {
        "task": "assessments.tasks.tell_sent_reviews",
        "schedule": 30.0,
    },
    "award-badges-that-are-due": {
        "task": "gamification.tasks.award_those_due",
        "schedule": 30.0,
    },
    "settle-streaks": {"task": "gamification.tasks.settle_streaks", "schedule": 3600.0},
    "forget-old-code": {"task": "assessments.tasks.forget_old_code", "schedule": TWICE_A_DAY},
    "end-challenges": {"task": "gamification.tasks.end_challenges", "schedule": 60.0},
    "tend-referrals": {"task": "gamification.tasks.tend_referrals", "schedule": 600.0},
    "end-seasons": {"task": "gamification.tasks.end_seasons", "schedule": 60.0},
    "tend-certificates": {"task": "certificates.tasks.tend_certificates", "schedule": 3600.0},
    "fold-boards": {"task": "gamification.tasks.fold_boards", "schedule": 15.0},
    "tend-boards": {"task": "gamification.tasks.tend_boards", "schedule": 300.0},
    "take-up-deliveries": {"task": "billing.tasks.take_up_deliveries", "schedule": 10.0},
    "tell-stripe": {"task": "billing.tasks.tell_stripe", "schedule": 60.0},
    "mail-plans": {"task": "billing.tasks.mail_plans", "schedule": 20.0},
    "mail-invitations": {"task": "billing.tasks.mail_invitations", "schedule": 60.0},
    "forget-seats": {"task": "billing.tasks.forget_seat_addresses", "schedule": TWICE_A_DAY},
    "reconcile-payments": {"task": "billing.tasks.reconcile", "schedule": TWICE_A_DAY},
    "send-mail": {"task": "notifications.tasks.send_mail", "schedule": 20.0},
    "send-pushes": {"task": "notifications.tasks.send_pushes", "schedule": 20.0},
    "send-texts": {"task": "notifications.tasks.send_texts", "schedule": 20.0},
    "carry-on-announcements": {
        "task": "notifications.tasks.carry_on_announcements",
        "schedule": 30.0,
    },
    "remind-of-streaks": {"task": "classroom.tasks.remind_of_streaks", "schedule": 600.0},
    "tell-of-freezes": {"task": "classroom.tasks.tell_of_freezes", "schedule": 600.0},
    "tell-of-challenges": {"task": "classroom.tasks.tell_of_challenges", "schedule": 300.0},
    "begin-weekly-mail": {"task": "notifications.tasks.begin_weekly_mail", "schedule": 600.0},
    "forget-looks": {
        "task": "activity.tasks.forget_looks",
        "schedule": crontab(hour="3,15", minute="40"),
    },
    "forget-old-mail": {"task": "notifications.tasks.forget_old_mail", "schedule": TWICE_A_DAY},
    "forget-old-messages": {
        "task": "notifications.tasks.forget_old_messages",
        "schedule": TWICE_A_DAY,
    },
    "forget-old-sessions": {"task": "accounts.tasks.clear_sessions", "schedule": TWICE_A_DAY},
    "make-exports": {"task": "accounts.tasks.make_exports", "schedule": 60.0},
    "forget-exports": {"task": "accounts.tasks.forget_exports", "schedule": 3600.0},
    "erase-what-came-late": {"task": "accounts.tasks.erase_what_came_late", "schedule": 3600.0},
    "forget-old-notifications": {
        "task": "notifications.tasks.forget_old_notifications",
        "schedule": TWICE_A_DAY,
    },
}

SILENCED_SYSTEM_CHECKS = [
    # The email is unique by a constraint on its lower-cased form.
    "auth.W004",
    # Whether browsers know the domain as one for TLS alone is for its owner to say, for all of it.
    "security.W021",
]

# Running learners' code ---------------------------------------------------------------------------

# wasm needs nothing; bwrap needs bubblewrap and user namespaces; piston needs a server.
SANDBOX_RUNNER = env.str("SANDBOX_RUNNER", default="wasm")
if not re.fullmatch("wasm|bwrap|piston", SANDBOX_RUNNER):
    raise ImproperlyConfigured("SANDBOX_RUNNER is wasm, bwrap or piston.")
# Compiled guests of wasm: native code, so the folder belongs to this service alone.
SANDBOX_CACHE = Path(env.str("SANDBOX_CACHE", default=str(BASE_DIR / "var" / "sandbox")))
PISTON_URL = env.str("PISTON_URL", default="")
PISTON_TOKEN = env.str("PISTON_TOKEN", default="")
if SANDBOX_RUNNER == "piston":
    env.required("PISTON_URL", "the address of a Piston server, such as http://127.0.0.1:2000.")

# Drafts of a language model -----------------------------------------------------------------------

# Any endpoint that speaks the protocol of chat completions. Empty: no model is asked.
AI_BASE_URL = env.str("AI_BASE_URL", default="").strip().rstrip("/")
AI_API_KEY = env.str("AI_API_KEY", default="").strip()
AI_MODEL = env.str("AI_MODEL", default="").strip()
AI_SECONDS = env.float("AI_SECONDS", default=60.0)
AI_DRAFTS_PER_LEARNER = env.int("AI_DRAFTS_PER_LEARNER", default=20)  # a day
AI_DRAFTS_PER_MINUTE = env.int("AI_DRAFTS_PER_MINUTE", default=30)
AI_TOKENS_PER_DAY = env.int("AI_TOKENS_PER_DAY", default=2_000_000)
# Of a million tokens, in whatever currency the bill comes in.
AI_PRICE_IN = env.float("AI_PRICE_IN", default=0.0)
AI_PRICE_OUT = env.float("AI_PRICE_OUT", default=0.0)


def check_model(url: str, key: str, model: str) -> None:
    """Stop the start with one sentence if what is said of the model cannot work."""
    place = urlsplit(url)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise ImproperlyConfigured("AI_BASE_URL is an address such as https://models.example/v1.")
    if place.username or place.password or place.query or place.fragment:
        raise ImproperlyConfigured("AI_BASE_URL holds no secret: give the key in AI_API_KEY.")
    if not model or len(model) > 100:
        raise ImproperlyConfigured("Set AI_MODEL: the name of the model at AI_BASE_URL.")
    if not key.isascii() or not key.isprintable():
        raise ImproperlyConfigured("AI_API_KEY holds characters that cannot be sent.")


if AI_BASE_URL:
    check_model(AI_BASE_URL, AI_API_KEY, AI_MODEL)
    if not 1 <= AI_SECONDS <= 600:
        raise ImproperlyConfigured("AI_SECONDS is from 1 to 600.")
    if not 0 <= min(AI_PRICE_IN, AI_PRICE_OUT) <= max(AI_PRICE_IN, AI_PRICE_OUT) <= 1e5:
        raise ImproperlyConfigured("AI_PRICE_IN and AI_PRICE_OUT are from 0 to 100000.")
    if AI_DRAFTS_PER_MINUTE < 1:
        raise ImproperlyConfigured("AI_DRAFTS_PER_MINUTE is at least 1. Empty AI_BASE_URL to stop.")
    if min(AI_DRAFTS_PER_LEARNER, AI_TOKENS_PER_DAY) < 0:
        raise ImproperlyConfigured("Limits of AI drafts are not negative.")

# Payments ----------------------------------------------------------------------------------------

# Without a key nothing is sold, and everybody holds the plan FREE.
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="").strip()
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="").strip()
if STRIPE_SECRET_KEY and not re.fullmatch(r"(?:sk|rk)_(?:test|live)_\w+", STRIPE_SECRET_KEY):
    raise ImproperlyConfigured("STRIPE_SECRET_KEY is a key such as sk_test_… or rk_live_….")
# Stripe counts the tax on what is bought, and asks for the address that it goes by.
STRIPE_AUTOMATIC_TAX = env.bool("STRIPE_AUTOMATIC_TAX", default=False)
if env.str("STRIPE_AUTOMATIC_TAX", default="0").strip().lower() not in {
    "",
    "0",
    "1",
    "false",
    "true",
}:
    raise ImproperlyConfigured("STRIPE_AUTOMATIC_TAX is 1 or 0.")
# Messages and rows of the other mode are none of ours.
STRIPE_IS_LIVE = "_live_" in STRIPE_SECRET_KEY[:8]
# Who sells, as invoices name it below the school: "Long Lane 1; 12345 Town; VAT 123".
SELLER = [line.strip() for line in env.str("SELLER", default="").split(";") if line.strip()]
# Where questions about payments go.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="").strip()

# The school --------------------------------------------------------------------------------------

# The hour at which a day of learning begins, by everybody's own clock. Past days are not moved.
DAY_STARTS_AT = env.int("DAY_STARTS_AT", default=0)
if not 0 <= DAY_STARTS_AT <= 6:
    raise ImproperlyConfigured("DAY_STARTS_AT is an hour from 0 to 6.")

LMS_AUTO_ENROLL = env.bool("LMS_AUTO_ENROLL", default=True)

# Logs --------------------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="plain" if DEBUG else "json")
if not re.fullmatch("plain|json", LOG_FORMAT):
    raise ImproperlyConfigured("LOG_FORMAT is plain or json.")
SENTRY_DSN = env.str("SENTRY_DSN", default="").strip()
if SENTRY_DSN and not re.fullmatch(r"https?://\w+@[^/@\s]+(?:/\S+)?/\d+", SENTRY_DSN):
    raise ImproperlyConfigured("SENTRY_DSN is an address such as https://key@sentry.example/1.")
if SENTRY_DSN and find_spec("sentry_sdk") is None:
    raise ImproperlyConfigured("SENTRY_DSN is given: install the extra `sentry`.")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "lms.logs.RequestIdFilter"}},
    "formatters": {
        "plain": {"format": "%(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
        },
    },
    "handlers": {
        "console": {
            "class": "lms.logs.Console",
            "formatter": LOG_FORMAT,
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}
if SENTRY_DSN:
    LOGGING["handlers"]["sentry"] = {
        "()": "lms.sentry.handler", "dsn": SENTRY_DSN, "filters": ["request_id"],
    }  # fmt: skip
    LOGGING["root"]["handlers"].append("sentry")
# Traces of OpenTelemetry, by its own variables; the others it reads itself.
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="").strip()
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = env.str(
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", default=""
).strip() or (
    OTEL_EXPORTER_OTLP_ENDPOINT and f"{OTEL_EXPORTER_OTLP_ENDPOINT.rstrip('/')}/v1/traces"
)
OTEL_EXPORTER_OTLP_HEADERS = env.str("OTEL_EXPORTER_OTLP_HEADERS", default="").strip()
if OTEL_EXPORTER_OTLP_TRACES_ENDPOINT:
    if find_spec("opentelemetry") is None:
        raise ImproperlyConfigured("OTEL_EXPORTER_OTLP_*ENDPOINT: install the extra `traces`.")
    MIDDLEWARE.insert(1, "lms.tracing.trace_requests")
