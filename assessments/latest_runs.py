"""How the runner fares just now: by what was handed in or tried last.

So it costs the same in any school.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

WINDOW = timedelta(days=1)
LATEST = 1_000
# By key: rows lie in the order of their making.
LAST_RUNS = """
    SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY started_at - created_at),
           count(*), count(*) FILTER (WHERE status = 'ERROR' OR fault <> '')
    FROM (SELECT * FROM assessments_submission ORDER BY id DESC LIMIT %s) AS latest
    WHERE created_at > clock_timestamp() - make_interval(secs => %s)
"""


@dataclass(frozen=True, slots=True)
class LatestRuns:
    """Of a day's last submissions and tries: how many, how long 95 of 100 waited, faults."""

    submissions: int
    wait: timedelta | None
    faults: int

    @property
    def fault_percent(self) -> float:
        return 100 * self.faults / self.submissions if self.submissions else 0.0


def latest_runs() -> LatestRuns:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_RUNS, [LATEST, WINDOW.total_seconds()])
        wait, submissions, faults = cursor.fetchone()
    return LatestRuns(submissions, wait, faults)
