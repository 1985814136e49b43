"""A reviewer's remark for all whose code is alike: who gets it, at which line, and when."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from assessments import alike, analysing
from assessments.models import Remark, Review, Submission, SubmissionAnalysis
from tests.assessments.code_builders import make_assignment

CODE = "def add(a, b):\n    result = a + b\n    return result\n"
SAME = "# Mine\ndef add(x, y):\n\n    # together\n    z = x + y\n    return z\n"
OTHER = "def add(a, b):\n    result = a - b\n    return result\n"


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def hand_in(assignment):
    """Judged code of somebody, with what the rules say of it."""

    def hand_in(user, source, of=assignment):
        one = Submission.objects.create(
            user=user, assignment=of, source=source, is_graded=True, status="PASSED",
            number=Submission.objects.filter(user=user, assignment=of).count() + 1,
            percent=100, points=5, out_of=5, revision=1, finished_at=now(),
        )  # fmt: skip
        analysing.analyse(one.pk)
        return one

    return hand_in


@pytest.fixture
def review(grace):
    """Words of Grace about a submission, a minute ago, and one remark for all."""

    def review(submission, *lines, text="Return it at once.", sent=-1, **fields):
        moment = now() + timedelta(minutes=sent)
        Review.objects.create(
            submission=submission, reason="STAFF", reviewer=grace, decision="ACCEPTED",
            decided_at=moment, sent_at=moment,
        )  # fmt: skip
        analysis = SubmissionAnalysis.objects.create(submission=submission, kind="MANUAL")
        values = {"section": "SUGGESTION", "for_alike": True, **fields}
        for position, line in enumerate(lines, 1):
            Remark.objects.create(
                analysis=analysis, line=line, text=text, position=position, **values
            )

    return review


def told(submission):
    return [(one.line, one.text) for one in alike.remarks_for(submission)]


def test_a_remark_is_shown_at_the_line_that_is_the_same(ada, bob, hand_in, review):
    review(hand_in(ada, CODE), 2, None)
    mine = hand_in(bob, SAME)
    assert told(mine) == [(5, "Return it at once."), (None, "Return it at once.")]
    assert {one.reviewer for one in alike.remarks_for(mine)} == {"Grace"}


def test_it_is_shown_to_those_who_come_later_too_and_asks_twice(
    ada, bob, hand_in, review, django_assert_num_queries
):
    mine = hand_in(bob, SAME)
    with django_assert_num_queries(2):
        assert told(mine) == []
    review(hand_in(ada, CODE), 1, 2, 3)
    with django_assert_num_queries(2):
        assert [line for line, _ in told(mine)] == [2, 5, 6]


def test_other_code_and_other_assignments_have_no_part_in_it(ada, bob, hand_in, review, lessons):
    review(hand_in(ada, CODE), 2)
    assert told(hand_in(bob, OTHER)) == []
    another = make_assignment(lessons[0].module, "adding-again")
    assert told(hand_in(bob, CODE, another)) == []


def test_the_submission_it_was_said_of_has_it_from_its_review(ada, hand_in, review):
    mine = hand_in(ada, CODE)
    review(mine, 2)
    assert told(mine) == []


def test_what_can_still_be_taken_back_is_not_shown(ada, bob, hand_in, review):
    review(hand_in(ada, CODE), 2, sent=1)
    mine = hand_in(bob, SAME)
    assert told(mine) == []
    Review.objects.update(decided_at=now(), sent_at=now())
    assert len(told(mine)) == 1


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"for_alike": False}, False),
        ({"drafted": "Words.", "verdict": "UNDECIDED"}, False),
        ({"drafted": "Words.", "verdict": "DISCARDED"}, False),
        ({"drafted": "Words.", "verdict": "ACCEPTED"}, True),
        ({"drafted": "Words.", "verdict": "EDITED"}, True),
    ],
)
def test_only_what_was_sent_and_meant_for_all_is_shown(ada, bob, hand_in, review, fields, shown):
    review(hand_in(ada, CODE), 2, **fields)
    assert bool(told(hand_in(bob, SAME))) is shown


def test_a_review_that_is_a_draft_again_is_not_shown(ada, bob, hand_in, review):
    review(hand_in(ada, CODE), 2)
    SubmissionAnalysis.objects.feedback().update(kind="AI", drafted={})
    assert told(hand_in(bob, SAME)) == []


def test_what_was_said_twice_is_shown_once(ada, bob, root, hand_in, review):
    review(hand_in(ada, CODE), 2)
    review(hand_in(root, SAME), 5, 6)
    assert [line for line, _ in told(hand_in(bob, CODE))] == [2, 3]


def test_too_little_code_has_no_form_and_gets_nothing(ada, bob, hand_in, review):
    little = "def add(a, b):\n    return a + b\n"
    review(hand_in(ada, little), 2)
    mine = hand_in(bob, little)
    assert told(mine) == []
    assert alike.count_alike(mine) == 0


def test_the_desk_is_told_how_many_others_it_would_reach(
    ada, bob, grace, root, hand_in, django_assert_num_queries
):
    mine = hand_in(ada, CODE)
    hand_in(ada, SAME)
    assert alike.count_alike(mine) == 0
    hand_in(bob, SAME)
    hand_in(bob, CODE)
    hand_in(grace, OTHER)
    hand_in(root, CODE)
    with django_assert_num_queries(1):
        assert alike.count_alike(mine) == 1
