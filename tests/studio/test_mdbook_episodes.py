"""Lessons of the Carpentries, in both dialects: every episode, challenge and solution."""

import re
import time
from pathlib import Path

import pytest

from studio.importing.formats import read_course, read_source
from tests.studio.test_bad_sources import source
from tests.studio.test_import_folder import bring

DATA = Path(__file__).parents[3] / "shared/data/courses"
LESSON = DATA / "swc-python-novice-inflammation"
needs_data = pytest.mark.skipif(not LESSON.is_dir(), reason=f"There is no {LESSON}.")
FRONT = "---\ntitle: Tea\nteaching: 20\nexercises: 10\n---\n"


def newer(text, **files):
    usual = {
        "config.yaml": "title: Kitchen\nlicense: CC-BY 4.0\n",
        "episodes/01-tea.md": FRONT + text,
    }
    course = read_source(source(usual | files))
    return course.lessons[0].values["content"], course


def older(text, front=FRONT, **files):
    usual = {"_config.yml": "title: Kitchen\nemail: us\n", "_episodes/01-tea.md": front + text}
    course = read_source(source(usual | files))
    return course.lessons[0].values["content"], course


def reasons(course):
    return {skipped.path: skipped.reason for skipped in course.skipped}


def said(course):
    return [str(one) for one in course.warnings]


@needs_data
def test_every_episode_challenge_and_solution_of_a_real_lesson_is_there():
    course = read_course(LESSON)
    assert (course.values["title"], course.values["licence"]) == (
        "Programming with Python", "CC-BY 4.0",
    )  # fmt: skip
    assert len(course.lessons) == 12
    assert sum(lesson.values["minutes"] for lesson in course.lessons) == 445
    text = "\n".join(lesson.values["content"] for lesson in course.lessons)
    assert text.count("> [!TRY]") == 53
    assert text.count("<details><summary>") == text.count("</details>") == 58
    assert ":::" not in text
    assert "{alt=" not in text
    for name in ("Objectives", "Questions", "Key points"):
        assert text.count(f"## {name}\n") == 12
    assert re.search(r"!\[\]\(", text) is None
    in_all = sum(1 for path in LESSON.rglob("*") if path.is_file())
    files = [skipped for skipped in course.skipped if skipped.kind == "file"]
    assert in_all == 12 + len(course.assets) + len(files) + len(["config.yaml", "index.md"])
    notes = [skipped for skipped in course.skipped if skipped.kind == "note"]
    assert len(notes) == 2
    assert all(note.original for note in notes)


@needs_data
@pytest.mark.django_db
def test_pictures_that_are_not_there_are_told_and_a_second_import_changes_nothing():
    report = bring(LESSON)
    lost = {one.message for one in report.warnings if one.code == "reference"}
    pictures = [one for one in lost if re.search(r"\.(png|jpg|svg|gif)\"", one)]
    assert len(pictures) == 3
    assert bring(LESSON).changes == 0


def test_boxes_become_callouts_and_folded_solutions():
    content, course = newer(
        "::::: challenge\n## Try `it`\n```python\nx\n```\n"
        ":::: {.solution}\n## So & so\nLike so.\n::::\n::: hint\nThink.\n:::\n:::::\n\n"
        "::: strange\nKept.\n:::\n::: instructor\nSlowly.\n:::\n:::\n::: keypoints\n- Tea\n"
    )
    assert "> [!TRY]\n> ## Try `it`\n> ```python\n> x\n> ```" in content
    assert "> <details><summary>So &amp; so</summary>\n>\n> Like so.\n>\n> </details>" in content
    assert "> <details><summary>Hint</summary>\n>\n> Think." in content
    assert "\nKept.\n" in content
    assert content.endswith("## Key points\n\n- Tea")
    assert reasons(course)["episodes/01-tea.md:23"] == "a note for the instructor"
    assert said(course) == [
        'episodes/01-tea.md:20: Boxes of the kind "strange" are not known: its text stays.',
        "episodes/01-tea.md:26: A box ends here that has not begun.",
        'episodes/01-tea.md:27: The box "keypoints" has no end.',
    ]


def test_boxes_in_code_stay_as_they_are():
    content, course = newer("```\n::: challenge\n```\n`::: x`")
    assert content == "```\n::: challenge\n```\n`::: x`"
    assert said(course) == []


def test_images_say_what_they_show():
    content, course = newer(
        "![](fig/a.png){alt='A \\_cup\\_ [of] tea' width=\"50%\"} ![Pot](fig/a.png){width=1}\n"
        "`'{:.2f}'`",
        **{"episodes/fig/a.png": "x", "other.txt": "x", "episodes/a.exe": ""},
    )
    assert content == (
        "![A \\_cup\\_ \\[of\\] tea](../episodes/fig/a.png) ![Pot](../episodes/fig/a.png)\n"
        "`'{:.2f}'`"
    )
    assert list(course.assets) == ["episodes/fig/a.png"]
    assert set(reasons(course)) == {"other.txt", "episodes/a.exe"}


def test_the_order_is_that_of_the_configuration_and_names_lose_their_numbers():
    files = {
        "config.yaml": "title: Kitchen\nepisodes:\n- 02-milk.md\n- 01-tea.md\n",
        "episodes/02-milk.md": FRONT + "See [tea](01-tea.md) and [here](../02-milk.html).",
        "episodes/03-more.Rmd": FRONT + "```{r, echo=FALSE}\nx\n```",
        "episodes/notes.md": "No fields in front.",
        "index.md": "---\nsite: x\n---\nAll about [tea](episodes/01-tea.md).",
    }
    _, course = newer("Tea.", **files)
    assert [lesson.key for lesson in course.lessons] == ["milk", "tea", "more"]
    assert course.lessons[0].values["content"] == "See [tea](02-tea.md) and [here](01-milk.md)."
    assert course.lessons[2].values["content"] == "```r\nx\n```"
    assert course.lessons[0].values["minutes"] == 30
    assert course.values["description"] == "All about [tea](01-episodes/02-tea.md)."
    assert "R Markdown" in said(course)[0]
    assert list(reasons(course)) == ["episodes/notes.md"]


def test_fields_that_are_too_strange_are_told_and_the_text_stays():
    _, course = newer("Tea.", **{"episodes/02.md": "---\ntitle: &x y\n---\n# Milk\nMilk."})
    assert course.lessons[1].title == "Milk"
    assert course.lessons[1].values["content"] == "Milk."
    assert said(course) == ["episodes/02.md:2: Aliases are not allowed."]
    _, course = newer("Tea.", **{"config.yaml": "title: [1\n"})
    assert course.lessons[0].title == "Tea"
    assert course.warnings[0].path == "config.yaml"


def test_quotations_of_a_kind_become_boxes_in_the_older_dialect():
    content, course = older(
        "> ## Try\n>\n> What?\n>\n> > ## Solution\n> >\n> > ~~~\n> > x\n> > ~~~\n"
        "> > {: .language-python}\n> {: .solution}\n{: .challenge}\n\n> Just said.\n\n"
        "~~~\ny\n~~~\n{: .output}\n\n> Slowly.\n{: .instructor}\n{:auto_ids}\n"
    )
    assert content == (
        "> [!TRY]\n> ## Try\n>\n> What?\n>\n>\n> <details><summary>Solution</summary>\n>\n"
        "> ~~~python\n> x\n> ~~~\n>\n> </details>\n\n\n> Just said.\n\n~~~output\ny\n~~~"
    )
    assert list(reasons(course).values()) == ["a note for the instructor"]


def test_fields_in_front_are_lists_around_the_text():
    front = (
        '---\ntitle: Tea\nquestions:\n- "What is tea?"\nobjectives:\n- Know tea.\n'
        "keypoints:\n- It is hot.\n---\n"
    )
    content, _ = older("Text.", front)
    assert content == (
        "## Questions\n\n- What is tea?\n\n## Objectives\n\n- Know tea.\n\nText.\n\n"
        "## Key points\n\n- It is hot."
    )


def test_templates_of_the_site_are_filled_in_or_told():
    content, course = older(
        "{% include base_path.html %}[a]({{ page.root }}{% link _episodes/02-milk.md %}) "
        "[b]({% link _episodes/02-milk.md %}) [c]({{ page.root }}/02-milk/) {{ site.email }}\n"
        '{% include figure.html src="../fig/a.png" alt="100% [tea]" caption="Tea" %}\n'
        "{% raw %}{{ kept }}{% endraw %}{% comment %}{{ gone }}{% endcomment %}[x][jekyll]\n"
        "{{ site.strange }}\n{% include links.md %}",
        **{
            "_episodes/02-milk.md": FRONT + "Milk.",
            "fig/a.png": "x",
            "_includes/links.md": "[jekyll]: https://jekyllrb.com\n{% comment %}",
        },
    )
    milk = "02-milk.md"
    assert content.startswith(f"[a]({milk}) [b]({milk}) [c]({milk}) us\n")
    assert "![100% \\[tea\\]](../fig/a.png)\n\n*Tea*" in content
    assert "{{ kept }}[x][jekyll]" in content
    assert "gone" not in content
    assert content.endswith("[jekyll]: https://jekyllrb.com")
    assert said(course) == [
        '_episodes/01-tea.md:9: The template "{{ site.strange }}" is not filled in.'
    ]


@pytest.mark.parametrize(
    "text", ["::: challenge\n" * 20_000, "> " * 100_000, "{% " * 100_000, "{{ x }}" * 50_000,
             "![a](b){" * 50_000, "> {: .challenge}\n" * 20_000, "~~~\n{: .x}\n" * 20_000]
)  # fmt: skip
def test_hostile_texts_are_read_at_once(text):
    start = time.monotonic()
    newer(text)
    older(text)
    assert time.monotonic() - start < 8


@needs_data
def test_every_picture_that_a_real_lesson_misses_is_told():
    course = read_course(LESSON)
    text = "\n".join(lesson.values["content"] for lesson in course.lessons)
    in_episodes = len(re.findall(r"\(fig/04_groceries_veg0*\.png", text))
    counts = [re.search(r"misses (\d+) picture", reason) for reason in reasons(course).values()]
    elsewhere = sum(int(hit[1]) for hit in counts if hit)
    assert (in_episodes, elsewhere) == (3, 13)


def test_pages_that_are_no_episodes_say_what_they_miss():
    page = "![](a.png) ![](../fig/b.png) ![](https://example.org/c.png) ![](d%20e.png)"
    files = {"learners/discuss.md": page, "learners/d e.png": "x", "learners/setup.md": "Tea"}
    _, course = newer("Tea", **files)
    assert reasons(course) == {
        "learners/discuss.md": "it is no episode, and misses 2 pictures",
        "learners/setup.md": "it is no episode",
        "learners/d e.png": "it is no file that episodes link to",
    }
