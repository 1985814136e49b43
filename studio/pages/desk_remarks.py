"""Remarks as they stand at the desk: in the list, and under the lines that they are about."""

from dataclasses import dataclass, field

from assessments.models import Remark
from studio.review_forms import RemarkForm


@dataclass(frozen=True, slots=True)
class DeskRemark:
    """One remark at the desk. `row` is None of one that is not saved yet."""

    place: int
    form: RemarkForm
    row: Remark | None = None

    @property
    def is_drafted(self) -> bool:
        return self.row is not None and bool(self.row.drafted)

    @property
    def is_models(self) -> bool:
        """Whether the words are still those of the model."""
        return self.row is not None and self.is_drafted and self.row.text == self.row.drafted

    @property
    def number(self) -> int:
        return self.place + 1


@dataclass(frozen=True, slots=True)
class CodeLine:
    number: int
    text: str
    remarks: list[DeskRemark] = field(default_factory=list)
