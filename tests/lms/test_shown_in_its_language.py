"""Numbers, badges and stored texts, as a page of another language shows them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.template import engines
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext, override, pgettext

from accounts.models import User
from accounts.numerals import decimal, grouped, percent
from accounts.upkeep import Upkeep
from activity.words import title_of
from assessments.analysis import in_words
from assessments.forms import TypedField
from assessments.models import Question
from assessments.timeline import of_place
from assessments.verdicts import Told, headline
from courses.models import Course, Lesson
from enrollments.models import Enrollment
from studio.admin.panels import note_of
from studio.effects import moved
from studio.pages.import_words import counted
from tests.accounts.bad_sign_in import second_factor

TEMPLATES = Path(settings.BASE_DIR) / "templates"
APPS = [
    Path(one.path) for one in apps.get_app_configs() if settings.BASE_DIR in Path(one.path).parents
]
STORED_HTML = re.compile(
    r"<[^<>]*>(?=\{\{ [\w.]*(?:html|hint)\|safe)|(?:html|hint)\|safe(?!\|spoken)"
)
COMPARED = re.compile(r"""[!=]= ["']([^"']+)["']""")
BADGE = {"title": "First light", "tier": 1, "tiers": 1}


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", ("50%", "1,234", "0.5", "2.50")),
        ("de", ("50\u202f%", "1.234", "0,5", "2,50")),
        ("ar", ("50%", "1234", "0,5", "2,50")),
    ],
)
def test_numbers_are_written_as_their_language_does(language, numbers):
    with override(language):
        assert (percent(50), grouped(1234), decimal(0.5), decimal(2.5, 2)) == numbers


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_number_that_a_sentence_names_has_the_decimal_mark_of_computed_ones(language):
    said = "How far the questions agree about who knows the matter. "
    with override(language):
        assert decimal(0.7) in gettext(said + "From 0.7 on it is commonly relied on.")


def test_a_label_is_part_of_a_sentence_of_its_language(db):
    course = Course(title="Python", slug="python")
    place = Enrollment(course=course, enrolled_at=now(), source="SELF")
    lesson = Lesson(kind="QUIZ", status="DRAFT", minutes=5)
    with override("de"):
        assert of_place(place).what == "Eingeschrieben: Aus eigener Wahl"
        assert note_of(lesson) == "Entwurf, Quiz, 5 Min."
        lesson.status = "PUBLISHED"
        assert note_of(lesson) == "Quiz, 5 Min."


def test_a_number_of_an_invoice_a_statistic_and_an_answer_are_three_words():
    for language, words in (
        ("en", ("Number", "Number", "Number")),
        ("de", ("Nummer", "Kennzahl", "Zahl")),
        ("ar", ("الرقم", "المؤشر", "عدد")),
    ):
        with override(language):
            said = (gettext("Number"), pgettext("statistic", "Number"), Question.Kind.NUMERIC.label)
            assert said == words


def test_numbers_within_sentences_are_written_as_their_language_does():
    field = TypedField(most=1000)
    told = Told("TIME_LIMIT", 1, ["one"], False, False, 0, 50, None, 0.5, 64)
    with override("de"):
        assert counted({"created": 1200})[0].startswith("+ 1.200 ")
        assert "1.000" in str(field.error_messages["max_length"])
        assert "nach 0,5 s" in headline(told)


def test_a_badge_is_named_in_the_language_of_who_reads_and_a_lesson_by_its_author():
    with override("de"):
        assert title_of(BADGE) == "Erstes Licht"
        assert title_of({"title": "First light"}) == "First light"
        assert title_of({"tiers": 1}) == ""


def test_stored_html_runs_as_its_script_does_and_says_our_words_in_the_language_of_the_page():
    for path in TEMPLATES.rglob("*.html"):
        for found in STORED_HTML.findall(path.read_text()):
            assert 'dir="auto"' in found, path


def test_what_is_said_anew_stays_html():
    template = engines["django"].from_string("{{ html|safe|spoken }}{{ text|spoken }}")
    title = '<p class="callout-title">Tip</p>'
    with override("de"):
        shown = template.render({"html": title, "text": "<b>"})
    assert shown == '<p class="callout-title">Tipp</p>&lt;b&gt;'


def test_the_admin_calls_tables_and_columns_by_the_readers_words(root, as_):
    root.language = "de"
    root.save()
    second_factor(root)
    desk = as_(root)
    assert "Punkte und Spiele" in desk.get("/admin/gamification/xptransaction/").text
    people = desk.get("/admin/accounts/user/").text
    for column in ("Dabei seit", "Kurzname", "Rolle"):
        assert f">{column}</a>" in people
    form = desk.get("/admin/courses/course/add/").text
    assert "Sprache:" in form
    assert "Nötiger Tarif:" in form
    index = desk.get("/admin/").text
    assert '<span class="section">Belohnungen</span>' in index
    assert "Kursfortschritt" in index


def test_every_table_of_the_admin_has_words_of_its_own():
    for model in admin.site._registry:
        for name in ("verbose_name", "verbose_name_plural"):
            assert isinstance(getattr(model._meta, name), Promise), (model, name)


def labels_of(part, request, form):
    """Of all that a page of the admin, or a table within it, shows."""
    groups = part.get_fieldsets(request)
    yield from ((title, title) for title, _ in groups if title is not None)
    fields = form.base_fields
    for name in {*flatten_fieldsets(groups), *getattr(part, "list_display", ())} - {"__str__"}:
        known = name in fields
        yield name, fields[name].label if known else label_for_field(name, part.model, part)


def test_whatever_the_admin_shows_has_words_of_its_own(rf, db):
    request = rf.get("/admin/")
    request.user = User(role="ADMIN", is_superuser=True)
    for page in admin.site._registry.values():
        inlines = page.get_inline_instances(request)
        names = [(row, kind) for row in inlines for kind in ("verbose_name", "verbose_name_plural")]
        assert [(row, kind) for row, kind in names if isinstance(getattr(row, kind), str)] == []
        form = page.get_form(request) if page.has_add_permission(request) else page.form
        for part, own in [(page, form), *((row, row.form) for row in inlines)]:
            labels = labels_of(part, request, own)
            assert [name for name, label in labels if not isinstance(label, Promise)] == [], part


def test_how_long_something_took_has_the_readers_decimal_mark():
    began = now()
    look = Upkeep(started_at=began, ended_at=began + timedelta(seconds=8.2))
    with override("de"):
        assert (look.seconds, in_words(65), moved(1, 50, 100)) == (
            "8,2", "1 Min. 5 s", "1 Person: vorher 50\u202f%, nachher 100\u202f%.",
        )  # fmt: skip


def test_nothing_is_decided_by_a_text_that_reads_otherwise_in_another_language():
    sources = [*TEMPLATES.rglob("*.html"), *(one for app in APPS for one in app.rglob("*.py"))]
    compared = {
        (source.relative_to(settings.BASE_DIR).as_posix(), text)
        for source in sources
        for text in COMPARED.findall(source.read_text())
        if text[:1].isupper()
    }
    assert len(compared) > 50
    with override("de"):
        translated = {one for one in compared if gettext(one[1]) != one[1]}
    assert translated == set()
