"""What the site can tell of the machine it runs on, tried out while somebody looks."""

import shutil
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from assessments import runner_checks, runners
from assessments.models import RunnerCheck
from studio.backups.last import last_backup
from studio.setting_up.step import State, Step, Way

# A task of beat's leaves word every twenty seconds.
HEARD_OF = "background:heard"
SILENCE_SECONDS = 90
LEAST_FREE = 1024**3
CLOCKS_MAY_DIFFER = timedelta(seconds=2)
# One a night, and a little later than last night.
BACKUP_IS_OLD = timedelta(hours=30)
AGAIN = "Test again"
NEARBY = ("127.0.0.1", "localhost", "::1", "")


def note_background() -> None:
    """Leave word that beat and a worker are at work."""
    cache.set(HEARD_OF, time.time(), None)


def by_docker(words: str, otherwise: str) -> str:
    """The command that fits how this site runs: by docker-compose.yml, or by itself.

    A container alone says nothing: `make run` is at home in one, too.
    """
    return words if connection.settings_dict["HOST"] == "postgres" else otherwise


def machine_steps() -> list[Step]:
    """Four queries."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), clock_timestamp()")
        version, moment = cursor.fetchone()
        took = time.perf_counter() - began
    return [
        database(version, took),
        background(),
        runner(),
        storage(),
        https(),
        backup(last_archived()),
        clocks(moment),
    ]


def last_archived() -> datetime | None:
    """When the database last put a piece of its log away; None: it never does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_archived_time FROM pg_stat_archiver")
        found: datetime | None = cursor.fetchone()[0]
    return found


def database(version: str, took: float) -> Step:
    text = f"PostgreSQL {version.split(maxsplit=1)[0]} answers in {took * 1000:.0f} ms."
    return Step("database", "Database", State.DONE, text, verb=AGAIN)


def background() -> Step:
    """The cache keeps what it is given, and somebody works in the background."""
    key, title = "background", "Cache and background work"
    cache.set("setup:probe", "kept", 60)
    if cache.get("setup:probe") != "kept":
        command = by_docker("docker compose up -d redis", "valkey-cli -u $REDIS_URL ping")
        return Step(key, title, State.BAD, "Redis does not answer.", command, verb=AGAIN)
    silence = time.time() - float(cache.get(HEARD_OF) or 0)
    if silence > SILENCE_SECONDS:
        text = "No worker was heard of lately: mail, grading and sweeps wait."
        command = by_docker(
            "docker compose up -d worker grader beat",
            "celery -A lms beat & celery -A lms worker -Q default,mail,payments",
        )
        return Step(key, title, State.BAD, text, command, verb=AGAIN)
    text = f"Redis answers, and a worker was heard of {max(0, silence):.0f} seconds ago."
    return Step(key, title, State.DONE, text, verb=AGAIN)


def runner() -> Step:
    """The last self-test, where code is run; one that is due shows itself until it ends."""
    key, title = "runner", "Runner of learners’ code"
    way = Way(reverse("studio:runner"), "What it tests")
    if RunnerCheck.objects.open().exists():
        text = "Test programs are being run. This takes some seconds."
        return Step(key, title, State.DUE, text, way=way)
    check = runner_checks.latest()
    if check is None or check.runner != runners.chosen().name:
        text = "Not tested yet. A broken runner should not be found by the first learner."
        return Step(key, title, State.OPEN, text, way=way, verb="Test it now")
    if check.status == RunnerCheck.Status.PASSED and check.finished_at:
        seconds = (check.finished_at - (check.started_at or check.created_at)).total_seconds()
        text = f"Its test programs ran in {seconds:.1f} s, and all {len(check.walls)} walls hold."
        return Step(key, title, State.DONE, text, way=way, verb=AGAIN)
    command = by_docker(
        "docker compose run --rm grader python manage.py sandbox_prepare",
        "python manage.py sandbox_prepare",
    )
    text = check.fault[:200] or "Not all of its walls hold."
    return Step(key, title, State.BAD, text, command, way, AGAIN)


def storage() -> Step:
    """A file is written, read and taken away again."""
    key, title, root = "storage", "Storage of files", settings.MEDIA_ROOT
    try:
        name = default_storage.save("setup-probe.txt", ContentFile(b"kept"))
        with default_storage.open(name) as file:
            is_kept = file.read() == b"kept"
        default_storage.delete(name)
        free = shutil.disk_usage(root).free
    except OSError as error:
        command = by_docker(
            "docker compose run --rm -u root web chown -R waymark /srv/media",
            f"chown -R $(id -un) {root}",
        )
        text = f"Files cannot be written to {root}: {error.strerror or error}."
        return Step(key, title, State.BAD, text, command, verb=AGAIN)
    room = f"{free / 1024**3:.1f} GB are free."
    if not is_kept or free < LEAST_FREE:
        return Step(key, title, State.BAD, f"Too little room: {room}", f"df -h {root}", verb=AGAIN)
    return Step(key, title, State.DONE, f"A file was written and read. {room}", verb=AGAIN)


def https() -> Step:
    key, title, site = "https", "Encrypted connection", settings.SITE_URL
    if settings.HTTPS:
        return Step(key, title, State.DONE, f"The site is {site}.", verb=AGAIN)
    command = "SITE_URL=https://school.example   # in .env, with a proxy that speaks TLS in front"
    if settings.SITE_HOST in NEARBY:
        text = f"The site is {site}: only this machine reaches it."
        return Step(key, title, State.OPEN, text, command, verb=AGAIN)
    text = f"The site is {site}: passwords travel readable for everybody on the way."
    return Step(key, title, State.BAD, text, command, verb=AGAIN)


def backup(archived: datetime | None) -> Step:
    """Our own backups leave word, and a database that archives its log does."""
    key, title, made = "backup", "Backup", last_backup()
    if made and now() - made < BACKUP_IS_OLD:
        hours = (now() - made).total_seconds() / 3600
        text = f"The last backup was made {hours:.0f} hours ago. Is there a copy elsewhere?"
        return Step(key, title, State.DONE, text, verb=AGAIN)
    if archived and now() - archived < BACKUP_IS_OLD:
        text = "The database archives what it writes. Save the folder of files as well."
        return Step(key, title, State.DONE, text, verb=AGAIN)
    text = "No backup was made of late. Make one every night, and keep a copy elsewhere."
    command = by_docker("docker compose run --rm backup", "python manage.py backup /srv/backups")
    return Step(key, title, State.OPEN, text, command, verb=AGAIN)


def clocks(moment: datetime) -> Step:
    """Deadlines are counted by the database's clock, sign-in codes by this one."""
    apart = abs(now() - moment)
    if apart < CLOCKS_MAY_DIFFER:
        text = "The clocks of this server and of the database agree."
        return Step("clocks", "Clocks", State.DONE, text, verb=AGAIN)
    text = f"The clocks of this server and of the database are {apart.total_seconds():.0f} s apart."
    command = "timedatectl set-ntp true   # on both machines"
    return Step("clocks", "Clocks", State.BAD, text, command, verb=AGAIN)
