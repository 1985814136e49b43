"""How far two judges agree. Numbers in, numbers out; no database."""

from collections import Counter
from collections.abc import Mapping

BANDS = 5
MOST = 100


def band(overall: int) -> int:
    """Five bands of twenty; 100 belongs to the last."""
    return min(overall * BANDS // MOST, BANDS - 1)


def gap(pairs: Mapping[tuple[int, int], int]) -> float | None:
    """The mean distance of two figures, each pair so often; None without pairs."""
    count = sum(pairs.values())
    return sum(abs(one - two) * n for (one, two), n in pairs.items()) / count if count else None


def quadratic_kappa(pairs: Mapping[tuple[int, int], int]) -> float | None:
    """Cohen's kappa with quadratic weights (Cohen 1968), over figures from 0 to 100 in five bands.

    1: the same bands; 0: no more than by chance. None where chance alone explains all.
    """
    seen, ones, twos = Counter[tuple[int, int]](), Counter[int](), Counter[int]()
    for (one, two), n in pairs.items():
        seen[band(one), band(two)] += n
        ones[band(one)] += n
        twos[band(two)] += n
    count = seen.total()
    observed = sum((one - two) ** 2 * n for (one, two), n in seen.items())
    expected = sum((one - two) ** 2 * n * m for one, n in ones.items() for two, m in twos.items())
    return 1 - observed * count / expected if expected else None
