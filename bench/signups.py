"""Hundreds sign up at once, from the form to an account in every course, against one bare hash."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.session_store import SessionStore
from bench.figures import Figure
from bench.newcomers import CSRF, PASSWORD
from bench.quiz import Request, send
from bench.stage import Stage
from bench.web import Browser, Server
from enrollments.models import Enrollment
from studio.scale import School

PEOPLE, COURSES, BROWSERS, WARMING, HASHES = 300, 5, 16, 4, 20
NAME = "signups"
CODE = "account_email_verification_code"  # as allauth keeps it


@dataclass(frozen=True)
class Came:
    """Who came, by their sessions; seconds by the clock, and of the server's CPU for each."""

    sessions: dict[str, str]
    seconds: float
    cpu: float


def run(stage: Stage) -> Iterator[Figure]:
    number = stage.scaled(PEOPLE, 8)
    stage.school(NAME, School(20, COURSES, 2, learning=False))
    with Server(stage, NAME, env={"TRUSTED_PROXY_COUNT": "1"}) as server:
        warm = come(server, [f"warm-{n}@example.org" for n in range(WARMING)])
        confirm(server, warm.sessions)
        came = come(server, [f"new-{n}@example.org" for n in range(number)])
        confirmed = confirm(server, came.sessions)
    bare = hashing()
    stage.say(f"{enrolled()} of {number} are verified and in every course")
    whole = f"{number} people from the form to an account in {COURSES} courses"
    yield Figure(whole, came.seconds + confirmed.seconds, "s", "a minute", 60, "<= 1")
    yield Figure("lost or not enrolled", number - enrolled(), "people", "allowed", 0, "<= 0")
    yield Figure("form and sign-up", 1000 * came.cpu, "ms CPU", "one hash", 1000 * bare)
    yield Figure("the code, and in", 1000 * confirmed.cpu, "ms CPU", "one hash", 1000 * bare)
    both = came.cpu + confirmed.cpu
    yield Figure("both", 1000 * both, "ms CPU", "one hash", 1000 * bare, "<= 3")
    yield Figure("sign-ups", number / came.seconds, "/s", "hashes of one core", 1 / bare)


def come(server: Server, emails: list[str]) -> Came:
    browser = Browser(server)
    asked = {"port": server.port, "browsers": BROWSERS, "emails": emails}
    before = browser.clock()
    done = subprocess.run(
        [sys.executable, "-m", "bench.newcomers"], input=json.dumps(asked), text=True,
        check=True, capture_output=True,
    )  # fmt: skip
    used = browser.clock() - before
    said = json.loads(done.stdout)
    if said["statuses"] != {"302": len(emails)}:
        raise RuntimeError(f"Signing up was answered by {said['statuses']}.")
    return Came(said["sessions"], said["seconds"], used / len(emails))


def confirm(server: Server, sessions: dict[str, str]) -> Came:
    """Type the codes that were mailed; the sessions know them."""
    requests: list[Request] = []
    for session in sessions.values():
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        code = SessionStore(session)[CODE]["code"]
        requests.append((cookies, "/accounts/confirm-email/", {"code": code}))
    crowd = send(server, requests)
    return Came(sessions, crowd.seconds, crowd.cpu)


def hashing() -> float:
    """Seconds of CPU for one hash of a password, by itself."""
    spent = []
    for _ in range(HASHES):
        began = time.process_time()
        make_password(PASSWORD)
        spent.append(time.process_time() - began)
    return median(spent)


def enrolled() -> int:
    """How many of those who came have a verified address and are in every course."""
    verified = EmailAddress.objects.filter(email__startswith="new-", verified=True, primary=True)
    places = Enrollment.objects.filter(user__in=verified.values("user")).count()
    return min(verified.count(), places // COURSES)
