"""`{{ row.problem|said_again }}`: what a job wrote, in the language of the page."""

from __future__ import annotations

from django import template

from songhe.people.imports.stored import said_again

register = template.Library()
register.filter("said_again", said_again)
