"""What would settle an item: the one question with what each answer gives, waiting, and single changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from songhe.eligibility.reason_sheet.model import Inquiry, Option
from songhe.eligibility.reason_sheet.words import day_words
from songhe.kernel.days import age_on, birthday_in
from songhe.rules import nodes as n
from songhe.rules.answers import ELSEWHERE, answers_apart
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.missing import missing
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.reference import Person, Reference
from songhe.rules.reasons import best_question
from songhe.rules.sentence import RegionNames, Sentences

_FEW = 4
Answers = list[tuple[str, Any]]


def inquiry_of(
    programme: Programme, bound: BoundItem, person: Person, reading: Reference, says: Sentences, names: RegionNames
) -> Inquiry | None:
    """The question that settles most of an open item, None when the item is settled or nobody can be asked."""
    if reading.read(bound.outcome)(person) is not None:
        return None
    best = best_question(replace(programme, items=(bound,)), person)
    if best is None:
        return None
    fact = PERSON_TABLE[best.fact]
    answers = possible_answers(programme, bound, best.fact, person, names)
    settles, touches = _others(programme, bound, best.fact, person, reading, names)
    decide = reading.read(bound.outcome)
    outcomes = [(words, value, decide({**person, best.fact: value})) for words, value in answers]
    good = [value for _, value, outcome in outcomes if outcome is True]
    wanted = "" if fact.kind is Kind.DATE or not good else phrase(says, best.fact, good, names)
    options = _options(best.fact, [(words, outcome) for words, _, outcome in outcomes])
    return Inquiry(fact.label, fact.question, options, wanted, tuple(settles), tuple(touches))


def possible_answers(programme: Programme, bound: BoundItem, name: str, person: Person, names: RegionNames) -> Answers:
    """The answers that an item's rule can tell apart, in words and with a value that stands for each."""
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.DATE:
        return _spans(answers_apart(name, (bound.who,), programme.on, person))
    if fact.kind is Kind.BOOL:
        return [(fact.if_true, True), (fact.if_false, False)]
    if fact.kind is Kind.REGION:
        places = answers_apart(name, (bound.who,), programme.on, person)
        return [("在别处" if place == ELSEWHERE else f"在{names(place)}", place) for place in places]
    return [(word, value) for value, word in fact.values.items()]


def _spans(days: list[date]) -> Answers:
    """Days that stand for the stretches between thresholds: each the last of its own, but the last one the first."""
    limits = days[:-1]
    if not limits:
        return [("哪一天", days[0])]
    spans: Answers = [(f"{day_words(limits[0])}或以前", limits[0])]
    for earlier, later in pairwise(limits):
        spans.append((f"{day_words(earlier + timedelta(days=1))}到{day_words(later)}", later))
    after = limits[-1] + timedelta(days=1)
    return [*spans, (f"{day_words(after)}或以后", after)]


def _options(name: str, outcomes: list[tuple[str, bool | None]]) -> tuple[Option, ...]:
    """The answers put together by what they give; what settles for yes comes first, dates stay in their order."""
    groups: dict[bool | None, list[str]] = {}
    for words, outcome in outcomes:
        groups.setdefault(outcome, []).append(words)
    if len(groups) == 1:
        return (Option("不管怎么答", outcomes[0][1]),)
    if PERSON_TABLE[name].kind is Kind.DATE:
        return tuple(Option(words, outcome) for words, outcome in _merged(outcomes))
    ordered = [(outcome, groups[outcome]) for outcome in (True, None, False) if outcome in groups]
    last = len(ordered) - 1
    return tuple(
        Option("其余的" if index == last and len(words) > _FEW else "、".join(words), outcome)
        for index, (outcome, words) in enumerate(ordered)
    )


def _merged(outcomes: list[tuple[str, bool | None]]) -> Iterator[tuple[str, bool | None]]:
    """Neighbouring spans with the same outcome as one: A到B and B后到C as A到C."""
    current, outcome = outcomes[0]
    for words, found in outcomes[1:]:
        if found is outcome:
            current = _joined(current, words)
        else:
            yield current, outcome
            current, outcome = words, found
    yield current, outcome


def _joined(earlier: str, later: str) -> str:
    start = "" if earlier.endswith("或以前") else earlier.split("到", maxsplit=1)[0]
    if later.endswith("或以后"):
        return f"{start}或以后"
    end = later.split("到")[1]
    return f"{start}到{end}" if start else f"{end}或以前"


def _others(
    programme: Programme, bound: BoundItem, name: str, person: Person, reading: Reference, names: RegionNames
) -> tuple[list[int], list[int]]:
    """The numbers of other open items that any answer settles, and of those that may still hang on something else."""
    settles: list[int] = []
    touches: list[int] = []
    for other in programme.items:
        asked = missing(other.outcome).get(name)
        if other.item.slug == bound.item.slug or asked is None or not reading.read(asked)(person):
            continue
        decide = reading.read(other.outcome)
        answers = possible_answers(programme, other, name, person, names)
        settled = all(decide({**person, name: value}) is not None for _, value in answers)
        (settles if settled else touches).append(other.item.number)
    return settles, touches


def waiting_words(day: date | None, person: Person) -> str:
    """What happens by merely waiting until a day: 到2024年5月2日满80周岁，就可享; empty for no day."""
    if day is None:
        return ""
    birth = person.get("birth_date")
    if birth is not None and birthday_in(age_on(birth, day), birth) == day:
        return f"到{day_words(day)}满{age_on(birth, day)}周岁，就可享"
    return f"到{day_words(day)}，就可享"


def phrase(says: Sentences, name: str, values: Sequence[Any], names: RegionNames, now: Any = None) -> str:
    """One fact with one of some values as part of a sentence: 户籍地在鄂州市, 残疾等级为一级或二级.

    `now` is the value it has: all others together are said as not having that one.
    """
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.BOOL:
        return fact.if_true if values[0] else fact.if_false
    if fact.kind is Kind.REGION:
        return f"{fact.label}在{'或'.join('别处' if value == ELSEWHERE else names(value) for value in values)}"
    if fact.kind is Kind.DATE:
        return f"{fact.label}是{'或'.join(map(day_words, values))}"
    if now is not None and set(values) == set(fact.values) - {now}:
        return says.say(n.Compare("<>", n.FactValue(name), _constant(now)))
    some = [value for value in values if value != fact.nothing]
    if fact.if_any and set(some) == {value for value in fact.values if value != fact.nothing}:
        said = fact.if_any
    elif len(some) > 1:
        said = says.say(n.OneOf(n.FactValue(name), tuple(map(_constant, some))))
    else:
        said = "".join(says.say(n.Compare("=", n.FactValue(name), _constant(value))) for value in some)
    return "，或者".join(part for part in (said, fact.if_none if len(some) < len(values) else "") if part)


def _constant(value: Any) -> n.Constant:
    return n.Constant(Fraction(value) if isinstance(value, int) else value)
