"""OLX: what becomes of every block of a course or library of Open edX."""

from pathlib import Path

import pytest

from courses.models import Course
from studio.importing.formats import read_course, read_source
from studio.importing.olx.reader import read_olx
from studio.importing.refusal import ImportRefused
from tests.studio.test_bad_sources import source
from tests.studio.test_import_folder import bring

DATA = Path(__file__).parents[3] / "shared/data/courses"
LIBRARY, STUDIO = DATA / "olx-demo-content-library", DATA / "olx-cc2olx-studio-course"
needs_data = pytest.mark.skipif(not LIBRARY.is_dir(), reason=f"There is no {LIBRARY}.")
TEXT = '<html url_name="h1" display_name="Text"><![CDATA[<p>Hot <b>tea</b>.</p>]]></html>'


def unit(inside, **files):
    """A course of one chapter, one sequence and one unit with these blocks."""
    xml = (
        '<course org="O" course="Tea_101" url_name="run" display_name="Tea">'
        '<chapter url_name="c" display_name="Chapter"><sequential url_name="s" display_name="Part">'
        f'<vertical url_name="v" display_name="Unit">{inside}</vertical>'
        "</sequential></chapter></course>"
    )
    return read_olx(source({"course.xml": xml, **files}), "", "")


def reasons(course):
    return {skipped.path: skipped.reason for skipped in course.skipped}


def said(course):
    return [str(one) for one in course.warnings]


@needs_data
def test_a_real_library_is_a_quiz_of_all_its_problems():
    course = read_course(LIBRARY)
    (lesson,) = course.lessons
    kinds = [one.values["kind"] for one in lesson.quiz.questions]
    assert sorted(kinds) == ["NUMERIC"] + ["SINGLE"] * 5
    assert all(one.values["explanation"] for one in lesson.quiz.questions if one.options)
    assert set(reasons(course)) == {"README.rst", "library/policies/assets.json"}


@needs_data
def test_every_block_of_a_real_course_is_a_lesson_a_question_or_told():
    course = read_course(STUDIO)
    blocks = {"html": 16, "problem": 5, "pdf": 3, "google-document": 2, "video": 3,
              "openassessment": 4, "lti_consumer": 3, "discussion": 1}  # fmt: skip
    xml = (STUDIO / "course.xml").read_text()
    assert {tag: xml.count(f"\t<{tag} ") + xml.count(f"    <{tag} ") for tag in blocks} == blocks
    left = [skipped for skipped in course.skipped if skipped.kind != "file"]
    questions = [one for lesson in course.lessons if lesson.quiz for one in lesson.quiz.questions]
    articles = [lesson for lesson in course.lessons if not lesson.quiz]
    assert (len(questions), len(left), len(articles)) == (4, 11, 22)
    # Every unit has at most one text; one unit has its text beside a quiz, three lose a tool.
    assert sum(blocks.values()) == len(questions) + len(left) + len(articles)
    assert all(skipped.original for skipped in left)
    assert len({lesson.key for lesson in course.lessons}) == len(course.lessons)


@needs_data
@pytest.mark.django_db
def test_a_second_import_of_real_olx_changes_nothing():
    for path in (LIBRARY, STUDIO):
        first = bring(path)
        again = bring(path)
        assert again.changes == 0
        assert again.source_nodes == first.source_nodes
    assert Course.objects.count() == 2


def test_blocks_may_lie_in_files_of_their_own_and_policies_override_them():
    course = read_source(
        source(
            {
                "course/course.xml": '<course url_name="2026" org="O" course="DemoX"/>',
                "course/course/2026.xml": (
                    '<course display_name="Old" license="creative-commons: ver=4.0 BY SA">'
                    '<chapter url_name="c1"/><wiki slug="w"/></course>'
                ),
                "course/chapter/c1.xml": '<chapter><sequential url_name="s1"/></chapter>',
                "course/sequential/s1.xml": (
                    '<sequential display_name="Part"><vertical url_name="v1"/>'
                    '<vertical url_name="v2"/><vertical url_name="v1"/></sequential>'
                ),
                "course/vertical/v1.xml": (
                    '<vertical display_name="One"><html url_name="h1"/><html url_name="h2"/>'
                    "</vertical>"
                ),
                "course/vertical/v2.xml": "<vertical><broken></vertical>",
                "course/html/h1.xml": '<html filename="page" display_name="A"/>',
                "course/html/page.html": '<p>See <a href="/jump_to_id/c1">all</a>.</p>',
                "course/html/h2.html": "<p>No file of XML.</p>",
                "course/html/lost.html": "<p>Nobody names me.</p>",
                "course/about/overview.html": "<p>About <i>tea</i>.</p>",
                "course/about/short_description.html": "All of\ntea.",
                "course/policies/2026/policy.json": (
                    '{"course/2026": {"display_name": "Tea", "lti_passports": ["a:b:c"]},'
                    ' "chapter/c1": {"display_name": "First", "visible_to_staff_only": true}}'
                ),
            }
        )
    )
    assert (course.slug, course.values["title"]) == ("demox", "Tea")
    assert course.values["summary"] == "All of tea."
    assert course.values["description"] == "About *tea*."
    assert course.values["licence"] == "CC-BY-SA-4.0"
    (module,) = course.modules
    (lesson,) = module.lessons
    assert (module.title, lesson.title, lesson.values["status"]) == ("First", "One", "DRAFT")
    assert lesson.values["content"] == "See [all](01-v1.md).\n\nNo file of XML."
    assert said(course) == ["Credentials were left out: lti_passports."]
    told = reasons(course)
    assert told["course/sequential/s1.xml:1 vertical v1"] == "it stands in the course already"
    assert told["course/vertical/v2.xml"].startswith("This is not well-formed XML")
    assert told["course/course/2026.xml:1 wiki w"] == 'blocks of the kind "wiki" are not supported'
    assert told["course/html/lost.html"] == "no block of the course names it, or it is not read"


def test_a_unit_is_a_text_its_videos_and_a_quiz():
    course = unit(
        TEXT
        + '<video url_name="y1" display_name="Boil" youtube="0.75:aaaaaaaaaaa,1.00:bbbbbbbbbbb" '
        'handout="/static/my_tea.mp4"/>'
        '<video url_name="y2"><source src="/static/my tea.mp4"/></video>'
        '<problem url_name="p1"><stringresponse answer="hot" type="ci"><label>How?</label>'
        "</stringresponse></problem>"
        '<html url_name="h3">&lt;p&gt;More.&lt;/p&gt;</html>',
        **{"static/my_tea.mp4": "x"},
    )
    text, boil, other, quiz = course.lessons
    assert text.values["content"] == "Hot **tea**.\n\nMore."
    assert (boil.values["kind"], boil.values["video_url"]) == (
        "VIDEO", "https://www.youtube.com/watch?v=bbbbbbbbbbb",
    )  # fmt: skip
    assert boil.values["content"] == "[Handout](../static/my_tea.mp4)"
    assert (text.title, boil.title, quiz.title) == ("Unit", "Unit: Boil", "Unit: questions")
    assert other.values["content"] == "[Unit: Video](../static/my_tea.mp4)"
    assert [one.key for one in quiz.quiz.questions] == ["p1"]
    assert quiz.key == "v-quiz"
    assert list(course.assets) == ["static/my_tea.mp4"]


def test_links_lead_to_files_and_blocks_of_the_course():
    course = unit(
        '<html url_name="h1"><![CDATA[<img src="/static/A pot.png" alt="A pot"/> '
        '<a href="/static/a_pot.png?x=1">1</a> '
        '<a href="/asset-v1:O+T+R+type@asset+block@a_pot.png">2</a> '
        '<a href="/courses/O/T/R/jump_to_id/p1">3</a> '
        '<a href="/jump_to/block-v1:O+T+R+type@vertical+block@v">4</a> '
        '<a href="https://example.org/static/x.png">5</a>]]></html>'
        '<problem url_name="p1"><numericalresponse answer="1"><label>One?</label>'
        "</numericalresponse></problem>",
        **{"static/A_pot.png": "x"},
    )
    content = course.lessons[0].values["content"]
    assert content.count("(../static/A_pot.png)") == 3
    assert "[3](02-v-quiz.quiz.yaml)" in content
    assert "[4](01-v.md)" in content
    assert "[5](https://example.org/static/x.png)" in content


def test_what_opens_doors_elsewhere_is_left_out_of_what_is_kept():
    course = unit(TEXT + '<lti url_name="l" lti_key="k" client_secret="sesame" launch_url="x"/>')
    (skipped,) = course.skipped
    assert "sesame" not in skipped.original
    assert 'launch_url="x"' in skipped.original
    assert said(course) == ["Credentials were left out: client_secret, lti_key."]


def test_blocks_that_hold_others_give_what_they_hold():
    response = '<numericalresponse answer="1"><p>One?</p></numericalresponse>'
    problem = f'<problem url_name="p{{}}">{response}</problem>'
    course = unit(
        f'<library_content url_name="lc">{problem.format(1)}{problem.format(2)}</library_content>'
        f'<wrapper url_name="w">{problem.format(3)}<poll url_name="x"/></wrapper>'
        '<problem url_name="t"><p>Only a text.</p></problem><html url_name="e"/>'
    )
    text, quiz = course.lessons
    assert text.values["content"] == "Only a text."
    assert [one.key for one in quiz.quiz.questions] == ["p1", "p2", "p3"]
    assert said(course) == ["course.xml:1: Not all learners were shown all of this: here they are."]
    assert reasons(course) == {
        "course.xml:1 poll x": 'blocks of the kind "poll" are not supported',
        "course.xml:1 html e": "it has no text",
    }


def test_older_courses_have_blocks_without_units_and_units_without_chapters():
    course = read_source(
        source(
            {
                "course.xml": (
                    '<course url_name="run" name="Tea"><sequential display_name="Alone">'
                    f'{TEXT}<vertical display_name="U">{TEXT}</vertical></sequential>'
                    f'<chapter display_name="C">{TEXT}<vertical url_name="n"/></chapter>'
                    f'<vertical display_name="Last">{TEXT}</vertical></course>'
                )
            }
        )
    )
    assert [(one.title, [lesson.title for lesson in one.lessons]) for one in course.modules] == [
        ("Tea", ["Alone", "Alone: U"]),
        ("C", ["Text"]),
        ("Tea", ["Last"]),
    ]
    assert reasons(course) == {"course.xml:1 vertical n": "there is nothing in it"}


def test_a_large_library_has_several_quizzes():
    problem = '<problem><numericalresponse answer="1"><p>{}?</p></numericalresponse></problem>'
    inside = "".join(problem.format(number) for number in range(450))
    xml = f'<library library="Lib" display_name="All">{inside}</library>'
    course = read_source(source({"library.xml": xml}))
    assert [(one.title, len(one.quiz.questions)) for one in course.lessons] == [
        ("All (1)", 200), ("All (2)", 200), ("All (3)", 50),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("xml", "message"),
    [("<course", "course.xml:1: This is not well-formed XML"),
     ("<html/>", "course.xml:1: This is neither a course nor a library of Open edX."),
     ('<!DOCTYPE c [<!ENTITY x "y">]><course>&x;</course>', "Entities are not allowed")],
)  # fmt: skip
def test_what_is_no_course_is_refused(xml, message):
    with pytest.raises(ImportRefused) as refusal:
        read_source(source({"course.xml": xml}))
    assert message in str(refusal.value)


def test_a_policy_that_cannot_be_read_is_told():
    course = unit(TEXT, **{"policies/run/policy.json": "{"})
    assert reasons(course)["policies/run/policy.json"] == "it is not valid JSON"


def test_blocks_that_hold_themselves_end_somewhere():
    course = unit(
        '<vertical url_name="x"/>',
        **{"vertical/x.xml": f'<vertical>{TEXT}<vertical url_name="x"/></vertical>'},
    )
    assert len(course.lessons) == 1
    assert list(reasons(course).values()) == ["it stands in the course already"]
