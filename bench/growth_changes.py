"""What learners change, one request each: a lesson done, an answer, a place, an account."""

from collections.abc import Callable
from itertools import count, cycle
from typing import Any

from assessments.models import Answer
from bench.growth_person import Somebody
from bench.stage import CSRF
from bench.web import Answer as Page
from bench.web import Browser

Deed = Callable[[], Page]
PASSWORD = "plain-harbour-lantern-52"  # noqa: S105 - of people who live for a minute


def changes(
    person: Somebody, mine: Browser, guest: Browser, numbers: "count[int]"
) -> dict[str, Deed]:
    """By name. Each does one thing and the next time the opposite, or the same for another."""
    lesson = f"/lessons/{person.lessons[0]}/completion/"
    place = "/courses/scale-course-0003/enrollment/"
    done, wanted = cycle((1, 0)), cycle((1, 0))

    def completing() -> Page:
        return mine.post(lesson, 200, htmx=True, done=next(done))

    def placing() -> Page:
        return mine.post(place, 303, wanted=next(wanted))

    return {
        "completing a lesson, and not": completing,
        "enrolling, and leaving": placing,
        "saving an answer": saving(person, mine),
        "signing up": lambda: sign_up(guest, next(numbers)),
    }


def saving(person: Somebody, mine: Browser) -> Deed:
    """Another option each time."""
    answer = Answer.objects.filter(attempt=person.attempt).exclude(option_order=[]).first()
    if answer is None:
        raise RuntimeError("The quiz asks nothing that has options.")
    key, options, steps = str(answer.question_id), cycle(answer.option_order), count(1)

    def save() -> Page:
        step = next(steps)
        fields: dict[str, Any] = {f"a-{key}": next(options), f"v-{key}": 0}
        return mine.post(f"/attempts/{person.attempt.pk}/answers/", 200, htmx=True, q=key,
                         tab="bench", step=step, **fields)  # fmt: skip

    return save


def sign_up(guest: Browser, number: int) -> Page:
    """Whoever signs up comes from an address of their own."""
    guest.headers["Cookie"] = f"csrftoken={CSRF}"
    guest.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    email = f"new-{number}@example.org"
    return guest.post("/accounts/signup/", 302, email=email, name="New", password1=PASSWORD)
