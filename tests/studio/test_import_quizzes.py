"""Importing quizzes: what becomes of rules, questions and options, and what attempts are owed."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.answering import Given, save_answers
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import Answer, Attempt, Bank, Option, Question, Quiz
from courses.markdown import RENDERING
from courses.models import Lesson
from enrollments.actions import enroll
from enrollments.models import Enrollment
from progress.models import LessonProgress
from studio.importing.refusal import ImportRefused
from tests.conftest import make_person
from tests.studio.test_import_folder import COURSE, WRITES, bring, lesson, told, write

pytestmark = pytest.mark.django_db
CHECK = "01-water/03-check.quiz.yaml"
QUIZ = """\
id: water-check
title: "Check yourself: water"
intro: |
  See [boiling](01-boil.md).
pass: 60
time_limit: 10
attempts: 3
wait: 5
layout: all
shuffle: true
review: each
banks: {degrees: 1}
questions:
  - id: boils
    type: single
    topics: [heat]
    lesson: boil
    prompt: |
      When does *water* boil? ![A pot](../assets/pot.svg)
    options:
      - id: hundred
        text: At 100 degrees
        correct: true
      - id: ninety
        text: At 90 degrees
        feedback: On a [mountain](02-cool.md).
    explanation: It **boils**.
  - id: teas
    type: multi
    points: 2
    shuffle: false
    prompt: Which are teas?
    options:
      - {id: green, text: Green, correct: true}
      - {id: black, text: Black, correct: true}
      - {id: sugar, text: Sugar}
  - id: leaf
    type: text
    accept: [leaf, leaves]
    match_case: true
    prompt: What is steeped?
  - id: celsius
    type: numeric
    bank: degrees
    accept: 3.140
    tolerance: "1%"
    prompt: How much?
  - id: kelvin
    type: numeric
    bank: degrees
    accept: ["273,15"]
    prompt: How much is nothing?
  - id: why
    type: open
    model_answer: Because *of taste*.
    prompt: Why?
"""


@pytest.fixture
def folder(tmp_path):
    return write(
        tmp_path / "tea",
        {
            "course.yaml": COURSE,
            "assets/pot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "01-water/01-boil.md": lesson("Boil", id="boil"),
            "01-water/02-cool.md": lesson("Cool", id="cool"),
            CHECK: QUIZ,
        },
    )


def change(folder, before, after):
    text = (folder / CHECK).read_text()
    assert before in text
    (folder / CHECK).write_text(text.replace(before, after, 1))


def question(key):
    return Question.objects.get(key=key)


def attempt_of(quiz, *, name="Lea", submit=True, **chosen):
    """Somebody's attempt; `chosen` says which option or text is given to which question."""
    learner = make_person(f"{name.lower()}@example.org", name)
    enroll(learner, quiz.lesson.course, Enrollment.Source.SELF)
    attempt, _ = start_attempt(learner, quiz)
    given = []
    for answer in attempt.answers.select_related("question"):
        said = chosen.get(answer.question.key, "")
        keys = said if isinstance(said, list) else []
        options = Option.objects.filter(question=answer.question, key__in=keys)
        text = "" if keys else said
        given.append(Given(answer.question_id, tuple(o.pk for o in options), text))
    save_answers(attempt, given)
    return finish_attempt(attempt).attempt if submit else attempt


def test_a_quiz_becomes_a_lesson_with_questions(folder):
    report = bring(folder)
    assert report.warnings == []
    row = Lesson.objects.get(key="water-check")
    assert (row.kind, row.completion, row.minutes, row.xp_reward) == ("QUIZ", "BY_PASSING", 5, 20)
    assert (row.position, row.slug, row.status) == (3, "water-check", "PUBLISHED")
    assert 'href="/classroom/courses/tea/lessons/boil/"' in row.content_html
    quiz = row.quiz
    assert (quiz.pass_percent, quiz.time_limit, quiz.max_attempts, quiz.wait) == (60, 10, 3, 5)
    assert (quiz.layout, quiz.shuffle, quiz.review) == ("ALL", True, "EACH")
    assert list(quiz.banks.values_list("name", "pick")) == [("degrees", 1)]
    asked = list(quiz.questions.values_list("key", "kind", "points", "bank__name"))
    assert asked == [
        ("boils", "SINGLE", 1, None),
        ("teas", "MULTI", 2, None),
        ("leaf", "TEXT", 1, None),
        ("celsius", "NUMERIC", 1, "degrees"),
        ("kelvin", "NUMERIC", 1, "degrees"),
        ("why", "OPEN", 0, None),
    ]
    assert (question("celsius").accept, question("celsius").tolerance) == (["3.140"], "1%")
    assert (question("leaf").accept, question("leaf").match_case) == (["leaf", "leaves"], True)
    assert question("boils").taught_in.key == "boil"
    assert (question("boils").topics, question("teas").shuffle) == (["heat"], False)
    assert "+ question water-check/boils" in told(report)
    assert report.counts["created"] == report.source_nodes == 12


def test_texts_of_questions_are_rendered_with_their_links(folder):
    bring(folder)
    row = question("boils")
    assert "<em>water</em>" in row.prompt_html
    assert 'src="/courses/tea/files/assets/pot.svg"' in row.prompt_html
    assert row.explanation_html == "<p>It <strong>boils</strong>.</p>\n"
    assert row.rendering == RENDERING
    ninety = row.options.get(key="ninety")
    assert "/classroom/courses/tea/lessons/cool/" in ninety.feedback_html
    assert ninety.text_html == "<p>At 90 degrees</p>\n"
    assert "<em>of taste</em>" in question("why").model_answer_html


def test_questions_are_rendered_again_when_their_links_lead_elsewhere(folder):
    bring(folder)
    Lesson.objects.filter(key="cool").update(slug="cold")
    assert bring(folder).changes == 0
    assert "/lessons/cold/" in Option.objects.get(key="ninety").feedback_html


def test_older_questions_are_rendered_again(folder, capsys):
    bring(folder)
    Question.objects.filter(key="boils").update(prompt_html="old", rendering=0)
    Option.objects.filter(key="ninety").update(feedback_html="old")
    call_command("render_again")
    assert capsys.readouterr().out == "1 texts rendered.\n"
    assert "/courses/tea/files/assets/pot.svg" in question("boils").prompt_html
    assert "/lessons/cool/" in Option.objects.get(key="ninety").feedback_html
    call_command("render_again")
    assert capsys.readouterr().out == "Nothing to do.\n"


def test_a_second_import_of_quizzes_writes_nothing(folder):
    bring(folder)
    with CaptureQueriesContext(connection) as queries:
        report = bring(folder)
    assert report.changes == 0
    assert [q["sql"] for q in queries if q["sql"].lstrip().upper().startswith(WRITES)] == []
    assert len(queries) < 25


def test_a_large_quiz_is_written_in_few_statements(folder):
    asked = "".join(
        f"  - {{id: q-{n}, type: single, prompt: P{n}, options: "
        "[{id: a, text: A, correct: true}, {id: b, text: B}]}\n"
        for n in range(200)
    )
    write(folder, {CHECK: f"id: water-check\nquestions:\n{asked}"})
    with CaptureQueriesContext(connection) as queries:
        bring(folder)
    assert Option.objects.count() == 400
    assert len(queries) < 60
    change(folder, "prompt: P7", "prompt: Other")
    with CaptureQueriesContext(connection) as queries:
        assert told(bring(folder)) == ["~ question water-check/q-7 (prompt)"]
    assert len(queries) < 30


def test_changed_rules_are_told_as_fields_of_the_lesson(folder):
    bring(folder)
    change(folder, "pass: 60\ntime_limit: 10\n", "pass: 80\n")
    change(folder, "banks: {degrees: 1}", "banks: {degrees: 2}")
    assert told(bring(folder)) == ["~ lesson water-check (banks, pass_percent, time_limit)"]
    quiz = Quiz.objects.get()
    assert (quiz.pass_percent, quiz.time_limit, quiz.banks.get().pick) == (80, None, 2)


def test_changed_texts_are_told_by_question(folder):
    bring(folder)
    change(folder, "Which are teas?", "Which of these are teas?")
    change(folder, "text: Sugar", "text: White sugar")
    change(folder, "lesson: boil", "lesson: cool")
    assert told(bring(folder)) == [
        "~ question water-check/boils (lesson)",
        "~ question water-check/teas (options, prompt)",
    ]
    assert "White sugar" in Option.objects.get(key="sugar").text_html
    assert question("boils").taught_in.key == "cool"


def test_questions_move_and_keep_their_rows(folder):
    bring(folder)
    before = question("leaf").pk
    text = (folder / CHECK).read_text()
    start, end = text.index("  - id: leaf"), text.index("  - id: celsius")
    moved = text[:start] + text[end:] + text[start:end]
    write(folder, {CHECK: moved})
    assert told(bring(folder)) == ["> question water-check/leaf (moved)"]
    row = question("leaf")
    assert (row.pk, row.position) == (before, 6)


def test_a_quiz_in_another_file_is_the_same_quiz_and_keeps_its_attempts(folder):
    bring(folder)
    quiz = Quiz.objects.get()
    attempt = attempt_of(quiz, boils=["hundred"])
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", id="steep")})
    (folder / CHECK).rename(folder / "02-leaves/07-later.quiz.yml")
    change_links = (folder / "02-leaves/07-later.quiz.yml").read_text()
    change_links = change_links.replace("](0", "](../01-water/0")
    write(folder, {"02-leaves/07-later.quiz.yml": change_links})
    said = told(bring(folder))
    assert "~ lesson water-check (content, moved to leaves)" in said
    assert Quiz.objects.get() == quiz
    assert Attempt.objects.get(quiz=quiz) == attempt
    assert quiz.questions.filter(deleted_at=None).count() == 6


def test_vanished_questions_and_options_are_archived_and_come_back(folder):
    bring(folder)
    quiz = Quiz.objects.get()
    attempt = attempt_of(quiz, boils=["hundred"], teas=["sugar"])
    text = (folder / CHECK).read_text()
    start, end = text.index("  - id: leaf"), text.index("  - id: celsius")
    write(folder, {CHECK: text[:start] + text[end:]})
    change(folder, "      - {id: sugar, text: Sugar}\n", "")
    assert told(bring(folder)) == [
        "~ question water-check/teas (options; 1 attempt asked it)",
        "- question water-check/leaf (1 attempt asked it)",
    ]
    assert question("leaf").deleted_at
    assert Option.objects.get(key="sugar").deleted_at
    assert Answer.objects.filter(attempt=attempt).count() == 5
    assert bring(folder).changes == 0
    write(folder, {CHECK: text})
    assert told(bring(folder)) == [
        "~ question water-check/teas (options; 1 attempt asked it)",
        "+ question water-check/leaf",
    ]
    assert not question("leaf").deleted_at
    assert not Option.objects.get(key="sugar").deleted_at


def test_a_vanished_quiz_is_archived_with_its_attempts_kept(folder):
    bring(folder)
    attempt = attempt_of(Quiz.objects.get(), boils=["hundred"])
    text = (folder / CHECK).read_text()
    (folder / CHECK).unlink()
    assert told(bring(folder)) == ["- lesson water-check"]
    assert Lesson.objects.get(key="water-check").deleted_at
    assert Attempt.objects.get() == attempt
    write(folder, {CHECK: text})
    assert told(bring(folder)) == ["+ lesson water-check"]
    assert bring(folder).changes == 0


def test_a_question_edited_on_the_site_is_a_conflict_and_stays(folder):
    bring(folder)
    Option.objects.filter(key="sugar").update(text="Cane sugar")
    change(folder, "text: Sugar", "text: Salt")
    said = told(bring(folder))
    assert said == [
        "! question water-check/teas (edited on the site since the last import: options)"
    ]
    assert Option.objects.get(key="sugar").text == "Cane sugar"
    assert told(bring(folder, overwrite=True)) == ["~ question water-check/teas (options)"]
    assert Option.objects.get(key="sugar").text == "Salt"
    assert bring(folder).changes == 0


def test_rules_edited_on_the_site_are_a_conflict_of_the_lesson(folder):
    bring(folder)
    Quiz.objects.update(pass_percent=50)
    change(folder, "pass: 60", "pass: 80")
    change(folder, "Which are teas?", "Which are?")
    assert told(bring(folder)) == [
        "! lesson water-check (edited on the site since the last import: pass_percent)",
        "~ question water-check/teas (prompt)",
    ]
    assert Quiz.objects.get().pass_percent == 50


def test_what_was_deleted_or_edited_on_the_site_is_left_alone(folder):
    bring(folder)
    Question.objects.filter(key="leaf").update(deleted_at="2026-01-01T00:00Z")
    assert "! question water-check/leaf (deleted on the site" in told(bring(folder))[0]
    Question.objects.filter(key="why").update(prompt="Why so?")
    text = (folder / CHECK).read_text()
    write(folder, {CHECK: text[: text.index("  - id: why")]})
    report = bring(folder)
    assert "The question why vanished but was edited on the site" in str(report.warnings[0])
    assert not question("why").deleted_at
    (folder / CHECK).unlink()
    report = bring(folder)
    assert "The lesson water-check vanished but was edited" in str(report.warnings[0])
    assert not Lesson.objects.get(key="water-check").deleted_at


def test_questions_made_on_the_site_stay_in_an_imported_quiz(folder):
    bring(folder)
    own = Question.objects.create(quiz=Quiz.objects.get(), kind="TEXT", prompt="Mine?")
    assert bring(folder).changes == 0
    own.refresh_from_db()
    assert not own.deleted_at


def test_a_bank_that_is_used_no_more_goes(folder):
    bring(folder)
    change(folder, "banks: {degrees: 1}\n", "")
    change(folder, "    bank: degrees\n", "")
    change(folder, "    bank: degrees\n", "")
    assert told(bring(folder)) == [
        "~ lesson water-check (banks)",
        "~ question water-check/celsius (bank)",
        "~ question water-check/kelvin (bank)",
    ]
    assert not Bank.objects.exists()
    assert Question.objects.filter(deleted_at=None).count() == 6


def test_a_key_changes_freely_until_somebody_was_asked(folder):
    bring(folder)
    change(folder, "accept: [leaf, leaves]", "accept: [leaf]")
    change(folder, "points: 2", "points: 1.5")
    assert told(bring(folder)) == [
        "~ question water-check/teas (points)",
        "~ question water-check/leaf (accept)",
    ]
    assert question("teas").points == Decimal("1.50")
    assert bring(folder).changes == 0


KEY_CHANGES = [
    ("      - {id: sugar, text: Sugar}", "      - {id: sugar, text: Sugar, correct: true}", "teas"),
    ("accept: [leaf, leaves]", "accept: [leaf]", "leaf"),
    ("match_case: true", "match_case: false", "leaf"),
    ("points: 2", "points: 3", "teas"),
]


@pytest.mark.parametrize(("before", "after", "key"), KEY_CHANGES)
@pytest.mark.parametrize("submit", [True, False])
def test_a_change_of_the_key_of_what_was_asked_is_refused(folder, before, after, key, submit):
    bring(folder)
    attempt_of(Quiz.objects.get(), submit=submit)
    change(folder, before, after)
    change(folder, 'title: "Check', 'title: "Look')
    line = (folder / CHECK).read_text().split(f"  - id: {key}")[0].count("\n") + 1
    with pytest.raises(ImportRefused) as refusal:
        bring(folder)
    said = str(refusal.value)
    assert said.startswith(
        f'{CHECK}:{line}: The question "{key}" has attempts: run again with --regrade'
    )
    assert Lesson.objects.get(key="water-check").title == "Check yourself: water"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("text: Sugar}", "text: Salt}"),
        ("      - {id: sugar, text: Sugar}\n", ""),
        (
            "      - {id: green",
            "      - {id: white, text: White, correct: true}\n      - {id: green",
        ),
        ("accept: [leaf, leaves]", "accept: [leaves, leaf]"),
        ("Which are teas?", "Which are?"),
    ],
)
def test_what_leaves_the_marks_as_they_are_needs_no_consent(folder, before, after):
    bring(folder)
    attempt_of(Quiz.objects.get())
    change(folder, before, after)
    assert bring(folder).counts["updated"] == 1


def test_what_was_asked_cannot_become_another_type(folder):
    bring(folder)
    attempt_of(Quiz.objects.get())
    change(
        folder,
        "    type: text\n    accept: [leaf, leaves]\n    match_case: true\n",
        "    type: single\n    options: [{text: Leaf, correct: true}, {text: Stone}]\n",
    )
    with pytest.raises(ImportRefused, match="cannot become one of another type"):
        bring(folder, regrade=True)


def test_with_consent_a_changed_key_raises_attempts(folder):
    bring(folder)
    quiz = Quiz.objects.get()
    said = {"boils": ["hundred"], "teas": ["green", "black"], "celsius": "3.14"}
    first = attempt_of(quiz, **said, leaf="herb", kelvin="273.15")
    other = attempt_of(quiz, name="Kim", teas=["sugar"])
    assert (first.percent, other.percent) == (80, 0)
    change(folder, "accept: [leaf, leaves]", "accept: [leaf, herb]")
    report = bring(folder, regrade=True, dry_run=True)
    assert report.summary.endswith(" 1 attempt would be raised.")
    first.refresh_from_db()
    assert first.percent == 80
    report = bring(folder, regrade=True)
    assert told(report) == ["~ question water-check/leaf (accept; 2 attempts asked it)"]
    assert report.summary.endswith(" 1 attempt raised.")
    assert report.to_json()["attempts_raised"] == 1
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.percent, other.percent) == (100, 0)


def test_whoever_passes_by_a_changed_key_has_the_lesson_done(folder):
    bring(folder)
    quiz = Quiz.objects.get()
    attempt = attempt_of(quiz, boils=["hundred"], teas=["green"], leaf="herb")
    assert not attempt.passed
    change(folder, "accept: [leaf, leaves]", "accept: [leaf, herb]")
    bring(folder, regrade=True)
    attempt.refresh_from_db()
    assert attempt.passed
    assert LessonProgress.objects.filter(user=attempt.user, lesson=quiz.lesson).exists()


def test_the_command_takes_consent(folder, capsys):
    bring(folder)
    attempt_of(Quiz.objects.get(), leaf="herb")
    change(folder, "accept: [leaf, leaves]", "accept: [leaf, herb]")
    with pytest.raises(CommandError, match="--regrade"):
        call_command("import_course", str(folder))
    call_command("import_course", str(folder), "--regrade")
    assert "1 attempt raised." in capsys.readouterr().out


def test_what_has_no_id_gets_one_of_its_words(folder):
    asked = "questions:\n  - type: text\n    prompt: What is steeped?\n    accept: leaf\n"
    choice = "  - id: c\n    type: single\n    prompt: P\n    options:\n"
    choice += "      - {text: One, correct: true}\n      - {text: Two}\n"
    write(folder, {CHECK: asked + choice})
    report = bring(folder)
    warned = [one for one in report.warnings if one.code == "id"]
    assert [(one.path, one.line) for one in warned] == [(CHECK, 2)]
    row = Question.objects.get(kind="TEXT")
    assert row.key.startswith("q-")
    assert len(row.key) == 12
    assert {one.key[:2] for one in Option.objects.all()} == {"o-"}
    key = "water/check"
    assert Lesson.objects.get(kind="QUIZ").key == key
    assert bring(folder).changes == 0
    write(folder, {CHECK: (asked + choice).replace("steeped?", "boiled?")})
    said = told(bring(folder))
    assert [line[:2] for line in said] == ["+ ", "- "]


def test_a_quiz_cannot_become_a_lesson_nor_a_lesson_a_quiz(folder):
    bring(folder)
    (folder / CHECK).unlink()
    write(folder, {"01-water/03-check.md": lesson("Check", id="water-check")})
    with pytest.raises(ImportRefused, match=r'03-check.md: "water-check" is a quiz on the site'):
        bring(folder)
    (folder / "01-water/03-check.md").unlink()
    (folder / "01-water/02-cool.md").unlink()
    write(folder, {CHECK: "id: cool\nquestions: [{id: a, type: text, prompt: P, accept: x}]\n"})
    with pytest.raises(ImportRefused, match='"cool" is a lesson on the site'):
        bring(folder)


def test_links_to_a_quiz_stand_where_the_lesson_says(folder):
    text = "Some text.\n\n{{quiz: 03-check}}\n\n{{quiz: 9-gone}}\n\n{{#include x}}"
    write(folder, {"01-water/01-boil.md": lesson("Boil", text, id="boil")})
    report = bring(folder)
    html = Lesson.objects.get(key="boil").content_html
    link = "/classroom/courses/tea/lessons/water-check/"
    assert f'<p class="quiz-link"><a href="{link}">Take the quiz</a></p>' in html
    assert "<p>{{quiz: 9-gone}}</p>" in html
    assert sorted(str(one) for one in report.warnings) == [
        "01-water/01-boil.md:11: An include is shown as it is written: includes are not resolved.",
        '01-water/01-boil.md:9: Unknown reference "9-gone.quiz.yaml".',
    ]


def test_dangling_links_of_questions_have_their_line(folder):
    change(folder, "When does *water* boil?", "When does *water* [boil](gone.md)?")
    change(folder, "[mountain](02-cool.md)", "[mountain](lost.md)")
    report = bring(folder)
    lines = (folder / CHECK).read_text().split("\n")
    places = {
        name: next(n for n, x in enumerate(lines, 1) if name in x) for name in ("gone", "lost")
    }
    assert [str(one) for one in report.warnings] == [
        f'{CHECK}:{places["gone"]}: Unknown reference "gone.md".',
        # An option's texts are told by the line of the option.
        f'{CHECK}:{places["lost"] - 2}: Unknown reference "lost.md".',
    ]
