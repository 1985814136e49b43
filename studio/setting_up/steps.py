"""The checklist: every step with its state, looked up anew each time."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import has_second_factor
from accounts.joining import invitation_link
from accounts.labels import in_sentence
from accounts.models import School, User
from accounts.school import current_school, school
from assessments.model_drafts import drafting
from courses.models import Course, Lesson
from enrollments.models import Enrollment
from progress.models import LessonView
from studio.setting_up.machine import machine_steps
from studio.setting_up.mail import mail_step
from studio.setting_up.step import Group, State, Step, Way

# Whoever never confirmed an address has never been here.
LEARNS = {"user__role": User.Role.USER, "user__emailaddress__verified": True}


@dataclass(frozen=True, slots=True)
class Checklist:
    groups: list[Group]
    invitation: str

    @property
    def steps(self) -> list[Step]:
        return [step for group in self.groups for step in group.steps]

    @property
    def needed(self) -> list[Step]:
        return [step for step in self.steps if not step.extra]

    @property
    def open(self) -> list[Step]:
        return [step for step in self.needed if step.is_open]

    @property
    def done(self) -> int:
        return len(self.needed) - len(self.open)

    @property
    def next(self) -> Step | None:
        return self.open[0] if self.open else None


def checklist(user: User) -> Checklist:
    """Thirteen queries, whatever the school holds."""
    known = current_school()
    groups = [
        Group(_("You and your school"), [account(user), name(known)]),
        Group(_("The machine"), [*machine_steps(), mail_step(user)]),
        Group(_("The first lesson"), lesson_steps()),
        Group(_("People"), people_steps(), invites=True),
        Group(_("If you like"), extras()),
    ]
    shown = [replace(one, steps=[put_off(step, known) for step in one.steps]) for one in groups]
    return Checklist(shown, invitation_link())


def still_to_do(user: User) -> Checklist | None:
    """The checklist for pages that remind of it; None, and no query, once the school is set up.

    None as well for whoever may not change what the school is.
    """
    if not (school().is_being_set_up and user.has_perm("accounts.change_school")):
        return None
    page = checklist(user)
    return page if page.open else None


def put_off(step: Step, known: School) -> Step:
    return replace(step, is_put_off=step.can_wait and step.key in known.set_aside)


def account(user: User) -> Step:
    key, title = "account", _("Your account")
    if settings.DEMO_SCHOOL or has_second_factor(user):
        return Step(
            key, title, State.DONE, _("%(email)s, with a second factor.") % {"email": user.email}
        )
    text = _("Staff pages ask for a second factor: an app that shows six digits.")
    way = Way(reverse("mfa_activate_totp"), _("Set up the second factor"))
    return Step(key, title, State.OPEN, text, way=way)


def name(known: School) -> Step:
    way = Way(reverse("setup:school"), _("Change") if known.name else _("Name it"))
    if not known.name:
        text = _("It is called %(title)s, and everybody may join.") % {"title": known.title}
        return Step("school", _("Your school"), State.OPEN, text, way=way)
    who = known.get_joining_display()
    text = _("%(name)s. Who may join: %(who)s.") % {
        "name": known.name,
        "who": in_sentence(who[0]) + who[1:],
    }
    return Step("school", _("Your school"), State.DONE, text, way=way)


def lesson_steps() -> list[Step]:
    """Three queries: is there a course, does a lesson stand open, has anybody opened it?"""
    course = Course.objects.filter(deleted_at=None).order_by("-created_at").first()
    live = Lesson.objects.live().exists()
    seen = LessonView.objects.filter(lesson__in=Lesson.objects.live()).exists()
    return [content(course), published(course, is_live=live), opened(course, is_seen=seen)]


def content(course: Course | None) -> Step:
    if course:
        way = Way(reverse("studio:courses"), _("All courses"))
        return Step(
            "content",
            _("A course"),
            State.DONE,
            _("There is “%(course)s”.") % {"course": course},
            way=way,
        )
    text = _(
        "Begin with a course to take apart, with an empty one, or with one that you bring along."
    )
    way = Way(reverse("studio:new_course"), _("Begin an empty course"))
    return Step(
        "content", _("A course"), State.OPEN, text, way=way, verb=_("Load the sample course")
    )


def published(course: Course | None, *, is_live: bool) -> Step:
    key, title = "published", _("A lesson is published")
    if is_live:
        return Step(key, title, State.DONE, _("A lesson stands open to learners."))
    if course is None:
        return Step(key, title, State.OPEN, _("First there has to be a course."))
    way = Way(
        reverse("studio:course", args=[course.slug]),
        _("Write in “%(course)s”") % {"course": course},
    )
    text = _(
        "Write a lesson and publish it with its course. “Preview as a learner” records nothing."
    )
    return Step(key, title, State.OPEN, text, way=way)


def opened(course: Course | None, *, is_seen: bool) -> Step:
    key, title = "opened", _("Somebody has opened it as a learner does")
    if is_seen:
        return Step(key, title, State.DONE, _("A published lesson was opened in the classroom."))
    text = _("Enrol yourself on the course’s page, and open its first lesson.")
    way = Way(course.get_absolute_url(), _("The course’s page")) if course else None
    return Step(key, title, State.OPEN, text, way=way if course and course.is_published else None)


def people_steps() -> list[Step]:
    """Two queries. Staff do not count, nor does who never confirmed an address."""
    has_learner = Enrollment.objects.learning().filter(**LEARNS).exists()
    has_reader = LessonView.objects.filter(**LEARNS).exists()
    enrolled = (
        _("A learner is enrolled.") if has_learner else _("Send them the link of invitation.")
    )
    read = _("A learner has opened a lesson.") if has_reader else _("It shows here once they do.")
    done = {True: State.DONE, False: State.OPEN}
    return [
        Step("enrolled", _("The first learner is enrolled"), done[has_learner], enrolled),
        Step("read", _("The first learner has opened a lesson"), done[has_reader], read),
    ]


def extras() -> list[Step]:
    apps = [name for name, one in settings.SOCIALACCOUNT_PROVIDERS.items() if one["APPS"]]
    return [
        extra("stripe", _("Selling plans"), stripe_words(), "STRIPE_SECRET_KEY=… in .env"),
        extra(
            "providers",
            _("Sign-in by Google or GitHub"),
            f"On: {', '.join(sorted(apps))}." if apps else "",
            "GOOGLE_CLIENT_ID=… in .env",
        ),
        extra(
            "model",
            _("Feedback drafted by a language model"),
            _("%(ai_model)s drafts it.") % {"ai_model": settings.AI_MODEL}
            if drafting.is_on()
            else "",
            "AI_BASE_URL=… in .env",
        ),
        Step(
            "points",
            _("Points and boards"),
            State.OPEN,
            _("Everybody sees points unless they hide them, and nobody is on a board unasked."),
            way=Way(reverse("studio:motivation"), _("What pays, and what is shown")),
            extra=True,
        ),
    ]


def extra(key: str, title: str, on: str, setting: str) -> Step:
    if on:
        return Step(key, title, State.DONE, on, extra=True)
    return Step(key, title, State.OPEN, _("Off."), setting, extra=True)


def stripe_words() -> str:
    if not settings.STRIPE_SECRET_KEY:
        return ""
    return _("On.") if settings.STRIPE_IS_LIVE else _("On, in test mode: no real money moves.")
