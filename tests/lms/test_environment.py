"""What the environment says wrongly ends the start with one sentence that names the variable."""

import os
import runpy
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.lms.conftest import SETTINGS

POSTGRES = "postgres://ada:hush@db.example"


def read():
    return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:///hush"),
        ("DATABASE_URL", "hush"),
        ("DATABASE_URL", "//ada:hush@db.example/school"),
        ("DATABASE_URL", f"{POSTGRES}:port/school"),
        ("DATABASE_URL", f"{POSTGRES}/"),
        ("DATABASE_REPLICA_URL", "mysql://ada:hush@db.example/school"),
        ("DATABASE_POOL", "hush"),
        ("TRUSTED_PROXY_COUNT", "hush"),
        ("ANALYTICS_SAMPLING", "hush"),
        ("SITE_URL", "hush"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "http://[hush"),
        ("SITE_URL", "https://school.example/hush"),
        ("REDIS_URL", ""),
        ("REDIS_URL", "hush:6379"),
        ("EMAIL_URL", "smtp://mail.example:hush"),
        ("EMAIL_URL", "hush://mail.example"),
        ("EMAIL_URL", "smtp+tls:hush:587"),
        ("EMAIL_URL", "smtp+tls://:587"),
        ("SITE_URL", "https://schöl.de"),
        ("SITE_URL", "http://[::1]:80"),
        ("DATABASE_POOLER", "hush"),
        ("AI_API_KEY_FILE", "/hush/nowhere"),
        ("SECRET_KEY_FILE", "/hush/nowhere"),
        ("DATABASE_URL_FILE", "/"),
        ("STRIPE_API_BASE", "hush"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_not_repeated(monkeypatch, recwarn, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=rf"^(Set )?{name}(:| is) [^\n]+\.$") as refusal:
        read()
    assert "hush" not in str(refusal.value)
    assert not recwarn.list


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_NAME", "MEDIA_ROOT"])
def test_a_line_break_at_the_end_of_a_file_is_not_part_of_what_it_holds(
    monkeypatch, tmp_path, name
):
    said = "a-value-of-some-length-that-stays-as-it-is, blanks too "
    (tmp_path / "value").write_text(f"{said}\n")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "value"))
    assert str(read()[name]).endswith(said)


def test_no_folder_of_files_is_the_usual_one_not_the_one_that_a_process_starts_in(monkeypatch):
    monkeypatch.setenv("MEDIA_ROOT", "")
    assert read()["MEDIA_ROOT"].parts[-2:] == ("var", "media")


def test_a_command_ends_with_that_sentence_alone():
    ended = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=SETTINGS.parents[1],
        env={**os.environ, "TRUSTED_PROXY_COUNT": "abc"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "TRUSTED_PROXY_COUNT is a whole number.\n"


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_REPLICA_URL"])
def test_what_an_address_of_a_database_asks_for_is_kept(monkeypatch, name):
    asked = "sslmode=verify-full&connect_timeout=20&options=-c%20work_mem=8MB"
    monkeypatch.setenv(name, f"{POSTGRES}/school?{asked}")
    [found] = [one for one in read()["DATABASES"].values() if one["HOST"] == "db.example"]
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert int(found["OPTIONS"]["connect_timeout"]) == 20
    assert found["OPTIONS"]["options"].startswith("-c work_mem=8MB -c jit=off")


@pytest.mark.parametrize(
    "url", ["https://school.example/", "http://127.0.0.1:8000", "https://xn--schl-6qa.de"]
)
def test_a_site_has_a_scheme_and_a_host(monkeypatch, url):
    monkeypatch.setenv("SITE_URL", url)
    assert read()["SITE_URL"] == url.rstrip("/")
