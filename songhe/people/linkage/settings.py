"""What may be set about matching; the defaults are those of the platform."""

from __future__ import annotations

from dataclasses import dataclass

from songhe.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """How sure the automatic band must be, and how much the review band shows.

    `false_share` bounds the expected share of wrong matches in the automatic band as the model sees it. It is set
    five times stricter than the goal of one in a thousand, since a model is more sure of itself than it should be.
    `unsupported_floor` is for pairs in which name and birth date agree and neither home nor telephone is near.
    """

    false_share: float = 0.0002
    automatic_floor: float = 0.995
    unsupported_floor: float = 0.9999
    runner_up_odds: float = 1000.0
    missed_share: float = 0.005
    review_floor: float = 0.01
    candidates_shown: int = 5
    most_in_block: int = 2000
    deceased_automatic: bool = False
    seed: int = 20260901

    def __post_init__(self) -> None:
        shares = ("false_share", "automatic_floor", "unsupported_floor", "missed_share", "review_floor")
        for name in shares:
            if not 0 < getattr(self, name) < 1:
                raise BadInput(name, "超出范围", given=str(getattr(self, name)), accepted="0到1之间的小数")
        for name in ("runner_up_odds", "candidates_shown", "most_in_block"):
            if getattr(self, name) < 1:
                raise BadInput(name, "太小", given=str(getattr(self, name)), accepted="1或以上")
