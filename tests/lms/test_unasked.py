"""What lies beside the site is not served, and what runs it does not say so."""

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User

BESIDE = [
    "/.git/HEAD", "/.git/config", "/.env", "/.env.example", "/manage.py", "/lms/settings.py",
    "/requirements/production.txt", "/docker-compose.yml", "/var/local.env", "/media/",
    "/static/", "/static/css/", "/static/../manage.py", "/static/%2e%2e/manage.py",
    "/static//etc/passwd", "/server-status", "/debug/", "/__debug__/", "/console", "/phpinfo.php",
    "/backup.sql", "/admin.zip", "/robots.txt/", "/people/avatars/", "/courses/x/files/../../.env",
]  # fmt: skip


@pytest.mark.parametrize("path", BESIDE)
def test_what_lies_beside_the_site_is_not_served(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"SECRET_KEY" not in answer.content
    assert b"Index of" not in answer.content


def test_trace_is_refused_and_echoes_nothing(client, db):
    answer = client.generic("TRACE", "/", headers={"Cookie": "sessionid=of-somebody"})
    assert answer.status_code == 405
    assert b"of-somebody" not in answer.content


def test_a_fault_shows_no_page_for_developers(db, monkeypatch, settings):
    def fail(*args, **kwargs):
        raise RuntimeError("a word of the house")

    assert settings.DEBUG is False
    monkeypatch.setattr("classroom.views.catalogue.render", fail)
    answer = Client(raise_request_exception=False).get("/courses/")
    assert answer.status_code == 500
    for word in (b"a word of the house", b"Traceback", b"Django", b"settings"):
        assert word not in answer.content


def test_a_new_database_holds_no_account(db):
    call_command("migrate", verbosity=0)
    assert not User.objects.exists()
