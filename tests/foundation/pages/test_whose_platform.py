"""The sign-in page says whose platform this is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize("place", ["鄂州市", ""])
def test_the_sign_in_page_says_whose_platform_it_is(db: None, settings: Any, place: str) -> None:
    settings.PLACE = place
    page = Client().get(reverse("sign-in")).content.decode()
    assert f'<p class="sh-plain__place">{place} 养老服务平台'.replace("> ", ">") in page
