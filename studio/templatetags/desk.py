"""What a reviewer's desk shows of what programs printed."""

from django import template

from assessments.printed import legible

register = template.Library()
register.filter("legible", legible)
