"""What visitors do: turn lessons on and off, look at pages, sign up."""

from collections.abc import Callable, Sequence

from courses.models import Lesson
from faults.crowd import Deed, Operation, Visitor
from faults.history import TOGGLE

PASSWORD = "plain-harbour-lantern-52"  # noqa: S105 - of people who live for a minute


def toggle(lessons: Sequence[Lesson]) -> Deed:
    """Say of a lesson that it is done, or that it is not: mostly that it is."""
    keys = [str(one.pk) for one in lessons]

    def deed(visitor: Visitor) -> Operation:
        lesson, done = visitor.chance.choice(keys), visitor.chance.random() < 0.7
        return set_done(visitor, lesson, done=done)

    return deed


def set_done(visitor: Visitor, lesson: str, *, done: bool) -> Operation:
    path = f"/lessons/{lesson}/completion/"
    return visitor.post(path, TOGGLE, (lesson, done), done=int(done))


def browse(lessons: Sequence[Lesson]) -> Deed:
    """Pages of somebody who learns."""
    pages = ["/classroom/", "/progress/", "/courses/"]
    pages += [one.get_absolute_url() for one in lessons[:10]]

    def deed(visitor: Visitor) -> Operation:
        return visitor.get(visitor.chance.choice(pages))

    return deed


def learn(lessons: Sequence[Lesson]) -> Deed:
    """Either of both, as it comes."""
    deeds: tuple[Deed, ...] = (toggle(lessons), browse(lessons))

    def deed(visitor: Visitor) -> object:
        return visitor.chance.choice(deeds)(visitor)

    return deed


def sign_up(visitor: Visitor, email: str) -> Operation:
    """Answered by a redirect to the page that asks for the code."""
    fields = {"email": email, "name": "New", "password1": PASSWORD}
    return visitor.post("/accounts/signup/", "sign-up", (email,), **fields)


def sign_ups(prefix: str, number: int) -> Callable[[Visitor], object]:
    """The next of so many people comes, each from an address of their own: one may sign up some
    twenty a minute. Whoever is through has nothing more to do."""
    waiting = iter(range(number))

    def deed(visitor: Visitor) -> object:
        person = next(waiting, None)
        if person is None:
            return None
        visitor.address = f"10.1.{person // 250}.{person % 250 + 1}"
        return sign_up(visitor, f"{prefix}{person}@example.org")

    return deed
