"""Announcements in the studio: written, looked at, tried out, sent in two presses."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.utils.timezone import now
from django.utils.translation import override

from accounts.models import User
from enrollments.models import Enrollment
from notifications import announcing
from notifications.announcing import Words
from notifications.models import Announcement, Notification, Preference
from studio.announcement_forms import choices_for
from tests.conftest import make_course, make_person

ROOM = "/studio/announcements/"
NEW = f"{ROOM}new/"


@pytest.fixture
def clerk(db):
    """On the staff, with no right of their own."""
    return make_person("kim@example.org", "Kim", role=User.Role.ADMIN)


def test_whom_it_is_for_is_named_in_the_language_of_who_writes(root, course):
    with override("de"):
        assert (str(course.pk), f"Kurs: {course.title}") in choices_for(root)


def give(user, codename):
    user.user_permissions.add(Permission.objects.get(codename=codename))
    return User.objects.get(pk=user.pk)


def text(answer):
    return " ".join(answer.content.decode().split())


def typed(course, **changes):
    return {"to": str(course.pk), "title": "A break", "text": "No *lessons*.", **changes}


def draft(author, course=None, title="A break"):
    return announcing.write(author, Words(course, title, "No *lessons* in May."), uuid4())


def address(row, verb=""):
    return f"{ROOM}{row.pk}/{verb}"


def test_guests_sign_in_and_learners_find_nothing(client, ada, root, as_):
    row = draft(root)
    pages = [ROOM, NEW, *(address(row, verb) for verb in ("", "change/", "send/", "withdraw/"))]
    for page in pages:
        assert client.get(page).headers["Location"].startswith("/accounts/login/?next=/studio/")
        assert as_(ada).get(page).status_code == 404
    for verb in ("change/", "test/", "send/", "withdraw/"):
        assert as_(ada).post(address(row, verb)).status_code == 404
    assert Announcement.objects.get().state == "DRAFT"
    assert not Notification.objects.exists()


def test_each_right_opens_its_own(ada, clerk, root, course, as_):
    for_course, for_all = draft(root, course), draft(root)
    assert as_(clerk).get(ROOM).status_code == 403
    assert as_(clerk).get(NEW).status_code == 403
    assert "Announcements</a>" not in text(as_(clerk).get("/studio/courses/"))
    author = as_(give(clerk, "change_course"))
    assert author.get(address(for_course)).status_code == 200
    assert author.get(address(for_all)).status_code == 404
    assert author.post(NEW, typed(course, to="school")).status_code == 422
    assert author.post(NEW, typed(course)).status_code == 303
    clerk.user_permissions.clear()
    speaker = as_(give(clerk, "add_announcement"))
    assert speaker.get(address(for_course)).status_code == 404
    assert speaker.post(address(for_course, "send/")).status_code == 404
    assert speaker.get(address(for_all)).status_code == 200
    assert speaker.post(NEW, typed(course)).status_code == 422
    assert Announcement.objects.count() == 3


def test_it_is_written_tried_out_and_sent_in_two_presses(ada, desk, root, course):
    assert "No announcements yet" in text(desk.get(ROOM))
    key = str(uuid4())
    answer = desk.post(NEW, typed(course, key=key))
    again = desk.post(NEW, typed(course, key=key))
    row = Announcement.objects.get()
    assert answer.headers["Location"] == again.headers["Location"] == address(row)
    page = text(desk.get(address(row)))
    assert "No <em>lessons</em>." in page
    assert "<strong>1</strong> person" in page
    assert desk.post(address(row, "test/")).status_code == 303
    assert Notification.objects.get().user == root
    assert "Once it has started" in text(desk.get(address(row, "send/")))
    answer = desk.post(address(row, "send/"), {"version": row.version, "send_at": ""})
    assert answer.headers["Location"] == address(row)
    assert announcing.carry_on(row.pk) == 1
    assert "<dt>Reached</dt><dd>1 person" in text(desk.get(address(row)))
    assert "A break" in text(desk.get(ROOM))
    assert Notification.objects.filter(user=ada).count() == 1


def test_from_the_second_press_on_the_page_says_how_far_the_sending_is(ada, desk, root, course):
    row = draft(root, course)
    asks_again = f'hx-get="{address(row)}" hx-trigger="every 3s"'
    assert asks_again not in text(desk.get(address(row)))
    desk.post(address(row, "send/"), {"version": row.version, "send_at": ""})
    page = text(desk.get(address(row)))
    assert "<dt>State</dt><dd>About to be sent</dd>" in page
    assert asks_again in page
    assert "Change the time" not in page
    assert "Withdraw…" in page
    assert "Scheduled" not in text(desk.get(ROOM))
    announcing.tell_batch(row.pk)
    page = text(desk.get(address(row)))
    assert "<dt>State</dt><dd>Being sent</dd>" in page
    assert asks_again in page
    assert "Withdraw…" not in page
    announcing.carry_on(row.pk)
    page = text(desk.get(address(row)))
    assert "<dt>State</dt><dd>Sent on" in page
    assert asks_again not in page
    assert "It is being sent" not in page


def test_the_list_says_in_every_language_when_what_was_sent_was_and_whom_it_reached(
    ada, desk, root, course
):
    row = draft(root, course)
    announcing.send(row, row.version)
    announcing.carry_on(row.pk)
    User.objects.filter(pk=root.pk).update(language="de")
    page = text(desk.get(ROOM))
    assert '<td class="num" data-label="Erreicht">1</td>' in page
    assert 'data-label="Wann"' in page


def test_it_can_be_scheduled_moved_and_withdrawn(ada, desk, root, course):
    row = draft(root, course)
    at = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    desk.post(address(row, "send/"), {"version": row.version, "send_at": at})
    row.refresh_from_db()
    assert row.send_at.strftime("%Y-%m-%dT%H:%M") == at
    assert "Scheduled" in text(desk.get(ROOM))
    assert f'value="{at}"' in text(desk.get(address(row, "send/")))
    assert "cannot be sent any more" in text(desk.get(address(row, "withdraw/")))
    assert desk.post(address(row, "withdraw/")).status_code == 303
    assert desk.post(address(row, "withdraw/")).status_code == 303
    assert "Withdrawn" in text(desk.get(ROOM))
    for verb in ("send/", "change/"):
        assert desk.post(address(row, verb), typed(course)).status_code == 409
        assert desk.get(address(row, verb)).status_code == 409


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"to": ""}, "Choose whom it is for."),
        ({"to": "nothing"}, "Choose again."),
        ({"title": " "}, "Enter a title."),
        (
            {"title": "a\u202eb"},
            "cannot be shown. Character 2 of 3 is U+202E (right-to-left override).",
        ),
        (
            {"title": "One\u2028two"},
            "Line breaks are not allowed. Character 4 of 7 is U+2028 (line separator).",
        ),
        ({"title": "x" * 121}, "longer than 120 characters"),
        ({"text": ""}, "Enter the text."),
        ({"text": "a\0b"}, "cannot be kept"),
        ({"text": "x" * 10_001}, "longer than 10000 characters"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_typed(desk, course, changes, told):
    answer = desk.post(NEW, typed(course) | changes)
    assert answer.status_code == 422
    assert told in text(answer)
    assert "A break" in text(answer) or "title" in changes
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("text_of_it", "line"),
    [
        ("![A plan](https://example.org/plan.png)", 1),
        ("One.\n\nTwo, and\n![](plan.png) a picture.", 4),
        ("One.\n\n<IMG src='/x.png'>", 3),
        ("One <img src=x> two.", 1),
        ("One.\n\n<div>\n<!-- <img>\n-->\n<img src=x>\n</div>", 6),
        ("> [!NOTE]\n> One\n> ![](plan.png)", 3),
        ("One `![](two)\nthree` and\n![](plan.png)", 3),
        ("One.\n\nTwo.^[As in\n![this](plan.png).]\n\nThree.", 4),
        ("| One |\n| --- |\n| Two |\n| ![](plan.png) |", 4),
    ],
)
def test_a_picture_that_nobody_would_see_is_refused_with_its_line(desk, course, text_of_it, line):
    answer = desk.post(NEW, typed(course, text=text_of_it))
    assert answer.status_code == 422
    assert f"Line {line} has a picture." in text(answer)
    assert not Announcement.objects.exists()
    said = "See [the plan](https://example.org/plan.png), or write `![x](y)`.\n\n<!-- <img> -->"
    assert desk.post(NEW, typed(course, text=said)).status_code == 303


@pytest.mark.parametrize(
    ("text_of_it", "line"),
    [
        ("One.\n\n<script>alert(1)</script> and more.", 3),
        ("One and\ntwo <b>three</b>.", 2),
        ("- one\n- two <!-- no --> </p>", 2),
        ("# A heading\n\n- [ ] to do\n- [x] a List<String>", 4),
        ("One.\n\n<!-- two\n\nthree", 3),
    ],
)
def test_html_that_would_vanish_is_refused_with_its_line(desk, course, text_of_it, line):
    answer = desk.post(NEW, typed(course, text=text_of_it))
    assert answer.status_code == 422
    assert f"Line {line} has HTML, which is not shown" in text(answer)
    assert not Announcement.objects.exists()


def test_what_only_looks_like_html_is_kept(desk, course):
    said = (
        "# Heading\n\n- [ ] to do\n\n> [!NOTE]\n> If a < b or a<3, see <https://example.org/>."
        "\n\nWrite `<br>`:\n\n```html\n<p>One</p>\n```\n\n    <p>Two</p>\n\nA note.^[With `<i>`.]"
    )
    assert desk.post(NEW, typed(course, text=said)).status_code == 303


@pytest.mark.parametrize("at", ["yesterday", "2020-01-01T00:00", "9999-01-01T00:00"])
def test_a_time_that_is_none_is_told(ada, desk, root, course, at):
    row = draft(root, course)
    answer = desk.post(address(row, "send/"), {"version": row.version, "send_at": at})
    assert answer.status_code == 422
    assert at in text(answer)
    assert Announcement.objects.get().send_at is None


def test_where_two_write_both_texts_are_shown(ada, desk, root, course):
    row = draft(root, course)
    old = row.version
    desk.post(address(row, "change/"), typed(course, title="Theirs", version=old))
    answer = desk.post(address(row, "change/"), typed(course, title="Mine", version=old))
    assert answer.status_code == 409
    page = text(answer)
    assert "Theirs" in page
    assert "Mine" in page
    assert f'name="version" value="{old + 1}"' in page
    again = desk.post(address(row, "change/"), typed(course, title="Mine", version=old + 1))
    assert again.status_code == 303
    refused = desk.post(address(row, "send/"), {"version": old, "send_at": ""})
    assert refused.status_code == 409
    assert "Read it again." in text(refused)
    row.refresh_from_db()
    assert (row.title, row.state) == ("Mine", "DRAFT")


@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "x"}, {"version": "\u0661"}])
def test_what_says_no_version_sends_and_changes_nothing(ada, desk, root, course, version):
    row = draft(root, course)
    refused = desk.post(address(row, "send/"), {"send_at": "", **version})
    assert refused.status_code == 409
    assert "Read it again." in text(refused)
    answer = desk.post(address(row, "change/"), {**typed(course, title="Mine"), **version})
    assert answer.status_code == 409
    assert "Mine" in text(answer)
    before = row.title
    row.refresh_from_db()
    assert (row.title, row.state) == (before, "DRAFT")


def test_one_that_would_reach_nobody_cannot_be_sent_and_says_why(desk, root, course):
    row = draft(root, course)
    for page in (address(row), address(row, "send/")):
        html = text(desk.get(page))
        assert "Nobody is learning in this course now. It cannot be sent." in html
        assert "Send the announcement" not in html
    answer = desk.post(address(row, "send/"), {"version": row.version})
    assert answer.status_code == 409
    assert Announcement.objects.get().state == "DRAFT"


AUDIENCE = f"{ROOM}audience/"


def test_the_form_says_how_many_a_choice_reaches(ada, desk, course):
    assert text(desk.get(AUDIENCE, {"to": str(course.pk)})) == "<strong>1</strong> person."
    empty = make_course("empty")
    said = text(desk.get(AUDIENCE, {"to": str(empty.pk)}))
    assert said == "Nobody is learning in this course now. It cannot be sent."
    page = text(desk.get(NEW))
    assert f'hx-get="{AUDIENCE}" hx-trigger="change from:#id_to"' in page
    assert text(desk.post(NEW, typed(course, title=""))).count("<strong>1</strong> person.") == 1


def test_news_of_the_school_says_that_only_those_are_told_who_asked(desk, ada, bob):
    said = text(desk.get(AUDIENCE, {"to": "school"}))
    assert said == (
        "Nobody has switched on news of the school yet. "
        "People here with a confirmed address: 3. It cannot be sent."
    )
    Preference.objects.create(user=bob, topic="news", channel="EMAIL", is_on=True)
    said = text(desk.get(AUDIENCE, {"to": "school"}))
    assert said == (
        "<strong>1</strong> of 3 people with a confirmed address: "
        "only those who have switched on news of the school are told."
    )


@pytest.mark.parametrize("choice", ["", "nobody", "0" * 32, "é", str(UUID(int=5)), "x" * 500])
def test_a_choice_that_is_none_reaches_nobody(desk, course, choice):
    answer = desk.get(AUDIENCE, {"to": choice})
    assert answer.status_code == 200
    assert text(answer).startswith("Choose, and it says here how many")


def test_the_count_is_for_those_who_may_write_it(client, ada, clerk, course, as_):
    assert client.get(AUDIENCE).status_code == 302
    assert as_(ada).get(AUDIENCE).status_code == 404
    assert as_(clerk).get(AUDIENCE).status_code == 403
    author = as_(give(clerk, "change_course"))
    assert text(author.get(AUDIENCE, {"to": "school"})).startswith("Choose, ")
    assert text(author.get(AUDIENCE, {"to": str(course.pk)})) == "<strong>1</strong> person."
    assert author.post(AUDIENCE).status_code == 405


def test_what_has_started_is_not_taken_back(ada, desk, root, course):
    row = draft(root, course)
    announcing.send(row, row.version)
    announcing.tell_batch(row.pk)
    answer = desk.post(address(row, "withdraw/"))
    assert answer.status_code == 409
    assert "nothing of it can be changed" in text(answer)
    assert "Being sent" in text(desk.get(ROOM))


def test_markup_in_it_is_words_and_its_text_is_cleaned(ada, desk, root, course):
    row = announcing.write(
        root, Words(course, "<b>x</b>", "<script>alert(1)</script> [a](javascript:x)"), uuid4()
    )
    for page in (ROOM, address(row), f"/announcements/{row.pk}/"):
        html = text(desk.get(page))
        assert "&lt;b&gt;x&lt;/b&gt;" in html
        assert "<script>alert" not in html
        assert 'href="javascript' not in html


def test_long_lists_and_large_courses_ask_as_often_as_small_ones(
    ada, desk, root, course, django_assert_num_queries
):
    row = draft(root, course)
    desk.get(ROOM)
    for number in range(3):
        draft(root, course, f"One {number}")
        person = make_person(f"p{number}@example.org", "P")
        Enrollment.objects.create(user=person, course=course)
        with django_assert_num_queries(7):
            desk.get(ROOM)
        with django_assert_num_queries(6):
            desk.get(address(row))
        with django_assert_num_queries(6):
            desk.get(address(row, "send/"))
        with django_assert_num_queries(5):
            desk.get(NEW)
        with django_assert_num_queries(5):
            desk.get(AUDIENCE, {"to": str(course.pk)})
