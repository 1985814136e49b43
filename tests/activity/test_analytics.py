"""What is looked at is counted: not who, not for long, and never in the way of a page."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from accounts.actions import set_preferences
from activity.analytics import buffer, keeping, visitors_of_course
from activity.analytics.visitors import is_person, is_sampled, salt_of, visitor_of
from activity.analytics.words import subject_of
from activity.analytics.writing import still_agreeing
from activity.models import AnalyticsEvent, DailySalt
from tests.conftest import make_course

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
Name = AnalyticsEvent.Name


@pytest.fixture(autouse=True)
def nothing_waits():
    buffer.waiting.clear()
    yield
    buffer.waiting.clear()


def look_at(browser, address, agent=FIREFOX, **headers):
    return browser.get(address, headers={"User-Agent": agent, **headers})


def stored(**fields):
    buffer.flush()
    return AnalyticsEvent.objects.filter(**fields)


def test_a_page_is_counted_by_the_name_of_its_address(client, course):
    look_at(client, f"/courses/{course.slug}/?secret=1")
    assert set(stored().values_list("name", "view", "course")) == {
        ("page_view", "classroom:course", None),
        ("course_view", "classroom:course", course.pk),
    }
    assert "secret" not in str(list(AnalyticsEvent.objects.values()))


def test_counting_asks_nothing_of_the_database_while_a_page_is_made(
    client, course, django_assert_num_queries
):
    address = f"/courses/{course.slug}/"
    client.get(address)
    with django_assert_num_queries(2) as robot:
        client.get(address)
    with django_assert_num_queries(len(robot)):
        look_at(client, address)
    # Two for the secret of the day, one insert, and the savepoints around it.
    with django_assert_num_queries(3) as stores:
        assert buffer.flush() == 2
    assert (
        sum("INSERT INTO" in one["sql"] and "analyticsevent" in one["sql"] for one in stores) == 1
    )


def test_neither_parts_nor_refusals_nor_redirects_are_pages(client, as_, bob, course):
    look_at(client, "/courses/", **{"HX-Request": "true"})
    look_at(client, "/courses/nope/")
    look_at(client, "/activity/")
    client.head("/courses/", headers={"User-Agent": FIREFOX})
    client.post("/activity/sharing/", headers={"User-Agent": FIREFOX})
    assert not stored().exists()


@pytest.mark.parametrize(
    "headers", [{"DNT": "1"}, {"Sec-GPC": "1"}, {"Sec-Purpose": "prefetch;prerender"}]
)
def test_who_asks_not_to_be_counted_is_not(client, course, headers):
    look_at(client, f"/courses/{course.slug}/", **headers)
    assert not stored().exists()
    assert not DailySalt.objects.exists()


@pytest.mark.parametrize(
    "agent",
    [
        "", "curl/8.9", "python-requests/2.32", "Googlebot/2.1 (+http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0)", "facebookexternalhit/1.1 (crawler)",
        "Mozilla/5.0 HeadlessChrome/140.0",
    ],
)  # fmt: skip
def test_robots_are_not_counted(client, course, agent):
    look_at(client, f"/courses/{course.slug}/", agent)
    assert not stored().exists()


def test_browsers_are_people():
    assert is_person(FIREFOX)
    assert is_person("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1")


def test_a_visitor_is_the_same_for_a_day_and_another_the_next(client, db):
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        for address in ("/courses/", "/languages/"):
            look_at(client, address)
        buffer.flush()
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        look_at(client, "/courses/")
        buffer.flush()
    first, second, third = (
        bytes(row.visitor) for row in AnalyticsEvent.objects.order_by("created_at", "pk")
    )
    assert first == second != third


def test_what_is_kept_holds_neither_address_nor_agent(client, db):
    look_at(client, "/courses/")
    kept = str(stored().values().get())
    assert "127.0.0.1" not in kept
    assert "Firefox" not in kept
    fields = {field.name for field in AnalyticsEvent._meta.fields}
    assert not fields & {"address", "ip", "agent", "session", "path", "url"}


def test_all_processes_have_one_secret_a_day(db):
    day = date(2026, 3, 1)
    assert salt_of(day) == salt_of(day) != salt_of(day + timedelta(days=1))
    assert len(visitor_of(salt_of(day), "10.0.0.1", FIREFOX)) == 16


def test_whoever_is_named_is_held_and_nothing_more_of_them_is_read(bob, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(2) as asked:
        assert still_agreeing({bob.pk}) == set()
    people, profiles = [one["sql"] for one in asked]
    assert people.endswith("FOR NO KEY UPDATE")
    assert profiles.endswith("FOR NO KEY UPDATE")
    assert "email" not in people


def test_a_name_is_kept_of_those_who_agreed_and_forgotten_when_they_do_no_longer(as_, bob):
    look_at(as_(bob), "/languages/")
    assert stored().get().user is None
    set_preferences(bob, named_visits=True)
    look_at(as_(bob), "/courses/?q=python")
    assert stored(name=Name.PAGE_VIEW, view="classroom:catalogue").get().user == bob
    assert stored(name=Name.SEARCH).get().user is None
    set_preferences(bob, named_visits=False)
    assert not stored().exclude(user=None).exists()
    assert stored().count() == 3


def test_consent_is_asked_for_in_the_settings_and_off_by_default(as_, bob):
    browser = as_(bob)
    assert "checked" not in browser.get("/settings/privacy/").content.decode().partition("<main")[2]
    assert browser.post("/settings/privacy/", {"named_visits": "on"}).status_code == 303
    bob.profile.refresh_from_db()
    assert bob.profile.preferences["named_visits"] is True
    assert browser.post("/settings/privacy/", {}).status_code == 303
    bob.profile.refresh_from_db()
    assert bob.profile.preferences["named_visits"] is False


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Python   Loops ", "python loops"),
        ("C++", "c++"),
        ("c# async/await", "c# async/await"),
        ("node.js 22", "node.js 22"),
        ("python 3.13", "python 3.13"),
        ("ＰＹＴＨＯＮ", "python"),
        ("变量", "变量"),
        ("ada@example.org", ""),
        ("call +49 170 1234567", ""),
        ("12345678", ""),
        ("1234 5678", ""),
        ("https://example.org/?token=abc", ""),
        ("a very long question about what I did yesterday at home", ""),
        ("x" * 30, ""),
        ("'; DROP TABLE users; --", ""),
        ("\u202egnp", ""),
    ],
)
def test_of_a_search_only_what_reads_as_a_subject_is_kept(typed, kept):
    assert subject_of(typed) == kept


def test_of_words_that_are_still_being_typed_the_last_are_counted(client, db):
    for text in ("py", "pyth", "python", "ada@example.org"):
        look_at(client, f"/courses/?q={text}", **{"HX-Request": "true"})
    assert stored(name=Name.SEARCH).get().words == ""
    look_at(client, "/courses/?q=python", **{"HX-Request": "true"})
    assert set(stored(name=Name.SEARCH).values_list("words", flat=True)) == {"", "python"}


def test_a_sample_takes_whole_visitors_and_says_what_each_stands_for(client, settings, course):
    settings.ANALYTICS_SAMPLING = 0.5
    for n in range(40):
        look_at(client, f"/courses/{course.slug}/", f"{FIREFOX} {n}")
    rows = list(stored())
    assert {row.weight for row in rows} == {2.0}
    assert all(is_sampled(bytes(row.visitor), 0.5) for row in rows)
    per_visitor = {bytes(row.visitor) for row in rows}
    assert len(rows) == 2 * len(per_visitor)


def test_nobody_is_counted_where_the_school_does_not_want_it(client, settings, course):
    settings.ANALYTICS_SAMPLING = 0.0
    look_at(client, f"/courses/{course.slug}/")
    assert not stored().exists()


def view(course, at, visitor, weight=1.0):
    return AnalyticsEvent(
        name=Name.COURSE_VIEW,
        view="classroom:course",
        course=course.pk,
        visitor=visitor * 16,
        weight=weight,
        created_at=at,
    )


def test_visitors_of_a_course_are_counted_once_a_day(course, django_assert_num_queries):
    noon, other = datetime(2026, 3, 1, 12, tzinfo=UTC), make_course("other")
    day = timedelta(days=1)
    AnalyticsEvent.objects.bulk_create([
        view(course, noon, b"a"), view(course, noon + timedelta(hours=1), b"a"),
        view(course, noon, b"b"), view(course, noon + day, b"c", 4.0),
        view(course, noon + 9 * day, b"d"), view(other, noon, b"e"),
    ])  # fmt: skip
    with django_assert_num_queries(1):
        assert visitors_of_course(course, noon, noon + 2 * day) == 6
    assert visitors_of_course(course, noon, noon + day) == 2
    assert visitors_of_course(course, noon - day, noon) == 0


def test_old_months_and_old_secrets_are_forgotten(course, settings, monkeypatch):
    settings.ANALYTICS_MONTHS = 2
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    ages = [datetime(2026, 3, 31, 23, 59, tzinfo=UTC)] * 5 + [datetime(2026, 4, 1, tzinfo=UTC)]
    AnalyticsEvent.objects.bulk_create([view(course, at, b"a") for at in ages])
    with time_machine.travel(datetime(2026, 6, 15, 12, tzinfo=UTC), tick=False):
        for days in range(5):
            salt_of(now().date() - timedelta(days=days))
        assert keeping.overdue() == 6
        assert keeping.prune() == 5
        assert keeping.overdue() == 0
    assert AnalyticsEvent.objects.get().created_at == ages[-1]
    assert [salt.day.day for salt in DailySalt.objects.order_by("day")] == [13, 14, 15]


@pytest.mark.parametrize(
    ("months", "moment", "since"),
    [
        (1, datetime(2026, 1, 31, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC)),
        (12, datetime(2026, 11, 22, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)),
        (60, datetime(2028, 2, 29, tzinfo=UTC), datetime(2023, 2, 1, tzinfo=UTC)),
    ],
)
def test_whole_months_are_kept(settings, months, moment, since):
    settings.ANALYTICS_MONTHS = months
    assert keeping.kept_since(moment) == since


def test_what_comes_too_fast_is_dropped_and_the_newest_is_kept(client, db):
    look_at(client, "/languages/")
    [look] = buffer.waiting
    for _ in range(buffer.MOST + 10):
        buffer.put(look)
    assert len(buffer.waiting) == buffer.MOST


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "clicked"},
        {"words": "python"},
        {"name": "search", "words": "python", "user_id": UUID(int=1)},
        {"metric": "LCP", "value": 1.0},
        {"name": "web_vital", "metric": "LCP", "value": -1.0},
        {"name": "course_view"},
        {"weight": 0.5},
    ],
)
def test_the_database_refuses_what_may_not_be_kept(db, fields):
    row = {"name": "page_view", "view": "home", "visitor": b"a" * 16, **fields}
    with pytest.raises(IntegrityError, match="look_"), transaction.atomic():
        AnalyticsEvent.objects.create(**row)
