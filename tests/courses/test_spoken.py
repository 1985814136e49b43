"""What Markdown says in our words is read in the language of the page; the rest stays."""

import pytest
from django.utils.translation import override

from courses.markdown import render
from courses.spoken import WORDS, spoken

TEXT = """\
# Note

> [!WARNING]
> Warning: Note that.

```python title="Table"
print("Note")
```

| a |
|---|
| 1 |

{{quiz: 03-check}}
"""


@pytest.fixture
def html():
    return render(TEXT, resolve=lambda file: "/quiz/")


def test_titles_labels_and_links_of_ours_are_in_the_language_of_the_page(html):
    with override("de"):
        said = spoken(html)
    for ours in (
        '<p class="callout-title">Warnung</p>',
        'aria-label="Link zu: Note"',
        'aria-label="Code: Table"',
        'aria-label="Tabelle"',
        ">Zum Quiz</a>",
    ):
        assert ours in said
    for authors in (">Note<a ", "<p>Warning: Note that.</p>", "<figcaption>Table</figcaption>"):
        assert authors in said


def test_in_english_nothing_changes(html):
    assert spoken(html) == html


def test_every_title_of_a_callout_can_be_said():
    shown = render("\n\n".join(f"> [!{kind}]\n> x" for kind in ("NOTE", "IMPORTANT", "TIP", "TRY")))
    with override("ar"):
        said = spoken(shown + render("> [!CAUTION]\n> x"))
        assert not [word for word in WORDS if f">{word}<" in said]
