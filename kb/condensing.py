"""Of very many claims on one question about one thing, the telling ones stand for all.

A *cell* holds the claims that give answers to one question about one subject (and, of a ranking, one other side). A
cell of at most `CELL_WHOLE` claims stays as it is. Of a larger one `VARIANTS_KEPT` *variants* are kept, each by at most
two of its claims, with how many claims stand behind them. Claims are of one variant if they differ in nothing that
detectors look at. `kb/bulk/sql/variants.sql` and `chosen.sql` say the same in SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.counting import Cell, Counted, cell_of
from kb.domain import Domain
from kb.model import Bound, Claim, Interval, Kind, Ordinal, Polarity, Relation, Vague, Value, ValueSet
from kb.stances import claim_spans, effective_polarity, holds, is_hedged

CELL_WHOLE = 64
VARIANTS_KEPT = 32

OPEN = 1e308
"""Stands for the open end of an interval: all engines compare it alike, unlike infinity."""


def exact_text(value: Value | None) -> str | None:
    """Return the numbers of a value as text in one form, so that two that a double cannot tell apart stay two."""
    if isinstance(value, Interval):
        ends = ("" if end is None else f"{end.normalize():f}" for end in (value.low, value.high))
        return f"{'..'.join(ends)} {value.unit}"
    if isinstance(value, ValueSet):
        return f"{', '.join(f'{item.normalize():f}' for item in value.any_of)} {value.unit}"
    return getattr(value, "printed", None)


def answer_of(claim: Claim) -> tuple[object, ...]:
    """Return all that detectors look at in a claim of a cell, but for its scope."""
    value = claim.value
    return (
        exact_text(value) or "",
        getattr(value, "bound", ""),
        getattr(value, "class_", ""),
        claim.relation,
        claim.polarity,
        claim.certainty,
        claim.duty,
        claim.strength,
        claim.attribution,
        claim.role,
        claim.implied,
        str(claim.checked),
    )


def rough_ends(domain: Domain, claim: Claim) -> tuple[float, float]:
    """Return where an answer lies on a line, as doubles, the same that the SQL makes of the table's columns.

    Figures lie between their ends in the unit of the property; of the two sides of a question one lies above the other;
    answers without any order all lie at 0.
    """
    if claim.kind is Kind.STATEMENT:
        side = float(effective_polarity(claim) is Polarity.AFFIRMED)
        return side, side
    if claim.kind is Kind.COMPARISON:
        side = {Relation.GREATER: 1.0, Relation.LESS: -1.0}.get(claim.relation or Relation.EQUAL, 0.0)
        return side, side
    value, target = claim.value, domain.unit_of(claim.property)
    if value is None or isinstance(value, Ordinal) or target is None:
        return 0.0, 0.0
    if isinstance(value, Vague):
        found = claim_spans(domain, claim)
        return (
            (float(found[0].low) if found[0].low.is_finite() else -OPEN, float(found[0].high)) if found else (0.0, 0.0)
        )
    unit = domain.units[value.unit]
    if unit.kind != target.kind:
        return 0.0, 0.0
    factor = float(unit.factor / target.factor)
    ends = (value.any_of[0], value.any_of[-1]) if isinstance(value, ValueSet) else (value.low, value.high)
    low = -OPEN if ends[0] is None else float(ends[0]) * factor
    high = OPEN if ends[1] is None or value.bound is Bound.AT_LEAST else float(ends[1]) * factor
    return low, high


@dataclass
class _Variant:
    """Claims of a cell that differ in nothing that detectors look at."""

    claims: list[Claim]
    low: float
    high: float
    answer: tuple[object, ...]

    @cached_property
    def first(self) -> str:
        return min(claim.id for claim in self.claims)

    @cached_property
    def count(self) -> int:
        return len(self.claims)

    @property
    def hedged(self) -> bool:
        return is_hedged(self.claims[0])

    @property
    def class_name(self) -> str:
        return str(getattr(self.claims[0].value, "class_", ""))

    @property
    def setting(self) -> tuple[object, ...]:
        return (self.claims[0].scope, self.claims[0].unknown)


def condense(domain: Domain, claims: Iterable[Claim]) -> tuple[tuple[Claim, ...], Counted]:
    """Return the claims that somebody holds, of large cells only the telling ones, and what was left out."""
    cells: dict[Cell, list[Claim]] = defaultdict(list)
    for claim in claims:
        if holds(claim):
            cells[cell_of(claim)].append(claim)
    kept: list[Claim] = []
    weights: dict[str, int] = {}
    totals: dict[Cell, tuple[int, int]] = {}
    for cell, found in cells.items():
        if len(found) <= CELL_WHOLE:
            kept.extend(found)
            continue
        variants = _variants(domain, found)
        totals[cell] = (len(variants), len(found))
        for variant in _telling(variants):
            by_id = sorted(variant.claims, key=lambda claim: claim.id)
            kept.extend({claim.id: claim for claim in (by_id[0], by_id[-1])}.values())
            if variant.count > 2:
                weights[by_id[0].id] = variant.count - 1
    return tuple(sorted(kept, key=lambda claim: claim.id)), Counted(weights, totals)


def _variants(domain: Domain, claims: Iterable[Claim]) -> list[_Variant]:
    found: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        found[(answer_of(claim), claim.scope, claim.unknown)].append(claim)
    return [_Variant(own, *rough_ends(domain, own[0]), answer=answer_of(own[0])) for own in found.values()]


def _telling(variants: Sequence[_Variant]) -> list[_Variant]:
    """Return the variants that are kept: by turns the two ends of a setting and the next most common answer.

    The ends of the whole cell come first. Settings (scopes, the hedged apart) take turns by how many claims they have.
    """
    turns: dict[int, int] = {}

    def give(variant: _Variant, turn: int) -> None:
        turns[id(variant)] = min(turn, turns.get(id(variant), turn))

    for variant in _ends(variants):
        give(variant, 0)
    settings: dict[object, list[_Variant]] = defaultdict(list)
    answers: dict[object, list[_Variant]] = defaultdict(list)
    for variant in variants:
        settings[(variant.hedged, variant.setting)].append(variant)
        answers[variant.answer].append(variant)
    common = sorted((min(own, key=_support) for own in answers.values()), key=_support)
    for turn, variant in enumerate(common, 1):
        give(variant, turn)
    ranked = sorted(settings.values(), key=lambda own: (-sum(v.count for v in own), min(v.first for v in own)))
    for turn, own in enumerate(ranked, 1):
        for variant in _ends(own):
            give(variant, turn)
    never = len(variants) + 1
    return sorted(variants, key=lambda v: (turns.get(id(v), never), -v.count, v.first))[:VARIANTS_KEPT]


def _support(variant: _Variant) -> tuple[int, str]:
    return -variant.count, variant.first


def _ends(variants: Sequence[_Variant]) -> tuple[_Variant, _Variant]:
    """Return the variants that end lowest and start highest; firm ones before hedged ones."""
    by_class = sorted(variants, key=lambda v: (v.class_name, v.first))
    lowest = min(by_class, key=lambda v: (v.hedged, v.high))
    by_class.sort(key=lambda v: v.first)
    by_class.sort(key=lambda v: v.class_name, reverse=True)
    return lowest, min(by_class, key=lambda v: (v.hedged, -v.low))
