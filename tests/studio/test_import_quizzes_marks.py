"""What an import means for attempts made before: marked anew with consent, and never in silence."""

import pytest

from assessments.models import Attempt, Question, Quiz
from studio.importing.marks import Marks
from studio.importing.quizzes import QuizImport
from studio.importing.refusal import ImportRefused
from tests.studio.test_import_folder import bring
from tests.studio.test_import_quizzes import CHECK, attempt_of, change, folder, question

pytestmark = pytest.mark.django_db
__all__ = ["folder"]
TEXT = "    type: text\n    accept: [leaf, leaves]\n    match_case: true\n"
NUMBER = '    type: numeric\n    bank: degrees\n    accept: ["273,15"]\n'
OPEN = "    type: open\n    model_answer: A leaf.\n"


@pytest.mark.parametrize(("key", "before"), [("leaf", TEXT), ("kelvin", NUMBER)])
def test_what_was_asked_cannot_become_an_open_question(folder, key, before):
    bring(folder)
    change(folder, "banks: {degrees: 1}", "banks: {degrees: 2}")
    bring(folder)
    change(folder, "banks: {degrees: 2}", "banks: {degrees: 1}")
    attempt_of(Quiz.objects.get(), leaf="leaf", kelvin="273.15")
    change(folder, before, OPEN)
    with pytest.raises(ImportRefused, match="cannot become one of another type"):
        bring(folder, regrade=True)
    assert question(key).points == 1


def test_an_open_question_that_was_asked_cannot_become_a_text(folder):
    bring(folder)
    attempt_of(Quiz.objects.get(), why="So.")
    change(folder, "    type: open\n    model_answer: Because *of taste*.\n", TEXT)
    with pytest.raises(ImportRefused, match="cannot become one of another type"):
        bring(folder, regrade=True)


def test_what_was_asked_may_change_inside_its_family(folder):
    bring(folder)
    attempt_of(Quiz.objects.get(), leaf="3")
    change(folder, TEXT, "    type: numeric\n    accept: 3\n")
    assert bring(folder, regrade=True).raised == 1
    assert question("leaf").kind == Question.Kind.NUMERIC


def test_a_run_that_was_stopped_before_marking_is_made_good_by_the_next(folder, monkeypatch):
    bring(folder)
    attempt = attempt_of(Quiz.objects.get(), leaf="herb")
    change(folder, "accept: [leaf, leaves]", "accept: [leaf, herb]")

    def stop(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(Marks, "mark_anew", stop)
        with pytest.raises(KeyboardInterrupt):
            bring(folder, regrade=True)
    attempt.refresh_from_db()
    assert attempt.percent == 0
    report = bring(folder, regrade=True, dry_run=True)
    assert (report.changes, report.raised) == (0, 1)
    report = bring(folder, regrade=True)
    assert report.changes == 0
    assert report.summary.endswith(" 1 attempt raised.")
    attempt.refresh_from_db()
    assert attempt.percent == 20
    assert bring(folder, regrade=True).raised == 0


def test_without_consent_nothing_is_marked_anew(folder):
    bring(folder)
    attempt = attempt_of(Quiz.objects.get(), leaf="herb")
    Question.objects.filter(key="leaf").update(accept=["herb"])
    report = bring(folder)
    assert report.raised is None
    attempt.refresh_from_db()
    assert attempt.percent == 0


def test_another_passing_score_is_told_with_what_it_leaves_as_it_is(folder):
    bring(folder)
    quiz = Quiz.objects.get()
    attempt = attempt_of(quiz, boils=["hundred"], leaf="leaf")
    attempt_of(quiz, name="Kim", submit=False)
    assert (attempt.percent, attempt.passed) == (40, False)
    change(folder, "pass: 60", "pass: 40")
    (warning,) = bring(folder).warnings
    assert (warning.code, warning.path) == ("pass", CHECK)
    assert warning.message.startswith("1 attempt was marked by the old passing score: --regrade")
    attempt.refresh_from_db()
    assert not attempt.passed
    report = bring(folder, regrade=True)
    assert (report.warnings, report.raised) == ([], 1)
    attempt.refresh_from_db()
    assert attempt.passed


def test_a_passing_score_that_nobody_was_marked_by_changes_in_silence(folder):
    bring(folder)
    attempt_of(Quiz.objects.get(), submit=False)
    change(folder, "pass: 60", "pass: 40")
    assert bring(folder).warnings == []


def test_a_passing_score_left_as_the_site_has_it_is_no_change(folder):
    bring(folder)
    attempt_of(Quiz.objects.get())
    Quiz.objects.update(pass_percent=50)
    change(folder, "pass: 60", "pass: 40")
    assert bring(folder).warnings == []


def test_whoever_is_asked_while_the_import_runs_gets_the_new_key(folder, monkeypatch):
    bring(folder)
    change(folder, "accept: [leaf, leaves]", "accept: [leaf, herb]")
    write = QuizImport.write

    def write_late(self):
        attempt_of(Quiz.objects.get(), leaf="herb")
        write(self)

    monkeypatch.setattr(QuizImport, "write", write_late)
    assert bring(folder).raised == 1
    assert Attempt.objects.get().percent == 20
