"""Codes of organisations."""

from __future__ import annotations

import pytest

from songhe.kernel.credit_codes import check_sign, read_credit_code
from songhe.kernel.errors import BadInput


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L", "12100000400010275N"])
def test_a_code_that_checks_is_taken(code: str) -> None:
    assert read_credit_code(f" {code.lower()} ") == code
    assert check_sign(code[:-1]) == code[-1]


WRONG = ["", "91350100M000100Y4", "91350100M000100Y44", "91350100M000100Y4I", "91350100M000100O43", "某" * 18]


@pytest.mark.parametrize("code", WRONG)
def test_any_other_code_is_refused(code: str) -> None:
    with pytest.raises(BadInput, match="统一社会信用代码"):
        read_credit_code(code)
