"""Tags and filters of the UI kit."""

from django import template

register = template.Library()
