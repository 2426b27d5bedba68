"""What others may call of pairs of files that may be one person."""

from songhe.people.duplicates.operations import find_pairs

__all__ = ["find_pairs"]
