"""How gunicorn serves Waymark. Flags on the command line go before what stands here."""

import logging
import os
import re
import shutil
import tempfile
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
from pythonjsonlogger.json import JsonFormatter

wsgi_app = "lms.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Threads, because pages wait for the database more than they compute. Many, because a request is
# read inside its thread: two hundred clients that send a byte a second must leave some over. They
# are started when needed, and the pool of eight connections bounds what they ask of PostgreSQL.
# More than eight workers would not fit its usual 100 connections.
workers = int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 8))
threads = 256

# As long as gunicorn can: an address that leads nowhere is answered by our page, not by gunicorn.
limit_request_line = 8190

timeout = 60
graceful_timeout = 15
keepalive = 5

# Workers touch a file to show that they live; on a slow disk that would block them.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# The socket for steering a running gunicorn is of no use here, and one more door.
control_socket_disable = True


class Headed:
    """A connection on which gunicorn's own refusals get the headers of every answer of ours."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def sendall(self, answer: bytes) -> None:
        from lms.middleware import of_no_page  # noqa: PLC0415

        status, _, rest = answer.partition(b"\r\n")
        heads = (f"{name}: {value}".encode("latin-1") for name, value in of_no_page().items())
        rest = rest.replace(b"text/html\r\n", b"text/html; charset=iso-8859-1\r\n", 1)
        self.connection.sendall(b"\r\n".join([status, *heads, rest]))


class Worker(ThreadWorker):  # type: ignore[misc]
    """What cannot be read, or is too long, never reaches the site: gunicorn says so itself."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        super().handle_error(req, Headed(client), addr, exc)


worker_class = Worker


# A line for each request, where somebody wants one: without its address, which may hold a code.
access_log_format = "%(t)s %(m)s %(s)s %(B)s %(L)s"
# Where gunicorn repeats what it was asked for.
ASKED = re.compile(r"^(Error handling request |Invalid request from [^'\"]*['\"]).+", re.DOTALL)


def hide_what_was_asked(record: logging.LogRecord) -> bool:
    record.msg, record.args = ASKED.sub(r"\1(not shown)", record.getMessage()), ()
    return True


class Lines(Logger):
    """What gunicorn itself says, line by line as the site does; a request has no part in it."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(hide_what_was_asked)
            if os.environ.get("LOG_FORMAT") != "plain":
                fields = "%(asctime)s %(levelname)s %(name)s %(process)d %(message)s"
                handler.setFormatter(JsonFormatter(fields))


logger_class = Lines

# Each worker counts for itself; what /metrics shows is the sum of their files. The library looks
# for the folder when it is imported, so it is imported late. One of ours is removed at the end;
# whoever reads these lines again (at HUP) finds it there.
FOLDER, OURS = "PROMETHEUS_MULTIPROC_DIR", "WAYMARK_METRICS_OF_OURS"
if not os.environ.get(FOLDER):
    os.environ[FOLDER] = os.environ[OURS] = tempfile.mkdtemp(prefix="waymark-metrics-")


def post_worker_init(worker: object) -> None:
    """Store what is looked at, from each process that serves."""
    from activity.analytics import buffer  # noqa: PLC0415

    buffer.start()


def on_exit(server: object) -> None:
    """Leave no folder of ours behind."""
    if made := os.environ.get(OURS):
        shutil.rmtree(made, ignore_errors=True)


def child_exit(server: object, worker: Any) -> None:
    """Take the gauges of a worker that ended out of the sum."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

    mark_process_dead(worker.pid)
