"""A new version while the school is at work: first the migrations, then new processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

from assessments.models import Attempt
from bench.quiz import begin, make_quiz
from courses.actions import recount_courses
from courses.models import Course
from faults.crowd import Crowd, Operation, at_once
from faults.deeds import learn
from faults.experiments.learners import longest_lock
from faults.history import lost_and_invented
from faults.machine import wait_until
from faults.scene import Scene
from faults.site import workers_of
from gamification.models import XPTransaction
from studio.scale import people

LEARNERS = 16
# The newest step of the schema that no page of learners reads: taken back, and taken again.
APP, BEFORE = "progress", "0007"
ALLOWED = 0.001  # of all requests: pages that had to be asked for twice


def deploy(scene: Scene) -> None:
    """20: a migration, then new processes of the web server (HUP), under 16 clients.

    They look, toggle and hand in a quiz, each in two tabs at once; each request has a connection of
    its own, as behind a proxy. No request fails but at most 0.1 % of pages asked for again; the old
    processes are gone within 30 s; no lock of the migration is waited for longer than 1 s; each
    attempt has one score and its lesson is paid once."""
    finding, quiz = scene.finding, make_quiz(Course.objects.order_by("slug")[0])
    recount_courses()
    learners = list(people().order_by("pk")[:LEARNERS])
    attempts = [begin(one, quiz) for one in learners]
    migrate(scene, APP, BEFORE)
    with scene.web() as server, scene.watched():
        old = workers_of(server)
        visitors = scene.visitors(LEARNERS, keep=False)
        with Crowd(visitors, learn(scene.lessons())) as crowd:
            time.sleep(3)
            finding.fault()
            locked = hold_locks_while(partial(migrate, scene))
            submitted: list[Operation] = []
            handing_in = threading.Thread(target=hand_in, args=(scene, attempts, submitted))
            handing_in.start()
            os.kill(server.process.pid, signal.SIGHUP)
            gone = wait_until(lambda: not old & workers_of(server), 30)
            finding.healed()
            finding.note(f"old processes gone after {finding.ended - finding.began:.1f} s")
            handing_in.join()
            time.sleep(4)
        finding.hold(gone, "an old process was there after 30 s")
    finding.note(f"longest wait for a lock {locked:.1f} s")
    finding.hold(locked <= 1, f"a lock of the migration was waited for {locked:.1f} s")
    log = crowd.log + submitted
    failed = finding.count(log)
    again = [one for one in failed if one.what == "page" and not one.again]
    finding.hold(len(again) == len(failed), f"{len(failed) - len(again)} failed for good")
    finding.hold(len(failed) <= ALLOWED * len(log), f"{len(failed)} of {len(log)} failed")
    finding.hold({one.status for one in submitted} <= {303, 409}, f"tabs: {statuses(submitted)}")
    hold_scored_once(scene, attempts)
    finding.broken += lost_and_invented(crowd.log)


def migrate(scene: Scene, *where: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--noinput", "-v", "0", *where]
    subprocess.run(command, env=scene.env(DATABASE_POOL="0"), check=True)


def hold_locks_while(work: "partial[None]") -> float:
    """The longest that anybody waited for a lock meanwhile, in seconds."""
    thread, longest = threading.Thread(target=work), 0.0
    thread.start()
    while thread.is_alive():
        longest = max(longest, longest_lock())
        time.sleep(0.05)
    return longest


def hand_in(scene: Scene, attempts: list[Attempt], done: list[Operation]) -> None:
    """Everybody submits in two tabs at once, one after the other over some seconds."""
    for number, attempt in enumerate(attempts):
        tabs = [scene.visitor(attempt.user, number, keep=False) for _ in range(2)]
        path = f"{attempt.get_absolute_url()}submission/"
        done += at_once([partial(tab.post, path, "submit") for tab in tabs])
        time.sleep(0.3)


def hold_scored_once(scene: Scene, attempts: list[Attempt]) -> None:
    finding = scene.finding
    rows = Attempt.objects.filter(pk__in=[one.pk for one in attempts])
    finding.hold(not rows.filter(score=None).exists(), "an attempt has no score")
    key = f"lesson:{attempts[0].quiz.lesson_id}"
    passed = rows.filter(passed=True).count()
    paid = XPTransaction.objects.filter(source_key=key).count()
    finding.hold(paid == passed, f"{passed} passed, {paid} were paid")


def statuses(log: list[Operation]) -> list[int]:
    return sorted({one.status for one in log})
