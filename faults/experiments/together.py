"""Many at once: one thing fifty times, fifty things of one person, one message twenty times."""

import hashlib
import hmac
import json
import os
import signal
import threading
import time
from functools import partial

from activity.models import Event
from billing.models import WebhookDelivery
from certificates.models import Certificate
from courses.models import Lesson
from enrollments.actions import enroll
from faults import site
from faults.crowd import Operation, Visitor, at_once
from faults.deeds import set_done
from faults.scene import Scene
from gamification.models import Standing, XPTransaction
from progress.models import CourseProgress, LessonProgress
from studio.scale import make_course, people

MANY = 50
LONGEST = 4.1  # seconds of the wall, for fifty at once
SECRET = "whsec_faults"  # noqa: S105 - of nobody
PAYING = {"STRIPE_SECRET_KEY": "sk_test_faults", "STRIPE_WEBHOOK_SECRET": SECRET}


def same_lesson(scene: Scene) -> None:
    """7: fifty at once, one person and lesson: all done; done and undone; 50 that say neither.

    One entry of the ledger, all answered 2xx or 3xx; the last commit's end and no further entry;
    422 for all; no 5xx, and each fifty within 4.1 s of the wall."""
    finding, [lesson, *_] = scene.finding, scene.lessons()
    with scene.web(), scene.watched():
        visitors = browsers(scene)
        finding.fault()
        done = fifty(scene, [partial(set_done, one, str(lesson.pk), done=True) for one in visitors])
        finding.hold(all(one.done for one in done), f"done: {statuses(done)}")
        finding.hold(entries(lesson) == 1, f"the ledger has {entries(lesson)} entries")
        ends = [number % 2 == 0 for number in range(MANY)]
        pairs = zip(visitors, ends, strict=True)
        mixed = fifty(
            scene, [partial(set_done, one, str(lesson.pk), done=end) for one, end in pairs]
        )
        finding.hold(all(one.done for one in mixed), f"done and undone: {statuses(mixed)}")
        finding.hold(entries(lesson) == 1, f"then the ledger has {entries(lesson)} entries")
        last = set_done(visitors[0], str(lesson.pk), done=False)
        marked = LessonProgress.objects.filter(lesson=lesson).exists()
        finding.hold(last.done and not marked, "what was answered last is not how it ended")
        path = f"/lessons/{lesson.pk}/completion/"
        bare = fifty(scene, [partial(one.post, path, "bare") for one in visitors])
        finding.hold({one.status for one in bare} == {422}, f"bare: {statuses(bare)}")


def other_lessons(scene: Scene) -> None:
    """8: fifty at once, one person, the fifty lessons of one course.

    Every one paid once, the total is their sum, the count is 50, the course is completed once and
    there is one certificate; no 5xx."""
    finding = scene.finding
    course = make_course(9, MANY)
    user = people().order_by("pk")[0]
    enroll(user, course)
    keys = [str(key) for key in Lesson.objects.filter(course=course).values_list("pk", flat=True)]
    with scene.web(), scene.watched():
        visitors = browsers(scene)
        finding.fault()
        pairs = zip(visitors, keys, strict=True)
        done = fifty(scene, [partial(set_done, one, key, done=True) for one, key in pairs], 30.0)
        finding.hold(all(one.done for one in done), f"answers: {statuses(done)}")
    paid = XPTransaction.objects.filter(user=user, course=course, source_type="LESSON")
    total = sum(paid.values_list("amount", flat=True))
    finding.hold(paid.count() == MANY, f"{paid.count()} of {MANY} were paid")
    finding.hold(
        Standing.objects.get(user=user).total_xp >= total, "the total is less than its sum"
    )
    count = CourseProgress.objects.get(user=user, course=course)
    finding.hold((count.done, count.total) == (MANY, MANY), f"{count.done} of {count.total} count")
    ended = Event.objects.filter(user=user, kind="COURSE_COMPLETED", subject=f"course:{course.pk}")
    finding.hold(ended.count() == 1, f"the course was completed {ended.count()} times")
    papers = Certificate.objects.filter(user=user, course=course).count()
    finding.hold(papers == 1, f"there are {papers} certificates")


def browsers(scene: Scene) -> list[Visitor]:
    """Fifty browsers of one person, each with its connection open."""
    user = people().order_by("pk")[0]
    found = [scene.visitor(user, seed) for seed in range(MANY)]
    at_once([partial(one.get, "/healthz") for one in found])
    return found


def fifty(scene: Scene, deeds: list[partial[Operation]], most: float = LONGEST) -> list[Operation]:
    """All of them, within so many seconds of the wall."""
    began = time.monotonic()
    done = at_once(deeds)
    took = time.monotonic() - began
    scene.finding.count(done)
    scene.finding.note(f"fifty in {took:.1f} s")
    scene.finding.hold(took <= most, f"fifty took {took:.1f} s of the wall")
    return done


def entries(lesson: Lesson) -> int:
    return XPTransaction.objects.filter(source_key=f"lesson:{lesson.pk}").count()


def statuses(log: list[Operation]) -> list[int]:
    return sorted({one.status for one in log})


def webhook(scene: Scene) -> None:
    """9: one message of Stripe's comes 20 times at once and 3 times later; another while the
    process that answers is killed (-9).

    One row each; every answer 200, the killed ones silence and then 200; 95 of 100 of the later
    ones within 0.25 s; a wrong or an old signature 400, a body of 1 MB 413, and no row."""
    finding = scene.finding
    with scene.web(**PAYING) as server, scene.watched():
        senders = [Visitor(server.port, keep=False) for _ in range(20)]
        finding.fault()
        together = at_once([partial(deliver, one, "evt_one") for one in senders])
        later = [deliver(senders[0], "evt_one") for _ in range(3)]
        finding.hold({one.status for one in together + later} == {200}, f"{statuses(together)}")
        finding.hold_within(later, 0.25, "a duplicate")
        hold_refusals(scene, senders[0])
        killing = threading.Timer(0.05, kill, [site.workers_of(server)])
        killing.start()
        silent = at_once([partial(deliver, one, "evt_two") for one in senders])
        finding.hold({one.status for one in silent} <= {0, 200}, f"killed: {statuses(silent)}")
        finding.note(f"{sum(one.status == 0 for one in silent)} of 20 were cut off")
        time.sleep(3)
        again = [deliver(one, "evt_two") for one in senders[:5]]
        finding.hold({one.status for one in again} == {200}, f"after it: {statuses(again)}")
        finding.count(together + later)
    rows = sorted(WebhookDelivery.objects.values_list("pk", flat=True))
    finding.hold(rows == ["evt_one", "evt_two"], f"rows: {rows}")
    WebhookDelivery.objects.update(state="IGNORED")


def deliver(sender: Visitor, key: str, *, at: float = 0.0, secret: str = SECRET) -> Operation:
    """As Stripe does: signed, and without a session."""
    event = {
        "id": key, "object": "event", "type": "customer.subscription.updated", "livemode": False,
        "created": int(time.time()), "api_version": "2025-01-01",
        "data": {"object": {"id": "sub_1", "object": "subscription", "customer": "cus_1"}},
    }  # fmt: skip
    return send(sender, json.dumps(event).encode(), at, secret)


def send(sender: Visitor, body: bytes, at: float = 0.0, secret: str = SECRET) -> Operation:
    moment = int(at or time.time())
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    path, more = "/billing/webhooks/stripe/", {"Stripe-Signature": f"t={moment},v1={signed}"}
    return sender.ask("POST", path, "webhook", (), body, "application/json", **more)


def hold_refusals(scene: Scene, sender: Visitor) -> None:
    answers = [
        deliver(sender, "evt_wrong", secret="whsec_other").status,  # noqa: S106
        deliver(sender, "evt_old", at=time.time() - 600).status,
        send(sender, b"x" * 1024 * 1024).status,
    ]
    scene.finding.hold(answers == [400, 400, 413], f"wrong, old, large: {answers}")


def kill(victims: set[int]) -> None:
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
