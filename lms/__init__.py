"""Wiring: settings, addresses, the task queue. Imports every app and is imported by none."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
