"""Staff look at the site as a learner: noted and told, for half an hour, and changing nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from accounts import impersonation
from accounts.models import AuditEntry, User
from activity.analytics import buffer
from assessments.attempts import start_attempt
from assessments.models import Attempt
from notifications.models import EmailLog, Notification
from notifications.telling import tell
from progress.models import LessonView
from tests import routes
from tests.accounts.bad_sign_in import second_factor
from tests.assessments.builders import make_quiz
from tests.conftest import PASSWORD, let_review, make_person
from tests.flows.school import fill_school

WHY = "She cannot find her quiz."
BANNER = "You see the site as"
END = "/impersonation/end/"
HOME = "/classroom/"
AGENT = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def begin_at(person):
    return f"/impersonation/{person.pk}/"


def proven(user):
    """A browser in which somebody has just said their password."""
    browser = Client(headers=AGENT)
    browser.force_login(user)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


@pytest.fixture
def staff(root):
    return proven(root)


@pytest.fixture
def looking(staff, ada):
    """The browser of root, who looks at the site as ada."""
    assert staff.post(begin_at(ada), {"reason": WHY})["Location"] == HOME
    return staff


def text(answer):
    return " ".join(answer.content.decode().split())


# ---- the door -----------------------------------------------------------------------------------


def test_who_may_begin(client, as_, ada, bob, grace, root, settings):
    address = begin_at(ada)
    assert client.get(address)["Location"].startswith("/accounts/login/")
    assert as_(bob).get(address).status_code == 404
    assert as_(let_review(grace)).get(address).status_code == 404
    assert as_(root).get(address)["Location"].startswith("/accounts/reauthenticate/")
    assert proven(root).get(address).status_code == 200
    without_right = make_person("kim@example.org", "Kim", role=User.Role.ADMIN)
    assert proven(without_right).get(address).status_code == 404
    settings.DEMO_SCHOOL = False
    assert as_(root).get(address)["Location"] == "/accounts/2fa/totp/activate/"
    second_factor(root)
    assert as_(root).get(address)["Location"].startswith("/accounts/reauthenticate/")


def test_nobody_begins_without_a_reason_or_by_a_link(staff, ada):
    for reason in ("", "   ", "x" * 501):
        assert staff.post(begin_at(ada), {"reason": reason}).status_code == 422
    assert staff.get(begin_at(ada), {"reason": WHY}).status_code == 200
    assert BANNER not in text(staff.get(HOME))
    assert not AuditEntry.objects.filter(kind="LOOK_BEGAN").exists()


def test_only_learners_are_looked_at(staff, root, bob, grace):
    clerk = make_person("kim@example.org", "Kim", role=User.Role.ADMIN)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    for person in (root, clerk, let_review(grace), bob):
        assert staff.get(begin_at(person)).status_code == 403
        assert staff.post(begin_at(person), {"reason": WHY}).status_code == 403
    assert BANNER not in text(staff.get(HOME))
    assert not Notification.objects.exists()


# ---- looking ------------------------------------------------------------------------------------


def test_pages_are_the_learners_with_a_banner_on_each(looking, ada, course):
    for address in (HOME, f"{HOME}courses/{course.slug}/", "/progress/", "/notifications/"):
        page = text(looking.get(address))
        assert f"{BANNER} <strong><bdi>Ada</bdi></strong>" in page
        assert f'action="{END}"' in page
    assert "ada@example.org" not in text(looking.get("/")), "names are enough"


def test_it_is_noted_and_the_person_is_told(looking, ada, root):
    began = AuditEntry.objects.get(kind="LOOK_BEGAN")
    assert (began.actor, began.person, began.reason) == (root, ada, WHY)
    told = Notification.objects.get()
    assert (told.user, told.kind, told.in_app) == (ada, "STAFF_LOOKED", True)
    assert EmailLog.objects.get(notification=told).state == "DUE"
    assert WHY not in str(told.data)
    assert "Somebody from the staff looked" in text(looking.get("/notifications/"))
    looking.post(END)
    ended = AuditEntry.objects.get(kind="LOOK_ENDED")
    assert (ended.actor, ended.person, ended.data) == (root, ada, {"how": "by hand"})


def test_the_key_of_the_session_is_another_before_during_and_after(staff, ada):
    keys, tokens = [], []

    def remember():
        keys.append(staff.session.session_key)
        tokens.append(staff.cookies["csrftoken"].value)

    staff.get(begin_at(ada))
    remember()
    stolen = Client()
    stolen.cookies["sessionid"] = keys[0]
    staff.post(begin_at(ada), {"reason": WHY})
    remember()
    assert stolen.get(HOME).status_code == 302
    staff.post(END)
    remember()
    assert len(set(keys)) == len(set(tokens)) == 3
    assert staff.get("/settings/sessions/").status_code == 200


def test_ending_leads_back_and_pressed_twice_is_the_same(looking, ada):
    assert looking.post(END)["Location"] == f"/studio/students/{ada.pk}/"
    assert looking.post(END).status_code == 302
    assert BANNER not in text(looking.get(HOME))
    assert looking.get("/studio/").status_code == 200
    assert AuditEntry.objects.filter(kind="LOOK_ENDED").count() == 1
    assert looking.get(END).status_code == 405


def test_what_is_hers_alone_stays_closed(looking, ada):
    closed = (
        "/settings/profile/", "/settings/tokens/", "/settings/account/", "/accounts/2fa/",
        "/accounts/email/", "/billing/", "/api/me", "/admin/", "/studio/", begin_at(ada),
    )  # fmt: skip
    for address in closed:
        answer = looking.get(address)
        assert answer.status_code == 403, address
    assert "This page is for its owner alone" in text(looking.get("/billing/"))
    assert looking.get("/api/me").json()["error"]["code"] == "only_looking"


def test_no_form_of_the_whole_site_is_taken(looking):
    addresses = {
        routes.address(path) for _, path, view in routes.routes() if routes.takes_posts(view)
    }
    assert addresses >= {"/admin/", "/admin/logout/", "/admin/health/"}
    assert len(addresses) > 150
    before = tables()
    taken = {
        place: status
        for place in sorted(addresses - {END})
        if (status := looking.post(place).status_code) != 403
    }
    assert taken == {}
    for method in ("PUT", "PATCH", "DELETE"):
        assert looking.generic(method, "/api/enrollments").status_code == 403
    assert tables() == before
    assert "Nothing was changed" in text(looking.post("/progress/goal/"))
    part = looking.post("/progress/goal/", headers={"HX-Request": "true"})
    assert part["HX-Reswap"] == "none"
    assert "only looking" in part["HX-Trigger"]


def tables():
    """Each table as a number that changes with any row of it; the session is one's own."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        parts = [
            f"SELECT '{name}', md5(string_agg(r::text, '' ORDER BY r::text)) FROM {name} r"
            for name in names
            if name != "django_session"
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)"')
OTHERS = ("/static/", "/accounts/", "/settings/", "/billing/", "/api/", "/admin/", "/studio/")
A_FEW = 3


def crawl(browser, *starts):
    """Read whatever is linked, a few addresses of each pattern; return the patterns."""
    waiting, seen, read = list(starts), set(starts), {}
    while waiting:
        answer = browser.get(waiting.pop(0))
        match = answer.resolver_match
        name = match.view_name if match else "nothing"
        read[name] = read.get(name, 0) + 1
        is_page = answer["Content-Type"].startswith("text/html") and not answer.streaming
        found = LINK.findall(answer.content.decode()) if is_page else []
        found.append(answer.get("Location", ""))
        for address in dict.fromkeys(one.replace("&amp;", "&") for one in found):
            new = address.startswith("/") and address not in seen
            if new and not address.startswith(OTHERS) and read.get(name, 0) <= A_FEW:
                seen.add(address)
                waiting.append(address)
    return read


def test_reading_the_whole_site_changes_no_row(db, settings):
    school = fill_school()
    late = make_quiz(school.course.modules.first(), "late", time_limit=20)
    attempt, _ = start_attempt(school.ada, late)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=now() - timedelta(hours=1))
    tell([school.ada.pk], "NEWS", "a", {"title": "News", "url": "/help/"})
    tell([school.ada.pk], "STREAK_FREEZE_USED", "b", {"days": 3, "left": 1})
    browser = proven(school.root)
    browser.post(begin_at(school.ada), {"reason": WHY})
    starts = (HOME, f"/attempts/{attempt.pk}/", "/notifications/", "/progress/streak/", "/help/")
    before, waiting = tables(), len(buffer.waiting)
    read = crawl(browser, *starts)
    assert len(read) > 30, sorted(read)
    assert {"classroom:lesson", "classroom:attempt", "notifications:thing"} <= set(read)
    changed = {name for name, rows in tables().items() if rows != before[name]}
    assert changed == set()
    assert len(buffer.waiting) == waiting
    # She herself leaves traces on the same pages: they are seen by this.
    herself = Client(headers=AGENT)
    herself.force_login(school.ada)
    before = tables()
    crawl(herself, *starts)
    changed = {name for name, rows in tables().items() if rows != before[name]}
    assert {"progress_lessonview", "assessments_attempt"} <= changed
    assert len(buffer.waiting) > waiting


def began():
    return AuditEntry.objects.get(kind="LOOK_BEGAN").created_at


# ---- the end ------------------------------------------------------------------------------------


def test_it_ends_after_half_an_hour_and_nothing_is_done_as_oneself(
    looking, ada, lessons, time_machine
):
    for minutes in (20, 31):
        time_machine.move_to(began() + timedelta(minutes=minutes), tick=False)
        answer = looking.post(f"/lessons/{lessons[0].pk}/completion/", {"done": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert AuditEntry.objects.get(kind="LOOK_ENDED").data == {"how": "time"}
    page = text(looking.get("/help/"))
    assert BANNER not in page
    assert "the time is up" in page
    assert not LessonView.objects.exists()


def test_a_part_of_a_page_is_led_to_a_whole_one_when_the_time_is_up(looking, time_machine):
    for minutes in (20, 31):
        time_machine.move_to(began() + timedelta(minutes=minutes), tick=False)
        answer = looking.get("/notifications/latest/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/")


def test_a_session_of_staff_that_runs_out_takes_it_along(looking, ada, root, time_machine):
    time_machine.move_to(began() + timedelta(minutes=31), tick=False)
    assert looking.get(HOME).status_code == 302
    ended = AuditEntry.objects.get(kind="LOOK_ENDED")
    assert (ended.actor, ended.person, ended.data) == (root, ada, {"how": "signed out"})


def of(person, **new):
    User.objects.filter(pk=person.pk).update(**new)


@pytest.mark.parametrize(
    ("change", "how", "said"),
    [
        (lambda ada, root: of(ada, role=User.Role.ADMIN), "works here", "this person works here"),
        (lambda ada, root: let_review(ada), "works here", "this person works here"),
        (lambda ada, root: of(ada, is_active=False), "account closed", "this account is closed"),
        (lambda ada, root: of(root, is_superuser=False), "right taken", "you may not look"),
    ],
)
def test_it_ends_when_it_would_not_be_allowed_any_more(looking, ada, root, change, how, said):
    change(ada, root)
    assert looking.get(HOME)["Location"] == "/"
    ended = AuditEntry.objects.get(kind="LOOK_ENDED")
    assert (ended.actor, ended.person, ended.data) == (root, ada, {"how": how})
    page = text(looking.get("/help/"))
    assert BANNER not in page
    assert f"You have stopped looking: {said}" in page
    assert "the time is up" not in page


def test_a_verb_refuses_what_its_page_does_not_offer(rf, root, grace):
    with pytest.raises(impersonation.LookRefused):
        impersonation.begin(rf.post("/"), let_review(grace), root, WHY)
