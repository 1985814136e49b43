"""The cast: ada learns and is enrolled, bob learns and is not, grace teaches, root administers."""

import gc
import math
import os
import string
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import connection
from django.middleware import csrf
from django.test import Client, TransactionTestCase, override_settings
from django.utils.timezone import now
from django.utils.translation import override

from accounts.mail import Letter
from accounts.models import School, User
from accounts.school import remember
from activity.models import Event
from activity.signals import event_recorded
from assessments.limits import SAVES
from courses.models import Course, Lesson, Module
from enrollments.models import Enrollment
from notifications.messages import MESSAGES, kind_of
from sandbox.job import Job
from sandbox.verdict import Result
from sandbox.wasm.runner import WasmRunner
from tests import letters
from tests.emptying import empty_tables, may_pass_triggers
from tests.remembering import Memory, is_for_real

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PASSWORD = "a long walk on the beach"

# Each worker of the test run has a Redis database of its own: emptying one must not empty another.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
settings.REDIS_URL = f"{settings.REDIS_URL.rpartition('/')[0]}/{WORKER + 1}"
settings.CACHES["default"]["LOCATION"] = settings.CELERY_BROKER_URL = settings.REDIS_URL


# Tokens without capital letters: a page on which "P1" or "Bob" is looked for holds none by chance.
csrf.CSRF_ALLOWED_CHARS = string.ascii_lowercase + string.digits

# Races need a connection for each of their twenty threads.
settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 30


# On a fresh clone nothing is collected yet, and WhiteNoise warns of a folder that is not there.
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: the garbage collector need not go over them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> Iterator[None]:
    """Cheap password hashes, no manifest of static files, even if a storage was asked before.

    And seconds for Redis, which answers late where all processors are busy.
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    seconds = {"socket_timeout": 5, "socket_connect_timeout": 5}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        CACHES={"default": {**settings.CACHES["default"], "OPTIONS": seconds}},
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let the test runner empty all tables, and quickly; single rows of some stay protected."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE activity_event DISABLE TRIGGER append_only_table")
        cursor.execute("ALTER TABLE gamification_xptransaction DISABLE TRIGGER append_only_table")
        cursor.execute("ALTER TABLE certificates_certificate DISABLE TRIGGER append_only_table")
        cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER append_only_table")
        if may_pass_triggers():
            TransactionTestCase._fixture_teardown = empty_tables


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings: Any, tmp_path: Any) -> None:
    """Not the demo school, whatever this checkout serves; files go to a folder of the test."""
    settings.DEMO_SCHOOL = False
    settings.PUSH_VAPID_PRIVATE_KEY = settings.SMS_GATEWAY = ""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A request leaves the language of who asked behind in its thread, for the next test too."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def forgotten_rate_limits() -> None:
    """Counters of one test do not count in the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def a_school_that_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a process knows it that has served a page: no page asks for it, whenever it is shown."""
    monkeypatch.setattr("accounts.school.KEPT_SECONDS", math.inf)
    remember(School(set_up_at=now()))


@pytest.fixture(autouse=True)
def readable_messages() -> Iterator[None]:
    """What any test records as the site does, its message can be read with: no gap stays empty."""

    def read(sender: Any, event: Event, **kwargs: Any) -> None:
        message = MESSAGES.get(kind_of(event))
        if message and event.data:
            words = f"{message.title}{message.text}"
            gaps = {name for _, name, _, _ in string.Formatter().parse(words) if name}
            missing = gaps - event.data.keys()
            assert not missing, f"{event.kind} says nothing of {missing}"
            assert message.link or event.data.get("url"), f"{event.kind} leads nowhere"

    event_recorded.connect(read)
    yield
    event_recorded.disconnect(read)


@pytest.fixture(scope="session")
def memory_of_runs(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """In the folder that the workers of this test run have in common."""
    base = tmp_path_factory.getbasetemp()
    return Memory((base.parent if hasattr(pytestconfig, "workerinput") else base) / "runs")


@pytest.fixture(autouse=True)
def remembered_runs(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, memory_of_runs: Memory
) -> None:
    """A program that was run before is not run again, unless the running itself is tested."""

    def run(runner: WasmRunner, job: Job) -> Result:
        return memory_of_runs.run(runner, job)

    if not is_for_real(request.path):
        monkeypatch.setattr(WasmRunner, "run", run)


@pytest.fixture(autouse=True)
def mails_that_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """What any test makes the site write is held to be the same as text and as HTML."""
    usual = Letter.message

    def checked(mail: Letter, **given: Any) -> Any:
        letters.check(mail)
        return usual(mail, **given)

    monkeypatch.setattr(Letter, "message", checked)


@pytest.fixture
def slow_seconds() -> Iterator[None]:
    """The window in which savings are counted outlasts the test, however busy the machine is."""
    usual = SAVES.seconds
    object.__setattr__(SAVES, "seconds", 600)
    yield
    object.__setattr__(SAVES, "seconds", usual)


def make_person(email: str, name: str, **fields: Any) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, **fields)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def make_reviewer(email: str, name: str, **fields: Any) -> User:
    """Somebody with the right to review; a test that empties all tables takes the group along."""
    return let_review(make_person(email, name, **fields))


def let_review(user: User) -> User:
    group, _ = Group.objects.get_or_create(name="reviewers")
    group.permissions.add(Permission.objects.get(codename="give_review"))
    user.groups.add(group)
    return user


@pytest.fixture
def course(db: None) -> Course:
    """A published course of two modules: three required lessons and one that is not."""
    return make_course("python-basics", "Python from zero")


def make_course(slug: str, title: str = "A course", *, lessons: int = 3, **fields: Any) -> Course:
    """A published course of two modules; the last lesson, an extra, is not required."""
    fields = {"status": Course.Status.PUBLISHED, **fields}
    course = Course.objects.create(slug=slug, title=title, summary="Learn it.", **fields)
    start = Module.objects.create(
        course=course, title="Start", slug="start", key="start", position=1
    )
    on = Module.objects.create(course=course, title="On", slug="on", key="on", position=2)
    for number in range(1, lessons + 1):
        make_lesson(on if number == lessons else start, f"lesson-{number}", position=number)
    make_lesson(on, "extra", position=lessons + 1, is_required=False)
    Course.objects.filter(pk=course.pk).update(
        lesson_count=lessons + 1, required_count=lessons, minutes=5 * (lessons + 1)
    )
    course.refresh_from_db()
    return course


def make_lesson(module: Module, slug: str, **fields: Any) -> Lesson:
    fields = {"status": Lesson.Status.PUBLISHED, "title": slug.capitalize(), **fields}
    return Lesson.objects.create(
        module=module,
        course=module.course,
        slug=slug,
        key=slug,
        content="Some *text*.",
        content_html="<p>Some <em>text</em>.</p>",
        **fields,
    )


@pytest.fixture
def lessons(course: Course) -> list[Lesson]:
    """The lessons of the course in outline order, the extra one last."""
    return list(course.lessons.select_related("module", "course").in_outline_order())


@pytest.fixture
def ada(course: Course) -> User:
    user = make_person("ada@example.org", "Ada")
    Enrollment.objects.create(user=user, course=course)
    return user


@pytest.fixture
def bob(db: None) -> User:
    return make_person("bob@example.org", "Bob")


@pytest.fixture
def grace(db: None) -> User:
    return make_person("grace@example.org", "Grace")


@pytest.fixture
def root(db: None) -> User:
    return make_person("root@example.org", "Root", role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    """`as_(ada).get(...)`: a browser in which that person is signed in."""

    def sign_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in
