"""What stands before the people: the divisions, and the accounts of those who work there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password

from songhe.demo.divisions import read_divisions
from songhe.demo.places import read_places
from songhe.demo.register.cast_piece import cast_id
from songhe.demo.shape import read_shape
from songhe.foundation.access.models import Account, Grant, Role
from songhe.regions.api import Division, Level

_FILE = Path(__file__).with_name("accounts.yaml")
_CODE = 12
_SINCE = date(2020, 1, 1)
_TOWNSHIP_KINDS = ((100, "street"), (200, "town"), (400, "township"), (1_000, "zone"))


def demo_password() -> str:
    """The password of every account of the demo city."""
    return str(_written()["password"])


def load_divisions(city: str) -> int:
    """The province, the city and all below it, and the places beyond that people come from; gives how many."""
    towns = read_places(city)
    in_town = dict(zip(towns.codes, towns.in_town.tolist(), strict=False))
    empty = set(read_shape(city)("communities", "uninhabited"))
    rows = [
        Division(
            code=one.code.ljust(_CODE, "0"), name=one.name, level=Level[one.level.upper()],
            kind=_kind(one.code, one.level), is_urban=in_town.get(one.code),
            parent=one.parent.ljust(_CODE, "0") if one.parent else "",
            inhabited=one.code not in empty, valid_from=_SINCE,
        )
        for one in read_divisions(city)
    ]  # fmt: skip
    for code, name in _written()["outside"].items():
        province = code.endswith("0000")
        rows.append(
            Division(
                code=code.ljust(_CODE, "0"), name=name, level=Level.PROVINCE if province else Level.CITY,
                parent="" if province else f"{code[:2]}0000".ljust(_CODE, "0"), valid_from=_SINCE,
            )
        )  # fmt: skip
    return len(Division.objects.bulk_create(rows, ignore_conflicts=True))


def open_accounts(day: date, now: datetime) -> int:
    """One account a person of `accounts.yaml` with its right, proposed by one administrator and approved by another.

    All share one password and, to be quick, one hash of it: only a demonstration may do that. A role of the table that
    the file does not name gets an account for the whole city.
    """
    password = make_password(demo_password())
    people = [(role, one) for role, persons in _staff().items() for one in persons]
    accounts = {
        one["login"]: Account(
            id=cast_id(one["login"]), login=one["login"], name=one["name"], unit=one["unit"], password=password,
            created_at=now - timedelta(days=400),
        )
        for _, one in people
    }  # fmt: skip
    Account.objects.bulk_create(accounts.values())
    first, second, third = (accounts[login] for login in ("security-admin", "security-second", "city-leader"))
    Grant.objects.bulk_create(
        Grant(
            id=cast_id(f"{role} {one['login']}"), account=accounts[one["login"]], role_id=role,
            region=one["region"].ljust(_CODE, "0"), from_date=day - timedelta(days=400),
            proposed_by=second if one["login"] == first.login else first, proposed_at=now - timedelta(days=400),
            approved_by=third if role == "security_admin" else second, approved_at=now - timedelta(days=400),
            reason="演示城市",
        )
        for role, one in people
    )  # fmt: skip
    return len(accounts)


def _staff() -> dict[str, list[dict[str, str]]]:
    """The persons of the file by role, and somebody for every role of the table that it does not name."""
    staff: dict[str, list[dict[str, str]]] = dict(_written()["roles"])
    for role in Role.objects.exclude(code__in=staff):
        login = role.code.replace("_", "-")
        staff[role.code] = [{"login": login, "name": "黎安", "region": "420700", "unit": role.name}]
    return staff


def _kind(code: str, level: str) -> str:
    number = int(code[6:9] or 0) if level == "township" else int(code[9:12] or 0)
    if level == "township":
        return next(kind for below, kind in _TOWNSHIP_KINDS if number < below)
    if level == "community":
        return "community" if number < 200 or 400 <= number < 500 else "village"
    return ""


@cache
def _written() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found
