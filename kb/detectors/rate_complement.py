"""Two shares of one whole that cannot add up to it: those who respond and those who do not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kb.clashes import Clash
from kb.domain import Property
from kb.findings import assemble
from kb.groups import Group
from kb.model import Finding, FindingKind, Kind
from kb.quantities import Span
from kb.scopes import compare_scopes
from kb.stances import Stance, claim_spans, only_evidence
from kb.subjects import one_figure
from kb.wording import claim_value, number_text, quantity_text

CODE = "V006"
NAME = "rate-complement"
SUMMARY = "two shares of one whole cannot add up to it"

PERCENT, WHOLE = "%", Decimal(100)
ROUNDING = Decimal(1)
"""Percentage points that the sum of two rounded shares may miss the whole by."""


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding where a share and its complement, or a share that excludes it, cannot stand together."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    shares: dict[str, list[Stance]] = {}
    for (name, _), stances in group.of(Kind.QUANTITY).items():
        if group.domain.properties[name].unit == PERCENT:
            usable = [s for s in stances if len(s.spans) == 1 and not s.hedged and not s.reading]
            shares.setdefault(name, []).extend(usable)
    for name, stances in sorted(shares.items()):
        definition = group.domain.properties[name]
        for other in sorted({definition.complement_of, *definition.disjoint_with} & set(shares), key=str):
            for a in stances:
                for b in shares[other or ""]:
                    if _one_whole(group, a, b):
                        yield from _clash(group, definition, a, b)


def _one_whole(group: Group, a: Stance, b: Stance) -> bool:
    """Say whether two shares are of one whole: nobody is counted at two times, and not both are results of studies."""
    domain = group.domain
    timed = {d for d in {*a.scope} ^ {*b.scope} if d in domain.dimensions and not domain.dimensions[d].schemes}
    dependent = {*_separating(group, a.property_id), *_separating(group, b.property_id)}
    if a.object != b.object or timed & dependent or only_evidence(a, b):
        return False
    return one_figure(domain, a.subject, b.subject)


def _separating(group: Group, name: str) -> tuple[str, ...]:
    definition = group.domain.properties[name]
    return (*definition.separated_by, *definition.also_separated_by)


def _clash(group: Group, definition: Property, a: Stance, b: Stance) -> Iterator[Clash]:
    """Yield the clash of two shares whose sum exceeds the whole or, if they are complements, falls short of it."""
    other = group.domain.properties[b.property_id]
    (x,), (y,) = a.spans, b.spans
    slack = max(ROUNDING, WHOLE * max(definition.tolerance, other.tolerance))
    least, most = (max(x.low, Decimal(0)) + max(y.low, Decimal(0)), x.high + y.high)
    if least > WHOLE + slack:
        reason = f"even at their lowest the two add up to {_text(group, Span(least, least))}"
    elif definition.complement_of == other.id and most < WHOLE - slack:
        reason = f"even at their highest the two add up to only {_text(group, Span(most, most))}"
    else:
        return
    whole = definition.complement_of == other.id
    compared = compare_scopes(group.domain, other, a.scope, b.scope)
    readings = tuple(filter(None, _readings(group, a, b)))
    if readings:
        reason += f" ({'; '.join(readings)})"
    yield Clash(
        a,
        b,
        FindingKind.DISCREPANCY,
        (definition.id, other.id, a.object or ""),
        other.id if compared.differing or (compared.unknown and not whole) else definition.id,
        reason,
        working=(*readings, _working(group, definition, x, other, y)),
    )


def _working(group: Group, definition: Property, x: Span, other: Property, y: Span) -> str:
    """Return the subtraction in words: what the one share leaves for the other, and what is given for that."""
    left = Span(max(WHOLE - x.high, Decimal(0)), min(WHOLE - x.low, WHOLE))
    most = "" if definition.complement_of == other.id else "at most "
    rest = _text(group, Span(left.high, left.high) if most else left)
    minus, given = _text(group, x), _text(group, y)
    return f"100 % less {minus} ({definition.label}) leaves {most}{rest}, but {given} is given as the {other.label}"


def _readings(group: Group, *stances: Stance) -> Iterator[str]:
    """Yield how shares that are given as "about" so much are read."""
    for stance in stances:
        if stance.spans != claim_spans(group.domain, stance.first):
            yield f"{claim_value(group.domain, stance.first)} is read as {_text(group, stance.spans[0])}"


def _text(group: Group, span: Span) -> str:
    unit = group.domain.units[PERCENT]
    if span.low == span.high:
        return quantity_text(span.low, unit)
    low, high = max(span.low, Decimal(0)), min(span.high, WHOLE)
    return f"{number_text(low, unit)}–{quantity_text(high, unit)}"
