"""A figure: what was measured, what bounds it, the ratio, and the ratio that is aimed at."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`aim` is a bound on the ratio: "<= 4", ">= 0.7"; empty where none is set."""

    name: str
    value: float
    unit: str
    bound_name: str
    bound: float
    aim: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.bound if self.bound else float(bool(self.value))

    @property
    def met(self) -> bool | None:
        if not self.aim:
            return None
        sign, limit = self.aim.split()
        return self.ratio <= float(limit) if sign == "<=" else self.ratio >= float(limit)

    def __str__(self) -> str:
        value, bound = (f"{plain(number)} {self.unit}" for number in (self.value, self.bound))
        text = f"{self.name}: {value}, {self.bound_name} {bound}, ratio {self.ratio:.2f}"
        if self.met is None:
            return text
        return f"{text}, aim {self.aim} {'(met)' if self.met else '(MISSED)'}"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 4), "met": self.met}


def plain(number: float) -> str:
    """Three or more digits that count, thousands parted."""
    if number == int(number) or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"
