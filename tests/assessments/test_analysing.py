"""What the rules say of judged code, written once, beside the verdict."""

import pytest

from assessments import analysing, grading, submissions
from assessments.analyser import AnalyserFailed
from assessments.models import Submission, SubmissionAnalysis
from tests.assessments.code_builders import RIGHT, make_assignment


@pytest.fixture
def hand_in(ada, lessons):
    assignment = make_assignment(lessons[0].module)

    def hand_in(source, *, graded=True):
        submission = submissions.submit(ada, assignment, source, graded=graded)
        grading.grade(submission.pk)
        return Submission.objects.get(pk=submission.pk)

    return hand_in


def test_judged_code_is_analysed_once_and_its_verdict_stays(hand_in):
    submission = hand_in("def add(a, b):\n    unused = 1\n    return a - b\n")
    analysis = analysing.analyse(submission.pk)
    assert analysis.kind == "RULES"
    said = analysis.remarks.filter(section="SUGGESTION")
    assert said.filter(line=2, drafted="", verdict="UNDECIDED").exists()
    assert list(analysis.remarks.values_list("position", flat=True)) == list(
        range(1, analysis.remarks.count() + 1)
    )
    assert analysis.overall is None
    assert analysing.analyse(submission.pk) is None
    assert SubmissionAnalysis.objects.count() == 1
    again = Submission.objects.get(pk=submission.pk)
    assert (again.percent, again.finished_at) == (submission.percent, submission.finished_at)


def test_its_form_is_kept_for_those_whose_code_is_alike(hand_in):
    one = analysing.analyse(hand_in("def add(a, b):\n    result = a + b\n    return result\n").pk)
    other = analysing.analyse(hand_in("def add(x, y):\n\n    z = x + y\n    return z\n").pk)
    assert len(one.form) == 64
    assert one.form == other.form
    other.refresh_from_db()
    assert [line for line, _ in other.form_places][:3] == [1, 3, 4]
    assert analysing.analyse(hand_in(RIGHT).pk).form == ""


def test_code_that_cannot_be_read_is_told_so(hand_in):
    analysis = analysing.analyse(hand_in("def add(a, b:\n").pk)
    assert analysis.overall is None
    assert analysis.text.startswith("The rules could not read this code")
    assert analysis.form == ""


def test_a_run_is_not_analysed(hand_in):
    assert analysing.analyse(hand_in(RIGHT, graded=False).pk) is None


def test_what_waits_for_its_verdict_is_not_analysed(ada, lessons):
    assignment = make_assignment(lessons[0].module)
    waiting = submissions.submit(ada, assignment, RIGHT, graded=True)
    assert analysing.analyse(waiting.pk) is None


def test_a_lost_message_is_found(hand_in):
    submission = hand_in(RIGHT)
    assert analysing.overdue() == []
    Submission.objects.update(finished_at=submission.finished_at - 2 * analysing.LATE)
    assert analysing.overdue() == [submission.pk]


def test_a_language_without_rules_is_left_alone(hand_in):
    submission = hand_in(RIGHT)
    submission.assignment.language = "java"
    submission.assignment.save()
    assert analysing.analyse(submission.pk) is None


def test_code_that_the_rules_never_get_through_with_is_told_so_in_the_end(hand_in, monkeypatch):
    def fail(*_, **__):
        raise AnalyserFailed("out of memory")

    monkeypatch.setattr(analysing, "analyse_apart", fail)
    submission = hand_in(RIGHT)
    with pytest.raises(AnalyserFailed):
        analysing.analyse(submission.pk)
    Submission.objects.update(finished_at=submission.finished_at - 2 * analysing.LAST_TRY)
    assert analysing.analyse(submission.pk).text == analysing.NOT_DONE
    assert analysing.overdue() == []


def test_what_was_given_to_begin_with_is_nobodys_own(hand_in):
    given = "".join(f"amount_{number} = {number}\n" for number in range(9))
    submission = hand_in(f"{given}{RIGHT}")
    assert analysing.analyse(submission.pk).overall is not None
    SubmissionAnalysis.objects.all().delete()
    submission.assignment.starter = given
    submission.assignment.save()
    analysis = analysing.analyse(submission.pk)
    assert (analysis.overall, analysis.readability) == (None, None)
    assert not analysis.remarks.filter(section="STRENGTH").exists()
