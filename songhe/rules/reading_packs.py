"""Reads a service list from its files. Everything wrong is collected, so that one run of the gate shows it all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.regions import significant
from songhe.rules import located
from songhe.rules.doubts import Doubt, check_citations, read_doubts
from songhe.rules.fields import Fields, Problems
from songhe.rules.packs import PAYS_WORDS, TYPE_WORDS, Group, Item, Pack
from songhe.rules.reading_items import read_item, read_parameters

LIST_FILE = "list.yaml"
INSTRUMENTS_FILE = "instruments.yaml"
_KEYS = (
    "list title region region_name instrument from until extends items categories types groups parameters unconfirmed "
    "notes"
).split()


def list_ids(root: Path) -> tuple[str, ...]:
    """All lists below a policies folder, as `420700-ezhou/basic-list-2023`."""
    return tuple(sorted(path.parent.relative_to(root).as_posix() for path in root.glob(f"*/*/{LIST_FILE}")))


def load_pack(root: Path, list_id: str, *, parents: Path | None = None) -> Pack:
    """The list, checked as far as reading goes.

    `parents` is where a list that `extends` another looks when that one is not below `root` itself. Refused with
    NotFound when there is no such list, with BadInput (the first problem and the number of others) when it is faulty.
    """
    pack, problems = read_pack(root, list_id, parents=parents)
    if problems.found:
        first = problems.found[0]
        more = f"（另有{len(problems.found) - 1}处，用songhe rules check看全部）" if len(problems.found) > 1 else ""
        raise BadInput(first.where, first.problem + more, given=first.given, accepted=first.accepted)
    return pack


def read_pack(root: Path, list_id: str, *, parents: Path | None = None) -> tuple[Pack, Problems]:
    """The list as far as it can be read, and all problems found on the way."""
    return _read(root, list_id, parents, ())


def _read(root: Path, list_id: str, parents: Path | None, heirs: tuple[Path, ...]) -> tuple[Pack, Problems]:
    """The list, as the parent of the lists in the files `heirs`."""
    path = root / list_id / LIST_FILE
    if not path.is_file():
        raise NotFound(f"清单{list_id}", accepted="、".join(list_ids(root)))
    problems = Problems(_instruments(root, parents))
    fields = Fields(located.read_yaml(path), path, problems)
    fields.only(*_KEYS)
    parent = _parent((root, parents), fields, problems, (*heirs, path.resolve()))
    pack = _list_itself(fields, list_id, path, parent)
    own = _own_items(pack, problems)
    items = _inherit(own, parent)
    _check_numbers(pack, items, fields)
    return replace(pack, items=items, own_items=frozenset(item.slug for item in own), digest=_digest(path)), problems


def _instruments(root: Path, parents: Path | None) -> frozenset[str]:
    known: set[str] = set()
    for folder in (root, parents):
        if folder is not None and (folder / INSTRUMENTS_FILE).is_file():
            known.update(located.read_yaml(folder / INSTRUMENTS_FILE))
    return frozenset(known)


def _parent(
    roots: tuple[Path, Path | None], fields: Fields, problems: Problems, heirs: tuple[Path, ...]
) -> Pack | None:
    if not fields.has("extends"):
        return None
    list_id, (root, parents) = fields.text("extends"), roots
    for folder in (root, parents):
        if folder is not None and (file := folder / list_id / LIST_FILE).is_file() and file.resolve() not in heirs:
            parent, faults = _read(folder, list_id, parents, heirs)
            problems.found.extend(faults.found)
            return parent
    fields.refuse("extends", "没有可继承的这个清单，或继承成了圈", "、".join(list_ids(parents or root)))
    return None


def _list_itself(fields: Fields, list_id: str, path: Path, parent: Pack | None) -> Pack:
    title, region = fields.text("title"), fields.text("region")
    if region and fields.problems.attempt(lambda: significant(region)) is None:
        accepted = fields.problems.found[-1].accepted
        fields.problems.found[-1] = BadInput(
            fields.where("region"), "行政区划代码写法不对", given=region, accepted=accepted
        )
    doubts = {**(parent.doubts if parent else {}), **read_doubts(path.parent.parent, fields.problems)}
    check_citations(fields, doubts)
    from_date, until_date = fields.day("from", required=True) or date.max, fields.day("until", required=False)
    if until_date is not None and until_date <= from_date < date.max:
        fields.refuse("until", f"到这天为止，清单却从{from_date}才施行", "施行以后的一天（当天不算），或不写")
    return Pack(
        id=list_id,
        title=title,
        region=region,
        region_name=fields.text("region_name", default=title),
        instrument=_instrument(fields),
        from_date=from_date,
        until_date=until_date,
        extends=parent,
        categories={**(parent.categories if parent else {}), **_words(fields.below("categories"))},
        groups={**(parent.groups if parent else {}), **_groups(fields, doubts)},
        parameters={**(parent.parameters if parent else {}), **read_parameters(fields, {})},
        items=(),
        own_items=frozenset(),
        unconfirmed=fields.flag("unconfirmed"),
        path=path,
        digest="",
        notes=fields.texts("notes"),
        type_words={**(parent.type_words if parent else TYPE_WORDS), **_types(fields.below("types"))},
        doubts=doubts,
    )


def _words(below: Fields | None) -> dict[str, str]:
    return {} if below is None else {name: below.text(name) for name in below.raw()}


def _types(below: Fields | None) -> dict[str, str]:
    if below is not None:
        below.only(*TYPE_WORDS)
    return _words(below)


def _instrument(fields: Fields) -> str:
    name = fields.text("instrument")
    if name and name not in fields.problems.instruments:
        fields.refuse("instrument", "instruments.yaml里没有这个文件", "、".join(sorted(fields.problems.instruments)))
    return name


def _groups(fields: Fields, doubts: Mapping[str, Doubt]) -> dict[str, Group]:
    groups = {}
    for name, group in fields.each("groups").items():
        group.only("title", "pays", "limit", "clause", "notes")
        check_citations(group, doubts)
        pays = group.word("pays", PAYS_WORDS)
        limit = group.text("limit", default="")
        if (pays == "sum up to") != bool(limit):
            group.refuse("limit", "只有sum up to要写limit，而且必须写", "清单parameters里的一个参数名")
        groups[name] = Group(
            name=name,
            title=group.text("title"),
            pays=pays,  # type: ignore[arg-type]
            limit=limit,
            clause=group.clause("clause"),
            notes=group.texts("notes"),
            line=group.first_line,
        )
    return groups


def _own_items(pack: Pack, problems: Problems) -> list[Item]:
    items = []
    for path in sorted(pack.path.parent.glob("*.yaml")):
        if path.name == LIST_FILE:
            continue
        item = problems.attempt(lambda path=path: read_item(path, pack, problems))  # type: ignore[misc]
        if item is not None:
            items.append(item)
    return items


def _inherit(own: list[Item], parent: Pack | None) -> tuple[Item, ...]:
    overridden = {item.slug for item in own}
    inherited = [item for item in parent.items if item.slug not in overridden] if parent else []
    return tuple(sorted([*own, *inherited], key=lambda item: (item.number, item.slug)))


def _check_numbers(pack: Pack, items: tuple[Item, ...], fields: Fields) -> None:
    seen: dict[object, Item] = {}
    for item in items:
        for key in (item.number, item.slug):
            if key in seen:
                fields.problems.add(
                    item.where("number"), f"与{seen[key].path.name}重复：{key}", accepted="不重复的号和名"
                )
            seen[key] = item
    if fields.has("items") and fields.whole("items") != len(items):
        fields.refuse("items", f"印发的清单有{fields.raw()['items']}项，这里有{len(items)}项", "两个数相同")


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    for file in sorted(path.parent.glob("*.yaml")):
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()
