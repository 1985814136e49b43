"""What of a desk was saved otherwise meanwhile: all of it that would be written over."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BoundField, Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import in_sentence
from assessments.models import Remark
from studio.pages.desk_remarks import key_of
from studio.review_forms import RemarkForm, WordsForm
from studio.review_words import Typed

LABELS = {"for_alike": gettext_lazy("For all whose code is alike")}
UNDECIDED, EDITED = Remark.Verdict.UNDECIDED, Remark.Verdict.EDITED


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is saved in one way and typed in another. Empty: nothing is said of it."""

    what: str
    saved: str
    typed: str


def differences(saved: Typed, typed: Typed) -> list[Difference]:
    """All that differs, as it stands on the page; of what was typed only, nothing is lost."""
    found = [
        one for name in WordsForm.base_fields for one in difference(saved.form, typed.form, name)
    ]
    mine = {key_of(one): one for one in typed.remarks}
    rows = (one for one in saved.remarks if one["pk"].value())
    for number, row in enumerate(rows, 1):
        found += in_remark(_("Remark %(number)s") % {"number": number}, row, mine.get(key_of(row)))
    return found


def in_remark(title: str, saved: RemarkForm, typed: RemarkForm | None) -> Iterator[Difference]:
    """What differs in a remark that is saved; one that is not among those typed as a whole."""
    if typed is None:
        yield Difference(title, shown(saved["text"]), "")
        return
    for name in ("section", "line", "text", "verdict", "for_alike"):
        if name == "text" and is_by_verdict(typed):
            continue
        for one in difference(saved, typed, name):
            yield Difference(f"{title}: {in_sentence(one.what)}", one.saved, one.typed)


def is_by_verdict(form: RemarkForm) -> bool:
    """Whether what was pressed says what becomes of the words, and not their field."""
    return form["verdict"].value() not in (None, "", UNDECIDED, EDITED)


def difference(saved: Form, typed: Form, name: str) -> Iterator[Difference]:
    """A field that differs. The version always does."""
    ours, theirs = shown(typed[name]), shown(saved[name])
    if name != "version" and ours != theirs:
        yield Difference(str(LABELS.get(name, str(saved[name].label))), theirs, ours)


def shown(field: BoundField) -> str:
    """What stands in a field, in words."""
    value = field.value()
    if isinstance(value, bool) or field.name == "for_alike":
        return "yes" if value else "no"
    text = "" if value is None or value == UNDECIDED else str(value)
    labels = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    return labels.get(text, text).replace("\r\n", "\n").strip() if text else ""
