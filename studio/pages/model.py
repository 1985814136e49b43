"""What the page of the model shows: what it is, what it costs, and what its drafts are worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings

from assessments.model_days import Away, Day, away, days_of, failures
from assessments.model_drafts import drafting, pausing
from assessments.model_numbers import FAULTS, ModelNumbers, model_numbers
from assessments.models import DraftPause, ModelRun, Remark
from courses.models import Course
from studio.pages.waiting import Waiting, waiting

RANGES = (7, 30, 90)
USUAL = 30
Verdict = Remark.Verdict
HEIGHT, WIDTH = 160, 720


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a column of the chart. Lengths are of its box."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the drafted remarks of reviews that were sent."""

    accepted: int
    edited: int
    discarded: int

    @property
    def all(self) -> int:
        return self.accepted + self.edited + self.discarded


@dataclass(frozen=True, slots=True)
class ModelPage:
    """`numbers` and `days` are of the range; None and nothing, where no model is configured."""

    days_back: int
    numbers: ModelNumbers | None
    days: Sequence[Day]
    failures: Sequence[ModelRun]
    away: Away | None
    pause: DraftPause | None
    courses: Sequence[Course]
    waiting: Waiting

    ranges = RANGES
    box = f"0 0 {WIDTH} {HEIGHT}"

    @property
    def is_on(self) -> bool:
        return drafting.is_on()

    @property
    def model(self) -> str:
        return str(settings.AI_MODEL)

    @property
    def host(self) -> str:
        """Where the endpoint is: never its key, and no path that could hold one."""
        place = urlsplit(settings.AI_BASE_URL)
        return f"{place.hostname}:{place.port}" if place.port else str(place.hostname)

    @property
    def has_prices(self) -> bool:
        return bool(settings.AI_PRICE_IN or settings.AI_PRICE_OUT)

    @property
    def outcomes(self) -> list[tuple[str, int]]:
        """What there was, in words, the most frequent first."""
        found = self.numbers.outcomes if self.numbers else {}
        named = [(str(ModelRun.Outcome(name).label), count) for name, count in found.items()]
        return sorted(named, key=lambda one: (-one[1], one[0]))

    @property
    def kept(self) -> Kept:
        """What is left undecided is not sent either."""
        found = self.numbers.verdicts if self.numbers else {}
        accepted, edited = found.get(Verdict.ACCEPTED, 0), found.get(Verdict.EDITED, 0)
        return Kept(accepted, edited, sum(found.values()) - accepted - edited)

    @property
    def ended(self) -> int:
        return sum(self.numbers.outcomes.values()) if self.numbers else 0

    @property
    def faults(self) -> int:
        found = self.numbers.outcomes if self.numbers else {}
        return sum(found.get(one, 0) for one in FAULTS)

    @property
    def most(self) -> int:
        return max((one.runs for one in self.days), default=0)

    @property
    def busy_days(self) -> list[Day]:
        """Those of the table, the latest first."""
        return [one for one in reversed(self.days) if one.runs]

    @property
    def parts(self) -> list[Part]:
        """The columns of the chart, each from the bottom: drafts, held back, failed, the rest."""
        return [part for place, day in enumerate(self.days) for part in self._column(place, day)]

    def _column(self, place: int, day: Day) -> list[Part]:
        step, top = WIDTH / len(self.days), float(HEIGHT)
        counts = (
            ("drafted", day.drafted), ("held", day.held), ("failed", day.failed),
            ("other", day.not_asked + day.waiting),
        )  # fmt: skip
        parts = []
        for kind, count in counts:
            height = HEIGHT * count / max(1, self.most)
            if count:
                top -= height
                # A gap keeps neighbours apart where colours alone would have to.
                parts.append(
                    Part(kind, round(place * step + step * 0.12, 2), round(top + 0.5, 2),
                         round(step * 0.76, 2), round(max(0.5, height - 1), 2))
                )  # fmt: skip
        return parts


def model_page(wanted: str) -> ModelPage:
    """Fifteen queries; two, where there is no model and never was. Thirty days, if unsaid."""
    days_back = int(wanted) if wanted in map(str, RANGES) else USUAL
    window = timedelta(days=days_back)
    courses = Course.objects.published().only("title", "slug", "ai_drafts").order_by("title")
    if not (drafting.is_on() or ModelRun.objects.exists()):
        return ModelPage(days_back, None, [], [], None, None, [], waiting())
    return ModelPage(
        days_back=days_back,
        numbers=model_numbers(window),
        days=days_of(window),
        failures=failures(window),
        away=away() if drafting.is_on() else None,
        pause=pausing.current() if drafting.is_on() else None,
        courses=list(courses),
        waiting=waiting(),
    )
