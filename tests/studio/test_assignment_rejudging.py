"""The page on which submissions are judged again: what stays, what could not be judged."""

import pytest

from assessments import rejudging, rejudgings
from assessments.models import Rejudging, Submission
from assessments.rejudging import judge_again
from assessments.running import RunnerFailed
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment
from tests.studio.test_assignment_pages import hand_in, rewrite, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def page(assignment):
    return f"/studio/assignments/{assignment.pk}/"


@pytest.fixture
def kept(assignment, ada):
    """One that would be lower, and stays, after all was judged again."""
    submission = hand_in(ada, assignment, RIGHT)
    rewrite(assignment, large=7)
    judge_again(rejudgings.ask(assignment, None, preview=False).pk)
    return submission


def test_what_stays_is_said_and_warns_no_more(desk, kept, page):
    assert "judged by other cases" not in text(desk.get(page))
    html = text(desk.get(f"{page}rejudge/"))
    assert "1 submission would be lower by the cases of today and stays as it is." in html
    assert "<strong>1</strong> would be lower and stayed" in html
    assert "Work out what would change" not in html
    assert "Nothing to judge again" not in html


def test_what_stays_may_be_lowered_afterwards_with_a_reason(desk, kept, page):
    address = f"{page}rejudge/"
    for form in ({}, {"lower": "on", "reason": " "}):
        assert desk.post(address, {"do": "judge", **form}).status_code == 422
    assert "nothing else is left to be judged again" in text(desk.post(address, {"do": "judge"}))
    assert Rejudging.objects.count() == 1
    form = {"do": "judge", "lower": "on", "reason": "The case was wrong."}
    assert desk.post(address, form).status_code == 303
    judge_again(Rejudging.objects.first().pk)
    kept.refresh_from_db()
    assert kept.percent == 60
    html = text(desk.get(address))
    assert "<strong>1</strong> went down" in html
    assert "Judge again</button>" not in html


def test_what_could_not_be_judged_is_said(desk, assignment, page, ada, monkeypatch):
    def fails(*_):
        raise RunnerFailed("The engine <broke>.")

    hand_in(ada, assignment, WRONG)
    rewrite(assignment, small=-1)
    monkeypatch.setattr(rejudging, "run_cases", fails)
    judge_again(rejudgings.ask(assignment, None).pk)
    html = text(desk.get(f"{page}rejudge/"))
    assert "<strong>1</strong> could not be judged" in html
    assert "<strong>0</strong> would go up" in html
    assert "through a fault of ours: The engine &lt;broke&gt;." in html
    assert ">20%<" in html
    assert "ada@example.org" in html


def test_while_it_is_at_work_the_page_says_how_far(desk, assignment, page, ada):
    for _ in range(3):
        hand_in(ada, assignment, WRONG)
    rewrite(assignment, small=-1)
    row = rejudgings.ask(assignment, None)
    first = Submission.objects.earliest("pk")
    Rejudging.objects.filter(pk=row.pk).update(looked_at=1, reached=first.pk)
    assert "1 looked at, 2 to go" in text(desk.get(f"{page}rejudge/"))


def test_the_page_asks_as_often_for_more_changes(
    desk, assignment, page, ada, django_assert_num_queries
):
    for _ in range(2):
        hand_in(ada, assignment, WRONG)
    rewrite(assignment, small=-1)
    row = judge_again(rejudgings.ask(assignment, None).pk)
    assert len(row.changes) == 2
    desk.get(page)  # what the first page of a session asks
    for changes in (row.changes, row.changes[:1]):
        Rejudging.objects.update(changes=changes)
        with django_assert_num_queries(10):
            desk.get(f"{page}rejudge/")


def test_names_are_not_kept_with_what_changed(assignment, ada):
    hand_in(ada, assignment, WRONG)
    rewrite(assignment, small=-1)
    row = judge_again(rejudgings.ask(assignment, None).pk)
    assert ada.email not in str(row.changes)
    assert set(rejudgings.people_of(row.changes).values()) == {ada.email}
