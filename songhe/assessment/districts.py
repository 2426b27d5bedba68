"""Assessment is a duty of districts: organisations are registered there, requests and forms go to their desk."""

from __future__ import annotations

DIGITS = 6


def district_of(region: str) -> str:
    """The district of a division, as 12 digits."""
    return region[:DIGITS].ljust(12, "0")
