"""Looking over the whole site: every night, when somebody asks, and what the admin shows of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from django.utils.timezone import now

from accounts import upkeep
from accounts.alone import alone
from accounts.audit_entries import AuditEntry
from accounts.models import User
from accounts.upkeep import Upkeep
from gamification import ledger
from gamification.models import Standing
from lms import metrics
from notifications.messages import told
from notifications.models import EmailLog, Notification
from progress.actions import complete_lesson
from studio import health, looking, tasks
from studio.admin_home import vitals
from studio.backups import last
from studio.looking import AT_IT, look
from studio.pages.site_health import site_health_page
from tests.conftest import make_person

PAGE = "/admin/health/"
CHECKS = tuple(check for check in health.CHECKS if check.name in ("xp", "enrolments", "given-up"))


@pytest.fixture(autouse=True)
def three_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the others find has tests of its own."""
    monkeypatch.setattr(looking, "CHECKS", CHECKS)
    monkeypatch.setattr("studio.pages.site_health.CHECKS", CHECKS)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who was woken up."""
    woken: list[str] = []

    def send(*_given: Any, expires: int | None = None, **_options: Any) -> None:
        woken.append(f"look, for {expires} s" if expires else "look")

    monkeypatch.setattr(tasks.look, "apply_async", send)
    return woken


def wrong_total(user: User, lessons: Any) -> None:
    complete_lesson(user, lessons[0])
    Standing.objects.update(total_xp=4_000)


def found_now() -> Upkeep:
    """What a look finds."""
    looking.want()
    found = look()
    assert found is not None
    return found


def told_of() -> list[tuple[str, str]]:
    rows = Notification.objects.filter(kind="SITE_OFF").order_by("pk")
    return [(row.user.name, row.data["title"]) for row in rows.select_related("user")]


def test_a_look_waits_behind_nothing_that_takes_all_night_and_nobody_waits_behind_it(
    settings: Any, db: None
) -> None:
    queue_of = {name: route["queue"] for name, route in settings.CELERY_TASK_ROUTES.items()}
    looks = queue_of.pop("studio.tasks.look")
    assert looks not in {*queue_of.values(), settings.CELERY_TASK_DEFAULT_QUEUE}
    assert f"“{looks}”" in vitals.doctor().text


def test_every_night_a_worker_looks_over_the_whole_site_and_mends_nothing(
    root: User, ada: User, lessons: Any, sent: list[str]
) -> None:
    wrong_total(ada, lessons)
    tasks.look_every_night()
    assert sent == ["look"]
    tasks.look()
    row = Upkeep.objects.get()
    assert [(one["name"], one["left"]) for one in row.found] == [
        ("xp", 1), ("enrolments", 0), ("given-up", 0)
    ]  # fmt: skip
    assert (row.asked_by, row.fault, row.tries) == (None, "", 1)
    assert Standing.objects.get().total_xp == 4_000
    tasks.look()
    assert Upkeep.objects.count() == 1


def test_a_finding_is_told_once_to_those_who_look_after_the_site_while_it_lasts(
    root: User, ada: User, lessons: Any
) -> None:
    make_person("kim@example.org", "Kim", role=User.Role.ADMIN)  # may not see the settings
    wrong_total(ada, lessons)
    for _night in range(3):
        found_now()
    assert told_of() == [("Root", "Totals of XP and levels")]
    assert EmailLog.objects.get(kind="site").user == root
    call_command("doctor", "--fix", "--only", "xp", stdout=None)
    assert not found_now().off
    Standing.objects.update(total_xp=4_000)
    found_now()
    assert told_of() == [("Root", "Totals of XP and levels")] * 2


def test_what_a_command_has_seen_is_told_by_the_next_look(
    root: User, ada: User, lessons: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.management.commands.doctor.CHECKS", CHECKS)
    wrong_total(ada, lessons)
    with pytest.raises(CommandError):
        call_command("doctor", json=True)
    since = Upkeep.objects.get().off[0]["since"]
    assert told_of() == []
    assert found_now().off[0]["since"] == since
    assert len(told_of()) == 1


def test_a_finding_is_told_in_the_language_of_its_reader(
    root: User, ada: User, lessons: Any
) -> None:
    wrong_total(ada, lessons)
    with translation.override("de"):
        found_now()
    row = Notification.objects.get(kind="SITE_OFF")
    assert told(row.kind, row.data).text.startswith("Totals of XP and levels: 1.")
    with translation.override("de"):
        message = told(row.kind, row.data)
    assert message.text.startswith("XP-Summen und Stufen: 1.")
    assert message.url == PAGE


def test_a_check_that_breaks_is_a_finding_and_the_others_are_asked(
    root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> health.Off:
        raise OSError("Key (email)=(ada@example.org) exists.")

    check = health.Check("xp", "Totals", broken)
    monkeypatch.setattr(looking, "CHECKS", (check, *CHECKS[1:]))
    row = found_now()
    assert row.off[0]["details"] == ["It could not look: OSError. The log says more."]
    assert len(row.found) == 3


def test_what_a_check_says_is_kept_without_what_no_row_can_hold(
    root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = health.Check("xp", "Totals", lambda: health.Off(1, ["a\0b"]))
    monkeypatch.setattr(looking, "CHECKS", (check,))
    found_now()
    assert Upkeep.objects.get().off[0]["details"] == ["ab"]


def test_never_two_at_once(root: User, sent: list[str]) -> None:
    assert looking.want()
    with alone(AT_IT) as is_alone:
        assert is_alone
        assert look() is None
        tasks.take_up_looks()
    assert sent == []
    assert not looking.want()
    assert Upkeep.objects.count() == 1


def test_what_a_killed_worker_left_is_taken_up_three_times(root: User, sent: list[str]) -> None:
    tasks.take_up_looks()
    assert sent == []
    looking.want()
    tasks.take_up_looks()
    assert sent == ["look, for 60 s"]
    Upkeep.objects.update(tries=3, started_at=now())
    given_up = look()
    assert given_up is not None
    assert (given_up.fault, looking.due(), looking.last_look()) == (looking.TIRED, None, None)


def killed_night(monkeypatch: pytest.MonkeyPatch) -> Upkeep:
    """A worker is killed three times by the second check."""

    def kills() -> health.Off:
        raise SystemExit

    with monkeypatch.context() as until_mended:
        broken = health.Check("enrolments", "Enrolments", kills)
        until_mended.setattr(looking, "CHECKS", (CHECKS[0], broken))
        looking.want()
        for _try in range(3):
            with pytest.raises(SystemExit):
                look()
    given_up = look()
    assert given_up is not None
    return given_up


def test_a_look_that_never_ends_is_told_once_while_none_does_and_says_where_it_was(
    root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person("kim@example.org", "Kim", role=User.Role.ADMIN)  # may not see the settings
    for _night in range(2):
        fault = killed_night(monkeypatch).fault
        assert fault == f"{looking.TIRED} The last time it was at the check enrolments."
        looking.note([], now())  # a command that comes to its end mends no worker
    row = Notification.objects.get(kind="SITE_UNSEEN")
    assert (row.user, told(row.kind, row.data).url) == (root, PAGE)
    assert EmailLog.objects.get(kind="site").user == root
    assert found_now().fault == ""
    killed_night(monkeypatch)
    assert Notification.objects.filter(kind="SITE_UNSEEN").count() == 2


def test_a_look_is_not_given_up_without_telling_of_it(
    root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_given: Any) -> None:
        raise OSError("No table.")

    monkeypatch.setattr(looking, "tell", breaks)
    looking.want()
    Upkeep.objects.update(tries=3)
    with pytest.raises(OSError, match="No table"):
        look()
    assert looking.due() is not None


def test_looks_and_backups_outlast_an_emptied_redis_and_go_after_a_time(root: User) -> None:
    found_now()
    last.note(now())
    cache.clear()
    assert looking.last_look() is not None
    assert last.last_backup() is not None
    Upkeep.objects.update(asked_at=now() - upkeep.KEPT - timedelta(days=2))
    assert upkeep.forget() == 0  # the last of each is kept
    found_now()
    last.note(now())
    assert Upkeep.objects.old(timedelta(days=1)).count() == 2
    assert upkeep.forget() == 2


def test_the_page_of_a_site_where_nobody_looked_says_so(desk: Client) -> None:
    page = desk.get(PAGE)
    assert "Nobody has looked yet." in page.text
    assert "Look now" in page.text


def test_somebody_asks_for_a_look_once_and_it_is_noted(
    desk: Client, root: User, sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    for said in ("looked over in the background", "under way already"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = desk.post(PAGE)
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
        assert said in desk.get(PAGE).text
    assert sent == ["look"]
    assert AuditEntry.objects.get(kind="LOOK_ASKED").actor == root
    page = desk.get(PAGE).text
    assert "A look waits for a worker" in page
    assert "Look now" not in page
    look()
    assert "asked for by <bdi>Root</bdi>" in desk.get(PAGE).text


def test_the_page_names_each_finding_its_count_and_what_mends_it(
    desk: Client, root: User, ada: User, lessons: Any, django_assert_num_queries: Any
) -> None:
    wrong_total(ada, lessons)
    found_now()
    desk.get(PAGE)
    with django_assert_num_queries(5):
        page = desk.get(PAGE).text
    assert "1 of 3 checks found something." in page
    assert "<h3>Totals of XP and levels: 1</h3>" in page
    assert "manage.py doctor --fix --only xp" in page
    assert "--only given-up" not in page
    ledger.recount_all()
    for _look in range(3):
        found_now()
    with django_assert_num_queries(5):
        page = desk.get(PAGE).text
    assert "All 3 checks are well." in page
    assert "Off: Totals of XP and levels." in page


def test_a_look_that_came_to_no_end_and_one_that_is_old_are_said(desk: Client) -> None:
    found_now()
    a_night_ago = now() - timedelta(hours=31)
    Upkeep.objects.update(asked_at=a_night_ago, started_at=a_night_ago, ended_at=a_night_ago)
    looking.want()
    Upkeep.objects.filter(ended_at=None).update(tries=3)
    look()
    page = desk.get(PAGE).text
    assert looking.TIRED in page
    assert "more than a night ago" in page


def test_a_look_that_waited_for_its_worker_is_the_last_and_as_new_as_its_end(
    desk: Client, root: User
) -> None:
    looking.want()
    Upkeep.objects.update(asked_at=now() - timedelta(hours=31))
    looking.note([], now() - timedelta(hours=1))  # a command, while the worker is away
    waited = look()
    assert waited is not None
    page = site_health_page()
    assert page.last == looking.last_look() == upkeep.last_of_each()["LOOK"] == waited
    assert not page.is_old
    assert "more than a night ago" not in desk.get(PAGE).text
    age = next(one for one in metrics.upkeep() if one.name == "waymark_doctor_age_seconds")
    assert 0 <= age.samples[0].value < 60
    Upkeep.objects.update(asked_at=now() - upkeep.KEPT - timedelta(days=2))
    assert waited not in Upkeep.objects.old()


def test_only_who_looks_after_the_site_gets_there(as_: Any, bob: User) -> None:
    kim = make_person("kim@example.org", "Kim", role=User.Role.ADMIN)
    assert as_(bob).get(PAGE).status_code == 302
    for method in ("get", "post"):
        assert getattr(as_(kim), method)(PAGE).status_code == 403
    assert not Upkeep.objects.exists()
    kim.user_permissions.add(Permission.objects.get(codename="change_school"))
    browser = as_(User.objects.get(pk=kim.pk))
    assert browser.get(PAGE).status_code == 200
    assert browser.put(PAGE).status_code == 405
