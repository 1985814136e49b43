"""What the tests about the whole site share."""

import runpy
from pathlib import Path

import pytest
from django.test import Client

SETTINGS = Path(__file__).resolve().parents[2] / "lms" / "settings.py"
OF_BROWSERS = (
    "SESSION_",
    "CSRF_",
    "SECURE_",
    "COOKIE_",
    "LANGUAGE_C",
    "SITE_",
    "ALLOWED_HOSTS",
    "HTTPS",
)


@pytest.fixture
def deployed(settings, monkeypatch):
    """What our settings say to browsers when the site's address begins with https."""
    monkeypatch.setenv("SITE_URL", "https://school.example")
    monkeypatch.setenv("ALLOWED_HOSTS", "school.example")
    for name, value in runpy.run_path(str(SETTINGS)).items():
        if name.startswith(OF_BROWSERS):
            setattr(settings, name, value)


@pytest.fixture
def browser_of(deployed):
    """`browser_of(ada)`: asks the site over TLS, by its own name."""

    def make(user=None, **kwargs):
        browser = Client(SERVER_NAME="school.example", raise_request_exception=False, **kwargs)
        if user is not None:
            browser.force_login(user)
        return browser

    return make
