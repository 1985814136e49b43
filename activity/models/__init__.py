"""The tables of this room: what happened, what others may see of it, what was looked at."""

from activity.models.event import Event
from activity.models.looks import AnalyticsEvent, DailySalt
from activity.models.sharing import Sharing

__all__ = ["AnalyticsEvent", "DailySalt", "Event", "Sharing"]
