"""Badges in templates."""

from django import template
from django.utils.safestring import SafeString

from gamification.badges import badge

register = template.Library()


@register.simple_tag
def badge_art(key: str, tier: int) -> SafeString:
    """Draw a badge with a ring for each tier; tier 0 is one that is not earned."""
    return SafeString(badge(key, tier, earned=True) if tier else badge(key, earned=False))
