"""Ties a test to the requirements it shows, so that the list of requirements can be printed with its proofs."""

from __future__ import annotations

import pytest


def covers(*ids: str) -> pytest.MarkDecorator:
    """A decorator for a test function or class that shows the requirements of these ids."""
    return pytest.mark.covers(*ids)
