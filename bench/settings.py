"""The school's own settings, with one bare page and a folder of static files besides."""

import os

from lms.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
STATIC_ROOT = os.environ["BENCH_STATIC"]
