"""Databases beside the one of the tests: empty ones, to restore into."""

import json
import zipfile
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from studio import health
from studio.backups.making import make_backup


def statement(words):
    given = {**connection.get_connection_params(), "dbname": "postgres"}
    with psycopg.connect(**given, autocommit=True) as link:
        link.execute(words)


@contextmanager
def working_on(name):
    """This process works on that database, and on its own again afterwards."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        connection.settings_dict["NAME"] = usual


@contextmanager
def empty_database(suffix):
    name = f"{connection.settings_dict['NAME']}_{suffix}"
    statement(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    statement(f'CREATE DATABASE "{name}"')
    try:
        yield name
    finally:
        statement(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def no_attacks(monkeypatch):
    """A restore ends with the doctor. Its attacks on the sandbox are tested elsewhere."""
    checks = tuple(check for check in health.CHECKS if check.name != "sandbox")
    monkeypatch.setattr("studio.management.commands.doctor.CHECKS", checks)


@pytest.fixture
def target(transactional_db, settings, tmp_path):
    """A new machine: an empty database and no files. `with target(): ...` works there."""
    with empty_database("restored") as name:

        @contextmanager
        def there():
            with working_on(name), override_settings(MEDIA_ROOT=tmp_path / "new" / "media"):
                yield

        yield there


@pytest.fixture(scope="module")
def parcel(django_db_setup, django_db_blocker, tmp_path_factory):
    """The backup of a school with two files and nobody in it."""
    folder = tmp_path_factory.mktemp("parcel")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "media"):
        default_storage.save("assets/ab/plan.svg", ContentFile(b"<svg/>" * 1000))
        default_storage.save("assets/grüße \udcff.txt", ContentFile(b"hello"))
        return make_backup(folder / "school.zip", lambda size: None).path


def run(*arguments, **options):
    """What a command says, for machines; a restore says it even if the doctor finds something."""
    out = StringIO()
    try:
        call_command(*arguments, **options, json=True, stdout=out)
    except CommandError:
        if not out.getvalue():
            raise
    return json.loads(out.getvalue())


def rewritten(parcel, place, change):
    """The same backup after `change(name, data)`: other bytes, or None for a part left out."""
    with zipfile.ZipFile(parcel) as old, zipfile.ZipFile(place, "w") as new:
        for info in old.infolist():
            data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(info.filename, data)
    return place


def told_otherwise(parcel, place, **changes):
    """The same backup, whose manifest says something else."""

    def change(name, data):
        return json.dumps({**json.loads(data), **changes}) if name == "manifest.json" else data

    return rewritten(parcel, place, change)


def stored():
    root = Path(settings.MEDIA_ROOT)
    return {
        str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()
    }
