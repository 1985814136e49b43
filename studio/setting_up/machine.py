"""What the site can tell of the machine it runs on, tried out while somebody looks."""

import errno
import os
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.numerals import decimal
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
AGAIN = gettext_lazy("Test again")
NEARBY = ("127.0.0.1", "localhost", "::1", "")


def note_background() -> None:
    """Leave word that beat and a worker are at work."""
    cache.set(HEARD_OF, time.time(), None)


def silence() -> float | None:
    """For how many seconds nobody was heard of; None: nobody ever was, or Redis has lost it."""
    heard = cache.get(HEARD_OF)
    return None if heard is None else max(0, time.time() - float(heard))


def by_docker(words: str, otherwise: str) -> str:
    """The command that fits how this site runs: by docker-compose.yml, or by itself.

    A container alone says nothing: `make run` is at home in one, too.
    """
    return words if connection.settings_dict["HOST"] == "postgres" else otherwise


def every_queue() -> str:
    """All that workers take from, as Celery reads it."""
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    return ",".join(sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *routed}))


def machine_steps() -> list[Step]:
    """Five queries."""
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
    text = _("PostgreSQL %(version)s answers in %(time)s ms.") % {
        "version": version.split(maxsplit=1)[0],
        "time": f"{took * 1000:.0f}",
    }
    return Step("database", _("Database"), State.DONE, text, verb=str(AGAIN))


def background() -> Step:
    """The cache keeps what it is given, and somebody works in the background."""
    key, title = "background", _("Cache and background work")
    cache.set("setup:probe", "kept", 60)
    if cache.get("setup:probe") != "kept":
        command = by_docker("docker compose up -d redis", "valkey-cli -u $REDIS_URL ping")
        return Step(key, title, State.BAD, _("Redis does not answer."), command, verb=str(AGAIN))
    quiet = silence()
    if quiet is None or quiet > SILENCE_SECONDS:
        text = _("No worker was heard of lately: mail, grading and sweeps wait.")
        command = by_docker(
            "docker compose up -d", f"celery -A lms beat & celery -A lms worker -Q {every_queue()}"
        )
        return Step(key, title, State.BAD, text, command, verb=str(AGAIN))
    text = _("Redis answers, and a worker was heard of %(seconds)s seconds ago.") % {
        "seconds": f"{quiet:.0f}"
    }
    return Step(key, title, State.DONE, text, verb=str(AGAIN))


def runner() -> Step:
    """The last self-test, where code is run; one that is due shows itself until it ends."""
    key, title = "runner", _("Runner of learners’ code")
    way = Way(reverse("studio:runner"), _("What it tests"))
    if RunnerCheck.objects.open().exists():
        text = _("Test programs are being run. This takes some seconds.")
        return Step(key, title, State.DUE, text, way=way)
    check = runner_checks.latest()
    if check is None or check.runner != runners.chosen().name:
        text = _("Not tested yet. A broken runner should not be found by the first learner.")
        return Step(key, title, State.OPEN, text, way=way, verb=_("Test it now"))
    if check.status == RunnerCheck.Status.PASSED and check.finished_at:
        seconds = (check.finished_at - (check.started_at or check.created_at)).total_seconds()
        text = _("Its test programs ran in %(seconds)s s, and all %(walls)s walls hold.") % {
            "seconds": decimal(seconds, 1),
            "walls": len(check.walls),
        }
        return Step(key, title, State.DONE, text, way=way, verb=str(AGAIN))
    command = by_docker(
        "docker compose up -d --force-recreate grader trials && docker compose logs -f grader",
        "python manage.py sandbox_prepare",
    )
    text = check.fault[:200] or _("Not all of its walls hold.")
    return Step(key, title, State.BAD, text, command, way, str(AGAIN))


def free_after_writing(root: Path) -> int:
    """Bytes. The file has no name at any time, so a killed process leaves none to backups."""
    root.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=root) as file:
        file.write(b"kept")
        file.seek(0)
        if file.read() != b"kept":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
    return shutil.disk_usage(root).free


def free_to_write(root: Path) -> int:
    """Bytes, as the system tells without trying. A first file makes the folder."""
    there = next(one for one in (root, *root.parents) if one.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return shutil.disk_usage(there).free


def storage(*, tried: bool = True) -> Step:
    """A file is written and read; on a page that is opened all day the system is only asked."""
    key, title, root = "storage", _("Storage of files"), Path(settings.MEDIA_ROOT)
    try:
        free = free_after_writing(root) if tried else free_to_write(root)
    except OSError as error:
        command = by_docker(
            "docker compose run --rm -u root web chown -R waymark /srv/media",
            f"chown -R $(id -un) {root}",
        )
        text = _("Files cannot be written to %(root)s: %(fault)s.") % {
            "root": root,
            "fault": error.strerror or error,
        }
        return Step(key, title, State.BAD, text, command, verb=str(AGAIN))
    room = _("%(value)s GB are free.") % {"value": decimal(free / 1024**3, 1)}
    if free < LEAST_FREE:
        return Step(
            key,
            title,
            State.BAD,
            _("Too little room: %(room)s") % {"room": room},
            f"df -h {root}",
            verb=str(AGAIN),
        )
    text = _("A file was written and read. %(room)s") % {"room": room} if tried else room
    return Step(key, title, State.DONE, text, verb=str(AGAIN))


def https() -> Step:
    key, title, site = "https", _("Encrypted connection"), settings.SITE_URL
    if settings.HTTPS:
        return Step(
            key, title, State.DONE, _("The site is %(site)s.") % {"site": site}, verb=str(AGAIN)
        )
    command = "SITE_URL=https://school.example   # in .env, with a proxy that speaks TLS in front"
    if settings.SITE_HOST in NEARBY:
        text = _("The site is %(site)s: only this machine reaches it.") % {"site": site}
        return Step(key, title, State.OPEN, text, command, verb=str(AGAIN))
    text = _("The site is %(site)s: passwords travel readable for everybody on the way.") % {
        "site": site
    }
    return Step(key, title, State.BAD, text, command, verb=str(AGAIN))


def backup(archived: datetime | None) -> Step:
    """Our own backups leave word, and a database that archives its log does."""
    key, title, made = "backup", _("Backup"), last_backup()
    if made and now() - made < BACKUP_IS_OLD:
        hours = (now() - made).total_seconds() / 3600
        text = _("The last backup was made %(hours)s hours ago. Is there a copy elsewhere?") % {
            "hours": f"{hours:.0f}"
        }
        return Step(key, title, State.DONE, text, verb=str(AGAIN))
    if archived and now() - archived < BACKUP_IS_OLD:
        text = _("The database archives what it writes. Save the folder of files as well.")
        return Step(key, title, State.DONE, text, verb=str(AGAIN))
    text = _("No backup was made of late. Make one every night, and keep a copy elsewhere.")
    command = by_docker("docker compose run --rm backup", "python manage.py backup /srv/backups")
    return Step(key, title, State.OPEN, text, command, verb=str(AGAIN))


def clocks(moment: datetime) -> Step:
    """Deadlines are counted by the database's clock, sign-in codes by this one."""
    apart = abs(now() - moment)
    if apart < CLOCKS_MAY_DIFFER:
        text = _("The clocks of this server and of the database agree.")
        return Step("clocks", _("Clocks"), State.DONE, text, verb=str(AGAIN))
    text = _("The clocks of this server and of the database are %(seconds)s s apart.") % {
        "seconds": f"{apart.total_seconds():.0f}"
    }
    command = "timedatectl set-ntp true   # on both machines"
    return Step("clocks", _("Clocks"), State.BAD, text, command, verb=str(AGAIN))
