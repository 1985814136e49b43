"""Locks and prices before enrolling, and doors that close and open again with the plan."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from billing.models import Customer, Plan, Price, Subscription
from billing.models.subscriptions import GRACE
from courses.models import Course, Lesson, ProgrammingLanguage
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from progress.models import LessonProgress
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.billing.rows import make_subscription
from tests.conftest import make_course

HOME, COURSE = "/classroom/courses/python-basics/", "/courses/python-basics/"
LESSON = f"{HOME}lessons/lesson-1/"
EURO = {"Accept-Language": "en-DE"}


def text_of(answer) -> str:
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_lock_and_price_stand_on_every_page_before_enrolling(client, bob, as_, pro, sold):
    language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    Course.objects.update(language=language)
    for browser in (client, as_(bob)):
        for address in ("/courses/", "/languages/python/", COURSE):
            assert "Pro · 12 € a month" in text_of(browser.get(address, headers=EURO)), address
        page = text_of(browser.get(COURSE, headers={"Accept-Language": "en-US"}))
        assert "Pro · $15 a month" in page
        assert "Renews by itself until you cancel." in page
        assert 'href="/pricing/?course=python-basics">See plans' in page
        assert 'name="wanted" value="1"' not in page
    assert "Pro · 12 € a month" in text_of(client.get("/", headers=EURO))


def test_where_it_is_not_sold_the_page_says_whom_to_ask(client, bob, as_, pro):
    told = "This course needs Pro. This school does not sell plans; ask the school for access."
    for browser in (client, as_(bob)):
        page = text_of(browser.get(COURSE))
        assert told in page
        assert "/pricing/" not in page
        assert "Renews" not in page


def test_whoever_holds_the_plan_is_told_that_it_is_included(bob, as_, pro, sold):
    make_subscription(bob, sold)
    browser = as_(bob)
    assert "Pro, included" in text_of(browser.get("/courses/"))
    page = text_of(browser.get(COURSE))
    assert "<strong>Included</strong> in your plan" in page
    assert browser.post(f"{COURSE}enrollment/", {"wanted": "1"}).status_code == 303
    assert browser.get(HOME).status_code == 200


def test_who_turned_back_before_paying_has_nothing_to_renew(bob, as_, pro, sold):
    Customer.objects.create(user=bob)
    page = text_of(as_(bob).get(COURSE))
    assert "Renew" not in page.replace("Renews by itself", "")
    assert 'href="/pricing/?course=python-basics">See plans' in page


def test_a_plan_that_is_not_sold_is_opened_by_the_next_one_that_is(client, pro, sold):
    Price.objects.filter(plan="PRO").update(is_offered=False)
    assert "Enterprise · 9 € a month for each seat" in text_of(client.get(COURSE, headers=EURO))
    Plan.objects.update(is_offered=False)
    assert "This school does not sell plans; ask" in text_of(client.get(COURSE, headers=EURO))


def test_the_plan_of_a_language_closes_all_its_courses(client, bob, as_, course, lessons, sold):
    language = ProgrammingLanguage.objects.create(name="Go", slug="go", required_plan="PRO")
    Course.objects.update(language=language)
    assert "All Go courses: Pro · 12 € a month" in text_of(
        client.get("/languages/go/", headers=EURO)
    )
    assert "Pro · 12 € a month" in text_of(client.get(COURSE, headers=EURO))
    assert "all of its courses" not in text_of(client.get("/languages/go/"))
    browser = as_(bob)
    assert "Follow Go</button>" in text_of(browser.get("/languages/go/"))
    assert browser.post(f"{COURSE}enrollment/", {"wanted": "1"}).status_code == 403
    assert not Enrollment.objects.filter(user=bob).exists()


def test_the_catalogue_can_be_asked_for_what_is_free_or_included(client, bob, as_, sold):
    go = ProgrammingLanguage.objects.create(name="Go", slug="go", required_plan="PRO")
    make_course("a", "Free one")
    make_course("b", "Pro one", required_plan="PRO")
    make_course("c", "Go one", language=go)
    make_course("d", "Team one", required_plan="ENTERPRISE")
    make_subscription(bob, sold)

    def found(browser, cost):
        page = text_of(browser.get("/courses/", {"cost": cost}))
        return {name for name in ("Free one", "Pro one", "Go one", "Team one") if name in page}

    everything = {"Free one", "Pro one", "Go one", "Team one"}
    assert found(client, "") == found(as_(bob), "") == everything
    assert found(client, "free") == found(client, "included") == found(as_(bob), "free")
    assert found(client, "free") == {"Free one"}
    assert found(as_(bob), "included") == everything - {"Team one"}
    assert "There is no cost “nothing”: ignored" in text_of(client.get("/courses/?cost=nothing"))
    assert 'name="cost"' in text_of(as_(bob).get("/courses/"))


def test_a_plan_lapses_and_everything_is_kept_until_it_is_renewed(
    ada, as_, course, lessons, sold, pro
):
    """The whole story of one subscription."""
    bought, browser = make_subscription(ada, sold), as_(ada)
    complete_lesson(ada, Lesson.objects.get(pk=lessons[0].pk))
    assert browser.get(LESSON).status_code == 200

    def stands(**change) -> int:
        Subscription.objects.filter(pk=bought.pk).update(**change)
        return browser.get(LESSON).status_code

    late = {"status": "past_due"}
    assert stands(**late, past_due_since=now() - GRACE + timedelta(minutes=1)) == 200
    assert stands(**late, past_due_since=now() - GRACE) == 403
    assert stands(status="active") == 200, "paid late"
    assert stands(status="active", cancels_at=now() + timedelta(days=3)) == 200
    assert stands(status="canceled", ended_at=now()) == 403
    for address, kept in ((LESSON, "Some text."), (HOME, "Learn it.")):
        answer = browser.get(address)
        page = text_of(answer)
        assert answer.status_code == 403
        for words in ("This course is part of the Pro plan.", "is kept", kept):
            assert words in page, (address, words)
        assert 'href="/billing/">Renew or change your plan' in page
        assert "See plans" not in page
    page = text_of(browser.get(COURSE))
    assert "All that you did here is kept" in page
    assert "1 of 3" in page
    assert "Open course" not in page
    assert browser.post(f"/lessons/{lessons[1].pk}/completion/", {"done": "1"}).status_code == 403
    assert LessonProgress.objects.filter(user=ada).count() == 1
    assert Enrollment.objects.get(user=ada).status == "ACTIVE"
    make_subscription(ada, sold)
    assert browser.get(LESSON).status_code == 200
    assert browser.post(f"/lessons/{lessons[1].pk}/completion/", {"done": "1"}).status_code == 303
    assert LessonProgress.objects.filter(user=ada).count() == 2


def test_many_locks_cost_as_much_as_one(bob, as_, sold):
    make_course("a", required_plan="PRO")
    browser = as_(bob)
    browser.get("/courses/")
    one = cost_of(browser, "/courses/")
    for number in range(8):
        make_course(f"b{number}", required_plan="PRO")
    assert cost_of(browser, "/courses/") == one


def test_doors_join_the_language(ada, as_, course, lessons):
    """A course that has one costs no query more than a course that has none."""
    quiz = make_quiz(lessons[0].module)
    task = make_assignment(lessons[0].module)
    browser = as_(ada)
    addresses = [LESSON, HOME, COURSE, quiz.get_absolute_url(), task.get_absolute_url()]
    for address in addresses:
        browser.get(address)
    without = {address: cost_of(browser, address) for address in addresses}
    language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    Course.objects.update(language=language)
    assert {address: cost_of(browser, address) for address in addresses} == without


def cost_of(browser, address) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)
