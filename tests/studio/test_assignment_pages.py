"""The studio's pages of assignments: what a trial found, numbers, submissions judged again."""

import re

import pytest

from assessments import grading, rejudgings, submissions, trying
from assessments.authoring import save_assignment, try_again
from assessments.models import Rejudging, Submission, Trial, Work
from assessments.rejudging import judge_again
from enrollments.models import Enrollment
from tests.assessments.code_builders import RIGHT, WRONG, add_case, make_assignment
from tests.conftest import make_person

MISSING = "0198c0de-0000-7000-8000-000000000000"


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def page(assignment):
    return f"/studio/assignments/{assignment.pk}/"


def hand_in(user, assignment, source):
    submission = submissions.submit(user, assignment, source, graded=True)
    grading.grade(submission.pk)
    submission.refresh_from_db()
    return submission


def try_out(assignment):
    return trying.try_out(try_again(assignment).pk)


def rewrite(assignment, **expected):
    """Change what cases expect, as their author would; their keys name them."""
    cases = list(assignment.cases.in_order())
    for case in cases:
        case.expected = expected.get(case.key, case.expected)
    save_assignment(assignment, cases)


def text(answer):
    return answer.content.decode()


def test_guests_sign_in_and_learners_find_nothing(assignment, page, ada, as_, client):
    for address in ("/studio/assignments/", page, f"{page}rejudge/", f"{page}trials/"):
        assert client.get(address).headers["Location"].startswith("/accounts/login/?next=/studio/")
        assert as_(ada).get(address).status_code == 404
    for address in (f"{page}rejudge/", f"{page}trials/"):
        assert as_(ada).post(address, {"do": "look"}).status_code == 404
    assert not Trial.objects.exists()
    assert not Rejudging.objects.exists()


def test_staff_of_a_real_school_need_a_second_factor(desk, page, settings):
    settings.DEMO_SCHOOL = False
    for address in ("/studio/assignments/", page, f"{page}rejudge/"):
        assert "2fa" in desk.get(address).headers["Location"]


def test_wrong_methods_and_unknown_assignments_are_refused(desk, page):
    assert desk.post("/studio/assignments/").status_code == 405
    assert desk.post(page).status_code == 405
    assert desk.delete(f"{page}rejudge/").status_code == 405
    assert desk.delete(f"{page}trials/").status_code == 405
    for rest in ("", "rejudge/", "trials/"):
        assert desk.get(f"/studio/assignments/{MISSING}/{rest}").status_code == 404


def test_the_list_says_how_every_assignment_stands(desk, assignment, page, ada):
    hand_in(ada, assignment, WRONG)
    html = text(desk.get("/studio/assignments/"))
    assert page in html
    assert "Not tried out" in html
    assert "0 of 1" in html


def test_the_list_asks_as_often_for_more_assignments(desk, lessons, ada, django_assert_num_queries):
    desk.get("/studio/")  # the first visit notes in the session that staff came
    for stem in ("one", "two", "three"):
        added = make_assignment(lessons[0].module, stem)
        hand_in(ada, added, RIGHT)
        try_out(added)
        with django_assert_num_queries(11):
            desk.get("/studio/assignments/")


def test_a_list_without_assignments_says_what_to_do(desk, course):
    assert "No assignments yet" in text(desk.get("/studio/assignments/"))


def test_the_page_shows_hidden_cases_and_no_trial_yet(desk, assignment, page):
    html = text(desk.get(page))
    assert "Nobody has tried this assignment out" in html
    assert "add(-1, -2)" in html
    assert html.count("Hidden") == 2
    assert "Think below zero." in html
    assert "Shares are shown from ten learners on." in html


def test_every_link_into_the_studio_leads_somewhere(desk, assignment, page):
    html = text(desk.get(page)) + text(desk.get("/studio/assignments/"))
    links = set(re.findall(r'href="(/studio/[^"#]*)"', html))
    assert f"/studio/assignments/{assignment.pk}/edit/" in links
    assert {one: desk.get(one).status_code for one in links} == dict.fromkeys(links, 200)


def test_a_trial_is_asked_for_shown_while_it_waits_and_told(desk, assignment, page):
    answer = desk.post(f"{page}trials/")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    trial = Trial.objects.get()
    waiting = text(desk.get(page))
    assert 'hx-trigger="every 3s"' in waiting
    assert "Try it out again" not in waiting
    desk.post(f"{page}trials/")
    assert Trial.objects.get() == trial
    trying.try_out(trial.pk)
    html = text(desk.get(page))
    assert "Solution passes" in html
    assert "a case may take 2 s" in html
    assert "every 3s" not in html


def test_trying_again_starts_afresh(desk, assignment, page):
    first = try_out(assignment)
    desk.post(f"{page}trials/")
    second = Trial.objects.get()
    assert second.pk != first.pk
    assert second.status == Work.Status.PENDING


def test_whoever_comes_by_a_trial_is_led_to_the_assignment(desk, page):
    assert desk.get(f"{page}trials/").headers["Location"] == page
    assert not Trial.objects.exists()


def test_errors_come_first_and_findings_stand_beside_their_case(desk, assignment, page):
    assignment.solution = WRONG
    assignment.save()
    try_out(assignment)
    html = text(desk.get(page))
    assert "To mend" in html
    assert html.index("does not pass “adds small”") < html.index("Learners</h2>")
    assert html.count("does not pass “adds small”") == 2  # above, and beside the case


def test_a_fault_of_ours_is_told_to_staff(desk, assignment, page):
    trial = try_out(assignment)
    Trial.objects.filter(pk=trial.pk).update(status="ERROR", fault="The child was <gone>.")
    html = text(desk.get(page))
    assert "The child was &lt;gone&gt;." in html
    assert "Try it out again" in html


def test_shares_are_of_first_submissions_and_hidden_under_ten(
    desk, assignment, page, ada, root, course
):
    people = [ada, *(make_person(f"p{n}@example.org", f"P{n}") for n in range(9))]
    for person in people[1:]:
        Enrollment.objects.create(user=person, course=course)
    for person in people[:9]:
        hand_in(person, assignment, WRONG)
    assert "first submissions" not in text(desk.get(page))
    hand_in(people[9], assignment, RIGHT)
    hand_in(ada, assignment, RIGHT)
    Enrollment.objects.create(user=root, course=course)
    hand_in(root, assignment, RIGHT)
    html = text(desk.get(page))
    assert "10% of 10 first submissions" in html
    assert "100% of 10 first submissions" in html  # nothing and nothing is nothing, either way
    assert "<strong>11</strong> submissions by 10 learners" in html
    assert "<strong>2</strong> passed" in html
    assert "<strong>1</strong> at the first go" in html


def test_the_page_asks_as_often_for_more(desk, assignment, page, ada, django_assert_num_queries):
    desk.get("/studio/")
    try_out(assignment)
    for key in ("one", "two", "three"):
        add_case(assignment, key, args=[1, 1], expected=2)
        hand_in(ada, assignment, RIGHT)
        with django_assert_num_queries(11):
            desk.get(page)


def test_nothing_is_to_be_judged_again_at_first(desk, assignment, page, ada):
    hand_in(ada, assignment, WRONG)
    html = text(desk.get(f"{page}rejudge/"))
    assert "Nothing to judge again" in html
    assert "judged by other cases" not in text(desk.get(page))


def test_judging_again_is_looked_at_and_then_done(desk, assignment, page, ada, root):
    submission = hand_in(ada, assignment, WRONG)
    rewrite(assignment, small=-1, negative=1, large=10**20 - 1)
    assert "1 submission was judged by other cases" in text(desk.get(page))
    address = f"{page}rejudge/"
    assert "1 submission waits" in text(desk.get(address))

    answer = desk.post(address, {"do": "look"})
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    row = Rejudging.objects.get()
    assert (row.is_preview, row.asked_by) == (True, root)
    assert 'hx-trigger="every 3s"' in text(desk.get(address))
    judge_again(row.pk)
    html = text(desk.get(address))
    assert "ada@example.org" in html
    assert "20% → 100%" in html
    assert "<strong>1</strong> would go up" in html
    assert "Lower scores too" not in html
    submission.refresh_from_db()
    assert submission.percent == 20

    assert desk.post(address, {"do": "judge"}).status_code == 303
    done = Rejudging.objects.first()
    assert not done.is_preview
    judge_again(done.pk)
    submission.refresh_from_db()
    assert (submission.percent, submission.status) == (100, "PASSED")
    html = text(desk.get(address))
    assert "<strong>1</strong> went up" in html
    assert "Judge again</button>" not in html


def test_what_would_be_lower_stays_unless_there_is_a_reason(desk, assignment, page, ada):
    submission = hand_in(ada, assignment, RIGHT)
    rewrite(assignment, large=7)
    address = f"{page}rejudge/"
    desk.post(address, {"do": "look"})
    judge_again(Rejudging.objects.get().pk)
    html = text(desk.get(address))
    assert "unless you say why it falls" in html
    refused = desk.post(address, {"do": "judge", "lower": "on", "reason": " "})
    assert refused.status_code == 422
    assert "Enter why scores are lowered." in text(refused)
    assert Rejudging.objects.count() == 1
    desk.post(address, {"do": "judge", "lower": "on", "reason": "The case was wrong."})
    judge_again(Rejudging.objects.first().pk)
    submission.refresh_from_db()
    assert submission.percent == 60
    html = text(desk.get(address))
    assert "<strong>1</strong> went down" in html
    assert "The case was wrong." in html


def test_nothing_is_done_without_a_preview_of_today(desk, assignment, page, ada):
    hand_in(ada, assignment, WRONG)
    rewrite(assignment, small=-1)
    address = f"{page}rejudge/"
    assert desk.post(address, {"do": "judge"}).status_code == 409
    desk.post(address, {"do": "look"})
    assert desk.post(address, {"do": "look"}).status_code == 409
    judge_again(Rejudging.objects.get().pk)
    rewrite(assignment, zero=1)
    html = text(desk.get(address))
    assert "changed since the last preview" in html
    assert desk.post(address, {"do": "judge"}).status_code == 409
    assert Rejudging.objects.get().is_preview
    assert Submission.objects.get().percent == 20


@pytest.mark.parametrize("data", [{}, {"do": "everything"}])
def test_a_word_that_is_none_does_nothing(desk, assignment, page, ada, data):
    hand_in(ada, assignment, WRONG)
    rewrite(assignment, small=-1)
    rejudgings.ask(assignment, None)
    judge_again(Rejudging.objects.get().pk)
    assert desk.post(f"{page}rejudge/", data).status_code == 422
    assert Rejudging.objects.count() == 1
