"""The school's own settings; an experiment may say how long the broker waits for a worker."""

import os

from bench.settings import *  # noqa: F403
from bench.settings import CELERY_BROKER_TRANSPORT_OPTIONS

if seconds := os.environ.get("FAULTS_VISIBILITY"):
    CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] = int(seconds)
