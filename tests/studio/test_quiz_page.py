"""The page of a quiz's statistics: who sees it, what it says, and that its cost stays."""

import csv
import io
import re
from decimal import Decimal
from random import Random

import pytest

from assessments.models import Answer, Option, Question, QuestionReport
from studio.templatetags.numbers import coefficient, percent, seconds, share
from tests.assessments.builders import ask, make_quiz
from tests.assessments.crowd import by_skill, people, take

pytestmark = pytest.mark.django_db


def page_of(quiz):
    return f"/studio/quizzes/{quiz.pk}/"


def test_staff_only_and_only_to_be_read(client, as_, ada, root, quiz, settings):
    page = page_of(quiz)
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"
    assert as_(ada).get(page).status_code == 404
    desk = as_(root)
    assert desk.get(page).status_code == 200
    assert desk.head(page).status_code == 200
    assert desk.post(page).status_code == 405
    assert desk.get(page_of(quiz).replace(str(quiz.pk), str(root.pk))).status_code == 404
    settings.DEMO_SCHOOL = False
    assert desk.get(page).status_code == 302  # no second factor


def test_a_quiz_without_questions_leads_to_writing_one(as_, root, lessons):
    html = as_(root).get(page_of(make_quiz(lessons[0].module, questions=False))).content.decode()
    assert "No questions yet" in html
    assert "Needs 20 finished first attempts; 0 so far" in html


def test_below_twenty_attempts_there_are_counts_and_no_numbers(as_, root, quiz):
    take(quiz, people(7), by_skill(Random(1)))
    html = as_(root).get(page_of(quiz)).content.decode()
    assert "Needs 20 finished first attempts; 7 so far" in html
    assert "<progress" not in html
    assert "Most frequent answers" not in html
    assert 'aria-label="Order of the questions"' not in html
    assert html.count("Asked 7 times") == 6
    assert html.count("Needs 20 finished first attempts; 7 so far.") == 6


def test_from_twenty_on_numbers_with_a_warning_from_fifty_without(as_, root, quiz):
    crowd = people(50)
    take(quiz, crowd[:22], by_skill(Random(1)))
    html = as_(root).get(page_of(quiz)).content.decode()
    assert "22 first attempts are too few to rely on" in html
    assert "Consistency (alpha)" in html
    assert html.count('<progress max="100"') == 3 + 4 + 2
    assert html.count("From 50 learners on this says what to make of the numbers") == 6
    assert html.count('data-label="Best 27%">–<') == 3 + 4 + 2
    assert not re.search(r"Nothing to do|It does not separate|\((weak|fair|good); ", html)
    take(quiz, crowd[22:], by_skill(Random(1)))
    html = as_(root).get(page_of(quiz)).content.decode()
    assert "too few to rely on" not in html
    assert 'data-label="Best 27%">–<' not in html
    assert re.search(r"\((weak|fair|good); ", html)
    assert re.search(r"Nothing to do|It does not separate", html)
    assert f'href="/studio/questions/{quiz.questions.first().pk}/"' in html


def test_every_link_into_the_studio_leads_somewhere(desk, quiz):
    Question.objects.filter(pk=quiz.questions.last().pk).update(deleted_at=quiz.lesson.updated_at)
    Question.objects.filter(pk=quiz.questions.first().pk).update(taught_in=quiz.lesson)
    pages = [desk.get(one).content.decode() for one in ("/studio/", page_of(quiz))]
    links = {one for html in pages for one in re.findall(r'href="(/studio/[^"#]*)"', html)}
    assert f"/studio/quizzes/{quiz.pk}/edit/" in links
    assert f"/studio/courses/{quiz.lesson.course.slug}/" in links
    assert {one: desk.get(one).status_code for one in links} == dict.fromkeys(links, 200)


def test_what_is_wrong_leads_to_the_key_and_to_a_regrade(as_, root, ada, quiz):
    turned = quiz.questions.get(position=1)
    QuestionReport.objects.create(question=turned, user=ada, text="3.5 is right.")

    def know(place, row, options):
        knows = (place * 7) % 40 < place
        if row == turned:
            picked = options[1 if knows else 0]
            return ((picked.pk,), ""), Decimal(picked.is_correct)
        return ((), ""), row.points if knows else Decimal(0)

    take(quiz, people(40), know)
    html = as_(root).get(f"{page_of(quiz)}?sort=weakest").content.decode()
    assert "Strong learners choose B more often than A" in html
    assert "Check the key" in html
    assert f"/studio/quizzes/{quiz.pk}/regrade/" in html
    assert "1 open report<" in html
    assert html.index("Question 1<") < html.index("Question 2<")
    assert '<a href="?sort=weakest#questions" aria-current="page">' in html


def test_sorting_by_nonsense_is_sorting_in_order(as_, root, quiz):
    take(quiz, people(22), by_skill(Random(1)))
    html = as_(root).get(f"{page_of(quiz)}?sort=%FF%3Cb%3E").content.decode()
    assert '<a href="?sort=order#questions" aria-current="page">' in html


def test_the_questions_come_as_a_file_that_calculates_nothing(as_, root, ada, lessons):
    quiz = make_quiz(lessons[0].module, questions=False)
    ask(quiz, "SINGLE", "=HYPERLINK(1)", right=["a"], wrong=["b", "c"])
    ask(quiz, "TEXT", "Say it.", accept=["for"])
    page = f"{page_of(quiz)}export/"
    assert as_(ada).get(page).status_code == 404
    (first, second) = rows_of(as_(root).get(page))
    assert (first["asked"], first["facility"], first["options"]) == ("0", "", "")

    def know(place, row, options):
        knows = place % 2 == 0
        if options:
            return ((options[0 if knows else 1].pk,), ""), Decimal(knows)
        return ((), "for" if knows else ""), Decimal(knows)

    take(quiz, people(20), know)
    answer = as_(root).get(page)
    assert answer["Content-Disposition"].endswith('check-questions.csv"')
    (first, second) = rows_of(answer)
    assert first["text"] == "'=HYPERLINK(1)"
    assert (first["facility"], first["guess level"], first["corrected facility"]) == (
        "0.5", "0.3333", "0.25",
    )  # fmt: skip
    assert (first["discrimination"], first["at most"]) == ("1", "1")
    assert first["options"] == "A (right): 50%; B: 50%; C: 0%"
    assert first["findings"] == ""
    assert (second["omitted"], second["median seconds"]) == ("0.5", "22.5")

    take(quiz, people(20, "other"), know)
    first = rows_of(as_(root).get(page))[0]
    assert first["options"] == "A (right): 50%, 100%, 0%; B: 50%, 0%, 100%; C: 0%, 0%, 0%"
    assert first["findings"] == ""
    take(quiz, people(10, "more"), know)
    assert rows_of(as_(root).get(page))[0]["findings"].startswith("good: ")


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(("judged", "said"), [(9, "3 of 9"), (10, "40% (4 of 10)")])
def test_own_answers_are_counted_until_ten_judged_theirs(as_, root, lessons, judged, said):
    quiz = make_quiz(lessons[0].module, questions=False)
    ask(quiz, "OPEN", "Why?", points=0)
    take(quiz, people(20), lambda place, row, options: (((), "So."), Decimal(0)))
    for place, answer in enumerate(Answer.objects.order_by("pk")[:judged]):
        Answer.objects.filter(pk=answer.pk).update(self_check="YES" if place % 3 == 0 else "NO")
    assert f"“I had this” {said}" in as_(root).get(page_of(quiz)).content.decode()


def test_what_people_wrote_is_text_and_nothing_else(as_, root, lessons):
    quiz = make_quiz(lessons[0].module, questions=False)
    ask(quiz, "TEXT", "Say it.", accept=["<i>for</i>"], topics=["<u>x</u>"])
    evil = "<script>alert(1)</script>"
    take(quiz, people(22), lambda place, row, options: (((), evil), Decimal(0)))
    html = as_(root).get(page_of(quiz)).content.decode()
    assert evil not in html
    assert "<i>for</i>" not in html
    assert "<u>x</u>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_it_holds_large_numbers_long_prompts_and_many_options(as_, root, lessons):
    quiz = make_quiz(lessons[0].module, questions=False)
    long = ask(quiz, "SINGLE", "x" * 3000, right=["a"], wrong=list("bcdefgh"))
    ask(quiz, "NUMERIC", "How many?", accept=["123456789012345678901234567890"], points=100)
    take(quiz, people(60), by_skill(Random(2), wrong_texts=["9" * 60]))
    Option.objects.filter(question=long, text="h").update(deleted_at="2026-10-01T00:00Z")
    answer = as_(root).get(page_of(quiz))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert '<details class="fold">' in html
    assert "1 point<" in html
    assert "100 points" in html
    assert " style=" not in html.replace("<style", "")


@pytest.mark.parametrize("size", [0, 12, 60])
def test_the_number_of_queries_stays(
    as_, root, quiz, django_assert_num_queries, django_assert_max_num_queries, size
):
    desk = as_(root)
    desk.get(page_of(quiz))  # reminds of the second factor once in a session
    take(quiz, people(size), by_skill(Random(3)))
    lesson = quiz.lesson
    for number in range(size // 4):
        ask(quiz, "SINGLE", f"Another {number}", right=["a"], wrong=["b"], taught_in=lesson)
    with django_assert_max_num_queries(QUERIES):
        desk.get(page_of(quiz))


QUERIES = 12


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (0, "0%"), (0.001, "<1%"), (0.999, ">99%"), (1, "100%"), (0.495, "50%"),
     (-0.2, "−20%")],
)  # fmt: skip
def test_shares(value, words):
    assert share(value) == words


def test_other_numbers():
    assert (percent(None), percent(56.04), percent(100.0)) == ("–", "56%", "100%")
    assert (percent(12.34), coefficient(None), coefficient(-0.001)) == ("12.3%", "–", "0.00")
    assert (coefficient(-0.5), coefficient(1)) == ("−0.50", "1.00")
    assert [seconds(one) for one in (None, 0, 59.6, 60, 190, 3600, 7500, 4_000_000)] == [
        "–", "0 s", "1 min", "1 min", "3 min 10 s", "1 h", "2 h 5 min", "1,111 h 6 min",
    ]  # fmt: skip
