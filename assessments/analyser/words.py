"""From what was seen to what is said: useful remarks first, and a text of a few sentences."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from assessments.analyser.findings import Remark
from assessments.analyser.rules import Review, Rule, Seen
from assessments.analyser.rules import gettext_noop as _

MOST, MOST_OF_ONE = 6, 2
TOO_LITTLE = _("There is too little code of your own here to judge how it is written.")
NO_FIGURES = _("The rules give no figures: that needs more code of your own.")
BY_SHAPE = _("Efficiency is judged by the shape of the code, not by measuring it.")
NOTHING_YET = _(
    "There is no code here yet that does anything. "
    "Write the first lines and hand them in: then there is something to say."
)
NOTHING_FOUND = _("The rules found nothing to change; a person may still see more.")


def ranked(faults: Sequence[Seen], rules: Mapping[str, Rule]) -> list[list[Seen]]:
    """What was seen, by rule: first what weighs most, then what comes first."""
    places: dict[str, list[Seen]] = defaultdict(list)
    for one in faults:
        places[one.key].append(one)
    return sorted(places.values(), key=lambda seen: (-rules[seen[0].key].weight, seen[0]))


def remarks(
    groups: Sequence[Sequence[Seen]], say: Callable[[Seen], str], *, counted: bool = False
) -> tuple[Remark, ...]:
    """One place of every rule before a second of any; at most two of a rule and six in all."""
    room = max(0, MOST - len(groups))
    chosen: list[Remark] = []
    for seen in groups[:MOST]:
        shown = list(seen[: min(MOST_OF_ONE, 1 + room)])
        room -= len(shown) - 1
        more = len(seen) - len(shown)
        texts = [say(one) for one in shown]
        if counted and more:
            texts[-1] += f" The same goes for {more} more {'place' if more == 1 else 'places'}."
        chosen += [Remark(text, one.line, one.key) for text, one in zip(texts, shown, strict=True)]
    return tuple(chosen)


def summary(
    review: Review,
    groups: Sequence[Sequence[Seen]],
    rules: Mapping[str, Rule],
    *,
    may_judge: bool,
) -> str:
    """What it comes to. `may_judge`: there is enough for figures and praise."""
    if review.size.is_nothing:
        return NOTHING_YET
    # Where something is to be changed there was enough to see that.
    sentences = [_about(review) if may_judge else NO_FIGURES if groups else TOO_LITTLE]
    if groups:
        places = [f"{rules[seen[0].key].title} (line {seen[0].line})" for seen in groups[:2]]
        sentences.append(f"Worth changing first: {_listed(places)}.")
    elif may_judge:
        sentences.append(NOTHING_FOUND)
    return " ".join([*sentences, BY_SHAPE] if may_judge else sentences)


def _about(review: Review) -> str:
    lines, functions = review.size.lines, review.size.functions
    told = {0: "no functions", 1: "one function"}.get(functions, f"{functions} functions")
    return f"These are {lines} lines of code with {told}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
