"""One look, on its way from the request to its row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from activity.models import AnalyticsEvent


@dataclass(frozen=True, slots=True)
class Look:
    """A look, until it is stored. Address and agent stay in the memory of the process."""

    name: AnalyticsEvent.Name
    view: str
    address: str
    agent: str
    at: datetime
    user: UUID | None = None
    course: UUID | None = None
    words: str = ""
    metric: str = ""
    value: float | None = None
