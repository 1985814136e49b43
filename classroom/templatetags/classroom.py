"""Small things that templates say often."""

from django import template

register = template.Library()
