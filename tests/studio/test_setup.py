"""The checklist of a new school: what the system sees, row by row."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import qrcode
from django.contrib.auth.models import Permission
from django.core import mail as outbox
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from accounts.joining import invitation_link
from accounts.models import AuditEntry, School, User
from accounts.school import change_school, current_school, forget, put_off
from accounts.upkeep import Upkeep
from assessments.models import RunnerCheck, Work
from courses.models import Course
from enrollments.models import Enrollment
from lms.settings import mailer
from notifications.models import EmailLog
from progress.models import LessonView
from studio.backups.files import stored
from studio.backups.last import note
from studio.setting_up import machine
from studio.setting_up.machine import HEARD_OF, note_background
from studio.setting_up.steps import checklist
from tests.accounts.bad_sign_in import second_factor

SETUP = "/setup/"
HX = {"HX-Request": "true"}
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def a_new_school(db: None, settings: Any) -> None:
    settings.DEMO_SCHOOL = False
    recorded = "notifications.mail_backend.Recorded"
    settings.MAILERS = {"default": {"BACKEND": recorded}, "transport": {"BACKEND": LOCMEM}}
    forget()


@pytest.fixture
def owner(root: User) -> User:
    second_factor(root)
    return root


@pytest.fixture
def desk(owner: User, as_: Any) -> Client:
    browser: Client = as_(owner)
    return browser


def state(user: User, key: str) -> tuple[str, str]:
    step = next(one for one in checklist(user).steps if one.key == key)
    return step.state, step.text


def test_a_learner_does_not_find_it_and_a_guest_signs_in(
    client: Client, as_: Any, bob: User
) -> None:
    for path in (SETUP, "/setup/school/", "/setup/steps/mail/"):
        assert client.get(path)["Location"] == f"/accounts/login/?next={path}"
        assert as_(bob).get(path).status_code == 404
    for path in (SETUP, "/setup/school/", "/setup/steps/mail/", "/setup/invitation/"):
        assert as_(bob).post(path).status_code == 404
        assert client.post(path).status_code == 302
    assert current_school().set_up_at is None


@pytest.mark.parametrize(
    ("path", "method"), [(SETUP, "delete"), ("/setup/invitation/", "get"), (SETUP, "put")]
)
def test_it_refuses_other_methods(desk: Client, path: str, method: str) -> None:
    assert getattr(desk, method)(path).status_code == 405


def test_an_admin_without_a_second_factor_is_shown_the_way_to_one_and_nothing_else(
    root: User, as_: Any
) -> None:
    page = as_(root).get(SETUP)
    assert page.status_code == 200
    assert "/accounts/2fa/totp/activate/" in page.text
    assert "PostgreSQL" not in page.text
    assert as_(root).post("/setup/steps/mail/").status_code == 404
    assert as_(root).post(SETUP).status_code == 404
    assert not outbox.outbox


def test_an_admin_who_may_not_change_the_school_changes_nothing(as_: Any, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_superuser=False)
    browser = as_(owner)
    assert browser.get(SETUP).status_code == 200
    for path in (SETUP, "/setup/school/", "/setup/steps/content/", "/setup/invitation/"):
        assert browser.post(path).status_code == 403
    assert not Course.objects.exists()


@pytest.mark.parametrize("may_change", [True, False])
def test_only_who_may_change_the_school_sees_its_link_and_what_to_press(
    as_: Any, owner: User, may_change: bool
) -> None:
    User.objects.filter(pk=owner.pk).update(is_superuser=may_change)
    browser = as_(owner)
    page, desk = browser.get(SETUP).text, browser.get("/studio/").text
    page = page[page.index("<main") : page.index("</main>")]
    said = (invitation_link(), "as a code for phones", "<form", "<button", "/setup/school/")
    assert [one in page for one in said] == [may_change] * 5
    assert ("Go on setting up" in desk) is may_change


def test_who_only_looks_at_the_link_of_the_school_changes_nothing(desk: Client) -> None:
    """It is the same before there is a row and after, until somebody makes another."""
    link = invitation_link()
    for path in ("/setup/school/", SETUP):
        assert link in desk.get(path).text
    assert not School.objects.exists()
    assert not AuditEntry.objects.filter(kind="SCHOOL_CHANGED").exists()
    put_off("mail", wanted=True)
    assert invitation_link() == link
    assert link.endswith(f"/join/{School.objects.get().invitation}/")
    desk.post("/setup/invitation/")
    assert link not in desk.get("/setup/school/").text


def test_after_sign_in_an_admin_comes_to_it_until_it_is_done(root: User) -> None:
    login = {"login": root.email, "password": "a long walk on the beach"}
    assert Client().post("/accounts/login/", login)["Location"] == SETUP
    wanted = Client().post("/accounts/login/?next=/courses/", login | {"next": "/courses/"})
    assert wanted["Location"] == "/courses/"
    change_school(set_up_at=root.date_joined)
    forget()
    assert Client().post("/accounts/login/", login)["Location"] == "/classroom/"


def test_once_it_is_done_an_admin_with_a_second_factor_comes_to_the_studio_after_sign_in(
    root: User,
) -> None:
    change_school(set_up_at=root.date_joined)
    forget()
    _, (first, second, *_) = second_factor(root)
    browser, login = Client(), {"login": root.email, "password": "a long walk on the beach"}
    browser.post("/accounts/login/", login)
    came = browser.post("/accounts/2fa/authenticate/", {"code": first})
    assert came["Location"] == "/studio/"
    wanted = Client()
    wanted.post("/accounts/login/?next=/courses/", login | {"next": "/courses/"})
    came = wanted.post("/accounts/2fa/authenticate/", {"code": second})
    assert came["Location"] == "/courses/"


@pytest.mark.parametrize("reviews", [False, True])
def test_learners_and_reviewers_come_to_the_classroom_after_sign_in(
    bob: User, settings: Any, reviews: bool
) -> None:
    settings.DEMO_SCHOOL = True
    if reviews:
        bob.user_permissions.add(Permission.objects.get(codename="give_review"))
    login = {"login": bob.email, "password": "a long walk on the beach"}
    assert Client().post("/accounts/login/", login)["Location"] == "/classroom/"


def test_a_demo_school_counts_as_set_up(root: User, as_: Any, settings: Any) -> None:
    settings.DEMO_SCHOOL = True
    assert as_(root).get(SETUP)["Location"] == "/studio/"


def test_the_page_takes_a_fixed_number_of_queries(
    desk: Client, course: Course, ada: User, django_assert_num_queries: Any
) -> None:
    desk.get(SETUP)
    with django_assert_num_queries(19):
        assert desk.get(SETUP).status_code == 200
    for number in range(3):
        Course.objects.create(slug=f"c{number}", title=f"C{number}")
    with django_assert_num_queries(19):
        desk.get(SETUP)


def test_each_row_of_the_machine_can_be_tested_again_with_script_and_without(desk: Client) -> None:
    page = desk.get(SETUP).text
    for step in machine.machine_steps():
        path = f"/setup/steps/{step.key}/"
        assert f'action="{path}"' in page
        part = desk.post(path, {"do": "1"}, headers=HX)
        assert part.status_code == 200
        assert f'id="step-{step.key}"' in part.text
        assert 'id="setup-count" hx-swap-oob="true"' in part.text
        assert "<!doctype" not in part.text
        assert "say" in part["HX-Trigger"]
        assert desk.post(path, {"do": "1"})["Location"] == f"{SETUP}#step-{step.key}"


@pytest.mark.parametrize("key", ["nothing", "x" * 400])
def test_a_step_that_is_not_there_is_not_found(desk: Client, key: str) -> None:
    assert desk.get(f"/setup/steps/{key}/").status_code == 404
    assert desk.post(f"/setup/steps/{key}/", {"later": "1"}).status_code == 404
    assert current_school().set_aside == []


def test_the_database_and_the_clocks_are_asked(owner: User, monkeypatch: Any) -> None:
    assert state(owner, "database")[0] == "done"
    assert state(owner, "clocks")[0] == "done"
    late = machine.now() + machine.CLOCKS_MAY_DIFFER * 30
    monkeypatch.setattr(machine, "now", lambda: late)
    assert state(owner, "clocks") == (
        "bad", "The clocks of this server and of the database are 60 s apart."
    )  # fmt: skip


def test_background_work_is_known_by_the_word_it_leaves(owner: User) -> None:
    assert state(owner, "background")[0] == "bad"
    note_background()
    assert state(owner, "background")[0] == "done"
    cache.set(HEARD_OF, time.time() - machine.SILENCE_SECONDS - 5, None)
    assert "No worker was heard of" in state(owner, "background")[1]


def test_without_redis_the_row_says_so_and_the_page_stands(
    desk: Client, owner: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(machine.cache, "get", lambda *_: None)
    monkeypatch.setattr(machine, "by_docker", lambda docker, otherwise: otherwise)
    assert state(owner, "background") == ("bad", "Redis does not answer.")
    assert "valkey-cli" in desk.get(SETUP).text


def test_the_runner_is_tested_in_the_queue_and_tells_how_long_it_took(
    desk: Client, owner: User
) -> None:
    assert state(owner, "runner")[0] == "open"
    part = desk.post("/setup/steps/runner/", {"do": "1"}, headers=HX)
    assert 'hx-trigger="every 3s"' in part.text
    assert state(owner, "runner")[0] == "due"
    check = RunnerCheck.objects.get()
    begun = check.created_at
    RunnerCheck.objects.update(
        status=Work.Status.PASSED, started_at=begun, finished_at=begun + machine.timedelta(0, 0.8),
        walls=[{"name": "x", "holds": True, "detail": ""}], runner="wasm",
    )  # fmt: skip
    assert state(owner, "runner") == (
        "done", "Its test programs ran in 0.8 s, and all 1 walls hold."
    )  # fmt: skip
    assert "every 3s" not in desk.get("/setup/steps/runner/", headers=HX).text


def test_a_runner_that_does_not_hold_shows_the_command(desk: Client, owner: User) -> None:
    RunnerCheck.objects.create(
        runner="wasm", status=Work.Status.FAILED, finished_at=owner.date_joined, walls=[]
    )
    assert state(owner, "runner")[0] == "bad"
    assert "sandbox_prepare" in desk.get(SETUP).text


def test_what_is_prepared_for_the_runner_stays_where_code_is_run(monkeypatch: Any) -> None:
    """Graders prepare as they start; one that could not is no place to run a command in."""
    monkeypatch.setitem(connection.settings_dict, "HOST", "postgres")
    check = RunnerCheck(runner="wasm", status=Work.Status.FAILED, walls=[])
    monkeypatch.setattr(machine.runner_checks, "latest", lambda: check)
    assert machine.runner().command == (
        "docker compose up -d --force-recreate grader trials && docker compose logs -f grader"
    )


def test_the_command_against_silence_serves_every_queue(settings: Any) -> None:
    settings.CELERY_TASK_ROUTES = {**settings.CELERY_TASK_ROUTES, "a.new": {"queue": "newest"}}
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    named = machine.background().command.rpartition("-Q ")[2].split(",")
    assert set(named) == {settings.CELERY_TASK_DEFAULT_QUEUE, *routed}


@pytest.mark.parametrize(("host", "is_compose"), [("postgres", True), ("127.0.0.1", False)])
def test_commands_are_those_of_how_the_site_runs(
    monkeypatch: Any, host: str, is_compose: bool
) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", host)
    assert ("docker compose" in machine.backup(None).command) == is_compose


def test_the_last_backup_is_told_until_it_is_old(owner: User) -> None:
    assert state(owner, "backup")[0] == "open"
    note(now() - timedelta(hours=29))
    said, text = state(owner, "backup")[:2]
    assert (said, "29 hours ago" in text) == ("done", True)
    Upkeep.objects.update(asked_at=now() - timedelta(hours=31))
    assert state(owner, "backup")[0] == "open"


def test_storage_that_cannot_be_written_is_red(
    desk: Client, owner: User, settings: Any, tmp_path: Any
) -> None:
    assert state(owner, "storage")[0] == "done"
    assert not list((tmp_path / "media").glob("*"))
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = str(tmp_path / "file" / "media")
    assert state(owner, "storage")[0] == "bad"
    assert "chown" in desk.get(SETUP).text


def test_what_is_written_to_try_the_storage_has_no_name_that_a_killed_process_could_leave(
    owner: User, monkeypatch: Any
) -> None:
    usual, seen = machine.TemporaryFile, []

    def opened(**given: Any) -> Any:
        file = usual(**given)
        seen.append([*stored()])
        return file

    monkeypatch.setattr(machine, "TemporaryFile", opened)
    state(owner, "storage")
    assert seen == [[]]


@pytest.mark.parametrize(
    ("https", "host", "expected"),
    [(True, "school.example", "done"), (False, "127.0.0.1", "open"), (False, "a.example", "bad")],
)
def test_https_is_wanted_where_others_come(
    owner: User, settings: Any, https: bool, host: str, expected: str
) -> None:
    settings.HTTPS, settings.SITE_HOST = https, host
    assert state(owner, "https")[0] == expected


def test_mail_is_open_until_a_test_left_and_red_if_it_came_back(desk: Client, owner: User) -> None:
    assert state(owner, "mail")[0] == "open"
    assert desk.post("/setup/steps/mail/", {"do": "1"}, headers=HX).status_code == 200
    assert [one.to for one in outbox.outbox] == [[owner.email]]
    found, text = state(owner, "mail")
    assert found == "done"
    assert "SPF or DKIM" in text
    EmailLog.objects.update(state=EmailLog.State.BOUNCED, fault="550 no such user")
    assert state(owner, "mail") == ("bad", "It came back: 550 no such user.")


def test_mail_that_goes_nowhere_names_the_setting(desk: Client, owner: User, settings: Any) -> None:
    backend = "django.core.mail.backends.console.EmailBackend"
    settings.MAILERS = {**settings.MAILERS, "transport": {"BACKEND": backend}}
    assert state(owner, "mail")[0] == "open"
    assert "EMAIL_URL=" in desk.get(SETUP).text


def test_mail_that_is_kept_as_files_is_open_and_says_where_they_are(
    desk: Client, owner: User, settings: Any
) -> None:
    desk.post("/setup/steps/mail/", {"do": "1"})
    assert state(owner, "mail")[0] == "done"
    settings.MAILERS = {**settings.MAILERS, "transport": mailer("filemail:////srv/mail")}
    found, text = state(owner, "mail")
    assert found == "open"
    assert "reaches nobody: what is sent stands in files in /srv/mail" in text
    assert "Send a test to me" not in desk.get(SETUP).text


def test_a_test_mail_can_be_asked_for_so_often(desk: Client) -> None:
    codes = [desk.post("/setup/steps/mail/", {"do": "1"}).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert len(outbox.outbox) == 5


def test_what_can_wait_is_put_off_and_taken_up_again(desk: Client, owner: User) -> None:
    left = len(checklist(owner).open)
    part = desk.post("/setup/steps/https/", {"later": "1"}, headers=HX)
    assert "Put off" in part.text
    assert len(checklist(owner).open) == left - 1
    desk.post("/setup/steps/https/", {"later": "1"})
    assert current_school().set_aside == ["https"]
    desk.post("/setup/steps/https/", {"later": "0"})
    assert len(checklist(owner).open) == left


def test_what_cannot_wait_is_not_put_off(desk: Client, owner: User) -> None:
    left = len(checklist(owner).open)
    desk.post("/setup/steps/content/", {"later": "1"})
    assert len(checklist(owner).open) == left
    assert not Course.objects.exists()


def test_the_sample_course_comes_as_a_draft_once(desk: Client, as_: Any, bob: User) -> None:
    answer = desk.post("/setup/steps/content/", {"do": "1"})
    assert answer["Location"] == "/studio/courses/python-basics/"
    desk.post("/setup/steps/content/", {"do": "1"})
    sample = Course.objects.get()
    assert sample.status == Course.Status.DRAFT
    assert sample.lessons.count() > 6
    assert as_(bob).get("/courses/python-basics/").status_code == 404


def test_a_sample_course_that_is_published_already_is_not_called_a_draft(desk: Client) -> None:
    desk.post("/setup/steps/content/", {"do": "1"}, follow=True)
    Course.objects.update(status=Course.Status.PUBLISHED)
    page = desk.post("/setup/steps/content/", {"do": "1"}, follow=True).text
    assert "The sample course is here already, and published." in page
    assert "a draft" not in page


def test_the_steps_are_over_with_the_list(desk: Client) -> None:
    desk.post(SETUP)
    for key in ("mail", "content", "https"):
        assert desk.post(f"/setup/steps/{key}/", {"do": "1"})["Location"] == "/studio/"
        assert desk.get(f"/setup/steps/{key}/")["Location"] == "/studio/"
    desk.post("/setup/steps/https/", {"later": "1"})
    assert desk.post("/setup/steps/mail/", headers=HX)["HX-Redirect"] == "/studio/"
    assert not outbox.outbox
    assert not Course.objects.exists()
    assert current_school().set_aside == []


def test_people_count_when_they_learn_and_staff_do_not(
    owner: User, course: Course, bob: User
) -> None:
    lesson = course.lessons.first()
    Enrollment.objects.create(user=owner, course=course)
    LessonView.objects.create(user=owner, lesson=lesson)
    assert state(owner, "published")[0] == state(owner, "opened")[0] == "done"
    assert state(owner, "enrolled")[0] == state(owner, "read")[0] == "open"
    Enrollment.objects.create(user=bob, course=course)
    LessonView.objects.create(user=bob, lesson=lesson)
    assert state(owner, "enrolled")[0] == state(owner, "read")[0] == "done"


def test_who_never_confirmed_an_address_is_not_the_first_learner(
    owner: User, course: Course, bob: User
) -> None:
    Enrollment.objects.create(user=bob, course=course)
    bob.emailaddress_set.update(verified=False)
    assert state(owner, "enrolled")[0] == "open"
    bob.emailaddress_set.update(verified=True)
    assert state(owner, "enrolled")[0] == "done"


def test_the_school_is_named_and_says_who_may_join(desk: Client, owner: User) -> None:
    form = {"name": "Green Hill", "timezone": "Europe/Oslo", "joining": "DOMAIN",
            "hue": "350", "domains": "@Hill.example, münchen.example"}  # fmt: skip
    answer = desk.post("/setup/school/", form)
    assert (answer.status_code, answer["Location"]) == (303, SETUP)
    known = School.objects.get()
    assert known.hue == 350
    assert (known.name, known.timezone, known.joining) == ("Green Hill", "Europe/Oslo", "DOMAIN")
    assert known.domains == ["hill.example", "xn--mnchen-3ya.example"]
    assert state(owner, "school")[0] == "done"
    assert "Green Hill" in desk.get("/setup/school/").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "x" * 61}, "60"),
        ({"name": "a\x00b"}, "cannot be kept"),
        ({"name": "a\u202eb"}, "cannot be shown"),
        ({"hue": "207"}, "207"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"joining": "NOBODY"}, "NOBODY"),
        ({"joining": ""}, "Choose"),
        ({"joining": "DOMAIN", "domains": ""}, "Name at least one domain."),
        ({"joining": "DOMAIN", "domains": "not a domain"}, "is no domain"),
        ({"domains": ", ".join(f"d{n}.example" for n in range(21))}, "at most 20 domains"),
        ({"domains": "x" * 70 + ".example"}, "is no domain"),
    ],
)
def test_a_school_that_makes_no_sense_is_refused_in_words_and_nothing_typed_is_lost(
    desk: Client, wrong: dict[str, str], words: str
) -> None:
    form = {"name": "Green Hill", "timezone": "UTC", "joining": "OPEN", "domains": ""}
    answer = desk.post("/setup/school/", form | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert not School.objects.filter(name__gt="").exists()


def test_a_new_link_of_invitation_replaces_the_old_one(desk: Client, owner: User) -> None:
    old = checklist(owner).invitation
    assert old in desk.get(SETUP).text
    assert desk.post("/setup/invitation/").status_code == 303
    assert checklist(owner).invitation != old


def test_the_link_of_invitation_stays_to_be_found_once_the_checklist_is_over(
    desk: Client, django_assert_num_queries: Any
) -> None:
    desk.post(SETUP)
    before = invitation_link()
    with django_assert_num_queries(7):
        assert before in desk.get("/setup/school/").text
    desk.post("/setup/invitation/")
    page = desk.get("/setup/school/").text
    assert before not in page
    assert f'value="{invitation_link()}"' in page
    assert 'data-copy="invitation"' in page
    assert "The same as a code for phones" in page


@pytest.mark.parametrize("path", [SETUP, "/setup/school/"])
def test_the_code_beside_the_link_of_invitation_reads_as_that_link(desk: Client, path: str) -> None:
    drawn = re.findall(r'viewBox="0 0 (\d+) \1".*?<path d="(.*?)"', desk.get(path).text)
    ((side, strokes),) = [one for one in drawn if "h1v1" in one[1]]
    dark = {
        (int(y), int(x) + step)
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", strokes)
        for step in range(int(length))
    }
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=4)
    code.add_data(invitation_link())
    rows = code.get_matrix()
    assert int(side) == len(rows)
    assert dark == {(y, x) for y, row in enumerate(rows) for x, on in enumerate(row) if on}


def test_skipping_hides_it_for_good(desk: Client, owner: User) -> None:
    assert "Go on setting up" in desk.get("/studio/").text
    assert desk.post(SETUP)["Location"] == "/studio/"
    forget()
    assert desk.get(SETUP)["Location"] == "/studio/"
    assert "Go on setting up" not in desk.get("/studio/").text
    ended = current_school().set_up_at
    desk.post(SETUP)
    assert current_school().set_up_at == ended


def test_once_everything_is_done_it_leads_to_the_studio_for_good(
    desk: Client, owner: User, course: Course, ada: User, settings: Any
) -> None:
    LessonView.objects.create(user=ada, lesson=course.lessons.first())
    note_background()
    settings.HTTPS = True
    for key in ("backup", "runner", "mail"):
        desk.post(f"/setup/steps/{key}/", {"later": "1"})
    assert [step.key for step in checklist(owner).open] == ["school"]
    change_school(name="Green Hill")
    answer = desk.get("/setup/steps/school/", headers=HX)
    assert answer["HX-Redirect"] == SETUP
    assert desk.get(SETUP)["Location"] == "/studio/"
    assert current_school().set_up_at
    cache.delete(HEARD_OF)
    assert desk.get(SETUP)["Location"] == "/studio/"


def test_no_secret_is_on_the_page(desk: Client, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_IS_LIVE = "sk_test_hidden1234", False
    settings.AI_BASE_URL, settings.AI_API_KEY = "https://m.example/v1", "ai-hidden-key"
    page = desk.get(SETUP).text
    assert "in test mode: no real money moves" in page
    for secret in ("sk_test_hidden1234", "ai-hidden-key", settings.SECRET_KEY):
        assert secret not in page


def test_a_colour_that_could_not_be_read_is_refused(desk: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("accounts.hues.faults", lambda hue: ["primary on paper: 2.0"])
    form = {"name": "Green Hill", "timezone": "UTC", "joining": "OPEN", "domains": ""}
    answer = desk.post("/setup/school/", form | {"hue": "350"})
    assert answer.status_code == 422
    assert "could not be read everywhere (primary on paper: 2.0)" in answer.text
    assert desk.post("/setup/school/", form | {"hue": ""}).status_code == 303
    assert current_school().hue is None


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_link_of_invitation_stands_on_the_checklist_in_every_language(
    language: str, desk: Client, owner: User
) -> None:
    User.objects.filter(pk=owner.pk).update(language=language)
    assert 'data-copy="invitation"' in desk.get(SETUP).content.decode()
