"""The studio's first page, and marking a quiz again from its page."""

import pytest
from django.contrib.admin.models import LogEntry

from activity.models import Event
from assessments.models import Quiz
from assessments.reports import report_question
from assessments.tallies import tallies
from studio.pages import regrading as pages
from studio.views import regrading
from tests.assessments.builders import make_quiz
from tests.assessments.crowd import people, take
from tests.assessments.finished import finished, question_at, scores, turn_key


@pytest.fixture
def address(quiz):
    return f"/studio/quizzes/{quiz.pk}/regrade/"


@pytest.fixture
def attempt(ada, quiz):
    """Fails with 60 percent by a key that is mended afterwards."""
    found = finished(ada, quiz, right=3)
    turn_key(question_at(quiz, 5))
    return found


@pytest.fixture
def falling(ada, quiz):
    """Passed with all points, of which two were not due."""
    found = finished(ada, quiz, right=5)
    turn_key(question_at(quiz, 1))
    turn_key(question_at(quiz, 5))
    return found


def habit(place, question, options):
    return ([one.pk for one in options[:1]], "for"), 0


def test_guests_sign_in_and_learners_find_nothing(quiz, ada, as_, client, address):
    for page in ("/studio/", "/studio/reports/", address):
        assert client.get(page).headers["Location"].startswith("/accounts/login/?next=/studio/")
        assert as_(ada).get(page).status_code == 404
    assert as_(ada).post(address).status_code == 404
    assert client.post(address).status_code == 302


def test_staff_of_a_real_school_need_a_second_factor(desk, address, settings):
    settings.DEMO_SCHOOL = False
    for page in ("/studio/", "/studio/reports/", address):
        assert "2fa" in desk.get(page).headers["Location"]


@pytest.mark.parametrize("page", ["/studio/", "/studio/reports/"])
def test_pages_to_look_at_take_no_post(desk, page):
    assert desk.post(page).status_code == 405


def test_marking_again_takes_no_delete_and_no_stranger(desk, address):
    assert desk.delete(address).status_code == 405
    assert (
        desk.get("/studio/quizzes/0198c0de-0000-7000-8000-000000000000/regrade/").status_code == 404
    )


def test_the_menu_of_staff_leads_to_the_studio(desk, as_, ada):
    assert 'href="/studio/"' in desk.get("/classroom/").content.decode()
    assert 'href="/studio/"' not in as_(ada).get("/classroom/").content.decode()


def test_home_lists_quizzes_with_their_numbers(desk, ada, bob, quiz, attempt):
    report_question(ada, question_at(quiz, 1), "This is wrong.")
    page = desk.get("/studio/").content.decode()
    assert f"/studio/quizzes/{quiz.pk}/" in page
    assert "0 of 1" in page
    assert "Reports (1 open)" in page
    take(quiz, people(20), habit)
    assert "% of 21" in desk.get("/studio/").content.decode()


def test_practice_and_staff_are_not_counted(root, course, quiz, ada):
    take(quiz, [root], habit)
    take(quiz, [ada], habit, is_practice=True)
    tally = tallies([quiz])[quiz.pk]
    assert (tally.attempts, tally.learners, tally.questions) == (0, 0, 6)


def test_home_without_quizzes_says_what_to_do(desk, course):
    assert "No quizzes yet" in desk.get("/studio/").content.decode()


def test_home_asks_the_same_number_of_questions_for_more_quizzes(
    desk, lessons, django_assert_num_queries
):
    desk.get("/studio/")  # the first visit notes in the session that staff came
    for stem in ("one", "two", "three"):
        take(make_quiz(lessons[0].module, stem), people(3, stem), habit)
        with django_assert_num_queries(12):
            desk.get("/studio/")


def test_the_preview_changes_nothing(desk, attempt, address):
    page = desk.get(address).content.decode()
    assert "60% → 80%" in page
    assert "ada@example.org" in page
    assert "<strong>1</strong> would go up" in page
    assert "<strong>1</strong> lesson would be completed" in page
    assert "Lower scores too" not in page
    assert scores(attempt)[0] == 60


def test_the_word_to_do_it_raises(desk, root, attempt, address):
    answer = desk.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert scores(attempt)[:2] == (80, True)
    page = desk.get(address).content.decode()
    assert "Marked again: 1 up, 0 down." in page
    assert "Nothing would change" in page
    assert LogEntry.objects.filter(user=root).count() == 1
    assert "No score was changed" in desk.post(address, follow=True).content.decode()


def test_scores_are_lowered_with_a_reason_only(desk, falling, address):
    refused = desk.post(address, {"lower": "on", "reason": "  "})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Enter why scores are lowered." in page
    assert "<title>Error: " in page
    assert scores(falling)[0] == 100
    assert desk.post(address, {"reason": "Without a tick."}).status_code == 303
    assert scores(falling)[0] == 100
    assert desk.post(address, {"lower": "on", "reason": "Wrong key."}).status_code == 303
    assert scores(falling)[:2] == (60, False)
    assert Event.objects.get(kind="ATTEMPT_REGRADED").data["reason"] == "Wrong key."


@pytest.mark.parametrize("reason", ["x" * 501, "a\x07b", "a\x00b", "\ufffd"])
def test_a_reason_that_cannot_be_kept_is_refused(desk, falling, address, reason):
    assert desk.post(address, {"lower": "on", "reason": reason}).status_code == 422
    assert scores(falling)[0] == 100


def test_the_form_says_what_falls(desk, falling, address):
    page = desk.get(address).content.decode()
    assert "Lower scores too" in page
    assert "100% → 60%" in page
    assert "only if you say so" in page


def test_many_are_left_to_a_worker(
    desk, root, quiz, address, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(pages, "MOST", 3)
    take(quiz, people(5), habit)
    asked = []
    monkeypatch.setattr(regrading.regrade_quiz, "delay", lambda *a, **k: asked.append((a, k)))
    page = desk.get(address).content.decode()
    assert "And 2 more" in page
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(address).status_code == 303
    args, words = asked[0]
    assert not Event.objects.filter(kind="ATTEMPT_REGRADED").exists()
    assert regrading.regrade_quiz(*args, **words) == 5
    assert Event.objects.filter(kind="ATTEMPT_REGRADED").count() == 5


def test_the_word_for_many_attempts_marks_none_while_somebody_waits(
    desk, ada, quiz, attempt, address, monkeypatch, django_capture_on_commit_callbacks
):
    """Few would change; to find them takes marking all."""
    monkeypatch.setattr(pages, "MOST", 3)
    monkeypatch.setattr(regrading.regrade_quiz, "delay", lambda *args, **words: None)
    take(quiz, people(3), lambda place, question, options: (((), ""), 0))
    page = desk.get(address).content.decode()
    assert "press again: nothing is done twice" in page
    assert f"/admin/assessments/quiz/{quiz.pk}/history/" in page
    with django_capture_on_commit_callbacks(execute=True) as handed_on:
        answer = desk.post(address, follow=True)
    assert "A worker marks the attempts again." in answer.content.decode()
    assert len(handed_on) == 1
    assert scores(attempt)[0] == 60


def test_too_many_attempts_for_a_preview_are_said_in_words(
    desk, quiz, address, monkeypatch, django_assert_num_queries
):
    desk.get("/studio/")  # the first visit notes in the session that staff came
    monkeypatch.setattr(pages, "MOST_ANSWERS", 29)
    take(quiz, people(5), habit)
    with django_assert_num_queries(7):
        page = desk.get(address).content.decode()
    assert "takes too long for a page" in page
    assert f"manage.py regrade {quiz.pk} --dry-run" in page
    assert "Lower scores too" in page
    assert "Mark again</button>" in page
    assert "would go up" not in page


def test_a_worker_that_found_nothing_to_do_says_so_in_the_history(root, quiz, attempt):
    for _ in range(2):
        regrading.regrade_quiz(str(quiz.pk), str(root.pk), lower=False, reason="")
    said = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(said) == ["Marked again: 1 up, 0 down.", "Marked again: 0 up, 0 down."]


def test_the_preview_asks_the_same_number_of_questions(
    desk, quiz, address, django_assert_num_queries
):
    desk.get("/studio/")  # the first visit notes in the session that staff came
    for stem, count in (("few", 3), ("many", 30)):
        take(quiz, people(count, stem), habit)
        with django_assert_num_queries(14):
            desk.get(address)


def test_names_are_written_as_text(desk, ada, attempt, address):
    type(ada).objects.filter(pk=ada.pk).update(name="<b>Ada</b>")
    Quiz.objects.update(pass_percent=1)
    assert "<b>Ada</b>" not in desk.get(address).content.decode()
