"""The pure part of an import: what moved, and what is to be done with a node that has a row."""

from hypothesis import given
from hypothesis import strategies as st

from studio.importing.compare import judge, moved_within
from studio.importing.report import Action
from studio.importing.tree import fingerprint


def test_only_what_must_move_moves():
    assert moved_within("abc", "abc") == set()
    assert moved_within("abc", "cab") == {"c"}
    assert moved_within("abc", "xaybzc") == set()
    assert moved_within("abcd", "dcba").__len__() == 3
    assert moved_within("", "abc") == moved_within("abc", "") == set()


@given(st.permutations(list("abcdefg")), st.sets(st.sampled_from("abcdefg")))
def test_what_stays_keeps_its_order(after, gone):
    after = [item for item in after if item not in gone]
    moved = moved_within("abcdefg", after)
    staying = [item for item in after if item not in moved]
    assert staying == sorted(staying)
    assert moved <= set(after)


def test_the_verdicts():
    old, new = {"title": "A", "text": "x"}, {"title": "B", "text": "x"}
    known = fingerprint(old)

    def verdict(wanted, row, imported, **flags):
        return judge(wanted, row, imported, **{"deleted": False, "overwrite": False, **flags})

    assert verdict(old, old, known).action == Action.UNCHANGED
    assert verdict(new, old, known) == verdict(new, old, "", overwrite=True)
    assert verdict(new, old, known).detail == "title"
    assert verdict(new, old, "").action == Action.CONFLICT
    assert verdict(old, old, "").action == Action.UNCHANGED
    assert verdict(new, {**old, "text": "y"}, known).action == Action.CONFLICT
    assert verdict(new, {**old, "text": "y"}, known, overwrite=True).action == Action.UPDATED
    assert verdict(new, new, known).action == Action.UNCHANGED
    assert verdict(old, old, "", deleted=True).action == Action.RESTORED
    assert verdict(old, old, known, deleted=True).action == Action.CONFLICT


def test_line_ends_of_browsers_are_no_change_but_what_a_case_expects_is():
    def verdict(wanted, row):
        return judge(wanted, row, "", deleted=False, overwrite=False).action

    assert verdict({"content": "a\nb"}, {"content": "a\r\nb\r\n"}) == Action.UNCHANGED
    cases = [{"expected_stdout": "3\n"}]
    assert verdict({"cases": cases}, {"cases": [{"expected_stdout": "3\r\n"}]}) == Action.UNCHANGED
    assert verdict({"cases": cases}, {"cases": [{"expected_stdout": "3"}]}) == Action.CONFLICT
    stripped = [{"expected_stdout": "3"}]
    assert verdict({"cases": stripped}, {"cases": cases}) == Action.CONFLICT
