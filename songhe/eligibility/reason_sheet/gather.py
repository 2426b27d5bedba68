"""From a list on a day and one person to the sheets of all items: every answer with its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from songhe import __version__
from songhe.eligibility.coming_of_age import DaysAhead
from songhe.eligibility.reason_sheet import sentences
from songhe.eligibility.reason_sheet.inquiry import inquiry_of, phrase, waiting_words
from songhe.eligibility.reason_sheet.model import NO, TO_DO, UNSET, YES, Basis, Branch, Dossier, FactLine, Sheet
from songhe.eligibility.reason_sheet.words import (
    Instrument,
    amount_words,
    document_words,
    labelled,
    place_words,
    short_amount_words,
    value_words,
    yuan_words,
)
from songhe.rules import nodes as n
from songhe.rules.doubts import cited_doubts
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.missing import PARAMETER, missing
from songhe.rules.packs import PAYS_WORDS
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.reference import Person, Reference
from songhe.rules.reasons import Change, Explainer, Reason, changes_to_no, changes_to_yes
from songhe.rules.sentence import RegionNames, Sentences, sentence_of

_CHANGES_SHOWN = 4
_SOON_YEARS = 5


class Desk:
    """Makes the sheets of persons by one list on one day; what does not depend on the person is prepared once.

    `sources` says for a fact where its value comes from; facts it does not name have no source. `instruments` are the
    documents clauses speak of.
    """

    def __init__(
        self,
        programme: Programme,
        *,
        instruments: Mapping[str, Instrument],
        names: RegionNames = str,
        sources: Mapping[str, str] | None = None,
    ) -> None:
        self._programme = programme
        self._pack = programme.pack
        self._on = programme.on
        self._instruments = instruments
        self._names = names
        self._sources = sources or {}
        self._reading = Reference(programme.on)
        self._explainer = Explainer(programme, names)
        self._ahead = DaysAhead(programme.pack, programme.on)

    def dossier(self, person_id: str, person: Person, items: tuple[BoundItem, ...] = ()) -> Dossier:
        """The sheets of these items, all of the list when none is named."""
        pack, chosen = self._pack, items or self._programme.items
        return Dossier(
            person_id=person_id,
            on=self._on,
            list_id=pack.id,
            list_title=pack.title,
            region_name=pack.region_name,
            digest=pack.digest,
            from_date=pack.from_date,
            unconfirmed=pack.unconfirmed,
            facts=tuple(self._fact_line(name, person) for name in self._facts_of(chosen, person)),
            sheets=tuple(self.sheet(bound, person) for bound in chosen),
            total=self._total(person),
            version=__version__,
        )

    def sheet(self, bound: BoundItem, person: Person) -> Sheet:
        """One item for one person."""
        item, answer = bound.item, self._reading.read(bound.outcome)(person)
        tree = self._branch(bound, self._explainer.explain(bound, person), person)
        facts, figures = self._missing(bound, person)
        amount, besides = self._amount(bound, person), self._besides(bound, person)
        short = short_amount_words(item.gives, self._value(bound.amount, person))
        gift = "；".join((sentences.given(bound, amount), *besides))
        coordination = self._coordination(bound, person)
        day = None if answer else self._ahead.first_day_entitled(item.slug, person)
        says = Sentences(bound, self._pack, self._names)
        inquiry = inquiry_of(self._programme, bound, person, self._reading, says, self._names)
        waiting = waiting_words(day, person)
        dead = self._dead(person)
        return Sheet(
            number=item.number,
            slug=item.slug,
            name=item.name,
            group=_group(answer, facts),
            answer=answer,
            headline=sentences.headline(answer, facts, figures, waiting, coordination),
            sentence=sentences.sentence(answer, tree, gift, facts, coordination, inquiry),
            amount=sentences.short_amount(bound, answer, short),
            gap=sentences.gap(bound, answer, tree, facts, figures, self._soon(day), coordination, besides),
            gift=gift,
            amounts=self._amounts(bound, answer, person, amount),
            coordination=coordination,
            tree=tree,
            inquiry=inquiry,
            waiting=waiting,
            changes=() if answer is not False or dead else self._changes(bound, person),
            keeps=self._keeps(bound, person) if answer else (),
            basis=self._basis(bound),
            notes=self._notes(bound),
            missing=tuple(facts),
        )

    def _facts_of(self, items: tuple[BoundItem, ...], person: Person) -> list[str]:
        names = {name for bound in items for name in n.fact_names(bound.outcome)}
        return [name for name in PERSON_TABLE if name in names and (name != "death_date" or self._dead(person))]

    def _fact_line(self, name: str, person: Person) -> FactLine:
        value = person.get(name)
        words = value_words(name, value, self._on, self._names)
        return FactLine(PERSON_TABLE[name].label, words, self._sources.get(name, ""), value is not None)

    def _dead(self, person: Person) -> bool:
        death = person.get("death_date")
        return death is not None and death <= self._on

    def _missing(self, bound: BoundItem, person: Person) -> tuple[list[str], list[str]]:
        """The labels of the facts, and of the figures of the law, that the outcome hangs on."""
        asked = [name for name, node in missing(bound.outcome).items() if self._reading.read(node)(person)]
        parameters = self._pack.parameters_of(bound.item)
        figures = [parameters[name.removeprefix(PARAMETER)].label for name in asked if name.startswith(PARAMETER)]
        return [PERSON_TABLE[name].label for name in asked if name in PERSON_TABLE], figures

    def _value(self, node: Any, person: Person) -> float | None:
        value: float | None = None if node is None else self._reading.read(node)(person)
        return value

    def _amount(self, bound: BoundItem, person: Person) -> str:
        return amount_words(bound.item.gives, self._value(bound.amount, person))

    def _besides(self, bound: BoundItem, person: Person) -> tuple[str, ...]:
        """What the item gives besides its first gift, in words."""
        nodes = [None if gift.amount is None else bound.figures.bound(gift.amount) for gift in bound.item.also]
        pairs = zip(bound.item.also, nodes, strict=True)
        return tuple(amount_words(gift, self._value(node, person)) or gift.what for gift, node in pairs)

    def _amounts(
        self, bound: BoundItem, answer: bool | None, person: Person, amount: str
    ) -> tuple[tuple[str, str], ...]:
        if not answer or not bound.pays:
            return ()
        payable = self._value(bound.payable, person)
        unset = self._value(bound.amount, person) is None
        undecided = sentences.NO_AMOUNT if unset else sentences.OPEN_AMOUNT
        return (("可享", amount or undecided), ("应发", amount_words(bound.item.gives, payable) or undecided))

    def _total(self, person: Person) -> str:
        """What is payable a month of all items that are decided and have a figure; empty when there is none."""
        monthly = [bound for bound in self._programme.items if bound.pays and bound.item.gives.per == "month"]
        sums = [value for bound in monthly if (value := self._value(bound.payable, person)) is not None]
        return f"每月{yuan_words(sum(sums))}" if sums else ""

    def _coordination(self, bound: BoundItem, person: Person) -> tuple[str, ...]:
        group = self._pack.groups.get(bound.item.group)
        if group is None:
            return ()
        mine, paid = self._reading.read(bound.outcome)(person), self._value(bound.payable, person)
        lines = []
        for other in self._programme.items:
            if other.item.group == group.name and other.item.slug != bound.item.slug:
                head = f"和第{other.item.number}项{other.item.name}同为{group.title}，{PAYS_WORDS[group.pays]}。"
                theirs = self._reading.read(other.outcome)(person)
                lines.append(head + sentences.between(mine, theirs, paid, other.item.number))
        return tuple(lines)

    def _branch(self, bound: BoundItem, reason: Reason, person: Person) -> Branch:
        if reason.children:
            children = tuple(self._branch(bound, child, person) for child in reason.children)
            words = sentences.joining(reason.joined_by, len(children))
            return Branch(words, reason.answer, reason.decides, reason.words, children=children)
        names = [name for name, *_ in reason.facts]
        known = [value_words(name, person.get(name), self._on, self._names) for name in names]
        value = "；".join(labelled(name, words) for name, words in zip(names, known, strict=True))
        sources = dict.fromkeys(self._sources[name] for name in names if self._sources.get(name))
        clauses = "、".join(self._clause(bound, clause) for clause in reason.clauses)
        return Branch(reason.words, reason.answer, reason.decides, "", value, "、".join(sources), clauses)

    def _clause(self, bound: BoundItem, clause: str) -> str:
        """The place, with its document where that is not the item's own."""
        place, document = place_words(clause), document_words(clause, self._instruments)
        own = document == document_words(bound.item.clause, self._instruments)
        return place if own and place else f"{document}{place}"

    def _changes(self, bound: BoundItem, person: Person) -> tuple[str, ...]:
        """Known facts of which one other value would make the item a yes."""
        return self._phrases(bound, person, changes_to_yes(self._programme, bound, person))

    def _keeps(self, bound: BoundItem, person: Person) -> tuple[str, ...]:
        """Known facts of which one other value would end a yes."""
        return self._phrases(bound, person, changes_to_no(self._programme, bound, person))

    def _phrases(self, bound: BoundItem, person: Person, changes: Iterable[Change]) -> tuple[str, ...]:
        found: dict[str, list[Any]] = {}
        for change in changes:
            if change.from_day is None and person.get(change.fact) is not None:
                found.setdefault(change.fact, []).append(change.value)
        says = Sentences(bound, self._pack, self._names)
        return tuple(phrase(says, name, values, self._names, person[name]) for name, values in found.items())[
            :_CHANGES_SHOWN
        ]

    def _soon(self, day: date | None) -> date | None:
        return day if day is not None and day.year <= self._on.year + _SOON_YEARS else None

    def _basis(self, bound: BoundItem) -> Basis:
        item = bound.item
        return Basis(
            document=document_words(item.clause, self._instruments),
            place=place_words(item.clause),
            clause=item.clause,
            gist=sentence_of(bound, self._pack, self._names),
            standard=item.standard,
            lead=item.lead,
        )

    def _notes(self, bound: BoundItem) -> tuple[str, ...]:
        """The item's notes of doubt, each with who must confirm the reading."""
        doubts = self._pack.doubts
        lines = []
        for note in bound.item.notes:
            cited = [doubts[name] for name in cited_doubts([note]) if name in doubts]
            asked = dict.fromkeys(who for doubt in cited for who in doubt.confirm)
            lines.append(f"{note.rstrip('。')}。待{'、'.join(asked)}确认。" if asked else note)
        return tuple(lines)


def _group(answer: bool | None, facts: list[str]) -> str:
    if answer is None:
        return TO_DO if facts else UNSET
    return YES if answer else NO
