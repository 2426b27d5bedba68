"""Lists and releases in words, ready for a template."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import BadInput, NotFound, SongheError
from songhe.policy.kept_packs import found_in, pack_of, programme_of
from songhe.policy.models import Instrument, Release, ServiceList, Step
from songhe.policy.queries import in_force, instruments, lists_seen_from, open_draft
from songhe.policy.rights import DEEDS, may, may_begin
from songhe.policy.terms import ReleaseState as State
from songhe.regions.api import names_of
from songhe.rules.audiences import COHORTS, EVERYONE, HEALTHY, KINDS, audience_of, cut
from songhe.rules.packs import PAYS_WORDS, Pack
from songhe.rules.programme import BoundItem
from songhe.rules.reading_packs import LIST_FILE
from songhe.rules.sentence import gift_of, sentence_of
from songhe.ui.words import said_error

_DIGITS = 12
_NAMED = re.compile(r"^name: *(?P<name>.+?) *$", re.MULTILINE)
_ANNEX = re.compile(r"annex-(?P<annex>\d+)/(?P<line>\d+)")
_STATUS = {
    State.DRAFT: "todo", State.PROPOSED: "running", State.APPROVED: "running", State.ISSUED: "yes",
    State.SUPERSEDED: "done", State.DROPPED: "no",
}  # fmt: skip
_STEPS = {
    "imported": _("导入"), "begun": _("起草"), "edited": _("改了草稿"), "removed": _("去掉一项"),
    "put_back": _("放回一项"), "renumbered": _("改了次序"),
    "proposed": _("送审批"), "taken_back": _("撤回"), "refused": _("退回"), "approved": _("批准"),
    "issued": _("印发"), "dropped": _("作废"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list on the page of lists: what holds, what comes, what is on its way and whose turn it is."""

    of_list: ServiceList
    place: str
    document: str
    holds: Release | None
    coming: Release | None
    draft: Release | None
    turn: str
    may_begin: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of a release, said."""

    number: int
    name: str
    stem: str
    type: str
    sentence: str
    gift: str
    lead: str
    clause: str
    audience: str
    own: bool


def list_lines(actor: Actor, today: date) -> list[ListLine]:
    """The lists seen from the actor's region, the widest region first."""
    lists = lists_seen_from(actor.region)
    names = names_of(one.region for one in lists)
    held = {one.of_list_id: one for one in in_force(today)}
    return [_list_line(actor, one, names, held.get(one.pk), today) for one in lists]


def _list_line(
    actor: Actor, of_list: ServiceList, names: dict[str, str], holds: Release | None, today: date
) -> ListLine:
    draft = open_draft(of_list)
    coming = of_list.releases.filter(state=State.ISSUED, from_date__gt=today).order_by("from_date").first()
    shown = holds or coming or draft
    place = names.get(of_list.region, gettext("全国") if not of_list.region.strip("0") else of_list.region)
    turn = turn_of(draft) if draft else ""
    return ListLine(of_list, place, _document(shown), holds, coming, draft, turn, may_begin(actor, of_list))


def _document(release: Release | None) -> str:
    """The document by which a list was issued, as far as the release can be read."""
    try:
        key = pack_of(release).instrument if release else ""
    except SongheError:
        return ""
    row = Instrument.objects.filter(pk=key).first()
    return "" if row is None else f"《{row.title}》" + (f"（{row.number}）" if row.number else "")


def turn_of(release: Release) -> str:
    """Who has to do what with a release that is on its way."""
    if release.state == State.PROPOSED:
        return gettext("{name}送审，等另一人审批").format(name=release.proposer)
    if release.state == State.APPROVED:
        return gettext("{name}批准了，等印发").format(name=release.approver)
    if release.refusal:
        return gettext("退回了，等{name}改").format(name=release.proposer or release.drafter)
    return gettext("{name}在起草").format(name=release.drafter)


def status_of(release: Release, today: date) -> tuple[str, str]:
    """The mark of a release and its word; one that was issued for a later day does not hold yet."""
    if release.state == State.ISSUED and release.from_date > today:
        return "new", gettext("印发了，还没施行")
    return _STATUS[State(release.state)], str(State(release.state).label)


def shown_on(release: Release, today: date) -> date:
    """The day as of which figures of a release are shown: today, as far as it lies in its time."""
    last = release.until_date - timedelta(days=1) if release.until_date else today
    return max(release.from_date, min(today, last))


def region_names() -> Callable[[str], str]:
    """Names of divisions for sentences; each is asked for once."""
    known: dict[str, str] = {}

    def name(code: str) -> str:
        if code not in known:
            known[code] = names_of([code.ljust(_DIGITS, "0")]).get(code.ljust(_DIGITS, "0"), code)
        return known[code]

    return name


def items_by_category(release: Release, on: date, group: str = "") -> list[tuple[str, list[ItemLine]]]:
    """The items of a release said on a day, by category and then type; only those for a group, when one is asked for.

    BadInput when the release cannot be read, NotFound for a group that is none.
    """
    pack, programme = pack_of(release), programme_of(release, on)
    say = _Said(region_names(), clause_words(pack.instrument))
    found: dict[str, list[ItemLine]] = {word: [] for word in pack.categories.values()}
    for bound in programme.items:
        if not group or cut(bound, group, on):
            category = pack.categories.get(bound.item.category, gettext("没有分类"))
            found.setdefault(category, []).append(_item_line(bound, pack, on, say))
    return [(category, lines) for category, lines in found.items() if lines]


@dataclass(frozen=True, slots=True)
class _Said:
    """What says codes of divisions and clauses."""

    region: Callable[[str], str]
    clause: Callable[[str], str]


def _item_line(bound: BoundItem, pack: Pack, on: date, say: _Said) -> ItemLine:
    item, audience = bound.item, audience_of(bound, on)
    return ItemLine(
        item.number, item.name, item.path.stem, pack.type_word(item), sentence_of(bound, pack, say.region),
        gift_of(bound, pack), "、".join(item.lead), say.clause(item.clause),
        f"{audience.age_words()}；{audience.cohort_words()}", item.slug in pack.own_items,
    )  # fmt: skip


def clause_words(own: str = "") -> Callable[[str], str]:
    """Says clauses with the titles of their documents, which are asked for once; `own` is the list's, not named."""
    titles = {key: f"《{row.title}》" for key, row in instruments().items()} | {own: ""}

    def words(text: str) -> str:
        key, _sign, place = text.partition("/")
        annex = _ANNEX.fullmatch(place)
        if annex:
            place = gettext("附件{annex}第{line}项").format(annex=annex["annex"], line=annex["line"])
        return f"{titles[key]}{place}" if key in titles else text

    return words


def group_options() -> list[tuple[str, str]]:
    """The groups by which a list can be cut."""
    kinds = [(key, gettext("有关{kind}").format(kind=word)) for key, word in KINDS.items()]
    cohorts = [(cohort.key, cohort.word) for cohort in COHORTS]
    ages = [(f"age:{age}", gettext("{age}周岁").format(age=age)) for age in range(60, 105, 5)]
    return [(EVERYONE, gettext("不分人群")), (HEALTHY, gettext("健康")), *ages, *kinds, *cohorts]


@dataclass(frozen=True, slots=True)
class FileChange:
    """What changed in the text of a file; lines begin with their sign. `title` is what the file holds, said."""

    name: str
    title: str
    word: str
    lines: tuple[tuple[str, str], ...]


def changes_of(release: Release, before: Release | None) -> list[FileChange]:
    """The files that differ from another release, line by line with two lines around."""
    old, new = (before.files if before else {}), release.files
    found = []
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            word = gettext("新加") if name not in old else gettext("去掉") if name not in new else gettext("改了")
            title = file_title(new if name in new else old, name)
            found.append(FileChange(name, title, word, tuple(_diff(old.get(name, ""), new.get(name, "")))))
    return found


def _diff(old: str, new: str) -> Iterator[tuple[str, str]]:
    for line in list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm=""))[2:]:
        kind = {"+": "new", "-": "old", "@": "gap"}.get(line[:1], "")
        yield kind, "…" if kind == "gap" else line[1:]


def file_title(files: Mapping[str, str], name: str) -> str:
    """What a file of a list holds, as people call it: the item's name, or the list itself; else the file's name."""
    if name == LIST_FILE:
        return gettext("清单本身")
    found = _NAMED.search(files.get(name, ""))
    return found["name"].strip("\"'") if found else name


def fault_words(files: Mapping[str, str], problem: BadInput) -> str:
    """A fault of a list, as one sentence that begins with the item and the line of its text."""
    name, _sign, line = problem.where.partition(":")
    title = file_title(files, name)
    where = gettext("{title}第{line}行").format(title=title, line=line) if line else title
    return said_error(BadInput(where, problem.problem, given=problem.given, accepted=problem.accepted))


def faults_of(release: Release) -> list[tuple[str, str]]:
    """What the gate finds, each with the file's name and the sentence."""
    try:
        problems: Sequence[BadInput] = found_in(release).problems
    except BadInput as error:
        problems = [error]
    except NotFound as error:
        return [(LIST_FILE, said_error(error))]
    return [(problem.where.partition(":")[0], fault_words(release.files, problem)) for problem in problems]


def doubts_of(release: Release) -> list[dict[str, Any]]:
    """The doubts that notes of the list cite, with the items they touch."""
    try:
        pack = pack_of(release)
    except SongheError:
        return []
    names, said = {item.number: item.name for item in pack.items}, clause_words()
    return [
        {
            "doubt": doubt, "clauses": [said(clause) for clause in doubt.clauses],
            "items": [f"{number} {names.get(number, '')}".strip() for number in doubt.items],
        }
        for doubt in pack.doubts.values()
    ]  # fmt: skip


def groups_of(release: Release) -> list[tuple[str, str, str, list[str]]]:
    """The groups of which not all is paid: title, how, clause and the names of their items."""
    pack = pack_of(release)
    said = clause_words(pack.instrument)
    return [
        (
            group.title, PAYS_WORDS[group.pays], said(group.clause),
            [item.name for item in pack.items if item.group == group.name],
        )
        for group in pack.groups.values()
    ]  # fmt: skip


def step_words(step: Step) -> str:
    """What was done, in the language of the page."""
    return str(_STEPS.get(step.deed, step.deed))


def may_do(actor: Actor, release: Release) -> dict[str, bool]:
    """The deeds that a page offers."""
    return {deed.replace("-", "_"): may(actor, release, deed) for deed in (*DEEDS, "edit")}
