"""The frame is drawn once for all pages that say the same in it, and for nobody else's."""

from __future__ import annotations

from django.template import Context, Template
from django.utils import translation

from songhe.ui.shell import NavGroup, NavItem, Shell, User


def drawn(shell: Shell, token: str, part: str = "top") -> str:
    context = Context({"shell": shell, "csrf_token": token})
    return Template(f'{{% framed "ui/shell/{part}.html" %}}').render(context)


def test_each_page_has_its_own_token_in_the_same_frame() -> None:
    shell = Shell("/", search_url="/people/search/", user=User("何俊"))
    first, second = drawn(shell, "one"), drawn(shell, "two")
    assert 'value="one"' in first and 'value="two"' in second and "one" not in second
    assert first.replace('"one"', '"two"') == second


def test_who_is_signed_in_and_what_waits_is_never_another_s() -> None:
    one, other = Shell("/", user=User("何俊")), Shell("/", user=User("周敏"))
    assert "何俊" in drawn(one, "t") and "何俊" not in drawn(other, "t")
    for count in (3, 4):
        shell = Shell("/", nav=(NavGroup((NavItem("待办", "/tasks/", "clipboard-check", count, True),)),))
        assert f">{count}<" in drawn(shell, "t", "side")


def test_the_frame_speaks_the_language_of_the_page() -> None:
    shell = Shell("/", search_url="/people/search/")
    chinese = drawn(shell, "t")
    with translation.override("en"):
        english = drawn(shell, "t")
    assert "找人" in chinese and chinese != english
    assert drawn(shell, "t") == chinese
