"""What stands before the people: the divisions, and the accounts of those who work there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password

from songhe.demo.places import read_places
from songhe.demo.register.cast_piece import cast_id
from songhe.foundation.access.models import Account, Grant, Role
from songhe.regions.api import Division, Level, load_divisions

_FILE = Path(__file__).with_name("accounts.yaml")
_CODE = 12
_SINCE = date(2020, 1, 1)


def demo_password() -> str:
    """The password of every account of the demo city."""
    return str(_written()["password"])


def lay_ground(city: str) -> int:
    """The divisions of the cities at hand, which communities of this one are in town, the places people come from."""
    laid = sum(load_divisions(other, _SINCE) for other in _written()["cities"])
    places = read_places(city)
    in_town = dict(zip(places.codes, places.in_town.tolist(), strict=False))
    for town in (True, False):
        Division.objects.filter(code__in=[code for code, so in in_town.items() if so == town]).update(is_urban=town)
    rows = []
    for code, name in _written()["outside"].items():
        province = code.endswith("0000")
        rows.append(
            Division(
                code=code.ljust(_CODE, "0"), name=name, level=Level.PROVINCE if province else Level.CITY,
                parent="" if province else f"{code[:2]}0000".ljust(_CODE, "0"), valid_from=_SINCE,
            )
        )  # fmt: skip
    return laid + len(Division.objects.bulk_create(rows, ignore_conflicts=True))


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
            proposed_by=second if one["login"] == first.login else first,
            proposed_at=now - timedelta(days=400) + timedelta(seconds=place),  # in the order of the file
            approved_by=third if role == "security_admin" else second, approved_at=now - timedelta(days=399),
            reason="演示城市",
        )
        for place, (role, one) in enumerate(people)
    )  # fmt: skip
    return len(accounts)


def _staff() -> dict[str, list[dict[str, str]]]:
    """The persons of the file by role, and somebody for every role of the table that it does not name."""
    staff: dict[str, list[dict[str, str]]] = dict(_written()["roles"])
    for role in Role.objects.exclude(code__in=staff):
        login = role.code.replace("_", "-")
        staff[role.code] = [{"login": login, "name": "黎安", "region": "420700", "unit": role.name}]
    return staff


@cache
def _written() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found
