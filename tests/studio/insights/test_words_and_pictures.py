"""Shares, medians, flags, charts, files: what is computed without the database."""

from datetime import date, timedelta
from fractions import Fraction
from math import isclose
from statistics import median
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.models import Lesson
from studio.insights import charts
from studio.insights.funnel import Stage
from studio.insights.lessons import Counted, LessonNumbers, flagged, stuck_among
from studio.insights.shares import HALF, Share, quantile, wilson
from studio.insights.sheets import harmless, sheet
from studio.insights.waits import Wait, Waits
from studio.pages.insights_reviews import ReviewsPage

EACH = settings(derandomize=True, deadline=None)
COUNTED = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 9)), max_size=8)


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [
        (0, 0, "–"), (3, 7, "3 of 7"), (9, 9, "9 of 9"), (0, 10, "0%"), (10, 10, "100%"),
        (1, 1000, "<1%"), (999, 1000, ">99%"), (31, 100, "31%"), (1234, 9, "1,234 of 9"),
    ],
)  # fmt: skip
def test_of_fewer_than_ten_there_is_no_rate(count, of, said):
    assert Share(count, of).text == said


@pytest.mark.parametrize(("people", "said"), [(1, None), (9, None), (10, 3.4)])
def test_of_fewer_than_ten_no_median_is_said(people, said):
    assert Stage("started", people, 30, 30, people, 30, tenths=34).days == said
    wait = Wait(people, people, timedelta(hours=3), timedelta(hours=4))
    assert (wait.half, wait.most) == ((wait.median, wait.p90) if said else (None, None))


def test_weeks_of_too_few_reviews_are_no_points_of_the_line():
    few, enough = (Wait(n, n, timedelta(hours=3), timedelta(hours=4)) for n in (9, 10))
    monday = date(2026, 3, 2)

    def line_of(*waits):
        weeks = [(monday + n * timedelta(days=7), wait) for n, wait in enumerate(waits)]
        return ReviewsPage(30, Waits(9, 0, few, few, few, weeks), None).line

    assert line_of(few, few, enough) is None
    assert line_of(enough, few, enough).count("<circle") == 2


@given(st.data())
@EACH
def test_the_interval_holds_the_share_and_is_that_of_wilson(data):
    n = data.draw(st.integers(1, 100_000))
    k = data.draw(st.integers(0, n))
    low, high = wilson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1
    # The ends are where the share is 1.96 standard errors from what was seen.
    for end in (low, high):
        if 1e-9 < end < 1 - 1e-9:
            assert isclose(abs(k / n - end), 1.96 * (end * (1 - end) / n) ** 0.5, rel_tol=1e-6)


@given(COUNTED, st.fractions(0, 1))
@EACH
def test_a_quantile_is_the_least_value_that_so_many_do_not_exceed(counted, share):
    values = sorted(value for value, number in counted for _ in range(number))
    found = quantile(counted, share)
    if not values:
        assert found is None
    else:
        reaching = [v for v in values if sum(x <= v for x in values) >= len(values) * share]
        assert found == min(reaching)


NUMBERS = st.builds(
    lambda ripe, idle, tried, stuck, minutes, planned: LessonNumbers(
        Lesson(title="L", minutes=planned), 1, 100,
        Counted(opened=ripe + 5, ripe=ripe, idle=min(idle, ripe), tried=tried,
                stuck=min(stuck, tried)),
        [(minutes, ripe + 5)],
    ),
    st.integers(0, 60), st.integers(0, 60), st.integers(0, 40), st.integers(0, 40),
    st.integers(0, 40), st.integers(0, 20),
)  # fmt: skip


@given(st.lists(NUMBERS, max_size=8))
@EACH
def test_a_lesson_is_flagged_by_the_three_rules_and_no_other(lessons):
    rates = [Fraction(x.counted.idle, x.counted.ripe) for x in lessons if x.counted.ripe]
    usual = median(rates) if rates else 0
    for one in flagged(lessons):
        counted, kinds = one.counted, {reason.kind for reason in one.reasons}
        drops = counted.ripe >= 20 and (
            Fraction(counted.idle, counted.ripe) >= usual + Fraction(1, 10)
            and wilson(counted.idle, counted.ripe)[0] > usual
        )
        spent = quantile(one.minutes, HALF)
        slow = counted.opened >= 20 and one.lesson.minutes and spent >= 2 * one.lesson.minutes
        stuck = counted.tried >= 20 and counted.stuck * 10 >= counted.tried * 3
        planned = one.lesson.minutes if counted.opened >= 10 else 0
        assert one.times == (spent / planned if planned else None)
        assert kinds == {
            name for name, holds in (("DROP", drops), ("SLOW", slow), ("STUCK", stuck)) if holds
        }


def test_those_that_affect_most_people_come_first():
    lessons = flagged(
        LessonNumbers(
            Lesson(title=name, minutes=5), place, 100,
            Counted(opened=opened, ripe=opened, idle=idle),
        )
        for place, (name, opened, idle) in enumerate(
            [("few", 20, 15), ("many", 90, 50), ("none", 80, 0), ("no", 70, 0), ("nil", 60, 0)]
        )
    )  # fmt: skip
    found = stuck_among(lessons)
    assert [one.lesson.title for one in found] == ["many", "few"]
    assert found[0].affected == 50


@pytest.mark.parametrize(
    ("draw", "rows"),
    [
        (charts.bars, [charts.Bar("<b>&", 0.5, "1%"), charts.Bar("x" * 200, 7.0, "2", True)]),
        (charts.funnel, [charts.Bar("all", 1, "9"), charts.Bar("some", 0.25, "2")]),
        (charts.line, [charts.Point("Mon", 0, "0"), charts.Point("Tue", 1e9, "1,000,000,000")]),
        (charts.line, [charts.Point("only", 3, "3")]),
        (charts.bars, []), (charts.funnel, []), (charts.line, []),
    ],
)  # fmt: skip
def test_a_chart_is_well_formed_named_and_bounded(draw, rows):
    root = ElementTree.fromstring(draw("k", "A <title>", "What it says", rows))  # noqa: S314
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "k-title k-desc"
    assert root.find("title").text == "A <title>"
    assert root.find("desc").text == "What it says"
    labels = [one.text for one in root.iter("bdi")]
    assert labels == [row.label for row in rows if isinstance(row, charts.Bar)]
    for shape in root.iter("rect"):
        assert 0 <= float(shape.get("width").rstrip("%")) <= charts.REACH
    for dot in root.iter("circle"):
        assert 0 <= float(dot.get("cy")) <= charts.HIGH


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_cell_begins_like_a_formula(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"


def test_numbers_stay_numbers_and_letters_stay_letters():
    said = sheet(["a", "b", "c"], [[-3, 0.25, "Ünï, “x”"], [None, 1.0, "a\x00b"]])
    assert said.decode("utf-8-sig") == 'a,b,c\r\n-3,0.25,"Ünï, “x”"\r\n,1,ab\r\n'
