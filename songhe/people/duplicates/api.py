"""What others may call of pairs of files that may be one person."""

from songhe.people.duplicates.kinds import TASK
from songhe.people.duplicates.models import Pair
from songhe.people.duplicates.operations import decide_different, decide_later, find_pairs

__all__ = ["TASK", "Pair", "decide_different", "decide_later", "find_pairs"]
