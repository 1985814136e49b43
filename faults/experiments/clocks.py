"""One of two web servers has a wrong clock."""

import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import psycopg

from assessments.models import Attempt
from bench.quiz import begin, make_quiz
from courses.actions import recount_courses
from courses.models import Course
from faults.crowd import Crowd, Deed, Visitor
from faults.deeds import learn
from faults.history import lost_and_invented
from faults.scene import Scene
from studio.scale import people

# A `sitecustomize` that moves the clock of a process, and nothing of the site knows of it.
LIAR = Path(__file__).parent.parent / "wrong_clock"
HOUR = 3600
JUMPS = (-HOUR, 25 * HOUR, -48 * HOUR)
BACKWARDS = {
    "an attempt ended before it began": """
        SELECT id FROM assessments_attempt WHERE closed_at < started_at""",
    "a course was last seen before it was begun": """
        SELECT id FROM progress_courseprogress WHERE last_active_at < started_at""",
    "a day ended before it began": """
        SELECT id FROM gamification_activeday WHERE last_at < first_at""",
}


def jump(scene: Scene) -> None:
    """17: the clock of one of two web servers is an hour late, 25 hours early, 2 days late.

    8 clients go to either as it comes, for 7 s each time; a timed quiz is begun before, and handed
    in at the wrong one and the right one in turns. Nobody is signed out, no request fails, I1-I6
    hold; each quiz is in time; nothing lasts less than no time."""
    finding, lessons = scene.finding, scene.lessons()
    quiz = make_quiz(Course.objects.order_by("slug")[0])
    recount_courses()
    learners = list(people().order_by("pk")[: 2 * len(JUMPS)])
    attempts = [begin(one, quiz) for one in learners]
    with scene.watched(), scene.web(1) as right:
        visitors = scene.visitors(8, keep=False)
        for number, amount in enumerate(JUMPS):
            with scene.web(1, PYTHONPATH=str(LIAR), FAULTS_CLOCK=str(amount)) as wrong:
                finding.hold(is_wrong(wrong.port), f"the clock was right, not wrong by {amount} s")
                finding.fault()
                with Crowd(visitors, turning(learn(lessons), right.port, wrong.port)):
                    time.sleep(7)
                hand_in(scene, attempts[2 * number], wrong.port)
                hand_in(scene, attempts[2 * number + 1], right.port)
        finding.healed()
    log = [one for visitor in visitors for one in visitor.log]
    failed = finding.count(log)
    finding.hold(not failed, f"{len(failed)} failed")
    out = [one for one in log if one.what == "page" and one.status != 200]
    finding.hold(not out, f"somebody was signed out: {sorted({one.status for one in out})}")
    ends = sorted(set(Attempt.objects.values_list("status", flat=True)))
    finding.hold(ends == ["SUBMITTED"], f"the quizzes ended as {ends}")
    with psycopg.connect(scene.checker.url) as link:
        for what, question in BACKWARDS.items():
            finding.hold(not link.execute(question).fetchall(), what)
    finding.broken += lost_and_invented(sorted(log, key=lambda one: one.began))


def hand_in(scene: Scene, attempt: Attempt, port: int) -> None:
    tab = scene.visitor(attempt.user)
    tab.go_to(port)
    tab.post(f"{attempt.get_absolute_url()}submission/", "submit")


def is_wrong(port: int) -> bool:
    """Whether that server's clock differs from ours, as its header says."""
    asking = Visitor(port)
    asking.get("/healthz")
    return abs(parsedate_to_datetime(asking.headers["Date"]).timestamp() - time.time()) > 1000


def turning(deed: Deed, *ports: int) -> Deed:
    """The deed at any of these servers, as it comes."""

    def turn(visitor: Visitor) -> object:
        visitor.go_to(visitor.chance.choice(ports))
        return deed(visitor)

    return turn
