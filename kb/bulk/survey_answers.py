"""The answers that claims on a property give, as positions: which of them cannot stand together.

Ends of intervals are compared as decimals, once for each that occurs: positions then stand on a ladder of whole
numbers, so that no two that a double cannot tell apart are confused, and tolerance is that of `kb.oppositions`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from kb.bulk.scope_kernel import Flags, Ints, Positions
from kb.domain import Domain
from kb.model import Bound, Claim, FindingKind, Interval, Kind, Polarity, Relation, Vague, ValueSet
from kb.oppositions import RANKINGS_APART
from kb.quantities import Span, spans
from kb.stances import ABOUT, claim_spans

Row = Mapping[str, Any]
Key = tuple[Span, ...] | str
"""A position: the spans of a figure as it is compared, or a class, polarity or relation by name."""


@dataclass(frozen=True)
class Answers:
    """The positions of one property and kind of claim.

    ``position`` gives that of each answer from the number ``first`` on, -1 for one without (a vague number that
    nothing says how to read). ``low`` and ``reach`` are those of `kb.bulk.scope_kernel.Positions`; ``sets`` holds those
    of all alternatives of a set, ``opposed`` the positions that a class, polarity or relation is apart from.
    """

    first: int
    position: Ints
    low: Ints
    reach: Ints
    sets: Mapping[int, tuple[Ints, Ints]]
    opposed: Mapping[int, frozenset[int]]

    def among(self, chosen: Ints) -> Positions:
        """Return some positions, in order, as the kernel wants them."""
        low, reach = self.low[chosen], self.reach[chosen]
        beside = [int(number) for number in chosen[low < 0]]
        off = np.full(len(chosen), -1)
        off[low < 0] = np.arange(len(beside))
        rows = np.zeros((len(beside), len(chosen)), np.bool_)
        inside = [(at, number) for at, number in enumerate(map(int, chosen)) if number in self.sets]
        ends = [self.sets[number] for _, number in inside]
        lows = np.concatenate([own for own, _ in ends]) if ends else np.zeros(0, np.int64)
        reaches = np.concatenate([own for _, own in ends]) if ends else lows
        starts = np.cumsum([0, *(len(own) for own, _ in ends)])[:-1]
        places = np.array([at for at, _ in inside], np.int64)
        for row, number in enumerate(beside):
            if number in self.opposed:
                rows[row] = np.isin(chosen, list(self.opposed[number]))
                continue
            rows[row] = _clear(self.sets[number], low, reach) & (low >= 0)
            rows[row, places] = np.logical_and.reduceat(_clear(self.sets[number], lows, reaches), starts)
        return Positions(low, reach, off, rows)


def _clear(alternatives: tuple[Ints, Ints], low: Ints, reach: Ints) -> Flags:
    """Say which spans are apart from every alternative of a set."""
    found = np.ones(len(low), np.bool_)
    for own_low, own_reach in zip(*alternatives, strict=True):
        found &= (low >= own_reach) | (own_low >= reach)
    return found


def make_answers(domain: Domain, property_id: str, kind: Kind, rows: Iterable[Row]) -> Answers:
    """Return the positions of answers as ``survey_answers.sql`` gives them, in order of their number."""
    rows = list(rows)
    keys = [_key(domain, property_id, kind, row) for row in rows]
    numbers: dict[Key, int] = {}
    position = [-1 if key == () else numbers.setdefault(key, len(numbers)) for key in keys]
    named = {name: number for name, number in numbers.items() if isinstance(name, str)}
    measured = {found: number for found, number in numbers.items() if not isinstance(found, str)}
    low, reach = np.full(len(numbers), -1), np.full(len(numbers), np.iinfo(np.int64).max)
    lows = sorted({span.low for found in measured for span in found})
    tolerance = domain.properties[property_id].tolerance
    step = {end: at for at, end in enumerate(lows)}
    reached: dict[Decimal, int] = {}
    sets = {}
    for found, number in measured.items():
        for span in found:
            if span.high not in reached:
                reached[span.high] = _reach(lows, span.high, tolerance)
        starts = [step[span.low] for span in found]
        ends = [reached[span.high] for span in found]
        if len(found) == 1:
            low[number], reach[number] = starts[0], ends[0]
        else:
            sets[number] = (np.array(starts), np.array(ends))
    opposed = {
        number: frozenset(other for there, other in named.items() if _opposed(domain, kind, name, there))
        for name, number in named.items()
    }
    first = int(rows[0]["number"]) if rows else 0
    return Answers(first, np.array(position, np.int64), low, reach, sets, opposed)


def _reach(lows: list[Decimal], high: Decimal, tolerance: Decimal) -> int:
    """Return the first step that lies above an end by more than the tolerance; once one does, all after it do."""
    if not high.is_finite():
        return len(lows)
    start = bisect_right(lows, high)
    if not tolerance:
        return start
    ours = Span(high, high)
    return bisect_left(lows, True, start, key=lambda low: ours.apart(Span(low, low), tolerance))


def _key(domain: Domain, property_id: str, kind: Kind, row: Row) -> Key:
    if kind is not Kind.QUANTITY:
        return str(row["answer"])
    if row["form"] == "class":
        return str(row["class"])
    unit, bound = str(row["unit"]), Bound(row["bound"])
    if row["form"] == "vague":
        value = Vague(vague=True, unit=unit, bound=bound, printed=row["exact"])
        claim = Claim(id="", source="s", text="t", kind=kind, subject="s", property=property_id, value=value)
        return claim_spans(domain, claim)
    target = domain.unit_of(property_id)
    if target is None:
        return ()
    numbers = str(row["exact"]).removesuffix(f" {unit}")
    found = spans(_value(row["form"], numbers, unit, bound), domain.units[unit], target)
    return tuple(span.widened(ABOUT) for span in found) if bound is Bound.ABOUT else found


def _value(form: str, numbers: str, unit: str, bound: Bound) -> Interval | ValueSet:
    """Return a value that was checked when it was written from its numbers as text."""
    if form == "set":
        return ValueSet.model_construct(any_of=tuple(map(Decimal, numbers.split(", "))), unit=unit, bound=bound)
    low, _, high = numbers.partition("..")
    first, last = Decimal(low) if low else None, Decimal(high) if high else None
    return Interval.model_construct(low=first, high=last, unit=unit, bound=bound)


def _opposed(domain: Domain, kind: Kind, a: str, b: str) -> bool:
    """Say whether two classes, relations or polarities cannot both be so."""
    if kind is Kind.QUANTITY:
        ours, theirs = domain.concepts[a].rank, domain.concepts[b].rank
        return ours is not None and theirs is not None and ours != theirs
    if kind is Kind.COMPARISON:
        return RANKINGS_APART.get(frozenset({Relation(a), Relation(b)})) is FindingKind.CONTRADICTION
    return {Polarity(a), Polarity(b)} == set(Polarity)
