"""The sample that an insight page shows before there are numbers."""

from dataclasses import dataclass

from django import template
from django.utils.safestring import SafeString

from studio.insights.funnel import Funnel, funnel_from
from studio.pages.insights_overview import funnel_chart

register = template.Library()
SAMPLE = funnel_from(240, [(198, 2), (151, 31), (96, 124), (71, 263), (70, 264)], (103, 74, 73))


@dataclass(frozen=True, slots=True)
class Sample:
    funnel: Funnel
    chart: SafeString


@register.simple_tag
def sample_funnel() -> Sample:
    """A funnel that nobody went through."""
    return Sample(SAMPLE, funnel_chart("sample-funnel", SAMPLE))
