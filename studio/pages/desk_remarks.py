"""Remarks as they stand at the desk: in the list, and under the lines that they are about."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.forms.boundfield import BoundWidget

from assessments.authorship import is_changed_remark
from assessments.models import Remark
from studio.review_forms import RemarkForm


@dataclass(frozen=True, slots=True)
class DeskRemark:
    """One remark at the desk. `row` is None of one that is not saved yet; `by`: another's name."""

    place: int
    form: RemarkForm
    row: Remark | None = None
    by: str = ""

    @property
    def is_drafted(self) -> bool:
        return self.row is not None and bool(self.row.drafted)

    @property
    def is_models(self) -> bool:
        """Whether the words are still those of the model."""
        return self.row is not None and self.is_drafted and self.row.text == self.row.drafted

    @property
    def is_changed(self) -> bool:
        """Whether the words are a changed version of those of the model."""
        return self.row is not None and is_changed_remark(self.row)

    @property
    def is_undecided(self) -> bool:
        """Whether it is of a draft, and nothing is chosen."""
        return self.is_drafted and self.form["verdict"].value() in (
            None,
            "",
            Remark.Verdict.UNDECIDED,
        )

    @property
    def choices(self) -> Iterable[BoundWidget]:
        """What may become of it. What was held back is not accepted as it is."""
        held = self.row is not None and bool(self.row.held)
        return [one for one in self.form["verdict"] if not (held and is_accepting(one))]

    @property
    def number(self) -> int:
        return self.place + 1


def is_accepting(choice: BoundWidget) -> bool:
    return bool(choice.data["value"] == Remark.Verdict.ACCEPTED)


def key_of(form: RemarkForm) -> UUID:
    """Which remark a form is about; one of its own for a new one or nonsense."""
    try:
        return UUID(str(form["pk"].value()))
    except ValueError:
        return UUID(int=0)


@dataclass(frozen=True, slots=True)
class CodeLine:
    number: int
    text: str
    remarks: list[DeskRemark] = field(default_factory=list)
