"""Keys of rows as they come back from pages."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.kernel.keys import key_read


@given(st.uuids())
def test_a_key_is_read_as_it_was_written(key: UUID) -> None:
    assert key_read(str(key)) == key
    assert key_read(key.hex.upper()) == key


@pytest.mark.parametrize(
    "text",
    ["", " ", "1", "none", "8d3c1f0e-6a52-4d1c-9a55", "8d3c1f0e-6a52-4d1c-9a55-1f1f52a0e4b7-1", "g" * 32, "钥" * 32],
)
def test_what_is_no_key_names_nothing(text: str) -> None:
    assert key_read(text) is None


@given(st.text(max_size=40))
def test_whatever_was_typed_gives_a_key_or_nothing(text: str) -> None:
    assert key_read(text) is None or isinstance(key_read(text), UUID)
