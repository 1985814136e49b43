"""The school's own settings, with one bare page and a folder of static files besides."""

import os

from lms.settings import *  # noqa: F403
from lms.settings import CACHES, MIDDLEWARE

ROOT_URLCONF = "bench.urls"
STATIC_ROOT = os.environ["BENCH_STATIC"]
# Schools that are compared keep apart what they remember.
CACHES["default"]["KEY_PREFIX"] = os.environ.get("BENCH_CACHE", "waymark")
if "BENCH_STATEMENTS" in os.environ:
    MIDDLEWARE = ["bench.statements.Statements", *MIDDLEWARE]
