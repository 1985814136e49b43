"""Staff write to students of a course, give them time, and take them out; nobody else does."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.utils.timezone import now

from accounts.audit_entries import AuditEntry
from accounts.models import User
from activity.models import Event
from assessments.models import Accommodation
from courses.models import Course
from enrollments.actions import enroll, leave
from enrollments.models import Enrollment
from notifications.models import EmailLog, Notification, Preference
from progress.actions import complete_lesson
from progress.models import AttentionMark, CourseProgress, LessonProgress
from studio import student_verbs
from studio.pages import insights_students
from tests.conftest import make_person
from tests.studio.insights.conftest import make_learners, opened
from tests.studio.test_assignment_pages import text

pytestmark = pytest.mark.django_db
START = "/studio/courses/python-basics/students/"
MESSAGE, TIME, OUT = f"{START}message/", f"{START}extra-time/", f"{START}take-out/"
BACK = f"{START}put-back/"
LIST = "/studio/courses/python-basics/insights/students/"
KEY = "01890000-0000-7000-8000-000000000001"
OTHER_KEY = "01890000-0000-7000-8000-000000000002"


@pytest.fixture
def two(ada, bob, course):
    """Both are in the course."""
    Enrollment.objects.get_or_create(user=ada, course=course)
    Enrollment.objects.get_or_create(user=bob, course=course)
    return [ada, bob]


def sent(people, **fields):
    return {"who": [str(one.pk) for one in people], "key": KEY, **fields}


@pytest.mark.parametrize("path", [MESSAGE, TIME, OUT])
def test_only_who_may_change_courses_gets_there(path, client, ada, as_, two):
    assert client.get(path).status_code == 302
    assert as_(ada).get(path).status_code == 404
    kim = make_person("kim@example.org", "Kim")
    kim.user_permissions.add(Permission.objects.get(codename="give_review"))
    assert as_(kim).post(path, sent(two, template="how")).status_code == 404
    assert not Notification.objects.exists()


def test_reviewers_see_the_list_without_what_they_may_not_do(desk, as_, two):
    kim = make_person("kim@example.org", "Kim")
    kim.user_permissions.add(Permission.objects.get(codename="give_review"))
    assert "With everybody who is ticked" not in text(as_(kim).get(f"{LIST}?show=everybody"))
    assert "With everybody who is ticked" in text(desk.get(f"{LIST}?show=everybody"))


def test_what_to_do_is_a_label_of_something_in_every_language(desk, root, course, lessons):
    silent, _ = make_learners(course, 2, 60, now=now())
    long_ago = now() - timedelta(days=50)
    opened(silent, lessons[0], long_ago, done=long_ago)
    User.objects.filter(pk=root.pk).update(language="de")
    html = text(desk.get(f"{LIST}?show=everybody"))
    assert html.count('<td class="to-do" data-label="Was zu tun ist">') == 1
    assert html.count('<td class="to-do">') == 1
    assert html.count('<span class="pill bad">') == 1


def test_a_message_reaches_those_who_were_ticked_with_the_name_of_who_sent_it(desk, root, two):
    html = text(desk.get(MESSAGE, {"who": [str(two[0].pk), str(two[1].pk)]}))
    assert "Ada" in html
    assert "Bob" in html
    assert root.name in html
    answer = desk.post(MESSAGE, sent(two, template="well", words="See you."), follow=True)
    assert "Sent to 2 students." in text(answer)
    told = Notification.objects.get(user=two[0])
    assert told.data["by"] == str(root.pk)
    assert root.name not in str(told.data)
    assert told.data["text"].endswith("Go on like this.\n\nSee you.")
    assert EmailLog.objects.filter(notification=told).count() == 1
    assert AttentionMark.objects.filter(kind="CONTACTED", by=root).count() == 2


def test_a_press_sends_once_and_another_form_of_the_day_sends_no_words_again(
    desk, two, time_machine
):
    time_machine.move_to("2026-11-20T10:00:00Z", tick=False)
    for _ in range(2):
        desk.post(MESSAGE, sent(two, template="well"))
    assert Notification.objects.count() == 2
    assert [one.data["count"] for one in AuditEntry.objects.filter(kind="WROTE")] == [2]
    answer = desk.post(MESSAGE, {**sent(two, template="well"), "key": OTHER_KEY})
    assert answer.status_code == 409
    said = "Not sent again, because they had these very words from you today: Ada, Bob."
    assert said in text(answer)
    assert Notification.objects.count() == 2
    desk.post(MESSAGE, {**sent(two, template="well", words="Ada."), "key": OTHER_KEY})
    assert Notification.objects.count() == 4


def test_the_same_words_of_another_day_or_person_are_sent(two, course, root, grace, time_machine):
    forms = [UUID(int=number) for number in range(3)]
    for by, day, form in zip((root, grace, root), (20, 20, 21), forms, strict=True):
        time_machine.move_to(f"2026-11-{day}T10:00:00Z", tick=False)
        done = student_verbs.write_to(course, two, by, "See you.", form)
        assert done.people == two
    assert Notification.objects.count() == 6


def test_a_press_before_midnight_that_comes_again_after_it_sends_once(
    two, course, root, time_machine
):
    for moment in ("2026-11-20T23:59:59Z", "2026-11-21T00:00:01Z"):
        time_machine.move_to(moment, tick=False)
        done = student_verbs.write_to(course, two, root, "See you.", UUID(KEY))
        assert done.people == two
    assert Notification.objects.count() == 2


def test_other_words_of_the_same_form_are_sent_too(desk, two):
    for words in ("See you.", "See you on Monday."):
        answer = desk.post(MESSAGE, sent(two, words=words), follow=True)
        assert "Sent to 2 students." in text(answer)
    told = Notification.objects.filter(user=two[0]).values_list("data__text", flat=True)
    assert sorted(told) == ["See you on Monday.", "See you."]


def test_it_says_who_was_not_reached(desk, two):
    for channel in ("IN_APP", "EMAIL"):
        Preference.objects.create(user=two[0], topic="teacher", channel=channel, is_on=False)
    html = text(desk.post(MESSAGE, sent(two, template="well"), follow=True))
    assert "Sent to 1 student." in html
    assert "Not sent, because they want no such messages: Ada" in html
    assert not AttentionMark.objects.filter(user=two[0]).exists()


def test_words_that_nobody_wants_come_back(desk, two):
    for one in two:
        Preference.objects.create(user=one, topic="teacher", channel="IN_APP", is_on=False)
        Preference.objects.create(user=one, topic="teacher", channel="EMAIL", is_on=False)
    answer = desk.post(MESSAGE, sent(two, words="See you."))
    assert answer.status_code == 409
    html = text(answer)
    assert "Not sent, because they want no such messages: Ada, Bob. Nothing was sent." in html
    assert "See you.</textarea>" in html
    assert not AuditEntry.objects.filter(kind="WROTE").exists()


def test_words_are_sent_and_noted_together_or_not_at_all(desk, two, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("The disk is full.")

    monkeypatch.setattr(student_verbs.attention, "set_aside", fail)
    with pytest.raises(OSError, match="full"):
        desk.post(MESSAGE, sent(two, words="See you."))
    assert not Notification.objects.exists()
    assert not AuditEntry.objects.filter(kind="WROTE").exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"template": ""}, "Choose something to say, or write it."),
        ({"template": "nonsense"}, "Select a valid choice"),
        ({"words": "x" * 501}, "longer than 500 characters"),
        ({"words": "a\x00b"}, "characters"),
    ],
)
def test_what_cannot_be_sent_comes_back_with_a_sentence(fields, said, desk, two):
    answer = desk.post(MESSAGE, sent(two, **fields))
    assert answer.status_code == 422
    assert said in text(answer)
    assert f'name="key" value="{KEY}"' in text(answer)
    assert not Notification.objects.exists()


@pytest.mark.parametrize("path", [MESSAGE, TIME, OUT])
@pytest.mark.parametrize("who", [[], ["nonsense"], [KEY]])
def test_without_anybody_it_leads_back_to_the_list(path, who, desk, two):
    for answer in (desk.get(path, {"who": who}), desk.post(path, {"who": who, "template": "how"})):
        assert answer.headers["Location"] == LIST
    assert "Choose at least one student first." in text(desk.get(LIST))


def test_whoever_is_not_in_the_course_is_not_written_to(desk, two, bob):
    Enrollment.objects.filter(user=bob).update(status="DROPPED")
    desk.post(MESSAGE, sent(two, template="how"))
    assert [one.user for one in Notification.objects.all()] == [two[0]]


def test_who_left_meanwhile_is_named_and_the_words_stay(desk, two, ada, bob):
    leave(bob, Course.objects.get())
    html = text(desk.post(MESSAGE, sent(two, words="See you."), follow=True))
    assert "Sent to 1 student." in html
    assert "Not in the course any more: Bob." in html
    leave(ada, Course.objects.get())
    answer = desk.post(MESSAGE, sent(two, words="See you on Monday."))
    assert answer.status_code == 409
    html = text(answer)
    assert "Not in the course any more: Ada, Bob. Nothing was sent." in html
    assert "See you on Monday.</textarea>" in html
    assert "Send it" not in html
    assert Notification.objects.count() == 1
    for path in (TIME, OUT):
        html = text(desk.post(path, sent(two, extra_time="150"), follow=True))
        assert "Not in the course any more: Ada, Bob." in html
        assert "Choose at least one" not in html


def test_whoever_holds_a_place_that_the_list_cannot_name_has_not_left(desk, two, ada, bob):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    User.objects.filter(pk=bob.pk).update(role="ADMIN")
    answer = desk.post(MESSAGE, sent(two, words="See you."), follow=True)
    assert answer.status_code == 409
    html = text(answer)
    assert "Not in the course any more" not in html
    assert "Not a student any more: Ada, Bob. Nothing was sent." in html
    assert "See you.</textarea>" in html
    assert "Send it" not in html
    assert not Notification.objects.exists()


def test_words_for_nobody_at_all_come_back(desk, two):
    answer = desk.post(MESSAGE, {"who": [KEY], "words": "See you."})
    assert answer.status_code == 409
    assert "Choose at least one student first. Nothing was sent. Your words" in text(answer)
    assert "See you.</textarea>" in text(answer)


def test_who_has_closed_their_account_meanwhile_is_named_beside_the_others(desk, two, bob):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    for path in (MESSAGE, TIME, OUT):
        fields = {"template": "how", "extra_time": "150"}
        html = text(desk.post(path, sent(two, **fields), follow=True))
        assert "Not a student any more: Bob." in html
        assert "Choose at least one" not in html


def test_who_was_never_in_the_course_is_not_named(desk, two):
    eve = make_person("eve@example.org", "Evelyn")
    assert "Evelyn" not in text(desk.get(MESSAGE, {"who": [str(eve.pk)]}, follow=True))


def test_the_page_says_that_they_may_come_back_by_themselves(desk, two, ada):
    html = text(desk.get(OUT, {"who": str(ada.pk)}))
    assert "They may enrol again themselves, as long as the course is open to them." in html
    desk.post(OUT, sent([ada]))
    assert enroll(ada, Course.objects.get())[1]


def test_extra_time_is_given_and_taken_away(desk, two):
    desk.post(TIME, sent(two, extra_time="150"))
    assert list(Accommodation.objects.values_list("extra_time", flat=True)) == [150, 150]
    desk.post(TIME, sent(two[:1], extra_time="0"))
    assert Accommodation.objects.get(user=two[0]).extra_time == 0
    desk.post(TIME, sent(two, extra_time="none"))
    assert not Accommodation.objects.exists()
    assert desk.post(TIME, sent(two, extra_time="7")).status_code == 422


@pytest.mark.parametrize("missing", [{}, {"extra_time": ""}])
def test_a_form_that_says_no_extra_time_at_all_takes_none_away(missing, desk, two):
    Accommodation.objects.create(user=two[0], extra_time=200)
    answer = desk.post(TIME, sent(two, **missing))
    assert answer.status_code == 422
    assert "Choose how much, or that it is none." in text(answer)
    assert Accommodation.objects.get().extra_time == 200


def test_the_time_that_each_has_is_shown_and_chosen_only_if_it_is_the_same(desk, two):
    def chosen():
        html = text(desk.get(TIME, {"who": [str(one.pk) for one in two]}))
        radios = [one.partition(">")[0] for one in html.split('<input type="radio"')[1:]]
        [people] = [one.partition("</ul>")[0] for one in html.split('aria-labelledby="whom">')[1:]]
        return people, [one.split('value="')[1].split('"')[0] for one in radios if "checked" in one]

    people, ticked = chosen()
    assert (people.count("No extra time"), ticked) == (2, ["none"])
    Accommodation.objects.create(user=two[0], extra_time=200)
    people, ticked = chosen()
    assert (people.count("Twice the time"), people.count("No extra time"), ticked) == (1, 1, [])
    Accommodation.objects.create(user=two[1], extra_time=200)
    assert chosen()[1] == ["200"]


def test_taking_out_asks_first_loses_nothing_and_is_told(desk, root, two, lessons):
    ada = two[0]
    LessonProgress.objects.create(user=ada, lesson=lessons[0])
    assert "Nothing they did is lost" in text(desk.get(OUT, {"who": str(ada.pk)}))
    assert Enrollment.objects.get(user=ada).status == "ACTIVE"
    for _ in range(2):
        desk.post(OUT, sent([ada]))
    assert Enrollment.objects.get(user=ada).status == "DROPPED"
    assert LessonProgress.objects.filter(user=ada).count() == 1
    event = Event.objects.get(user=ada, kind="LEFT_COURSE")
    assert event.data["by"] == str(root.pk)
    assert Notification.objects.get(user=ada).kind == "TAKEN_OUT"
    assert Enrollment.objects.get(user=two[1]).status == "ACTIVE"


def test_being_taken_out_is_told_whatever_was_switched_off(as_, desk, ada, two):
    """It is about their place, and no message that they can do without."""
    for channel in ("IN_APP", "EMAIL"):
        Preference.objects.create(user=ada, topic="teacher", channel=channel, is_on=False)
    choices = {"topic": ["teacher", "place"], "channel": ["IN_APP", "EMAIL"]}
    page = as_(ada).post("/settings/notifications/", choices, follow=True)
    assert "about your place in courses" in text(page)
    desk.post(OUT, sent([ada]))
    told = Notification.objects.get(user=ada)
    assert (told.kind, told.in_app) == ("TAKEN_OUT", True)
    assert EmailLog.objects.get(notification=told).kind == "place"


def test_whoever_was_taken_out_is_put_back_once_and_told(as_, desk, root, two, course, lessons):
    ada = two[0]
    complete_lesson(ada, lessons[0])
    assert "taken out of the course" not in text(desk.get(LIST))
    desk.post(OUT, sent([ada]))
    html = text(desk.get(LIST))
    assert "1 person was taken out of the course" in html
    kim = make_person("kim@example.org", "Kim")
    kim.user_permissions.add(Permission.objects.get(codename="give_review"))
    assert "taken out of the course" not in text(as_(kim).get(LIST))
    assert 'Put back<span class="visually-hidden"> Ada</span>' in html
    said = [text(desk.post(BACK, sent([ada]), follow=True)) for _ in range(2)]
    assert "Back in the course: Ada." in said[0]
    assert "Nobody was put back" in said[1]
    place = Enrollment.objects.get(user=ada)
    assert (place.status, place.taken_out_at) == ("ACTIVE", None)
    assert CourseProgress.objects.get(user=ada).done == 1
    kinds = Notification.objects.filter(user=ada).order_by("pk").values_list("kind", flat=True)
    assert [*kinds] == ["TAKEN_OUT", "PUT_BACK"]
    note = AuditEntry.objects.get(kind="PUT_BACK")
    assert (note.actor, note.person, note.target) == (root, ada, f"course:{course.pk}")
    desk.post(OUT, sent([ada]))
    assert Enrollment.objects.get(user=ada).status == "DROPPED"


def test_the_notice_leads_to_where_they_are_put_back_and_so_does_the_page_of_the_person(
    as_, desk, two, course
):
    said = text(desk.post(OUT, sent(two[:1]), follow=True))
    assert "Taken out of the course: Ada." in said
    assert '<a href="#taken-out">' in said
    assert 'id="taken-out"' in said
    page = f"/studio/students/{two[0].pk}/?course={course.slug}"
    form = f'<form class="row" method="post" action="{BACK}">'
    assert form in text(desk.get(page))
    kim = make_person("kim@example.org", "Kim")
    kim.user_permissions.add(Permission.objects.get(codename="give_review"))
    for without in (as_(kim).get(page), desk.get(page.partition("?")[0])):
        assert without.status_code == 200
        assert BACK not in text(without)
    desk.post(BACK, sent(two[:1]))
    assert BACK not in text(desk.get(page))


def test_whoever_had_finished_comes_back_as_one_who_has(desk, two, lessons):
    for lesson in lessons:
        complete_lesson(two[0], lesson)
    desk.post(OUT, sent(two))
    assert "2 people were taken out of the course" in text(desk.get(LIST))  # with nobody in it
    desk.post(BACK, sent(two))
    status = dict(Enrollment.objects.values_list("user__name", "status"))
    assert status == {"Ada": "COMPLETED", "Bob": "ACTIVE"}


def test_of_many_the_last_who_were_taken_out_stand_there_and_it_says_so(desk, two, monkeypatch):
    monkeypatch.setattr(insights_students, "MOST_TAKEN_OUT", 2)
    desk.post(OUT, sent(two))
    assert "2 people were taken out of the course" in text(desk.get(LIST))
    monkeypatch.setattr(insights_students, "MOST_TAKEN_OUT", 1)
    html = text(desk.get(LIST))
    assert "The last person who was taken out of the course" in html
    assert html.count("Put back<") == 1


def test_who_left_by_themselves_is_not_put_back(desk, two, course):
    """Taken out once, back by themselves, and gone by themselves: that is theirs to undo."""
    ada, bob = two
    desk.post(OUT, sent([ada]))
    enroll(ada, course)
    for one in two:
        leave(one, course)
    assert "taken out of the course" not in text(desk.get(LIST))
    assert "Nobody was put back" in text(desk.post(BACK, sent(two), follow=True))
    assert not Enrollment.objects.current().filter(user__in=[ada, bob]).exists()


def test_nobody_is_put_back_by_whoever_may_not_change_courses(client, as_, desk, two, ada, root):
    desk.post(OUT, sent([ada]))
    root.is_superuser = False
    root.save()
    assert client.post(BACK, sent([ada])).status_code == 302
    assert as_(two[1]).post(BACK, sent([ada])).status_code == 404
    assert as_(root).post(BACK, sent([ada])).status_code == 403
    assert desk.get(BACK).status_code == 405
    assert Enrollment.objects.get(user=ada).status == "DROPPED"


def test_a_paused_place_is_not_ended(desk, two):
    Enrollment.objects.filter(user=two[0]).update(status="PAUSED")
    html = text(desk.post(OUT, sent(two), follow=True))
    assert "Taken out of the course: Bob" in html
    assert "Not taken out, because their place is paused: Ada" in html
    assert Enrollment.objects.get(user=two[0]).status == "PAUSED"


def test_only_who_was_taken_out_is_named(two, course, root):
    """Whoever left between the choice and the press did so by themselves."""
    leave(two[0], course)
    done = student_verbs.take_out(course, two, root)
    assert (done.people, done.left_out) == (two[1:], [])


def test_it_leads_back_to_the_list_as_it_was(desk, two):
    listed = "show=everybody&page=2"
    html = text(desk.get(OUT, {"who": str(two[0].pk), "list": listed}))
    assert 'name="list" value="show=everybody&amp;page=2"' in html
    answer = desk.post(OUT, sent(two, list=listed))
    assert answer.headers["Location"] == f"{LIST}?{listed}"


def test_a_course_that_was_deleted_is_not_there(desk, two, course):
    Course.objects.update(deleted_at=course.created_at)
    assert desk.post(MESSAGE, sent(two, template="how")).status_code == 404


@pytest.mark.parametrize(("path", "queries"), [(MESSAGE, 6), (TIME, 6), (OUT, 6)])
def test_the_pages_ask_as_often_for_more(path, queries, desk, two, django_assert_num_queries):
    desk.get(path, {"who": str(two[0].pk)})
    for people in (two[:1], two):
        with django_assert_num_queries(queries):
            desk.get(path, {"who": [str(one.pk) for one in people]})


def test_no_words_are_chosen_before_somebody_chooses(desk, two):
    html = text(desk.get(MESSAGE, {"who": [str(two[0].pk)]}))
    radios = [one.partition(">")[0] for one in html.split('<input type="radio"')[1:]]
    assert [one for one in radios if "checked" in one] == [radios[-1]]
    assert 'value=""' in radios[-1]
