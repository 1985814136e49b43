"""The task queue. A task is only a wake-up call: a row in the database says what is due."""

import logging
import os
from functools import partial
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
logger = logging.getLogger(__name__)


class WakeUp(DjangoTask):  # type: ignore[misc]
    """A task whose loss is no loss: a broker that is away must not fail the request."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Publish after the commit; log and go on if the broker does not answer."""
        transaction.on_commit(partial(self.publish, *args, **kwargs))

    def delay_once_on_commit(self) -> None:
        """The same without arguments, once however often a transaction asks for it."""
        waiting = [function for _, function, _ in transaction.get_connection().run_on_commit]
        if self.publish not in waiting:
            transaction.on_commit(self.publish)

    def publish(self, *args: Any, **kwargs: Any) -> None:
        try:
            self.delay(*args, **kwargs)
        except OperationalError:
            logger.warning("%s was not published; the sweep will find it", self.name)


app = Celery("lms", task_cls=WakeUp)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
