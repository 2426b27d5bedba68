"""What other rooms may call."""

from songhe.regions.models import Change, Division, Level, Succession
from songhe.regions.queries import (
    below,
    boundaries,
    children_of,
    division_of,
    divisions_on,
    names_of,
    place_of,
    upwards,
)

__all__ = [
    "Change",
    "Division",
    "Level",
    "Succession",
    "below",
    "boundaries",
    "children_of",
    "division_of",
    "divisions_on",
    "names_of",
    "place_of",
    "upwards",
]
