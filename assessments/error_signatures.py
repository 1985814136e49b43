"""Errors that are one: by their type, what they say without its values, and five lines of code."""

from django.utils.translation import gettext_lazy as _

from assessments.models import Outcome

LINES = 5  # of the code are one place
LONGEST = 160
# Kinds that no program names. Of what was stopped from outside, the words before do not matter.
KINDS = {
    Outcome.TIME_LIMIT: _("Stopped for time"),
    Outcome.MEMORY_LIMIT: _("Stopped for memory"),
    Outcome.OUTPUT_LIMIT: _("Stopped for output"),
    Outcome.RUNTIME_ERROR: _("Error in the code"),
    Outcome.COMPILE_ERROR: _("Does not start"),
}
# From `text` (outcome, said) to kind, message and region, with VALUES. The last line that names an
# error tells which it is; Python writes the innermost place last, the others first. What is no
# longer kept tells nothing.
SIGNATURES = r"""
    SELECT outcome, said, kind, region, left(regexp_replace(regexp_replace(trim(message),
      '(^|[^[:alnum:]])(''[^'']*''|"[^"]*"|`[^`]*`)', '\1…', 'g'),
      '0x[0-9a-fA-F]+|[0-9]+([.][0-9]+)?', 'N', 'g'), %(longest)s) AS message
    FROM (
      SELECT outcome, said, coalesce(named[1], outcome) AS kind,
        coalesce(CASE WHEN named IS NULL THEN substring(said from '([^\n]+)\s*$')
          ELSE named[2] END, '') AS message,
        coalesce((coalesce(substring(said from '.*[Mm]ain[.]\w+", line ([0-9]{1,6})'),
            substring(said from '[Mm]ain[.]\w+:([0-9]{1,6})'))::int - 1) / %(lines)s + 1, 0)
          AS region
      FROM text CROSS JOIN LATERAL (SELECT regexp_match(said,
        '.*(?:^|\n)(?:Uncaught |Exception in thread "main" )?'
        '((?:[A-Za-z_][A-Za-z0-9_.]*)?(?:Error|Exception|Exit|Interrupt))(?:: ([^\n]*))?(?=\n|$)'
        ) AS named) AS found
      WHERE outcome NOT IN ('TIME_LIMIT', 'MEMORY_LIMIT', 'OUTPUT_LIMIT') AND said <> ''
    ) AS read
    UNION ALL
    SELECT outcome, said, outcome, 0, '' FROM text
    WHERE outcome IN ('TIME_LIMIT', 'MEMORY_LIMIT', 'OUTPUT_LIMIT')
"""
VALUES = {"longest": LONGEST, "lines": LINES}


def words_of(kind: str, message: str) -> str:
    """An error as a person reads it."""
    name = str(KINDS[Outcome(kind)]) if kind in Outcome else kind
    return f"{name}: {message}" if message else name


def lines_of(region: int) -> tuple[int, int] | None:
    """The first and last line of the place; None where none was named."""
    return (LINES * (region - 1) + 1, LINES * region) if region else None
