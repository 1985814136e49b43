"""The insight pages: who may see them, what they say, how often they ask the database."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from activity.models import AnalyticsEvent
from courses.models import Course, Lesson
from progress.models import InsightCount
from studio.insights.counting import count_course
from tests.conftest import make_person
from tests.studio.insights.conftest import NOW, make_learners, opened, where_people_stop

pytestmark = pytest.mark.django_db
PAGE = "/studio/courses/python-basics/insights/"
LONG_AGO = timedelta(days=40)
TABS = {"": 16, "lessons/": 11}


def text(answer):
    return " ".join(answer.content.decode().split())


def alike(content):
    """Each answer masks the token of its forms anew, and names itself."""
    return re.sub(rb"[a-z0-9]{64}|(?<=reference\">)[0-9a-f]{32}", b"", content)


@pytest.fixture
def kim(db):
    person = make_person("kim@example.org", "Kim Larsen")
    person.user_permissions.add(Permission.objects.get(codename="give_review"))
    return person


def test_guests_sign_in_and_learners_find_nothing(client, ada, as_):
    assert client.get(PAGE).headers["Location"].startswith("/accounts/login/?next=/studio/")
    assert as_(ada).get(PAGE).status_code == 404


def test_staff_and_reviewers_may_look(desk, kim, as_, stopped):
    for browser in (desk, as_(kim)):
        for tab in TABS:
            assert browser.get(PAGE + tab).status_code == 200


def test_a_course_that_is_hidden_is_as_one_that_is_not_there(desk, kim, as_, course):
    missing = as_(kim).get("/studio/courses/no-such-thing/insights/")
    Course.objects.update(status="DRAFT")
    hidden = as_(kim).get(PAGE)
    assert hidden.status_code == missing.status_code == 404
    assert alike(hidden.content) == alike(missing.content)
    assert desk.get(PAGE).status_code == 200
    Course.objects.update(deleted_at=NOW)
    assert desk.get(PAGE).status_code == 404


def test_a_tab_that_does_not_exist_is_not_found(desk, stopped):
    assert desk.get(f"{PAGE}nonsense/").status_code == 404
    assert desk.post(PAGE).status_code == 405


def test_before_it_was_counted_it_says_so_and_shows_a_sample(desk, course):
    html = text(desk.get(PAGE))
    assert "Numbers appear after 5 students start" in html
    assert "This course has not been counted yet" in html
    assert "a sample with made-up numbers" in html


def test_four_who_started_are_too_few(desk, course, lessons):
    for user in make_learners(course, 4, 40):
        opened(user, lessons[0], NOW)
    count_course(course, NOW)
    html = text(desk.get(PAGE))
    assert "4 have started so far" in html
    assert desk.get(f"{PAGE}overview/export/").headers["Location"] == PAGE
    assert desk.get(f"{PAGE}cohorts/export/").headers["Location"] == PAGE


def test_it_says_where_people_stop_before_it_shows_numbers(desk, stopped):
    html = text(desk.get(PAGE))
    assert "2. Lesson-2" in html
    assert "75% stopped here (course median 33%, n = 40)" in html
    assert "about 30 people affected" in html
    assert html.index("75% stopped here") < html.index('<svg class="figure"')
    assert "Most are lost between “Started” and “Well under way”" in html


def test_whoever_came_far_after_a_slow_first_week_is_not_lost(desk, course, lessons):
    began = NOW - LONG_AGO
    fast, slow = make_learners(course, 4, 40), make_learners(course, 16, 40, start=100)
    for user in fast:
        for lesson in lessons[:3]:
            opened(user, lesson, began, done=began + timedelta(hours=1))
    for user in slow:
        opened(user, lessons[0], began, done=began + timedelta(days=20))
    for user in slow[:12]:
        opened(user, lessons[1], began + timedelta(days=19), done=began + timedelta(days=20))
    count_course(course, NOW)
    html = text(desk.get(PAGE))
    assert "“Half done”: 16 in all came this far, 12 of them after a slow first week." in html
    assert '<br><span class="muted small">16 in all</span>' in html
    assert (
        "Most are lost between “Half done” and “Completed”:</strong> 16 people came to the first "
        "or further, whatever their first week was, and 4 of them (25%) to the second." in html
    )
    table = desk.get(f"{PAGE}overview/export/").content.decode("utf-8-sig").splitlines()
    half = next(line.split(",") for line in table if line.startswith("Half done"))
    assert (half[1], half[-1]) == ("4", "16")


def test_it_says_about_how_many_looked_at_the_page_of_the_course(desk, stopped, course):
    assert "No looks at the course's page are kept" in text(desk.get(PAGE)).replace("&#x27;", "'")
    AnalyticsEvent.objects.bulk_create(
        AnalyticsEvent(
            name="course_view", course=course.pk, visitor=n.to_bytes(16), created_at=NOW - LONG_AGO
        )
        for n in range(240)
    )
    html = text(desk.get(PAGE))
    assert "About 240 visitors looked at the course's page in these days" in html
    assert "and about 25% of them enrolled" in html


def test_it_says_how_many_need_a_person(desk, course, stopped):
    html = text(desk.get(PAGE))
    counted = InsightCount.objects.get(course=course).attention
    assert counted == 50
    assert f'hx-get="{PAGE}students/">Need attention</a></dt><dd>50</dd>' in html
    InsightCount.objects.update(attention=None)
    assert "Need attention</a></dt><dd>–</dd>" in text(desk.get(PAGE))


def test_the_lessons_stand_in_order_with_their_shares(desk, stopped):
    html = text(desk.get(f"{PAGE}lessons/"))
    assert "Students get stuck in 1 of 4 lessons" in html
    row = html[html.index('<th class="long" scope="row"><bdi>2. Lesson-2') :]
    assert "Students get stuck here" in row
    assert "67%" in row[: row.index("</tr>")]


@pytest.mark.parametrize(("tab", "queries"), TABS.items())
def test_the_number_of_queries_does_not_grow(
    tab, queries, desk, course, lessons, django_assert_num_queries
):
    where_people_stop(course, lessons)
    desk.get(PAGE + tab)
    with django_assert_num_queries(queries):
        desk.get(PAGE + tab)
    for user in make_learners(course, 30, 60, start=100):
        opened(user, lessons[0], NOW)
    count_course(course, NOW)
    with django_assert_num_queries(queries):
        desk.get(PAGE + tab, {"from": "2025-12-01", "horizon": "7"})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": "yesterday"}, "“yesterday” is not a day that can be used here"),
        ({"from": "9999-12-31"}, "“9999-12-31” is not a day that can be used here"),
        ({"to": "2026-02-30"}, "“2026-02-30” is not a day"),
        ({"cohort": "w" * 500}, "“wwwwwwwwwwwwwwwwwwww…” is not a day"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "The last day is before the first"),
        ({"horizon": "1e9"}, "That number of days cannot be chosen"),
        ({"from": "<script>"}, "“&lt;script&gt;” is not a day"),
        ({"from": "2026-02-01", "cohort": "2025-01-06"}, "That week lies outside the days chosen"),
    ],
)
def test_what_makes_no_sense_is_left_out_with_a_sentence(asked, said, desk, stopped):
    answer = desk.get(PAGE, asked)
    assert answer.status_code == 200
    assert said in text(answer)


def test_filters_choose_who_is_counted(desk, course, stopped):
    make_learners(course, 7, 30, start=200)
    count_course(course, NOW)
    assert "<strong>67</strong> people are counted" in text(desk.get(PAGE))
    assert "<strong>60</strong> people are counted" in text(desk.get(PAGE, {"to": "2026-01-31"}))
    assert "<strong>7</strong> people are counted" in text(desk.get(PAGE, {"from": "2026-01-31"}))
    assert "<strong>60</strong> people are counted" in text(
        desk.get(PAGE, {"cohort": "2026-01-19"})
    )
    empty = text(desk.get(PAGE, {"from": "2026-02-10"}))
    assert "Nobody enrolled in the days you chose" in empty


def test_newcomers_are_left_out_until_they_are_asked_for(desk, course, stopped):
    make_learners(course, 9, 10, start=300)
    count_course(course, NOW)
    html = text(desk.get(PAGE))
    assert "<strong>60</strong> people are counted; 9 more enrolled too recently to" in html
    assert "<strong>69</strong> people are counted" in text(desk.get(PAGE, {"horizon": "7"}))


def test_htmx_gets_the_panel_alone_and_links_keep_the_filters(desk, stopped):
    answer = desk.get(PAGE, {"horizon": "0"}, headers={"HX-Request": "true"})
    html = text(answer)
    assert html.startswith('<div class="stack loose" id="panel"')
    assert "<h1" not in html
    assert f'href="{PAGE}lessons/?horizon=0"' in html
    assert "HX-Request" in answer.headers["Vary"]
    said = {"say": {"text": "Overview: 60 people are counted", "urgent": False}}
    assert json.loads(answer.headers["HX-Trigger"]) == said
    assert "HX-Trigger" not in desk.get(PAGE).headers


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_or_restored_page_is_a_whole_one(header, desk, stopped):
    html = text(desk.get(PAGE, headers={"HX-Request": "true", header: "true"}))
    assert html.startswith("<!doctype html>")
    assert html.count("<title>Overview: Python from zero - Studio - ") == 1


def test_each_rate_of_a_lesson_has_its_number_and_minutes_what_was_planned(desk, lessons, stopped):
    Lesson.objects.filter(pk=lessons[0].pk).update(minutes=3)
    html = text(desk.get(f"{PAGE}lessons/"))
    assert 'Reach<br><span class="small muted">n = 60</span>' in html
    assert '3<br><span class="small muted">× 1.3</span>' in html
    [first, second, *_] = rows_of(desk.get(f"{PAGE}lessons/export/"))
    assert (first["median minutes"], first["planned minutes"], first["ratio"][:4]) == (
        "4", "3", "1.33",
    )  # fmt: skip
    assert (first["skip of"], second["skip of"]) == ("60", "40")


def test_the_title_of_the_document_goes_with_the_tab(desk, stopped):
    html = text(desk.get(f"{PAGE}lessons/", headers={"HX-Request": "true"}))
    assert "<title>Lessons: Python from zero - Studio - " in html


def test_weeks_that_the_other_filters_leave_empty_are_not_offered(desk, course, stopped):
    make_learners(course, 9, 10, start=300)
    count_course(course, NOW)
    young, old = '<option value="2026-02-16"', '<option value="2026-01-19"'
    html = text(desk.get(PAGE))
    assert old in html
    assert young not in html
    html = text(desk.get(PAGE, {"horizon": "0"}))
    assert old in html
    assert young in html
    html = text(desk.get(PAGE, {"horizon": "0", "from": "2026-02-01"}))
    assert old not in html
    assert young in html


def test_the_table_of_weeks_says_that_newcomers_are_in_it(desk, course, stopped):
    assert "newcomers are in this table" not in text(desk.get(PAGE))
    make_learners(course, 9, 10, start=300)
    count_course(course, NOW)
    html = text(desk.get(PAGE))
    assert "In the weeks shown 69 people enrolled: newcomers are in this table too" in html


def test_it_says_how_many_opened_nothing_and_leads_to_them(desk, course, stopped):
    make_learners(course, 4, 40, start=300)
    count_course(course, NOW)
    html = text(desk.get(PAGE, {"horizon": "7"}))
    assert "4 of 64 have opened no lesson." in html
    assert f'href="{PAGE}students/?show=never_started&amp;horizon=7"' in html


def test_every_bar_of_the_funnel_says_both_numbers(desk, stopped):
    html = text(desk.get(PAGE))
    assert ">60 (100%)</text>" in html
    assert ">10 (17%)</text>" in html


def test_each_tab_comes_as_a_file_that_calculates_nothing(desk, course, lessons, stopped):
    lessons[1].title = '=HYPERLINK("http://evil.example","x")'
    lessons[1].save()
    answer = desk.get(f"{PAGE}lessons/export/")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="python-basics-lessons.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1]["lesson"].startswith("'=HYPERLINK")
    assert (rows[1]["opened"], rows[1]["stopped here"], rows[1]["of"]) == ("40", "30", "40")
    funnel = desk.get(f"{PAGE}overview/export/").content.decode("utf-8-sig")
    assert funnel.splitlines()[1] == "Enrolled,60,,,,,,60"


def test_who_comes_back_is_a_file_of_its_own(desk, stopped):
    html = text(desk.get(PAGE, {"from": "2026-01-01"}))
    address = f"{PAGE}cohorts/export/?from=2026-01-01"
    assert f'href="{address}"' in html
    rows = list(csv.DictReader(io.StringIO(desk.get(address).content.decode("utf-8-sig"))))
    assert rows[0]["enrolled in the week of"] == "2026-01-19"
    assert (rows[0]["people"], rows[0]["weeks after"]) == ("60", "0")
    assert desk.get(f"{PAGE}cohorts/").status_code == 404


def test_the_file_of_who_comes_back_has_the_weeks_of_the_page(desk, course, stopped):
    make_learners(course, 2, 1, start=100)
    count_course(course, NOW)
    html = text(desk.get(PAGE))
    shown = re.findall(r'<tr><th scope="row"><time datetime="([\d-]+)">', html)
    rows = rows_of(desk.get(f"{PAGE}cohorts/export/"))
    assert list(dict.fromkeys(row["enrolled in the week of"] for row in rows)) == shown
    assert rows[0] == {
        "enrolled in the week of": "2026-03-02", "people": "2", "weeks after": "", "active": "",
        "share active": "",
    }  # fmt: skip


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_what_asks_for_an_answer_leads_there(desk, course, stopped):
    html = text(desk.get(PAGE))
    assert f'href="/studio/reviews/?course={course.pk}">Waiting reviews</a>' in html
    assert 'href="/studio/reports/">Disputed questions</a>' in html


def test_each_tab_says_whether_who_has_left_is_counted(desk, stopped):
    assert "Who has left since is counted too." in text(desk.get(PAGE))
    assert "Who has left since is counted too." in text(desk.get(f"{PAGE}reviews/"))
    assert "Who has left is not counted either." in text(desk.get(f"{PAGE}students/"))


def test_of_fewer_than_ten_counts_are_shown_and_no_rate(desk, course, lessons):
    for user in make_learners(course, 7, 40):
        opened(user, lessons[0], NOW)
    count_course(course, NOW)
    html = text(desk.get(f"{PAGE}lessons/"))
    assert "7 of 7" in html
    assert "%</td>" not in html
    rows = list(
        csv.DictReader(io.StringIO(desk.get(f"{PAGE}lessons/export/").content.decode("utf-8-sig")))
    )
    assert (rows[0]["opened"], rows[0]["reach"]) == ("7", "")


def test_counting_again_is_asked_for_by_a_button(desk, course, stopped, monkeypatch):
    asked = []
    monkeypatch.setattr("studio.tasks.count_insights.delay_on_commit", asked.append)
    assert desk.get(f"{PAGE}count/").status_code == 405
    answer = desk.post(f"{PAGE}count/", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "The course is being counted again" in text(answer)
    assert asked == [str(course.pk)]
