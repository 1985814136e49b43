"""Workers are killed, asked to leave, and given a task twice."""

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from assessments.models import Assignment, Submission, TestCase
from courses.actions import recount_courses
from courses.models import Course, Lesson
from faults import site
from faults.crowd import Crowd, Visitor
from faults.deeds import toggle
from faults.history import lost_and_invented
from faults.machine import wait_until
from faults.scene import Scene
from gamification.models import XPTransaction

RIGHT = "def add(a, b):\n    return a + b\n"
# Right in the end, after a second or more of work for each case.
SLOW = "def add(a, b):\n    n = 0\n    for n in range({rounds}):\n        pass\n    return a + b\n"
SUBMITTED, LEARNERS, LIMIT = 20, 10, 10.0
RECEIVED = re.compile(r"grade_submission\[([0-9a-f-]+)\] received")


def make_assignment(cases: int = 3) -> Assignment:
    """A function to write, in a lesson of its own."""
    course = Course.objects.order_by("slug")[0]
    lesson = Lesson.objects.create(
        course=course, module=course.modules.get(position=1), title="Add", slug="add", key="add",
        position=9_000, kind=Lesson.Kind.ASSIGNMENT, completion=Lesson.Completion.BY_PASSING,
        status=Lesson.Status.PUBLISHED, xp_reward=30, is_required=False,
    )  # fmt: skip
    assignment = Assignment.objects.create(
        lesson=lesson, language="python", function="add", compare="value", cpu_seconds=LIMIT
    )
    TestCase.objects.bulk_create(
        TestCase(
            assignment=assignment, key=str(number), name=str(number), position=number,
            is_visible=number == 1, args=[number, 1], expected=number + 1,
        )
        for number in range(1, cases + 1)
    )  # fmt: skip
    recount_courses()
    return assignment


def hand_in(assignment: Assignment, source: str, most: int) -> Callable[[Visitor], object]:
    """Each visitor hands in so often."""

    def deed(visitor: Visitor) -> object:
        if sum(one.status == 303 for one in visitor.log) >= most:
            return None
        path = f"/assignments/{assignment.pk}/submissions/"
        return visitor.post(path, "hand in", source=source)

    return deed


def killed_grader(scene: Scene) -> None:
    """11: the grading worker and its processes are killed (-9) in the middle of 20 submissions.

    10 learners hand in twice; the worker is killed after 3 s and another one started 1 s later.
    Each submission is judged within 2 x the time limit + 60 s, has one event, its lesson is paid
    once a learner; none runs for ever; 10 s after the kill nothing of its sandboxes is left."""
    finding, assignment = scene.finding, make_assignment()
    source = SLOW.format(rounds=2_000_000)
    env = scene.env()
    worker = site.worker(env, scene.log("grader"), "code,default,mail,messages", 2, "grader")
    others = [site.beat(env, scene.log("beat"), scene.schedule()), worker]
    with scene.web(), scene.watched(), site.stopped_at_the_end(*others):
        with Crowd(scene.visitors(LEARNERS), hand_in(assignment, source, 2), 0.2) as crowd:
            wait_until(Submission.objects.filter(status="RUNNING").exists, 20)
            time.sleep(2)
            finding.fault()
            below = worker.kill()
            killed_at = time.monotonic()
            finding.hold(below or Submission.objects.filter(status="RUNNING"), "nothing ran then")
            time.sleep(1)
            again = site.worker(env, scene.log("grader"), "code,default,mail,messages", 2, "next")
            with site.stopped_at_the_end(again):
                wait_until(lambda: handed_in(crowd) >= SUBMITTED, 20)
                crowd.over.set()
                wait_until(lambda: not any(map(is_alive, below)), 10)
                finding.hold(not any(map(is_alive, below)), "a sandbox outlived its worker by 10 s")
                wait_until(lambda: not Submission.objects.open().exists(), 2 * LIMIT + 60)
                finding.healed()
                finding.note(f"all judged {finding.ended - killed_at:.0f} s after the kill")
                scene.settle()
    finding.count(crowd.log)
    finding.hold(not finding.failed, f"{finding.failed} requests failed")
    hold_judged_once(scene)


def handed_in(crowd: Crowd) -> int:
    return sum(one.status == 303 for one in crowd.log)


def hold_judged_once(scene: Scene) -> None:
    finding, rows = scene.finding, Submission.objects.filter(is_graded=True)
    states = sorted(set(rows.values_list("status", flat=True)))
    finding.hold(rows.count() == SUBMITTED, f"{rows.count()} submissions of {SUBMITTED} are there")
    finding.hold(states == ["PASSED"], f"submissions ended as {states}")
    paid = XPTransaction.objects.filter(source_key=f"lesson:{rows[0].assignment.lesson_id}")
    finding.hold(paid.count() == LEARNERS, f"the lesson was paid {paid.count()} times")
    most = max(rows.values_list("tries", flat=True))
    finding.hold(most <= 3, f"a submission was tried {most} times")
    scene.finding.note(f"{rows.filter(tries__gt=1).count()} were taken up again")


def is_alive(pid: int) -> bool:
    try:
        state = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def seen_twice(scene: Scene) -> None:
    """15: a task (20 s and more) outlasts the time after which its message comes again (10 s).

    A second worker comes then and is given it too: workers look for such messages as they come,
    and every hundred seconds. It is delivered twice in 60 s, the submission judged once; a worker
    that is asked to stop (TERM) in the middle of another one ends within 30 s."""
    finding, assignment = scene.finding, make_assignment(cases=18)
    logs = [scene.log(f"visible-{n}-{time.monotonic_ns()}") for n in range(2)]
    workers: list[site.Process] = []

    def come() -> None:
        number, env = len(workers), scene.env(FAULTS_VISIBILITY="10")
        workers.append(site.worker(env, logs[number], "code,default", 1, f"v{number}"))
        stack.callback(workers[number].stop)

    with scene.web(FAULTS_VISIBILITY="10"), scene.watched(), ExitStack() as stack:
        come()
        [visitor] = scene.visitors(1)
        finding.fault()
        began = time.monotonic()
        hand_in(assignment, SLOW.format(rounds=16_000_000), 1)(visitor)
        wait_until(Submission.objects.filter(status="RUNNING").exists, 10)
        time.sleep(11)
        still = Submission.objects.filter(status="RUNNING").exists()
        finding.hold(still, "it was judged too quickly to say anything")
        come()
        finding.hold(wait_until(judged(1), 180), "it was not judged within 180 s")
        took = time.monotonic() - began
        finding.note(f"judged after {took:.0f} s")
        time.sleep(max(0.0, 45 - took))
        received = max(sum(map(received_in, logs), Counter()).values(), default=0)
        finding.note(f"delivered {received} times")
        finding.hold(received == 2, f"its message was delivered {received} times")
        [other] = scene.visitors(2)[1:]
        hand_in(assignment, SLOW.format(rounds=2_000_000), 1)(other)
        wait_until(Submission.objects.filter(status="RUNNING").exists, 10)
        time.sleep(1)
        asked = time.monotonic()
        for one in workers:
            one.process.terminate()
        ended = [one.terminate(30) for one in workers]
        finding.healed()
        finding.note(f"stopped after {time.monotonic() - asked:.0f} s")
        finding.hold(all(ended), "a worker that was asked to stop did not within 30 s")
    left = list(Submission.objects.exclude(status="PASSED").values_list("status", flat=True))
    finding.hold(set(left) <= {"PENDING"}, f"left behind as {left}")
    paid = XPTransaction.objects.filter(source_key=f"lesson:{assignment.lesson_id}").count()
    finding.hold(paid == 2 - len(left), f"the lesson was paid {paid} times")


def judged(number: int) -> Callable[[], bool]:
    return lambda: Submission.objects.filter(status="PASSED").count() >= number


def received_in(log: Path) -> Counter[str]:
    """How often each message came. Work of those before may have left messages of its own."""
    return Counter(RECEIVED.findall(log.read_text(errors="replace")))


def killed_web(scene: Scene) -> None:
    """–: a process of the web server is killed (-9) 4 times in 16 s, under toggles.

    8 clients. Only what was being answered then is lost, the server replaces it within 5 s, I1-I6
    hold."""
    finding, lessons = scene.finding, scene.lessons()
    with scene.web() as server, scene.watched():
        visitors = scene.visitors(8)
        with Crowd(visitors, toggle(lessons)) as crowd:
            for _ in range(4):
                time.sleep(4)
                finding.fault()
                victim = min(site.workers_of(server))
                os.kill(victim, signal.SIGKILL)
                back = wait_until(lambda: len(site.workers_of(server)) == 2, 5)
                finding.hold(back, "the server did not replace it within 5 s")
            finding.healed()
            time.sleep(4)
        failed = finding.count(crowd.log)
        finding.hold(len(failed) <= 4 * len(visitors), f"{len(failed)} failed for 4 kills")
        late = [one for one in failed if one.began > finding.ended + 1]
        finding.hold(not late, f"{len(late)} failed later than a second after the last")
    finding.broken += lost_and_invented(crowd.log)
