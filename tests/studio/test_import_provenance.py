"""What a file is called chooses no course: what goes into one that is there came from it."""

import re
from pathlib import Path

import pytest

from courses.models import Course, CourseImport, Lesson
from studio.exporting.cartridge import write_cartridge
from studio.exporting.formats import WRITERS
from studio.exporting.tree_of import tree_of
from studio.importing.apply import import_course
from studio.importing.formats import read_course
from studio.importing.refusal import ImportRefused
from tests.studio.test_import_folder import lesson, write
from tests.studio.uploading import archive, upload

__all__ = ["upload"]

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "demo"
QUESTION = "Which one?{=this ~that}\n"
OTHER = re.escape(
    "“Tea for one” did not come from this file. Give the import an address of its own, or take "
    "the file's side."
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def tea(tmp_path):
    files = {
        "course.yaml": "id: tea-for-one\ntitle: Tea for one\nsummary: Of leaves.\n",
        "01-start/01-brew.md": lesson("Leaves", id="brew"),
    }
    bring(write(tmp_path / "folder", files))
    return Course.objects.get(slug="tea-for-one")


def bring(path, **options):
    named = {name: options.pop(name) for name in ("slug", "title") if name in options}
    return import_course(read_course(path, **named), **options)


def told(report):
    return [str(line) for line in report.lines if line.action != "unchanged"]


FOREIGN = {
    "gift": {"tea-for-one.gift": QUESTION},
    "mdbook": {
        "tea-for-one/book.toml": '[book]\ntitle = "Tea"\n',
        "tea-for-one/src/SUMMARY.md": "- [Leaves](leaves.md)\n",
        "tea-for-one/src/leaves.md": "# Leaves\n\nGreen.\n",
    },
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_another_system_made_goes_into_no_course_of_its_name(tea, tmp_path, name):
    write(tmp_path, FOREIGN[name])
    path = tmp_path / next(iter(FOREIGN[name])).split("/")[0]
    for dry_run in (True, False):
        with pytest.raises(ImportRefused, match=OTHER):
            bring(path, dry_run=dry_run)
    assert tea.lessons.get().title == "Leaves"
    assert told(bring(path, slug="another"))[0] == "+ course another"
    assert "- lesson brew" in told(bring(path, overwrite=True))


@pytest.mark.parametrize("name", FOREIGN)
def test_it_comes_again_as_what_it_was(tmp_path, name):
    write(tmp_path, FOREIGN[name])
    path = tmp_path / next(iter(FOREIGN[name])).split("/")[0]
    bring(path)
    assert bring(path).changes == 0
    texts = [one for one in sorted(tmp_path.rglob("*")) if one.suffix in {".gift", ".md"}]
    texts[-1].write_text(texts[-1].read_text().replace("this", "these").replace("Green", "Black"))
    assert len(told(bring(path, regrade=True))) == 1
    assert bring(path, title="Another").changes == 1


def test_the_pages_say_the_same(tea, upload):
    row = upload(QUESTION.encode(), "tea-for-one.gift")
    assert row.status == CourseImport.Status.REFUSED
    (error,) = row.plan["errors"]
    assert re.fullmatch(OTHER, error["message"])


@pytest.mark.parametrize("slug", ["git-for-one", "javascript-in-the-browser", "python-basics"])
@pytest.mark.parametrize("kind", ["gift", "cartridge"])
def test_an_export_that_cannot_hold_all_goes_not_back_into_its_course(tmp_path, slug, kind):
    bring(DEMO / slug)
    course = Course.objects.with_language().get(slug=slug)
    written = WRITERS[kind].write(tree_of(course))
    for path, data in written.files.items():
        place = tmp_path / slug / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    if not written.files:
        pytest.skip("There are no quizzes in it.")
    with pytest.raises(ImportRefused, match=f"“{course.title}” did not come from this file"):
        bring(tmp_path / slug)
    bring(tmp_path / slug, slug="copy")
    assert bring(tmp_path / slug, slug="copy").changes == 0


def test_a_course_whose_lessons_have_the_same_names_is_another(tea, tmp_path):
    tree = tree_of(Course.objects.with_language().get(slug=tea.slug))
    for path, data in write_cartridge(tree).files.items():
        place = tmp_path / "out" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    back = read_course(tmp_path / "out", tea.slug)
    assert [one.source for one in back.lessons] == ["01-start/01-brew.md"]
    Lesson.objects.update(xp_reward=15, imported_hash="of the folder")
    with pytest.raises(ImportRefused, match=OTHER):
        import_course(back)


def test_a_folder_without_an_id_goes_into_no_course_of_its_name(tea, tmp_path):
    files = {"course.yaml": "title: Green\n", "01-leaf/01-fresh.md": lesson("Fresh")}
    path = write(tmp_path / "tea-for-one", files)
    with pytest.raises(ImportRefused, match="“Tea for one” did not come from this folder"):
        bring(path)
    (path / "course.yaml").write_text("id: tea-for-one\ntitle: Green\n")
    report = bring(path)
    assert "- lesson brew" in told(report)
    assert told(report)[0] == "~ course tea-for-one (summary, title; on the site it is called " \
        "“Tea for one”)"  # fmt: skip


def test_a_folder_without_an_id_comes_again(tmp_path):
    files = {"course.yaml": "title: Green\n", "01-leaf/01-fresh.md": lesson("Fresh")}
    path = write(tmp_path / "green", files)
    bring(path)
    assert bring(path).changes == 0
    (path / "01-leaf/01-fresh.md").rename(path / "01-leaf/01-dried.md")
    assert told(bring(path)) == ["+ lesson leaf/dried", "- lesson leaf/fresh"]


@pytest.mark.parametrize("name", ["a\u202egnp", "a\u2067.gift", "a\x85"])
def test_what_turns_a_text_is_in_no_name_of_a_source(tmp_path, name):
    """The course would be called so. On the site an upload is called by what can be shown."""
    path = tmp_path / name
    if name.endswith(".gift"):
        path.write_text(QUESTION)
    else:
        write(path, {"check.gift": QUESTION})
    with pytest.raises(ImportRefused, match=r'Entry name not allowed: "a\?'):
        read_course(path)


def test_the_site_shows_what_can_be_shown_of_a_name(upload):
    assert upload(archive(), "a\u202egnp.zip").name == "agnp.zip"
