"""Two older persons in the register, decided; today is the tests' day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from songhe.foundation.access.scope import scoped
from songhe.people.models import Person
from tests.decisions.doors import EVERYBODY
from tests.portal.invented import LATER, two_elders


@pytest.fixture
def elders(db: None) -> Iterator[tuple[Person, Person]]:
    """余秀珍 and 陈桂英, in neighbouring communities."""
    with time_machine.travel(LATER, tick=False), scoped(EVERYBODY, "test"):
        yield two_elders()
