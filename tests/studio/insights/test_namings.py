"""Whom the list of students named, and what came of it: counted one by one; said on the page."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from assessments.models import Reply, SubmissionAnalysis
from progress import attention
from progress.models import AttentionMark, AttentionNaming, InsightCount
from studio import student_verbs
from studio.insights.counting import count_all, count_course
from studio.insights.namings import Namings, namings_of
from tests.studio.insights.conftest import NOW, make_learners, opened
from tests.studio.insights.histories import HISTORIES, Brute, ago, store
from tests.studio.insights.test_counting import EACH, undone
from tests.studio.insights.test_students import PAGE, found, quiet, stage, submission, text

__all__ = ["quiet", "stage"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MINUTES = st.one_of(
    st.integers(0, 75 * 24 * 60),
    st.sampled_from([days * 24 * 60 + more for days in (21, 180) for more in (-1, 0, 1)]),
)
# Of each kind of person of a history: when they were named, and when staff turned to them.
SAID = st.lists(
    st.tuples(
        st.lists(MINUTES, max_size=4, unique_by=lambda one: ago(one).date()),
        st.lists(MINUTES, max_size=2),
    ),
    min_size=5,
    max_size=5,
)


@EACH
@given(history=HISTORIES, said=SAID)
def test_what_came_of_it_is_what_one_by_one_comes_to(stage, history, said):
    with undone():
        store(history, *stage)
        for place, (named, contacted) in enumerate(said):
            for user in User.objects.filter(email__startswith=f"h{place}-", role="USER"):
                for one in named:
                    AttentionNaming.objects.create(user=user, course=stage[0], named_at=ago(one))
                for one in contacted:
                    attention.note_contact(user, stage[0], ago(one))
        count_course(stage[0], NOW)
        brute = Brute([], *stage[1:])
        ends = [
            end_of(brute.all_moments(person), *said[place])
            for place, person in enumerate(history)
            if not person.staff
            for _ in range(person.number)
        ]
        wanted = Namings(
            sum(end != "" for end in ends), ends.count("contacted"), ends.count("away")
        )
        assert namings_of(stage[0], NOW) == wanted


def end_of(moments, named, contacted):
    """The formula, over what is known of one person."""
    over = [ago(one) for one in named if 21 * DAY <= NOW - ago(one) < 180 * DAY]
    if not over:
        return ""
    first = min(over)
    if any(first <= ago(one) <= first + 21 * DAY for one in contacted):
        return "contacted"
    came_back = any(first < at <= first + 21 * DAY for at in moments)
    return "back" if came_back else "away"


def test_the_count_names_whom_the_list_names_and_nobody_twice_in_21_days(
    course, lessons, quiet, grace
):
    attention.set_aside(quiet[0], course, AttentionMark.Kind.NO_CONCERN, by=grace, at=NOW - DAY)
    [busy] = make_learners(course, 1, 5, start=100)
    opened(busy, lessons[0], NOW - DAY)
    named = AttentionNaming.objects.order_by("user", "named_at").values_list("user", "named_at")
    listed = sorted(one.pk for one in found(course, "attention").rows)
    for _ in range(2):
        count_course(course, NOW)
        assert list(named.all()) == [(key, NOW) for key in listed]
        assert InsightCount.objects.get(course=course).attention == len(listed) == 2
    later = NOW + 21 * DAY
    count_course(course, later - timedelta(minutes=1))
    anew = {key for key, at in named.all() if at > NOW}
    assert anew == {busy.pk}
    count_course(course, later)
    assert {key for key, at in named.all() if at == later} == {*listed}


def test_a_reply_to_feedback_is_coming_back(stage):
    course, _, assignment, _ = stage
    [user] = make_learners(course, 1, 60)
    work = submission(user, assignment, NOW - 40 * DAY)
    words = SubmissionAnalysis.objects.create(submission=work, kind="MANUAL")
    naming = AttentionNaming.objects.create(user=user, course=course, named_at=NOW - 30 * DAY)
    reply = Reply.objects.create(analysis=words, author=user, text="Why?")
    for moment, seen in ((NOW - 31 * DAY, None), (NOW - 9 * DAY, NOW - 9 * DAY)):
        Reply.objects.filter(pk=reply.pk).update(created_at=moment)
        count_course(course, NOW)
        naming.refresh_from_db()
        assert naming.came_back_at == seen


def test_contacting_and_taking_out_are_noted_within_21_days_and_once(course, quiet, root):
    contacted, unconcerned, late, taken_out = *quiet, *make_learners(course, 1, 60, start=100)
    for user in (contacted, unconcerned, late, taken_out):
        AttentionNaming.objects.create(user=user, course=course, named_at=NOW)
    kinds = AttentionMark.Kind
    attention.set_aside(contacted, course, kinds.CONTACTED, by=root, at=NOW + 2 * DAY)
    attention.set_aside(contacted, course, kinds.CONTACTED, by=root, at=NOW + 12 * DAY)
    attention.set_aside(unconcerned, course, kinds.NO_CONCERN, by=root, at=NOW + DAY)
    attention.set_aside(late, course, kinds.CONTACTED, by=root, at=NOW + 22 * DAY)
    AttentionNaming.objects.filter(user=taken_out).update(named_at=now() - DAY)
    student_verbs.take_out(course, [taken_out], root)
    noted = dict(AttentionNaming.objects.values_list("user", "contacted_at"))
    assert noted.pop(taken_out.pk) is not None
    assert noted == {contacted.pk: NOW + 2 * DAY, unconcerned.pk: None, late.pk: None}


def named(course, users, *, contacted=0, back=0):
    """They were named 30 days ago: some were contacted, others came back, the rest did not."""
    at = now() - 30 * DAY
    for place, user in enumerate(users):
        AttentionNaming.objects.create(
            user=user, course=course, named_at=at,
            contacted_at=at + DAY if place < contacted else None,
            came_back_at=at + DAY if contacted <= place < contacted + back else None,
        )  # fmt: skip


def test_the_page_says_what_came_of_it(desk, course):
    named(course, make_learners(course, 14, 60), contacted=2, back=5)
    assert "21 days" not in text(desk.get(PAGE))  # Nobody has counted who came back.
    count_all([course])
    html = text(desk.get(PAGE))
    said = "Of 14 named here at least 21 days ago, in the whole course, 2 were contacted within"
    assert said in html
    assert "Of the other 12, 7 did not come back in that time (58%)." in html


def test_of_few_it_says_counts_and_of_nobody_nothing(desk, course):
    few = make_learners(course, 7, 60)
    count_all([course])
    assert "21 days" not in text(desk.get(PAGE))
    named(course, few, contacted=1, back=4)
    html = text(desk.get(PAGE))
    assert "Of the other 6, 2 did not come back in that time.</p>" in html
    AttentionNaming.objects.update(contacted_at=NOW)
    assert "7 were contacted within 21 days.</p>" in text(desk.get(PAGE))
