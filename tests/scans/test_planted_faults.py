"""Eight faults, one after the other: each scan sees the one that it is there for."""

from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection
from django.urls import resolve

from api import attempts
from assessments.models import Attempt, Submission
from classroom.pages import catalogue as pages
from courses.models import Course
from tests.scans.crawler import Crawler, open_to_others, taken_without_token
from tests.scans.planting import KEYS, crowd
from tests.scans.statements import Statements
from tests.scans.test_crawl import SHARED
from tests.test_house import test_the_rules_of_truth_stand_in_the_database as check_rule

BROKEN_TEXT = "lms.middleware.refuse_broken_text"


def visited(user, *addresses, marks=()):
    crawler = Crawler(user, dict(marks))
    for address in addresses:
        crawler.visit(address)
    return crawler


def test_a_missing_owner_check_is_seen(planted, monkeypatch):
    crawler = visited(planted.ada, f"/attempts/{planted.keys['attempt_id']}/")
    assert open_to_others(crawler, planted.bob, SHARED) == []
    monkeypatch.setattr(
        "classroom.views.quizzes.settled_attempt",
        lambda user, key: Attempt.objects.with_quiz().get(pk=key),
    )
    assert len(open_to_others(crawler, planted.bob, SHARED)) == 1


def test_a_form_that_asks_for_no_token_is_seen(ada, lessons, monkeypatch):
    address = f"/lessons/{lessons[0].pk}/completion/"
    crawler = visited(ada, lessons[0].get_absolute_url())
    crawler.posting = {address}
    assert taken_without_token(crawler) == []
    monkeypatch.setattr(resolve(address).func, "csrf_exempt", True, raising=False)
    assert len(taken_without_token(crawler)) == 1


def test_words_that_are_not_escaped_are_seen(planted, settings):
    page = "people/person.html"
    assert visited(planted.bob, "/people/ada/").found == []
    source = (Path(project.BASE_DIR) / "templates" / page).read_text()
    spoilt = source.replace("{{ profile.occupation }}", "{{ profile.occupation|safe }}")
    assert spoilt != source
    kinds = "django.template.loaders"
    first = (f"{kinds}.locmem.Loader", {page: spoilt})
    rest = [f"{kinds}.filesystem.Loader", f"{kinds}.app_directories.Loader"]
    [engine] = project.TEMPLATES
    options = {**engine["OPTIONS"], "loaders": [first, *rest]}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]
    found = visited(planted.bob, "/people/ada/").found
    assert any("as a tag" in fault for fault in found)


def test_a_constraint_that_is_gone_is_seen(db):
    rule = ("enrollments_enrollment", "enrollment_once")
    check_rule(None, *rule)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE {} DROP CONSTRAINT {}".format(*rule))
    with pytest.raises(AssertionError):
        check_rule(None, *rule)


def test_a_key_in_an_answer_of_the_api_is_seen(planted, monkeypatch):
    address = f"/api/attempts/{planted.keys['attempt_id']}"
    assert visited(planted.ada, address, marks=KEYS).found == []
    usual = attempts.questions_asked

    def told(attempt):
        questions = usual(attempt)
        for shape, answer in zip(questions, attempt.answers.order_by("position"), strict=True):
            shape.prompt += "".join(answer.question.accept)
        return questions

    monkeypatch.setattr(attempts, "questions_asked", told)
    found = visited(planted.ada, address, marks=KEYS).found
    assert any("an accepted answer" in fault for fault in found)


def test_text_that_cannot_be_stored_is_seen(course, settings, monkeypatch):
    assert Crawler(None, {}).crawl("/courses/").found == []
    usual = pages.catalogue_page

    def naive(user, said, spoken):
        Course.objects.filter(title=said.get("q", "")).exists()
        return usual(user, said, spoken)

    monkeypatch.setattr(pages, "catalogue_page", naive)
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != BROKEN_TEXT]
    assert any("answered 500" in fault for fault in Crawler(None, {}).crawl("/courses/").found)


def test_a_question_for_each_row_of_a_list_and_one_that_no_index_serves_are_seen(
    planted, monkeypatch
):
    crowd(planted)
    asked = visited(planted.ada, "/courses/").statements
    assert [*asked.repeated(), *asked.scans()] == []
    usual = Course.get_absolute_url

    def naive(course):
        Submission.objects.filter(source=course.slug).exists()
        return usual(course)

    monkeypatch.setattr(Course, "get_absolute_url", naive)
    asked = visited(planted.ada, "/courses/").statements
    [again], [scan] = asked.repeated(), asked.scans()
    assert "6 times: SELECT" in again
    assert "scans assessments_submission: SELECT" in scan


def asked_of(words, *pages):
    """Which pages are named when each asks so for code."""
    asked = Statements()
    for page in pages:
        with asked.of(page), connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM assessments_submission {words}")
    return [found.partition(": scans")[0] for found in asked.scans()]


def test_an_index_that_only_gives_the_order_serves_no_question(planted):
    assert asked_of("WHERE source = 'x' ORDER BY id LIMIT 1", "/a/") == ["/a/"]
    assert asked_of("ORDER BY id", "/a/") == ["/a/"]
    assert asked_of("ORDER BY id DESC LIMIT 20", "/a/") == []
    assert asked_of("WHERE id > '00000000-0000-0000-0000-000000000000'", "/a/") == []


def test_what_one_page_may_read_whole_is_looked_at_on_the_next(db):
    lists = ("root: /admin/accounts/user/", "root: /admin/accounts/user/add/?x=1")
    assert asked_of("WHERE source = 'x'", *lists) == []
    change = "root: /admin/accounts/user/1/change/"
    assert asked_of("WHERE source = 'x'", *lists, change, "/a/") == [change]
