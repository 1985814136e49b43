"""What every bench is given: databases, the scale, and a browser's worth of somebody signed in."""

import sys
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from bench.databases import Databases
from studio import scale

CSRF = "b" * 32


@dataclass
class Stage:
    databases: Databases
    scale: float
    collected: bool = False

    def scaled(self, number: int, least: int = 1) -> int:
        return max(least, round(number * self.scale))

    def say(self, text: str) -> None:
        print(f"  … {text}", file=sys.stderr, flush=True)

    def school(self, name: str, school: scale.School) -> None:
        """Make a database with this school in it and let this process work on it."""
        self.say(f"seeding {school.users:,} people in {school.courses} courses")
        self.databases.empty(name)
        self.databases.use(name)
        scale.seed(school)
        connection.close()
        self.databases.settle(name)

    def collect_static(self) -> None:
        """The files with hashed names and their compressed twins, as in production."""
        if not self.collected:
            self.say("collecting static files")
            self.databases.empty("static")
            # No learner's page shows these two, and to compress them takes half a minute.
            without = ["-i", "ninja", "-i", "admin"]
            self.databases.manage("static", "collectstatic", "--noinput", "-v", "0", *without)
            self.databases.drop("static")
            self.collected = True

    def learner(self, email: str = "bench@scale.invalid") -> User:
        """Somebody new, who is in no course."""
        return User.objects.create_user(email, name="Bench")

    def cookies(self, user: User) -> str:
        """The Cookie header of somebody signed in."""
        browser = Client()
        browser.force_login(user)
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
