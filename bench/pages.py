"""CPU of the server for each page, against a bare page with session, person and frame."""

from collections.abc import Callable, Iterator

from accounts.models import User
from bench.figures import Figure
from bench.stage import Stage
from bench.web import Browser, Server
from courses.models import Course, Lesson
from enrollments.actions import enroll
from enrollments.limits import ENROLL
from progress.actions import complete_lesson
from studio.scale import School

Work = Callable[[], int]  # does some requests and says how many
ROUNDS, REQUESTS, LEARNERS, COURSES, LESSONS = 7, 100, 200, 12, 50
AIMS = {
    "dashboard": "<= 4",
    "course home": "<= 4",
    "lesson": "<= 4",
    "completion, first": "<= 5",
    "completion, done=1 and done=0": "<= 5",
    "enrolling": "<= 4",
    "leaving": "<= 4",
    "coming back": "<= 4",
}


def run(stage: Stage) -> Iterator[Figure]:
    school = School(stage.scaled(LEARNERS, 20), COURSES, LESSONS)
    stage.school("pages", school)
    shorten(courses()[4:])
    regular = make_regular(stage)
    rounds = stage.scaled(ROUNDS, 2)
    novices = [stage.learner(f"novice-{n}@scale.invalid") for n in range(rounds + 1)]
    cookies = [stage.cookies(person) for person in (regular, *novices)]
    with Server(stage, "pages") as server:
        browsers = [Browser(server, cookie) for cookie in cookies]
        requests = stage.scaled(REQUESTS, 5)
        least: dict[str, float] = {}
        for number, novice in enumerate(browsers[1:]):
            found = measure(browsers[0], works(browsers[0], novice, requests))
            if number:  # the first round fills caches
                least = {key: min(least.get(key, 1e9), value) for key, value in found.items()}
        yield from figures(least)
        yield from sizes(browsers[0])


def figures(least: dict[str, float]) -> Iterator[Figure]:
    floor = least.pop("bare page")
    for name, seconds in least.items():
        yield Figure(name, 1000 * seconds, "ms CPU", "bare page", 1000 * floor, AIMS[name])


def sizes(browser: Browser) -> Iterator[Figure]:
    for name, path in paths().items():
        size = len(browser.get(path).body)
        yield Figure(f"{name}, HTML on the wire", size / 1000, "kB", "allowance", 12, "<= 1")


def make_regular(stage: Stage) -> User:
    """Somebody in every course, who has done half of the first and a third of the second."""
    person = stage.learner()
    for course in courses():
        enroll(person, course)
    for course, part in zip(courses(), (2, 3), strict=False):
        for lesson in lessons(course)[: LESSONS // part]:
            complete_lesson(person, lesson)
    return person


def shorten(some: list[Course]) -> None:
    """Let most courses have forty lessons: their cards draw each one, those of more a bar."""
    beyond = Lesson.objects.filter(course__in=some, position__gt=40)
    beyond.update(status=Lesson.Status.DRAFT)
    Course.objects.filter(pk__in=[course.pk for course in some]).update(
        lesson_count=40, required_count=40
    )


def courses() -> list[Course]:
    return list(Course.objects.order_by("slug"))


def lessons(course: Course) -> list[Lesson]:
    return list(course.lessons.select_related("course").in_outline_order())


def paths() -> dict[str, str]:
    course = courses()[0].slug
    home = f"/classroom/courses/{course}/"
    return {"dashboard": "/classroom/", "course home": home, "lesson": f"{home}lessons/lesson-20/"}


def works(regular: Browser, novice: Browser, requests: int) -> dict[str, Work]:
    """What a round does: pages seen by one who has been here long, changes by a newcomer."""
    every = courses()
    # A round comes and goes three times, and one person may do so thirty times a minute.
    places = [f"/courses/{course.slug}/enrollment/" for course in every[: ENROLL.amount // 3]]
    fresh = [f"/lessons/{lesson.pk}/completion/" for lesson in lessons(every[0])]
    marks = [f"/lessons/{lesson.pk}/completion/" for lesson in lessons(every[2])]

    def seeing(path: str) -> Work:
        def work() -> int:
            for _ in range(requests):
                regular.get(path)
            return requests

        return work

    def placing(wanted: int) -> Work:
        def work() -> int:
            for place in places:
                novice.post(place, 303, wanted=wanted)
            return len(places)

        return work

    def completing() -> int:
        for path in fresh:
            novice.post(path, 200, htmx=True, done=1)
        return len(fresh)

    def turning() -> int:
        for path in marks:
            regular.post(path, 200, htmx=True, done=1)
            regular.post(path, 200, htmx=True, done=0)
        return 2 * len(marks)

    return {
        "bare page": seeing("/bench/bare"),
        **{name: seeing(path) for name, path in paths().items()},
        "enrolling": placing(1),
        "leaving": placing(0),
        "coming back": placing(1),
        "completion, first": completing,
        "completion, done=1 and done=0": turning,
    }


def measure(browser: Browser, todo: dict[str, Work]) -> dict[str, float]:
    """Seconds of the server's CPU a request, for each kind of work."""
    found = {}
    for name, work in todo.items():
        began, first = browser.clock(), browser.clock()
        done = work()
        used = browser.clock() - first - (first - began)
        found[name] = used / done
    return found
