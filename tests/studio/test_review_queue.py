"""The reviewers' queue: who may see it, what stands in it, taking up the next."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now

from assessments.models import Review, Submission
from assessments.models.attempt import CLOCK
from assessments.reviewing import reviews
from assessments.reviewing.help_requests import ask_for_help
from courses.models import Course
from enrollments.models import Enrollment
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, hand_in, run_out
from tests.conftest import make_course, make_reviewer

QUEUE = "/studio/reviews/"
NEXT = f"{QUEUE}next/"
Reason = Review.Reason


@pytest.fixture
def kim(db):
    """A reviewer who is no staff."""
    return make_reviewer("kim@example.org", "Kim")


@pytest.fixture
def lee(db):
    return make_reviewer("lee@example.org", "Lee")


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def waiting(user, assignment, reason=Reason.DRAFT, hours=0, **fields):
    review = reviews.put_in_queue(hand_in(user, assignment, **fields), reason)
    Review.objects.filter(pk=review.pk).update(waiting_since=CLOCK - timedelta(hours=hours))
    return review


def desk_of(review):
    return f"{QUEUE}{review.pk}/"


def text(answer):
    return answer.content.decode()


def order_in(html, rows):
    return sorted(rows, key=lambda one: html.index(f"review-{one.pk}"))


def test_guests_sign_in_and_learners_find_nothing(ada, assignment, as_, client):
    review = waiting(ada, assignment)
    for page in (QUEUE, desk_of(review)):
        assert client.get(page).headers["Location"].startswith("/accounts/login/?next=/studio/")
        assert as_(ada).get(page).status_code == 404
    for verb in ("claim", "undo", "answers"):
        assert as_(ada).post(f"{desk_of(review)}{verb}/").status_code == 404
    assert as_(ada).post(NEXT).status_code == 404


def test_reviewers_of_a_real_school_need_a_second_factor(kim, as_, settings):
    settings.DEMO_SCHOOL = False
    assert "2fa" in as_(kim).get(QUEUE).headers["Location"]


def test_every_door_leads_a_reviewer_to_the_second_factor(kim, as_, settings):
    settings.DEMO_SCHOOL = False
    answer = as_(kim).get("/studio/", follow=True)
    assert answer.redirect_chain[0][0] == QUEUE
    assert "2fa" in answer.redirect_chain[-1][0]


def test_reviewers_are_shown_the_tabs_that_they_may_open(kim, as_):
    html = text(as_(kim).get(QUEUE))
    for page in ("/studio/model/", "/studio/reviews/times/", "/studio/snippets/"):
        assert f'href="{page}"' in html
        assert as_(kim).get(page).status_code == 200


def test_reviewers_find_the_insights_of_courses_that_they_may_open(kim, as_, assignment):
    make_course("a-draft", "A draft", status="DRAFT")
    Course.objects.filter(pk=make_course("gone", "Gone").pk).update(deleted_at=now())
    html = text(as_(kim).get(QUEUE))
    links = re.findall(r'href="(/studio/courses/[^"]*/insights/)"', html)
    assert links == ["/studio/courses/python-basics/insights/"]
    assert as_(kim).get(links[0]).status_code == 200


def test_a_list_that_asks_for_itself_is_no_sign_of_a_person(root, as_, time_machine):
    browser, moment = as_(root), now()
    unasked = {"HX-Request": "true", "X-Unasked": "true"}
    assert "X-Unasked" in text(browser.get(QUEUE))
    for _ in range(3):
        moment += timedelta(minutes=11)
        time_machine.move_to(moment)
        answer = browser.get(QUEUE, headers=unasked)
    assert answer.status_code != 200


def test_a_reviewer_who_is_no_staff_finds_the_queue_and_no_more_of_the_studio(kim, as_):
    home = as_(kim).get("/studio/")
    assert (home.status_code, home.headers["Location"]) == (302, QUEUE)
    html = text(as_(kim).get(QUEUE))
    assert 'href="/studio/courses/"' not in html
    assert 'href="/studio/reviews/" aria-current="page"' in html
    assert as_(kim).get("/studio/courses/").status_code == 404
    assert QUEUE in text(as_(kim).get("/classroom/"))


def test_staff_see_all_tabs(desk, ada, assignment):
    waiting(ada, assignment)
    html = text(desk.get("/studio/"))
    assert "Reviews (1 waiting)" in html
    assert "/studio/courses/" in html


def test_learners_are_not_shown_the_way(ada, as_):
    assert QUEUE not in text(as_(ada).get("/classroom/"))


def test_the_pages_of_before_lead_to_the_queue(kim, as_):
    for page in ("/studio/help/", "/studio/help/0198c0de-0000-7000-8000-000000000000/"):
        assert as_(kim).get(page).headers["Location"] == f"{QUEUE}?help=on"


def test_who_asks_for_help_comes_first_then_the_oldest(kim, ada, assignment, as_):
    new = waiting(ada, assignment, hours=1)
    old = waiting(ada, assignment, hours=90)
    asks = waiting(ada, assignment, Reason.HELP)
    html = text(as_(kim).get(QUEUE))
    assert order_in(html, [new, old, asks]) == [asks, old, new]
    assert "Asks for help" in html
    assert "3\xa0days, 18\xa0hours" in html
    assert "less than a minute" in html


def notes_in(html):
    """What stands beside the numbers of attempts, from the top."""
    cells = re.findall(r'data-label="Attempt">(.*?)</td>', html, re.S)
    return [" ".join(re.sub("<.*?>", " ", one).split()) for one in cells]


def test_attempts_of_one_learner_at_one_assignment_stand_together(
    kim, ada, bob, course, lessons, as_
):
    Enrollment.objects.create(user=bob, course=course)
    one, other = make_assignment(lessons[0].module), make_assignment(lessons[1].module, "two")
    first, bobs = waiting(ada, one, hours=50), waiting(bob, one, hours=40)
    elsewhere, second = waiting(ada, other, hours=30), waiting(ada, one, hours=20)
    third = waiting(ada, one, Reason.NO_DRAFT, hours=1)
    html = text(as_(kim).get(QUEUE))
    rows = [first, second, third, bobs, elsewhere]
    assert order_in(html, rows) == rows
    told = ["1 (a newer one waits)", "2 (1 earlier waits too)", "3 (2 earlier wait too)", "1", "1"]
    assert notes_in(html) == told
    row = as_(kim).post(f"{desk_of(third)}claim/", headers={"HX-Request": "true"})
    assert notes_in(text(row)) == ["3 (2 earlier wait too)"]
    ask_for_help(ada, third.submission, "Why?")
    html = text(as_(kim).get(QUEUE))
    assert order_in(html, rows) == [third, first, second, bobs, elsewhere]
    assert as_(kim).post(NEXT).headers["Location"] == desk_of(third)
    decide(third, kim)
    assert notes_in(text(as_(kim).get(QUEUE))) == [*told[:2], "1", "1"]
    assert notes_in(text(as_(kim).get(f"{QUEUE}?show=sent"))) == ["3"]


def test_every_filter_narrows_and_nonsense_does_not(kim, ada, lessons, assignment, as_):
    other = make_course("other", "Another course")
    Enrollment.objects.create(user=ada, course=other)
    script = make_assignment(other.modules.first(), "scripted", language="javascript")
    first = waiting(ada, assignment, hours=200)
    again = waiting(ada, assignment, Reason.NO_DRAFT)
    elsewhere = waiting(ada, script, Reason.HELD)
    asks = waiting(ada, script)
    ask_for_help(ada, Submission.objects.get(review=asks), "Why?")

    def shown(query):
        html = text(as_(kim).get(f"{QUEUE}?{query}"))
        found = (first, again, elsewhere, asks)
        return {one for one in found if f"review-{one.pk}" in html}

    assert shown("") == {first, again, elsewhere, asks}
    assert shown(f"course={other.pk}") == {elsewhere, asks}
    assert shown("language=python") == {first, again}
    assert shown("reason=HELD") == {elsewhere}
    assert shown("age=168") == {first}
    assert shown("again=on") == {again, asks}
    assert shown("help=on") == {asks}
    assert shown("help=on&language=python") == set()
    nonsense = "course=none&language=x&reason=%2728&age=9999&page=abc&show=x&help="
    assert shown(nonsense) == {first, again, elsewhere, asks}


def test_a_claimed_row_says_who_and_since_when(kim, lee, ada, assignment, as_):
    theirs, mine, over = (waiting(ada, assignment) for _ in range(3))
    reviews.claim(theirs.pk, lee)
    reviews.claim(mine.pk, kim)
    run_out(reviews.claim(over.pk, lee))
    html = text(as_(kim).get(QUEUE))
    assert "<bdi>Lee</bdi>, since" in html
    assert "<strong>You</strong>, since" in html
    assert html.count("data-claim") == 1


def test_own_work_is_not_offered(kim, course, assignment, as_):
    Enrollment.objects.create(user=kim, course=course)
    waiting(kim, assignment)
    html = text(as_(kim).get(QUEUE))
    assert "Your own work" in html
    assert "data-claim" not in html
    assert as_(kim).post(NEXT).headers["Location"].startswith(QUEUE)


def test_review_next_claims_the_first_free_one(kim, lee, ada, assignment, as_):
    taken, free = waiting(ada, assignment, hours=9), waiting(ada, assignment, hours=5)
    waiting(ada, assignment)
    reviews.claim(taken.pk, lee)
    answer = as_(kim).post(NEXT)
    assert (answer.status_code, answer.headers["Location"]) == (303, desk_of(free))
    free.refresh_from_db()
    assert free.reviewer == kim


def test_review_next_of_a_filter_takes_one_of_those(kim, ada, assignment, as_):
    waiting(ada, assignment, hours=9)
    wanted = waiting(ada, assignment, Reason.HELD)
    assert as_(kim).post(NEXT, {"reason": "HELD"}).headers["Location"] == desk_of(wanted)
    assert as_(kim).post(NEXT, {"reason": "HELP"}).headers["Location"] == f"{QUEUE}?reason=HELP"


def test_only_the_filter_goes_back_into_the_address(kim, as_):
    given = {"reason": "HELP", "age": "9999", "page": "3", "text": "x" * 5000, "next": "//evil"}
    assert as_(kim).post(NEXT, given).headers["Location"] == f"{QUEUE}?reason=HELP"


def test_nothing_to_review_next_is_said(kim, as_):
    answer = as_(kim).post(NEXT, follow=True)
    assert "Nothing is free to review now." in text(answer)
    assert "Nothing waiting" in text(answer)


def test_a_row_is_claimed_in_its_place_or_leads_to_the_desk(kim, lee, ada, assignment, as_):
    review = waiting(ada, assignment)
    row = as_(kim).post(f"{desk_of(review)}claim/", headers={"HX-Request": "true"})
    assert "<strong>You</strong>, since" in text(row)
    assert text(row).lstrip().startswith("<tr")
    late = as_(lee).post(f"{desk_of(review)}claim/", headers={"HX-Request": "true"})
    assert (late.status_code, "<bdi>Kim</bdi>" in text(late)) == (409, True)
    assert as_(kim).post(f"{desk_of(review)}claim/").headers["Location"] == desk_of(review)


def test_what_was_sent_is_on_a_list_of_its_own(kim, ada, assignment, as_):
    review = decide(waiting(ada, assignment), kim)
    assert f"review-{review.pk}" not in text(as_(kim).get(QUEUE))
    html = text(as_(kim).get(f"{QUEUE}?show=sent"))
    assert f"review-{review.pk}" in html
    assert "Changes" in html


def test_the_list_is_asked_for_anew_alone(kim, ada, assignment, as_):
    waiting(ada, assignment)
    part = as_(kim).get(QUEUE, headers={"HX-Request": "true"})
    assert text(part).lstrip().startswith('<div class="stack" id="queue"')
    assert "HX-Request" in part.headers["Vary"]


def test_a_second_page_keeps_the_filter(kim, ada, assignment, as_):
    for _ in range(31):
        waiting(ada, assignment, Reason.HELD)
    html = text(as_(kim).get(f"{QUEUE}?reason=HELD"))
    assert 'href="?reason=HELD&amp;page=2"' in html
    assert text(as_(kim).get(f"{QUEUE}?reason=HELD&page=2")).count("data-row") == 1


@pytest.mark.parametrize("show", ["", "sent"])
def test_the_page_asks_as_often_for_more(
    show, kim, ada, assignment, as_, django_assert_max_num_queries
):
    browser, asked = as_(kim), []
    browser.get(QUEUE)
    for count in (1, 12):
        for _ in range(count):
            review = waiting(ada, assignment)
            if show:
                decide(review, kim)
        with django_assert_max_num_queries(9) as queries:
            browser.get(f"{QUEUE}?show={show}")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_wrong_methods_and_unknown_reviews_are_refused(kim, as_):
    missing = f"{QUEUE}0198c0de-0000-7000-8000-000000000000/"
    assert as_(kim).post(QUEUE).status_code == 405
    assert as_(kim).get(NEXT).status_code == 405
    assert as_(kim).get(missing).status_code == 404
    for verb in ("claim", "undo", "answers"):
        assert as_(kim).post(f"{missing}{verb}/").status_code == 404
        assert as_(kim).get(f"{missing}{verb}/").status_code == 405
