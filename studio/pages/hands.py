"""Whose unsent words lie on a desk: of whoever looks, or of others who began."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts.models import User
from assessments.authorship import is_changed, is_same
from assessments.models import Analysis, Remark, Review
from assessments.reviewing.take_overs import FIGURES, without_known, words_in, writer_of

SOMEBODY = "a reviewer"


@dataclass(frozen=True, slots=True)
class Message:
    """A message and what a model drafted of it."""

    text: str
    drafted: str

    @property
    def is_models(self) -> bool:
        return bool(self.drafted.strip()) and is_same(self.text, self.drafted)

    @property
    def is_changed(self) -> bool:
        """Whether it is a changed version of the model's."""
        return is_changed(self.text, self.drafted)

    @property
    def is_own(self) -> bool:
        """Whether other words than the model's stand there."""
        return bool(self.text.strip()) and not is_same(self.text, self.drafted)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What somebody had written before another went on. `name` is empty of whoever looks."""

    name: str
    words: Mapping[str, Any]
    at: datetime | None = None

    @property
    def remarks(self) -> list[dict[str, Any]]:
        sections = dict(Remark.Section.choices)
        return [
            {**one, "section": sections.get(one["section"], "")}
            for one in self.words.get("remarks", [])
        ]

    @property
    def figures(self) -> list[tuple[str, int]]:
        told = self.words.get("figures", {})
        names = ((name, name.replace("_", " ").capitalize()) for name in FIGURES)
        return [(label, told[name]) for name, label in names if name in told]


@dataclass(frozen=True)
class Hands:
    """The hands that one review has been in. One query, where more than one has written."""

    review: Review
    looker: User
    analysis: Analysis | None
    rows: Sequence[Remark] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """Others who have written here, by their keys."""
        known = {str(one.pk): one.name for one in (self.review.writer,) if one}
        missing = {str(one["by"]) for one in self.before} - known.keys() - {str(self.looker.pk)}
        if missing:
            rows = User.objects.filter(pk__in=missing).values_list("pk", "name")
            known |= {str(key): name for key, name in rows}
        return known

    @property
    def before(self) -> list[dict[str, Any]]:
        return [] if self.review.decision else self.review.earlier or []

    @cached_property
    def standing(self) -> dict[str, Any]:
        """What another wrote last, and still stands on the desk of whoever looks."""
        writer = self.review.writer_id
        if self.review.decision or writer in (None, self.looker.pk):
            return {}
        return without_known(words_in(self.review, self.analysis, self.rows), self.before)

    def name_of(self, key: str) -> str:
        """Who that is; "": whoever looks."""
        return "" if key == str(self.looker.pk) else self.names.get(key) or SOMEBODY

    def by(self, remark: Remark) -> str:
        """Who wrote a remark as it stands; "": whoever looks."""
        return self.name_of(writer_of(self.review, remark))

    @cached_property
    def earlier(self) -> list[Earlier]:
        """What was put by, and what another wrote that may be written over now."""
        found = [
            Earlier(self.name_of(str(one["by"])), one, datetime.fromisoformat(one["at"]))
            for one in self.before
        ]
        is_mine = self.review.reviewer_id == self.looker.pk
        if is_mine and self.standing:
            found.append(Earlier(self.name_of(str(self.review.writer_id)), self.standing))
        return found

    @property
    def others(self) -> list[str]:
        """Who else has written here, in the order they came."""
        return list(dict.fromkeys(one.name for one in self.earlier if one.name))

    @property
    def is_begun_by_looker(self) -> bool:
        return bool(self.earlier) and not self.earlier[0].name
