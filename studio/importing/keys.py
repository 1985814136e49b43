"""Whether a file changes what is right about a question. Asks no database."""

from collections.abc import Sequence

from assessments.models import Option, Question
from studio.importing.tree import QuestionNode

MARKED_BY = ["kind", "points", "tolerance", "match_case"]


def changes_of_key(row: Question, options: Sequence[Option], node: QuestionNode) -> list[str]:
    """What of the key would change for those who were asked this question before.

    Options are judged by what an attempt was shown: new ones change nothing for it, nor do those
    that vanish.
    """
    if row._state.adding:
        return []
    changed = [name for name in MARKED_BY if getattr(row, name) != node.values[name]]
    if set(row.accept) != set(node.values["accept"]):
        changed.append("accept")
    before = {option.key: option.is_correct for option in options}
    after = {option.key: option.values["is_correct"] for option in node.options}
    if any(before[key] != after[key] for key in before.keys() & after.keys()):
        changed.append("options")
    return changed
