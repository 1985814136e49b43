"""One text in, findings out. Pure: the same text has the same findings."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

from assessments.analyser.enough import is_enough
from assessments.analyser.findings import AnalyserFailed, Findings, Unreadable
from assessments.analyser.forms import Token, form_of
from assessments.analyser.rules import Catalogue, Review
from assessments.analyser.scores import scores
from assessments.analyser.words import ranked, remarks, summary
from sandbox.job import MAX_SOURCE, TOO_LONG

LANGUAGES = frozenset({"python", "javascript"})


class Rules(Protocol):
    """What the package of a language offers."""

    CATALOGUE: Catalogue
    review: Callable[[str], Review]


def rules_of(language: str) -> Rules:
    """Only the parser of the language that is asked for is loaded. Raises AnalyserFailed."""
    if language not in LANGUAGES:
        raise AnalyserFailed(f"There are no rules for {language}.")
    return cast(Rules, import_module(f"assessments.analyser.{language}"))


def analyse(language: str, source: str, starter: str = "") -> Findings:
    """Judge a text by the rules. Raises Unreadable, or AnalyserFailed for an unknown language.

    `starter` is what its writer was given to begin with. For a text of somebody else's use
    `analyse_apart`: a parser may need long for a strange one.
    """
    rules = rules_of(language)
    if len(source.encode("utf-8", "replace")) > MAX_SOURCE:
        raise Unreadable(TOO_LONG)
    review, catalogue = rules.review(source), rules.CATALOGUE
    groups = ranked(review.faults, catalogue.rules)
    weak = [seen for seen in groups if catalogue.rules[seen[0].key].weakness]
    may_judge = is_enough(review, given(rules, starter))
    # Too little to judge is too little to praise.
    good = list(review.merits) if may_judge else []
    judged = scores(review, catalogue.rules) if may_judge else None
    form = form_of(language, review.tokens)
    return Findings(
        strengths=remarks(
            [[one] for one in good],
            lambda one: catalogue.merits[one.key].text.format(name=one.name),
        ),
        weaknesses=remarks(
            weak,
            lambda one: catalogue.rules[one.key].weakness.format(name=one.name),
            counted=True,
        ),
        suggestions=remarks(
            groups, lambda one: catalogue.rules[one.key].suggestion.format(name=one.name)
        ),
        readability=judged.readability if judged else None,
        efficiency=judged.efficiency if judged else None,
        best_practices=judged.best_practices if judged else None,
        text=summary(review, groups, catalogue.rules, may_judge=may_judge),
        engine=review.engine,
        form=form.digest,
        form_places=form.places,
    )


def given(rules: Rules, starter: str) -> Sequence[Token]:
    """The tokens of a starter; of one that is no program yet there is no telling."""
    try:
        return rules.review(starter).tokens
    except Unreadable:
        return ()
