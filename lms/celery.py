"""The task queue. A task is only a wake-up call: a row in the database says what is due."""

import logging
import os
import time
from functools import partial
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.signals import celeryd_init
from django.db import transaction
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
logger = logging.getLogger(__name__)
# A broker that has let somebody wait for so long is left alone for a while.
SLOW_SECONDS, PAUSE_SECONDS = 0.5, 5.0
# How long a worker waits for the broker's answer.
WORKER_SECONDS = 60


class WakeUp(DjangoTask):  # type: ignore[misc]
    """A task whose loss is no loss: a broker that is away must not fail the request.

    Nor hold it up: one that hangs costs one request a time-out, and those of the next five seconds
    publish nothing. Then one of them tries again, alone.
    """

    _silent_until = 0.0

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Publish after the commit; log and go on if the broker does not answer."""
        transaction.on_commit(partial(self.publish, *args, **kwargs))

    def delay_once_on_commit(self) -> None:
        """The same without arguments, once however often a transaction asks for it."""
        waiting = [function for _, function, _ in transaction.get_connection().run_on_commit]
        if self.publish not in waiting:
            transaction.on_commit(self.publish)

    def publish(self, *args: Any, **kwargs: Any) -> None:
        began = time.monotonic()
        if began < WakeUp._silent_until:
            return
        if WakeUp._silent_until:
            WakeUp._silent_until = began + PAUSE_SECONDS
        try:
            self.delay(*args, **kwargs)
        except OperationalError:
            logger.warning("%s was not published; the sweep will find it", self.name)
            if time.monotonic() - began > SLOW_SECONDS:
                WakeUp._silent_until = time.monotonic() + PAUSE_SECONDS
        else:
            WakeUp._silent_until = 0.0


def wait_for_the_broker(conf: Any, **kwargs: Any) -> None:
    """Let a worker wait longer than a page may.

    Celery only logs that it could not say "done", counts the message as being worked on for ever,
    and takes no other in its place: a broker that hung for two seconds left the worker deaf.
    """
    conf.broker_transport_options = {
        **conf.broker_transport_options,
        "socket_timeout": WORKER_SECONDS,
        "socket_keepalive": True,
    }


# Called, because Celery's decorators have no types.
celeryd_init.connect(wait_for_the_broker)

app = Celery("lms", task_cls=WakeUp)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
