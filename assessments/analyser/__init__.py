"""The built-in analyser: rules about the text of a solution. It runs nothing."""

from assessments.analyser.analysis import LANGUAGES, analyse
from assessments.analyser.apart import analyse_apart
from assessments.analyser.findings import AnalyserFailed, Findings, Remark, Unreadable

__all__ = [
    "LANGUAGES",
    "AnalyserFailed",
    "Findings",
    "Remark",
    "Unreadable",
    "analyse",
    "analyse_apart",
]
