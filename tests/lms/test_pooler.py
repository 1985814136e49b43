"""Behind a pooler in transaction mode nothing may outlast a transaction."""

import os
import re
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection

from accounts.alone import alone
from accounts.models import User
from billing import tasks
from enrollments import backfill
from enrollments.models import Enrollment
from progress.models import LessonProgress
from tests.conftest import PASSWORD, make_person
from tests.doubles.pooler import pooler
from tests.test_house import ROOT, code

LOCKS = """
    SELECT count(*) FROM pg_locks JOIN pg_database here ON here.oid = database
    WHERE locktype = 'advisory' AND here.datname = current_database()
"""
# Of a session, all of them: they stay on whichever connection it was.
OUTLASTING = re.compile(
    r"pg_(?:try_)?advisory_(?:lock|unlock)|\bUNLISTEN\b|\bLISTEN \w|\bDISCARD ALL|WITH HOLD"
    r"|\"SET (?!LOCAL|TRANSACTION|NULL)\w+ |\bPREPARE \w+ AS|TEMP TABLE \w+(?!.*ON COMMIT DROP)"
    r"|set_config\([^)]*false\)"
)


def test_nothing_outlasts_a_transaction():
    found = {
        path.relative_to(ROOT).as_posix() for path in code() if OUTLASTING.search(path.read_text())
    }
    # Synthetic people, to measure with: its command goes to the server itself.
    assert found == {"studio/scale.py"}


@pytest.mark.parametrize(
    ("pooler_is_there", "expected"), [("1", "None True"), ("0", "-c jit=off False")]
)
def test_a_pooler_is_sent_no_options_and_no_cursors(pooler_is_there, expected):
    said = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "DATABASE_POOLER": pooler_is_there},
    )  # fmt: skip
    assert said.stdout.strip() == expected


ASK = """
from lms.settings import DATABASES
one = DATABASES["default"]
print(one["OPTIONS"].get("options"), one.get("DISABLE_SERVER_SIDE_CURSORS", False))
"""


@pytest.fixture
def behind(transactional_db):
    """All that this process asks goes through the pooler, set up as DATABASE_POOLER=1 does."""
    given = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    settings = connection.settings_dict
    options = {key: value for key, value in settings["OPTIONS"].items() if key != "options"}
    close()
    with (
        pooler(**{key: given[key] for key in names if key in given}) as between,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setitem(settings, "HOST", "127.0.0.1")
        patch.setitem(settings, "PORT", str(between.port))
        patch.setitem(settings, "OPTIONS", options)
        patch.setitem(settings, "DISABLE_SERVER_SIDE_CURSORS", True)
        yield between
        close()


def close():
    connection.close()
    connection.close_pool()


def test_people_sign_in_learn_and_leave_behind_a_pooler(behind, ada, lessons, client):
    form = {"login": ada.email, "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    lesson = lessons[0]
    assert client.get(lesson.get_absolute_url()).status_code == 200
    assert client.post(f"/lessons/{lesson.pk}/completion/", {"done": "1"}).status_code == 303
    for path in ("/classroom/", "/progress/", "/progress/history/", "/notifications/"):
        assert client.get(path).status_code == 200
    assert LessonProgress.objects.filter(user=ada).count() == 1
    assert [user.email for user in User.objects.iterator()] == [ada.email]
    assert client.post("/accounts/logout/").status_code == 302
    assert next(behind.given) > 50


def test_work_that_is_done_once_at_a_time_leaves_no_lock_behind_a_pooler(behind, course):
    for number in range(5):
        make_person(f"{number}@example.org", "Somebody")
    for _ in range(2):
        call_command("backfill_enrollments", "--missing", batch_size=2)
        assert tasks.take_up_deliveries() == 0
    assert Enrollment.objects.count() == 5
    with (
        alone("a") as first,
        alone("a") as second,
        alone("b") as third,
        alone(backfill.LOCK) as last,
    ):
        User.objects.update(name="Other")
        assert (first, second, third, last) == (True, False, True, True)
    with connection.cursor() as cursor:
        cursor.execute(LOCKS)
        assert cursor.fetchone() == (0,)


def test_the_pooler_of_these_tests_is_as_strict_as_a_real_one(behind):
    """A lock of a session is left behind, a named cursor is not found, options are refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        cursor.execute("SELECT pg_backend_pid()")
        cursor.execute("SELECT pg_try_advisory_lock(7)")
        cursor.execute("SELECT pg_advisory_unlock(7)")
        assert cursor.fetchone() == (False,)
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False
    with pytest.raises(DatabaseError, match="does not exist"):
        list(User.objects.iterator())
    close()
    connection.settings_dict["OPTIONS"] = {"options": "-c jit=off"}
    with pytest.raises(OperationalError, match="unsupported startup parameter: options"):
        connection.ensure_connection()
