"""Common Cartridge and Canvas: what becomes of modules, leaves, resources, links and files."""

import pytest

from studio.importing.refusal import ImportRefused
from tests.studio.cartridges import (
    item,
    manifest,
    qti,
    read,
    resource,
    shown,
    single,
    told,
    tree_of,
)

QUIZ, BANK = (
    "imsqti_xmlv1p2/imscc_xmlv1p{}/assessment",
    "imsqti_xmlv1p2/imscc_xmlv1p{}/question-bank",
)
ASSOCIATED = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
SETTINGS, FULL = "course_settings", "non_cc_assessments"
MODULES = """<modules xmlns="urn:canvas"><module identifier="m2"><title>Second</title>
<workflow_state>unpublished</workflow_state><position>2</position><items>
<item identifier="i4"><content_type>WikiPage</content_type><title>Page two</title>
<identifierref>p2</identifierref><position>1</position></item></items></module>
<module identifier="m1"><title>First</title><workflow_state>active</workflow_state>
<position>1</position><items>
<item identifier="i2"><content_type>Quizzes::Quiz</content_type><title>Check</title>
<identifierref>gquiz</identifierref><position>3</position></item>
<item identifier="i0"><content_type>ContextModuleSubHeader</content_type><title>Begin</title>
<position>1</position></item>
<item identifier="i1"><content_type>WikiPage</content_type><title>Page one</title>
<workflow_state>active</workflow_state><identifierref>p1</identifierref><position>2</position></item>
<item identifier="i3"><content_type>ExternalUrl</content_type><title>Elsewhere</title>
<url>https://example.org/</url><position>4</position></item>
<item identifier="i5"><content_type>ContextExternalTool</content_type><title>A tool</title>
<url>https://tool.example.org/</url><position>5</position></item>
<item identifier="i6"><content_type>Assignment</content_type><title>Hand in</title>
<identifierref>gtask</identifierref><position>6</position></item>
</items></module></modules>"""


def titles(course):
    return [
        (module.title, [lesson.title for lesson in module.lessons]) for module in course.modules
    ]


def lesson(course, title):
    return next(one for one in course.lessons if one.title == title)


def one_page(html, files=None, **more):
    """A course of one page, with other files beside it."""
    files = files or {}
    others = "".join(resource(f"f{at}", "webcontent", path) for at, path in enumerate(files))
    given = manifest(
        tree_of(("M", [("P", "p")])), resource("p", "webcontent", "pages/p.html") + others
    )
    return read({"imsmanifest.xml": given, "pages/p.html": html, **files}, **more)


@pytest.mark.parametrize("version", [0, 1, 2, 3])
def test_every_version_is_read_with_all_its_kinds(version):
    wl, dt = f"imswl_xmlv1p{version}", f"imsdt_xmlv1p{version}"
    leaves = [(title, key) for title, key in [
        ("Read", "p"), ("Watch", "v"), ("Look", "l"), ("Check", "q"), ("Talk", "d"), ("Tool", "t"),
        ("Hand in", "a"), ("File", "f"), ("Odd", "o"),
    ]]  # fmt: skip
    resources = (
        resource("p", "webcontent", "p.html")
        + resource("v", wl, "v.xml")
        + resource("l", wl, "l.xml")
        + resource("q", QUIZ.format(version), "q/q.xml")
        + resource("d", dt, "d.xml")
        + resource("t", "imsbasiclti_xmlv1p0", "t.xml")
        + resource("a", "assignment_xmlv1p0", "a.xml")
        + resource("f", "webcontent", "f.pdf")
        + resource("o", "idpfepub_epubv3", "o.epub")
        + resource("b", BANK.format(version), "b.xml")
    )
    link = '<webLink xmlns="urn:x"><title>T</title><url href="{}"/></webLink>'
    text = '<text texttype="text/html">&lt;b&gt;Say&lt;/b&gt; it.</text>'
    bank = f'<questestinterop><objectbank ident="b">{single()}</objectbank></questestinterop>'
    course = read({
        "imsmanifest.xml": manifest(tree_of(("One", leaves)), resources, version=version),
        "p.html": "<html><head><title>No</title></head><body><h1>Hello</h1></body></html>",
        "v.xml": link.format("https://youtu.be/dQw4w9WgXcQ"),
        "l.xml": link.format("https://example.org/?a=1&amp;b=2"),
        "q/q.xml": qti(single()),
        "d.xml": f"<topic><title>T</title>{text}</topic>",
        "t.xml": "<c><title>T</title><description>Use it.</description>"
        "<launch_url>https://tool.example.org/</launch_url></c>",
        "a.xml": f"<assignment><title>T</title>{text}</assignment>",
        "f.pdf": b"%PDF",
        "o.epub": b"",
        "b.xml": bank,
    })  # fmt: skip
    assert titles(course) == [
        ("One", ["Read", "Watch", "Look", "Check", "Talk", "Tool", "Hand in", "File"]),
        ("Not in a module", ["Quiz"]),
    ]
    assert course.values["title"] == "A course"
    texts = {one.title: one.values["content"] for one in course.lessons}
    assert texts["Read"] == "# Hello"
    assert lesson(course, "Watch").values["video_url"] == "https://youtu.be/dQw4w9WgXcQ"
    assert texts["Look"] == "[Look](<https://example.org/?a=1&b=2>)"
    assert len(lesson(course, "Check").quiz.questions) == 1
    assert texts["Talk"] == texts["Hand in"] == "**Say** it."
    assert texts["Tool"] == "Use it.\n\n[Tool](<https://tool.example.org/>)"
    assert texts["File"] == "[File](../f.pdf)"
    assert list(course.assets) == ["f.pdf"]
    assert lesson(course, "Quiz").values["status"] == "DRAFT"
    assert "idpfepub" in told(course)["o.epub"]
    assert {one.code for one in course.warnings} == {"topic", "tool", "assignment"}


def test_a_link_may_stand_in_the_manifest_itself():
    inside = '<webLink><title>T</title><url href="https://example.org/"/></webLink>'
    resources = resource("l", "imswl_xmlv1p3", inside=inside)
    course = read({"imsmanifest.xml": manifest(tree_of(("M", [("", "l")])), resources)})
    assert titles(course) == [("M", ["T"])]
    assert lesson(course, "T").values["content"] == "[T](<https://example.org/>)"


def test_without_an_organization_all_is_in_one_module():
    resources = resource("p", "webcontent", "p.html") + resource("f", "webcontent", "f.pdf")
    course = read({
        "imsmanifest.xml": manifest("", resources),
        "p.html": "<title>A page</title><p>x</p>",
        "f.pdf": b"%PDF",
    })  # fmt: skip
    assert titles(course) == [("Lessons", ["A page"])]
    assert told(course) == {"f.pdf": "no lesson shows it"}


def test_deeper_levels_are_flattened_with_a_warning_and_loose_lessons_get_a_module():
    def folder(title, inside):
        return f'<item identifier="{title}"><title>{title}</title>{inside}</item>'

    def leaf(key):
        return f'<item identifier="i{key}" identifierref="{key}"><title>{key}</title></item>'

    inside = leaf("a") + folder("One", leaf("b") + folder("Deep", leaf("c"))) + leaf("d")
    course = read({
        "imsmanifest.xml": manifest(
            f"<organization>{folder('', inside)}</organization>",
            "".join(resource(key, "webcontent", f"{key}.html") for key in "abcd"),
        ),
        **{f"{key}.html": "x" for key in "abcd"},
    })  # fmt: skip
    assert titles(course) == [("A course", ["a"]), ("One", ["b", "c"]), ("A course", ["d"])]
    [warning] = course.warnings
    assert '"Deep"' in warning.message


def test_the_same_page_twice_and_a_page_that_is_not_there_are_told():
    leaves = [("A", "a"), ("Again", "a"), ("Gone", "gone"), ("Lost", "lost")]
    resources = resource("a", "webcontent", "a.html") + resource("lost", "webcontent", "lost.html")
    course = read({"imsmanifest.xml": manifest(tree_of(("M", leaves)), resources), "a.html": "x"})
    assert titles(course) == [("M", ["A"])]
    assert sorted(told(course).values()) == [
        "it has its place already",
        "its file is not in the cartridge",
        "the cartridge does not hold it",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "../img/a b.png",
        "../img/a%20b.png",
        "../img/a%2520b.png",
        "$IMS-CC-FILEBASE$/img/a%20b.png",
        "$IMS-CC-FILEBASE$/../img/a%20b.png",
        "%24IMS-CC-FILEBASE%24/img/a%20b.png?canvas_download=1&amp;canvas_qs_wrap=1",
        "$IMS_CC_FILEBASE$img/a b.png",
        "$IMS-CC-FILEBASE$/img/a_b.png",
        "old/place/A%20B.png",
    ],
)
def test_a_link_finds_its_file_however_it_is_spelt(url):
    course = one_page(f'<img src="{url}" alt="x">', {"img/a b.png": b"png"})
    assert lesson(course, "P").values["content"] == "![x](../img/a%20b.png)"
    assert list(course.assets) == ["img/a b.png"]
    assert course.skipped == []


def test_links_between_pages_lead_to_lessons():
    resources = resource("a", "webcontent", "w/a.html") + resource("b", "webcontent", "w/b.html")
    course = read({
        "imsmanifest.xml": manifest(tree_of(("M", [("A", "a"), ("B", "b")])), resources),
        "w/a.html": '<a href="b.html#x">b</a> <a href="https://example.org/b.html">c</a>',
        "w/b.html": '<a href="$IMS-CC-FILEBASE$/w/a.html">a</a>',
    })  # fmt: skip
    a, b = course.lessons
    assert a.values["content"] == "[b](02-b.md#x) [c](https://example.org/b.html)"
    assert b.values["content"] == "[a](01-a.md)"
    assert b.source.endswith("/02-b.md")


def test_pages_without_a_module_are_told_with_their_text():
    course = one_page("x", {"stray.html": "<p>Kept <b>here</b>.</p>", "data.xyz": b"x"})
    assert told(course) == {"stray.html": "no module has it", "data.xyz": "no lesson shows it"}
    assert next(one for one in course.skipped if one.original).original == "Kept **here**."


def test_a_broken_quiz_and_a_page_in_another_encoding_do_not_stop_the_others():
    resources = resource("p", "webcontent", "p.html") + resource("q", QUIZ.format(1), "q.xml")
    course = read({
        "imsmanifest.xml": manifest(tree_of(("M", [("P", "p"), ("Q", "q")])), resources),
        "p.html": "caf\xe9".encode("cp1252"),
        "q.xml": "<questestinterop>\n<a></questestinterop>",
    })  # fmt: skip
    assert lesson(course, "P").values["content"] == "café"
    assert told(course)["q.xml"].startswith("This is not well-formed XML")
    assert {str(one).split(":")[0] for one in course.warnings} == {"p.html", "q.xml"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("<manifest>", "imsmanifest.xml:1: This is not well-formed XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><manifest>&b;</manifest>', "Entities are not allowed"),
        ("<other/>", "no manifest of a cartridge"),
        (manifest().replace("IMS Common Cartridge", "ADL SCORM"), "SCORM"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(given, words):
    with pytest.raises(ImportRefused, match=words):
        read({"imsmanifest.xml": given})


def canvas(**files):
    quiz = "<quiz><title>Check</title><description>&lt;p&gt;Take it.&lt;/p&gt;</description>" \
        "<time_limit>20</time_limit><allowed_attempts>-1</allowed_attempts>" \
        "<shuffle_answers>true</shuffle_answers><available>true</available></quiz>"  # fmt: skip
    resources = (
        resource("p1", "webcontent", "wiki_content/page-one.html")
        + resource("p2", "webcontent", "wiki_content/page-two.html")
        + resource("gquiz", QUIZ.format(1), "gquiz/assessment_qti.xml")
        + resource("gmeta", ASSOCIATED, "gquiz/assessment_meta.xml", f"{FULL}/gquiz.xml.qti")
        + resource("gbank", ASSOCIATED, f"{FULL}/gbank.xml.qti")
        + resource("gtask", ASSOCIATED, "gtask/hand-in.html", "gtask/assignment_settings.xml")
        + resource("set", ASSOCIATED, f"{SETTINGS}/canvas_export.txt")
        + resource("img", "webcontent", "web_resources/a.png")
    )  # fmt: skip
    page = (
        '<img src="$IMS-CC-FILEBASE$/a.png?canvas_download=1" alt="A"> '
        '<a href="$CANVAS_OBJECT_REFERENCE$/quizzes/gquiz">q</a> '
        '<a href="$WIKI_REFERENCE$/pages/page-two">2</a>'
    )
    bank = f"<questestinterop><objectbank ident='gbank'>{single()}</objectbank></questestinterop>"
    settings = "<assignment><workflow_state>published</workflow_state></assignment>"
    return read({
        "imsmanifest.xml": manifest("", resources, version=1),
        f"{SETTINGS}/canvas_export.txt": "Q: What did the panda say?",
        f"{SETTINGS}/module_meta.xml": MODULES,
        f"{SETTINGS}/course_settings.xml": "<course><title>From Canvas</title></course>",
        f"{SETTINGS}/syllabus.html": "<p>All of it.</p>",
        "wiki_content/page-one.html": page,
        "wiki_content/page-two.html": "<p>Two</p>",
        "gquiz/assessment_qti.xml": qti(single("twin"), ident="gquiz"),
        "gquiz/assessment_meta.xml": quiz,
        f"{FULL}/gquiz.xml.qti": qti(single("q1"), single("q2"), ident="gquiz"),
        f"{FULL}/gbank.xml.qti": bank,
        "gtask/hand-in.html": "<p>Write it.</p>",
        "gtask/assignment_settings.xml": settings,
        "web_resources/a.png": b"png",
        **files,
    })  # fmt: skip


def test_canvas_says_modules_order_drafts_and_the_title():
    course = canvas()
    assert course.values["title"] == "From Canvas"
    assert course.values["description"] == "All of it."
    assert titles(course) == [
        ("First", ["Page one", "Check", "Elsewhere", "A tool", "Hand in"]),
        ("Second", ["Page two"]),
        ("Not in a module", ["Quiz"]),
    ]
    drafts = [one.title for one in course.lessons if one.values["status"] == "DRAFT"]
    assert drafts == ["Page two", "Quiz"]
    assert told(course)["imsmanifest.xml#i0"] == "a heading between lessons is not kept"


def test_the_full_quiz_of_canvas_is_read_and_not_its_twin():
    check = lesson(canvas(), "Check")
    assert [one.key for one in check.quiz.questions] == ["q1", "q2"]
    assert check.values["content"] == "Take it."
    assert (check.quiz.rules["time_limit"], check.quiz.rules["max_attempts"]) == (20, None)
    assert all(one.values["shuffle"] for one in check.quiz.questions)


def test_links_by_the_names_of_canvas_lead_to_lessons_and_files():
    text = lesson(canvas(), "Page one").values["content"]
    assert text == ("![A](../web_resources/a.png) [q](02-gquiz.quiz.yaml) [2](../02-m2/01-p2.md)")


def test_every_file_of_canvas_is_a_lesson_an_asset_or_told():
    course = canvas()
    lines = set(told(course)) | set(course.assets)
    settings = {path for path in lines if path.startswith("course_settings/")}
    assert len(settings) == 3
    assert list(course.assets) == ["web_resources/a.png"]


def test_an_empty_quiz_is_told():
    given = item("t", kind="text_only_question", presentation=shown("Only words."))
    resources = resource("q", QUIZ.format(1), "q.xml")
    given = {
        "imsmanifest.xml": manifest(tree_of(("M", [("Q", "q")])), resources),
        "q.xml": qti(given),
    }
    with pytest.raises(ImportRefused, match=r"q\.xml#q: Left out: no question pays points\."):
        read(given)
