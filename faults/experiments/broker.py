"""Redis is away, hangs, or has forgotten everything."""

import time
from pathlib import Path
from uuid import UUID

from accounts.models import User
from enrollments.models import Enrollment
from faults import site
from faults.crowd import Crowd, Operation, percentile
from faults.deeds import learn, sign_ups
from faults.history import lost_and_invented
from faults.machine import wait_until
from faults.scene import COURSES, Scene
from notifications.models import Contact, EmailLog
from notifications.telling import tell
from studio.scale import people

NEW = 200
TOLD = 500


def away(scene: Scene) -> None:
    """3: Redis ends before sign-ups of 8 clients and comes back after them.

    At most 200 in 30 s, as many as the machine manages. Each succeeds, 95 of 100 within 2 s, or
    within twice the time of before on a machine too slow for that; within 60 s of its return
    everybody has every enrolment and nothing waits (I5, I7)."""
    finding = scene.finding
    with scene.web(), scene.background(), scene.watched():
        with Crowd(scene.guests(8), sign_ups("before", 24), pause=0.1) as crowd:
            wait_until(lambda: len(crowd.log) >= 24, 20)
        usual = percentile([one.took for one in crowd.log], 95)
        scene.valkey.crash()
        finding.fault()
        try:
            with Crowd(scene.guests(8), sign_ups("new", NEW), pause=0.1) as crowd:
                wait_until(lambda: len(crowd.log) >= NEW, 30)
        finally:
            scene.valkey.start()
        finding.healed()
        log = crowd.log
        finding.count(log)
        finding.note(f"p95 with Redis {usual:.2f} s")
        refused = [one for one in log if one.status != 302]
        finding.hold(not refused, f"{len(refused)} sign-ups were not taken: {statuses(refused)}")
        finding.hold_within(log, max(2.0, 2 * usual), "signing up")
        hold_everybody_is_in(scene, len(log))
        scene.settle()


def hold_everybody_is_in(scene: Scene, number: int) -> None:
    new = User.objects.filter(email__startswith="new", email__endswith="@example.org")
    found = Enrollment.objects.filter(user__in=new).count()
    scene.finding.hold(new.count() == number, f"{new.count()} people of {number} are there")
    scene.finding.hold(found == number * COURSES, f"{found} of {number * COURSES} enrolments")


def statuses(log: list[Operation]) -> list[int]:
    return sorted({one.status for one in log})


def hangs(scene: Scene) -> None:
    """14: Redis hangs (SIGSTOP) for 20 s while 8 clients look at pages and toggle.

    95 of 100 within 1 s while it hangs (or twice the time of before, on a slow machine), no 5xx at
    all; within 1 s again 5 s after it goes on; everything that was due is done within a minute, by
    the worker that was there all the time."""
    finding, lessons = scene.finding, scene.lessons()
    with scene.web(), scene.background(), scene.watched():
        with Crowd(scene.visitors(8), learn(lessons)) as crowd:
            time.sleep(4)
            finding.fault()
            began = time.monotonic()
            with scene.valkey.frozen():
                time.sleep(20)
            ended = time.monotonic()
            finding.healed()
            time.sleep(9)
        log = crowd.log
        failed = finding.count(log)
        finding.hold(not failed, f"{len(failed)} failed: {statuses(failed)}")
        usual = percentile([one.took for one in log if one.began < began], 95)
        finding.note(f"before it p95 {usual:.2f} s")
        meanwhile = [one for one in log if began <= one.began < ended]
        finding.hold_within(meanwhile, max(1.0, 2 * usual), "hanging")
        finding.hold_within([one for one in log if one.began > ended + 5], max(1.0, usual), "after")
        finding.broken += lost_and_invented(log)
        scene.settle()


def forgets(scene: Scene) -> None:
    """13: Redis is emptied, then killed, with 500 mails and as many messages queued.

    After it is back each of the 500 is sent exactly once, within 120 s; pages never fail meanwhile,
    and who was signed in still is."""
    finding, lessons = scene.finding, scene.lessons()
    mail = scene.folder / f"mail-{time.monotonic_ns()}"
    mail.mkdir()
    env = {"EMAIL_URL": f"filemail:///{mail}"}
    with scene.web(**env), scene.watched(), Crowd(scene.visitors(4), learn(lessons)) as crowd:
        queue_mails()
        finding.fault()
        scene.valkey.flush()
        time.sleep(2)
        scene.valkey.crash()
        time.sleep(2)
        scene.valkey.start()
        finding.healed()
        with scene.background(**env):
            done = wait_until(all_sent, 120, 0.5)
            finding.note(f"sent after {time.monotonic() - finding.ended:.0f} s")
            crowd.over.set()
            scene.settle()
    finding.hold(done, f"{EmailLog.objects.exclude(state='SENT').count()} mails were not sent")
    finding.hold(len(letters(mail)) == TOLD, f"{len(letters(mail))} mails left for {TOLD}")
    failed = finding.count(crowd.log)
    finding.hold(not failed, f"{len(failed)} failed: {statuses(failed)}")
    out = [one for one in crowd.log if one.what == "page" and one.status != 200]
    finding.hold(not out, f"somebody was signed out: {statuses(out)}")
    finding.broken += lost_and_invented(crowd.log)


def queue_mails() -> None:
    """Ten things to tell each of fifty people, which leave a message of the queue each."""
    reached = at_any_hour(TOLD // 10)
    for number in range(10):
        data = {"title": f"Review {number}", "url": "/classroom/"}
        tell(reached, "REVIEW_GIVEN", f"review:{number}", data)


def at_any_hour(number: int) -> list[UUID]:
    """So many people who let mail come by night, too: this is looked at then as well."""
    reached = [one.pk for one in people().order_by("pk")[:number]]
    open_ears = [Contact(user_id=key, is_quiet=False) for key in reached]
    Contact.objects.bulk_create(open_ears, ignore_conflicts=True)
    return reached


def all_sent() -> bool:
    return not EmailLog.objects.exclude(state="SENT").exists()


def letters(folder: Path) -> list[str]:
    """Every mail that left, by the line that names it."""
    found: list[str] = []
    for file in folder.iterdir():
        lines = file.read_text(errors="replace").splitlines()
        found += [line for line in lines if line.startswith("Message-ID:")]
    return found


def two_beats(scene: Scene) -> None:
    """–: two beats and two workers run at once for 25 s, under toggles and with 100 mails due.

    Nothing is done twice: every mail leaves once, I1-I7 hold, nobody sees a failure."""
    finding, lessons = scene.finding, scene.lessons()
    mail = scene.folder / f"mail-{time.monotonic_ns()}"
    mail.mkdir()
    env = {"EMAIL_URL": f"filemail:///{mail}"}
    with scene.web(**env), scene.background(**env), scene.watched():
        second = site.worker(scene.env(**env), scene.log("worker-2"), name="second")
        again = site.beat(scene.env(**env), scene.log("beat-2"), scene.schedule())
        with site.stopped_at_the_end(second, again):
            finding.fault()
            with Crowd(scene.visitors(6), learn(lessons)) as crowd:
                reached = at_any_hour(50)
                for number in range(2):
                    data = {"title": "T", "url": "/classroom/"}
                    tell(reached, "REVIEW_GIVEN", f"twice:{number}", data)
                time.sleep(25)
            scene.settle()
    finding.healed()
    sent = EmailLog.objects.filter(state="SENT").count()
    finding.hold(len(letters(mail)) == sent, f"{len(letters(mail))} mails left, {sent} are noted")
    finding.hold(sent >= 100, f"{sent} mails of 100 left")
    failed = finding.count(crowd.log)
    finding.hold(not failed, f"{len(failed)} failed: {statuses(failed)}")
    finding.broken += lost_and_invented(crowd.log)
