"""What programs print, as it is shown: it has an end, and does nothing."""

from assessments.printed import AROUND_LINES, Marked, legible, marked, printed


def test_a_long_text_is_cut_at_a_line_and_the_rest_follows_on_demand():
    text = "\n".join(f"line {number}" for number in range(100))
    shown = printed(text)
    assert shown.head.count("\n") == 39
    assert f"{shown.head}\n{shown.rest}" == text


def test_around_a_difference_only_some_lines_are_shown():
    expected = "\n".join(str(number) for number in range(20_000))
    got = expected.replace("\n500\n", "\n501\n", 1)
    shown = marked(expected, got, "line 501")
    assert shown.mark == "501"
    assert shown.before.startswith("… ")
    assert shown.after.endswith(" …")
    assert max(shown.before.count("\n"), shown.after.count("\n")) <= AROUND_LINES
    assert max(len(shown.before), len(shown.after)) < 1_100


def test_one_endless_line_is_cut_too():
    shown = marked("a", "b" * 50_000, "")
    assert len(shown.mark) < 1_100


def test_a_short_difference_is_shown_whole():
    assert marked("1 2 3", "1 5 3", "word 2") == Marked("1 ", "5", " 3")


def test_commands_for_terminals_are_taken_out_and_what_is_invisible_is_named():
    assert legible("\x1b[31mred\x1b[0m \u202e") == "red <U+202E>"
