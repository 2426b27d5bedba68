"""The tables of the room."""

from __future__ import annotations

import pytest

from songhe.assessment.models import Organisation
from songhe.foundation.access.actors import Actor


@pytest.mark.covers("ASM-04")
def test_there_is_a_register_of_organisations(everywhere: Actor) -> None:
    assert not Organisation.objects.exists()
