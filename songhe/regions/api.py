"""What other rooms may call."""

from songhe.regions.models import Change, Division, Level, Succession
from songhe.regions.onwards import Onwards, Step, onwards, parted_now
from songhe.regions.operations.altering import apply_due_changes
from songhe.regions.queries import (
    Branch,
    as_of,
    below,
    boundaries,
    children_of,
    counts_below,
    division_of,
    divisions_on,
    names_of,
    place_of,
    places_of,
    successors,
    tree,
    upwards,
)
from songhe.regions.seeding import load_divisions

__all__ = [
    "Branch",
    "Change",
    "Division",
    "Level",
    "Onwards",
    "Step",
    "Succession",
    "apply_due_changes",
    "as_of",
    "below",
    "boundaries",
    "children_of",
    "counts_below",
    "division_of",
    "divisions_on",
    "load_divisions",
    "names_of",
    "onwards",
    "parted_now",
    "place_of",
    "places_of",
    "successors",
    "tree",
    "upwards",
]
