"""What courses cannot say of themselves, whichever way it comes in."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from courses.checks import problems_of, problems_of_lesson
from courses.models import Course, Lesson, Module, ProgrammingLanguage
from tests.conftest import make_lesson

NO_LISTS = [
    "x", {"a": 1}, 7, float("inf"), True, [1], [None], [{}], [["a"]], [""], [" a"], ["a\nb"],
    ["a\x00"], ["\ud800"], ["a\u2028b"], ["x" * 61], ["x"] * 21,
]  # fmt: skip


@pytest.mark.parametrize("value", NO_LISTS, ids=repr)
@pytest.mark.parametrize("field", ["tags", "authors"])
def test_tags_and_authors_are_lists_of_short_lines(field, value):
    with pytest.raises(ValidationError):
        Course._meta.get_field(field).run_validators(value)


def test_twenty_tags_of_sixty_characters_are_taken():
    Course._meta.get_field("tags").run_validators([f"{number:060}" for number in range(20)])


@pytest.mark.parametrize("value", ["x", {}, {"a": 1}, 7])
@pytest.mark.parametrize("field", ["tags", "authors"])
def test_the_database_keeps_lists_where_lists_belong(course, field, value):
    with pytest.raises(IntegrityError, match=f"course_{field}_are_a_list"), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(**{field: value})


@pytest.mark.parametrize("kind", ["QUIZ", "ASSIGNMENT"])
def test_what_is_judged_is_never_done_by_hand(lessons, kind):
    row = Lesson.objects.filter(pk=lessons[0].pk)
    with pytest.raises(IntegrityError, match="lesson_judged"), transaction.atomic():
        row.update(kind=kind)
    assert row.update(kind=kind, completion="BY_PASSING") == 1


LINES = [
    (ProgrammingLanguage, "name"), (Course, "title"), (Course, "summary"), (Module, "title"),
    (Module, "description"), (Lesson, "title"), (Lesson, "summary"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "field"), LINES)
def test_titles_and_summaries_are_one_line(model, field):
    rules = model._meta.get_field(field)
    for text in ("a\nb", "a\rb", "a\u2028b", "a\x85b"):
        with pytest.raises(ValidationError, match=r"Line breaks are not allowed\."):
            rules.run_validators(text)
    for text in ("a\x07", "a\u202eb", "a\ud800"):
        with pytest.raises(ValidationError, match="cannot be shown"):
            rules.run_validators(text)
    rules.run_validators("C++, C# & „Übung“: 你好 👩‍💻")


@pytest.mark.parametrize("model", [ProgrammingLanguage, Course, Module, Lesson])
def test_addresses_do_not_differ_in_capitals_alone(course, lessons, model):
    with pytest.raises(ValidationError, match="Use small letters"):
        model._meta.get_field("slug").run_validators("Git")
    ProgrammingLanguage.objects.create(name="Git", slug="git")
    with pytest.raises(IntegrityError, match="slug_in_small_letters"), transaction.atomic():
        model.objects.update(slug="Git")


ELSEWHERE = "This picture lies on another site and cannot be shown: add it to the course."


@pytest.mark.parametrize(
    "address", ["http://evil.example/x.png", "HTTPS://evil.example/x", "//evil.example/x", "/\\e/x"]
)
def test_pictures_of_other_sites_keep_a_course_from_being_published(address):
    html = f'<p><img alt="x" src="{address}" loading="lazy"></p>'
    tea = Course(slug="tea", title="Tea", summary="Tea.", description="x", description_html=html)
    lesson = Lesson(title="Boil", content="x", content_html=html)
    found = [str(problem) for problem in problems_of(tea, [lesson]) if problem.is_error]
    assert found == [ELSEWHERE, f"Boil: {ELSEWHERE}"]


def test_pictures_of_the_course_are_no_problem():
    html = '<p>http://a.example <img src="/courses/tea/files/a.svg" alt="x://y"></p>'
    lesson = Lesson(title="Boil", content="x", content_html=html)
    assert problems_of_lesson(lesson, Course(slug="tea")) == []


def test_the_player_prints_only_addresses_that_it_can_play(as_, ada, course, lessons):
    film = make_lesson(lessons[0].module, "film", kind="VIDEO")
    page, own = film.get_absolute_url(), f"/courses/{course.slug}/files/a.webm"
    for address in ("javascript:alert(1)", "https://evil.example/a.webm", "/courses/x/files/a"):
        Lesson.objects.filter(pk=film.pk).update(video_url=address)
        answer = as_(ada).get(page)
        assert answer.status_code == 200
        assert address not in answer.content.decode()
    Lesson.objects.filter(pk=film.pk).update(video_url=own)
    assert f'<source src="{own}">' in as_(ada).get(page).content.decode()
