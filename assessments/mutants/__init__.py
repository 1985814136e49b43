"""Small wrong versions of a solution, to tell an author what no test case catches. No database.

A mutant that passes all tests is a mistake that a learner may make unseen.
"""

from collections.abc import Callable, Mapping

from assessments.mutants import javascript, python
from assessments.mutants.edits import Edit, Mutant, mutated, spread
from assessments.mutants.unvarying import constants
from sandbox.job import MAX_SOURCE, Language

__all__ = ["Mutant", "constants", "mutants"]

type Dialect = tuple[Callable[[str], list[Edit]], Callable[[str], bool]]

DIALECTS: Mapping[str, Dialect] = {
    Language.PYTHON: (python.edits, python.parses),
    Language.JAVASCRIPT: (javascript.edits, javascript.parses),
}


def mutants(language: str, source: str, most: int = 12) -> list[Mutant]:
    """Programs that differ from `source` in one place each: the same ones for the same source.

    Of each kind of change one, as far apart as can be, then a second of each, and so on. There are
    none of a source that does not parse, is too long, or is in a language without rules.
    """
    dialect = DIALECTS.get(language)
    if dialect is None or len(source) > MAX_SOURCE or "\r" in source:
        return []
    edits, parses = dialect
    chosen: list[Mutant] = []
    content = source.encode("utf-8", "replace")
    for edit in spread(edits(source), 2 * most):
        mutant = mutated(content, edit)
        if len(chosen) < most and mutant.source != source and parses(mutant.source):
            chosen.append(mutant)
    return chosen
