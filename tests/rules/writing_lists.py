"""Small service lists written to files as a policy officer would, for the tests of whatever reads them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from songhe.rules.packs import Pack
from songhe.rules.programme import Programme, bind
from songhe.rules.reading_packs import load_pack

ON = date(2024, 5, 1)
START = date(2023, 10, 17)
LIST = "420700-ezhou/small-list"
_numbers = itertools.count()


class _Plain(yaml.SafeDumper):
    """Writes a value twice instead of an anchor."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def text_of(values: Mapping[str, Any]) -> str:
    """The mapping as YAML; keys with the value None are left out."""
    kept = {key: value for key, value in values.items() if value is not None}
    return yaml.dump(kept, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10**6)


def figure(value: int | float | str | None, unit: str = "CNY/month", label: str | None = None) -> dict[str, Any]:
    """A parameter with one value (or formula) from the first day of the list; None for a figure nobody has set."""
    values = [] if value is None else [{"from": START, "value": value, "clause": "ezhou-2023/annex-1/1"}]
    return {"unit": unit, "values": values} | ({} if label is None else {"label": label})


def item(number: int = 1, slug: str = "", **keys: Any) -> dict[str, Any]:
    """An item of a list: complete, with one example, and `keys` in place of what is usual."""
    usual = {
        "item": slug or f"item-{number}",
        "number": number,
        "name": f"第{number}项",
        "type": "care",
        "lead": ["市民政局"],
        "clause": f"ezhou-2023/annex-1/{number}",
        "standard": "照清单",
        "parameters": None,
        "who": "dementia",
        "gives": {"service": "上门看望"},
        "examples": [{"case": "什么都不知道", "on": ON, "given": {}, "outcome": "unknown", "missing": ["dementia"]}],
    }
    return usual | keys


def cash(number: int, who: str, amount: int | float | str | None, **keys: Any) -> dict[str, Any]:
    """An item that pays an amount a month: a figure, a formula text, or None for one nobody has set."""
    own = {"parameters": {"monthly": figure(amount)}, "gives": {"cash": "monthly", "per": "month"}}
    if isinstance(amount, str):
        own = {"gives": {"cash": amount, "per": "month"}}
    return item(number, who=who, **(own | keys))


def write_list(root: Path, *items: Mapping[str, Any], list_id: str = LIST, **keys: Any) -> Path:
    """Writes the list with its items and the instruments below `root`; gives the list's folder."""
    folder = root / list_id
    folder.mkdir(parents=True, exist_ok=True)
    (root / "instruments.yaml").write_text(text_of({"ezhou-2023": {"title": "鄂州市基本养老服务清单"}}))
    usual = {
        "list": list_id.split("/")[1],
        "title": "小清单",
        "region": "420700",
        "region_name": "鄂州市",
        "instrument": "ezhou-2023",
        "from": START,
    }
    (folder / "list.yaml").write_text(text_of(usual | keys))
    for one in items:
        (folder / f"{one['number']:02d}-{one['item']}.yaml").write_text(text_of(one))
    return folder


def read(root: Path, *items: Mapping[str, Any], **keys: Any) -> Pack:
    """The list written below a new folder of `root` and read again."""
    fresh = root / f"root-{next(_numbers)}"
    write_list(fresh, *items, **keys)
    return load_pack(fresh, keys.get("list_id", LIST))


def programme(root: Path, *items: Mapping[str, Any], on: date = ON, **keys: Any) -> Programme:
    """The list written, read and bound to a day."""
    return bind(read(root, *items, **keys), on)


def line_of(path: Path, start: str) -> str:
    """File and number of the first line that begins with `start`, blanks and the dash of a list apart."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return f"{path}:{next(at for at, line in enumerate(lines, 1) if line.lstrip(' -').startswith(start))}"
