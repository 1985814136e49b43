"""Importing a quiz in which people have written on the site: what stays theirs, and who is told."""

import pytest

from assessments.models import Bank, Option, Question, Quiz
from assessments.questions import faults_of_options, faults_of_question
from courses.models import Course, Lesson
from studio.importing.folder.course import CourseFolder
from studio.importing.refusal import ImportRefused
from tests.assessments.builders import make_quiz
from tests.studio.test_bad_sources import source
from tests.studio.test_import_folder import COURSE, bring, lesson, told, write
from tests.studio.test_import_quizzes import CHECK, QUIZ, change, folder, question

pytestmark = pytest.mark.django_db
__all__ = ["folder"]
STAYS = (
    f'{CHECK}: The bank "degrees" is not in the file: it stays for questions of the site, '
    "which every attempt would ask without it."
)


def take_bank_out(folder, *, questions=False):
    change(folder, "banks: {degrees: 1}\n", "")
    if questions:
        text = (folder / CHECK).read_text()
        start, end = text.index("  - id: celsius"), text.index("  - id: why")
        write(folder, {CHECK: text[:start] + text[end:]})
    else:
        for _ in range(2):
            change(folder, "    bank: degrees\n", "")


def warnings_of(report):
    return [(one.code, str(one)) for one in report.warnings]


def add_to_bank(**fields):
    bank = fields.pop("bank", None) or Bank.objects.get(name="degrees")
    values = {"kind": "NUMERIC", "accept": ["0"], "points": 1, "prompt": "Mine?", **fields}
    return Question.objects.create(quiz=bank.quiz, bank=bank, **values)


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("deleted_at", [None, "2026-01-01T00:00Z"])
def test_a_bank_stays_for_questions_written_on_the_site(folder, overwrite, deleted_at):
    bring(folder)
    own = add_to_bank(deleted_at=deleted_at)
    take_bank_out(folder)
    report = bring(folder, overwrite=overwrite)
    assert ("kept", STAYS) in warnings_of(report)
    own.refresh_from_db()
    assert own.bank.name == "degrees"
    assert question("celsius").bank is None
    assert told(report) == [
        "~ question water-check/celsius (bank)",
        "~ question water-check/kelvin (bank)",
    ]


def test_a_bank_that_stays_is_no_conflict_later_and_goes_with_its_last_question(folder):
    bring(folder)
    own = add_to_bank()
    take_bank_out(folder, questions=True)
    bring(folder)
    report = bring(folder)
    assert told(report) == []
    assert warnings_of(report) == [("kept", STAYS)]
    change(folder, "pass: 60", "pass: 80")
    assert told(bring(folder)) == ["~ lesson water-check (pass_percent)"]
    own.bank = None
    own.save()
    report = bring(folder)
    assert told(report) == ["~ lesson water-check (banks)"]
    assert report.warnings == []
    assert not Bank.objects.exists()
    assert bring(folder).changes == 0


@pytest.mark.parametrize("vanishes", [False, True])
def test_a_bank_stays_for_questions_kept_as_conflicts(folder, vanishes):
    bring(folder)
    Question.objects.filter(key="kelvin").update(prompt="How cold is nothing?")
    take_bank_out(folder, questions=vanishes)
    for _ in range(2):
        report = bring(folder)
        assert ("kept", STAYS) in warnings_of(report)
        assert question("kelvin").bank.name == "degrees"
        assert not any("lesson water-check" in line for line in told(report))
    bring(folder, overwrite=True)
    assert not Bank.objects.exists()
    assert bring(folder).changes == 0


def test_a_bank_made_on_the_site_is_no_conflict(folder):
    bring(folder)
    bank = Bank.objects.create(quiz=Quiz.objects.get(), name="mine", pick=1)
    add_to_bank(bank=bank)
    assert told(bring(folder)) == []
    change(folder, 'title: "Check', 'title: "Look')
    assert told(bring(folder)) == ["~ lesson water-check (title)"]
    assert Bank.objects.filter(name="mine").exists()


def test_a_draw_that_the_site_made_worthless_is_told(folder):
    paying = "  - {id: a, type: text, bank: degrees, accept: x, prompt: P}\n"
    write(folder, {CHECK: f"id: water-check\nbanks: {{degrees: 1}}\nquestions:\n{paying}"})
    assert bring(folder).warnings == []
    own = add_to_bank(kind="OPEN", points=0, accept=[], model_answer="So.")
    ((code, said),) = warnings_of(bring(folder))
    assert code == "quiz"
    assert "draw only questions that pay no points" in said
    Question.objects.filter(key="a").update(deleted_at="2026-01-01T00:00Z")
    assert any(
        "The quiz has no question that pays" in said for _, said in warnings_of(bring(folder))
    )
    own.delete()


def test_a_quiz_that_nobody_could_pass_is_not_published_by_an_import(folder):
    write(folder, {"course.yaml": f"{COURSE}draft: true\n"})
    bring(folder)
    Question.objects.update(deleted_at="2026-01-01T00:00Z")
    report = bring(folder, publish=True)
    assert ("draft", True) in [
        (one.code, "The quiz has no question" in one.message) for one in report.warnings
    ]
    assert not Course.objects.get().is_published


CHOICES = [
    "{id: a, text: '`x = 1`', correct: true}, {id: b, text: '`x  = 1`'}",
    "{id: a, text: '`“a”`'}, {id: b, text: '`\"a\"`', correct: true}",
]


@pytest.mark.parametrize("options", CHOICES)
def test_options_may_differ_in_what_matters_to_code(folder, options):
    asked = f"questions: [{{id: q, type: single, prompt: P, options: [{options}]}}]\n"
    write(folder, {CHECK: f"id: water-check\n{asked}"})
    bring(folder)
    row = question("q")
    assert faults_of_options(row.kind, row.options.all()) == []


def test_what_was_imported_can_be_saved_on_the_site(folder):
    bring(folder)
    for row in Question.objects.all():
        assert faults_of_question(row) == []
        assert faults_of_options(row.kind, row.options.all()) == []


def test_the_site_knows_how_many_topics_a_question_has():
    row = Question(kind="TEXT", accept=["x"], topics=list("abcdef"))
    assert faults_of_question(row) == [("topics", "Write at most 5 topics.")]


def test_an_open_question_may_say_that_it_pays_nothing():
    text = QUIZ.replace("    type: open\n", "    type: open\n    points: 0\n")
    files = {"course.yaml": COURSE, CHECK: text, "01-water/01-boil.md": lesson(id="boil")}
    assert CourseFolder(source(files)).read().lessons[1].quiz


def test_two_options_of_one_text_are_refused(folder):
    change(folder, "text: Sugar", "text: Green")
    with pytest.raises(ImportRefused, match="Two options say the same"):
        bring(folder)
    assert not Option.objects.exists()


def test_a_quiz_made_on_the_site_is_left_alone_and_not_judged(folder):
    bring(folder)
    own = make_quiz(Lesson.objects.get(key="boil").module, "own", questions=False)
    assert Lesson.objects.get(quiz=own).imported_hash == ""
    report = bring(folder)
    assert (report.changes, report.warnings) == (0, [])
