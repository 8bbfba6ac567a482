"""A total that is not the product of its factors: a price for a course, of so many sessions at such a fee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.clashes import Clash
from kb.domain import Domain, Property
from kb.findings import assemble
from kb.groups import Group
from kb.model import Attribution, Bound, Certainty, Claim, Finding, FindingKind, Interval
from kb.quantities import Span, convert, parse_scope_quantity
from kb.scopes import compare_scopes, describe_scope
from kb.stances import Stance, claim_spans, only_evidence
from kb.subjects import one_figure
from kb.wording import claim_value, value_text

CODE = "V007"
NAME = "arithmetic"
SUMMARY = "a total is not the product of its factors"

SLACK = Decimal("0.2")
"""Share of the greater that product and total may differ by: sources round, and both first and last week may count."""

SOURCES_COMPARED = 20
"""A total whose source lacks a factor is set against the factors of so many other sources, the first by name."""

PLACES = 2
"""Decimals shown of a product."""

Stated = Mapping[tuple[str, str], Sequence[Stance]]
"""Property and source → the figures that the source gives."""


@dataclass(frozen=True)
class Figure:
    """A factor, or the product of others: its span as compared and as printed, and the steps that lead to it."""

    span: Span
    printed: Span
    words: str
    stances: tuple[Stance, ...]
    steps: tuple[str, ...] = ()
    rough: bool = False
    scaled: bool = False


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every total that lies apart from each product of factors that fit it."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    stated = _by_source(group)
    for name in sorted(group.figures):
        definition = group.domain.properties[name]
        totals = group.figures[name] if definition.product_of and definition.topic == group.topic else ()
        factors = group.domain.factors_of(name)
        givers = sorted({source for factor, source in stated if factor in factors}) if totals else []
        for total in filter(_usable, totals):
            lacking = set()
            for source in sorted(total.sources):
                part = total.only(lambda claim: claim.source == source)  # noqa: B023 - used at once
                pool = list(_products(group, definition, total, {source}, stated))
                lacking |= {source} if not pool else set()
                yield from _judge(group, definition, part or total, pool)
            if part := total.only(lambda claim: claim.source in lacking):  # noqa: B023 - used at once
                yield from _judge(group, definition, part, _of_others(group, definition, part, givers, stated))


def _by_source(group: Group) -> Stated:
    """Return the usable figures of each property by source; cost is linear in the claims."""
    found: dict[tuple[str, str], list[Stance]] = defaultdict(list)
    for name, stances in group.figures.items():
        for stance in filter(_usable, stances):
            claims: dict[str, list[Claim]] = defaultdict(list)
            for claim in stance.claims:
                claims[claim.source].append(claim)
            for source, own in claims.items():
                found[(name, source)].append(replace(stance, claims=tuple(own)))
    return found


def _of_others(
    group: Group, definition: Property, total: Stance, givers: Sequence[str], stated: Stated
) -> list[Figure]:
    """Return the products of factors of one other source each; if there are none, of two sources with the total's.

    ``givers`` are all sources that give a factor, in order.
    """
    own = min(total.sources)
    others = [source for source in givers if source != own][:SOURCES_COMPARED]
    for together in (set[str](), {own}):
        found = [_products(group, definition, total, {source} | together, stated) for source in others]
        if products := [product for products in found for product in products]:
            return products
    return []


def _judge(group: Group, definition: Property, total: Stance, products: Sequence[Figure]) -> Iterator[Clash]:
    """Yield the clash of a total with the nearest product, if it lies apart from all of them."""
    tolerance = max(SLACK, definition.tolerance)
    if products and all(product.span.apart(total.spans[0], tolerance) for product in products):
        nearest = min(products, key=lambda product: (_gap(product.span, total.spans[0]), product.steps))
        if len(_sources(total, nearest)) == 1 or _firm(total, nearest):
            yield _clash(group, definition, total, nearest)


def _clash(group: Group, definition: Property, total: Stance, product: Figure) -> Clash:
    domain = group.domain
    sure = len(_sources(total, product)) == 1 and _firm(total, product) and not product.scaled
    working = (*product.steps, f"the total is given as {claim_value(domain, total.first)}")
    first, *rest = product.stances
    shared = set.intersection(*({*_separating(domain, s.property_id)} for s in (total, *product.stances)))
    return Clash(
        total,
        first,
        FindingKind.CONTRADICTION if sure else FindingKind.DISCREPANCY,
        (definition.id, total.object or "", min(total.sources)),
        definition.id,
        f"{'; '.join(product.steps)}, but {working[-1]}",
        ignored=frozenset(set(domain.dimensions) - shared | _set_aside(domain, definition)),
        working=working,
        others=tuple(rest),
        one_account=True,
    )


def _products(
    group: Group, definition: Property, total: Stance, sources: AbstractSet[str], stated: Stated
) -> Iterator[Figure]:
    """Yield the products of the factors of a property that ``sources`` give and that fit ``total`` and each other."""
    unit = group.domain.unit_of(definition.id)
    if unit is None or len(definition.product_of) != 2:
        return
    names = reversed(definition.product_of)  # they are in order of name, which puts the price behind the sessions
    left, right = (list(_factors(group, name, definition, total, sources, stated)) for name in names)
    for x in left:
        for y in right:
            if all(_told_together(group, definition, a, b) for a in x.stances for b in y.stances):
                span, printed, rough = x.span.times(y.span), x.printed.times(y.printed), x.rough or y.rough
                if printed.low or printed.high.is_finite():
                    words = _text(group.domain, definition.id, printed, rough)
                    step = f"{x.words} × {y.words} = {words}"
                    steps, scaled = (*x.steps, *y.steps, step), x.scaled or y.scaled
                    yield Figure(span, printed, words, (*x.stances, *y.stances), steps, rough, scaled)


def _factors(
    group: Group, name: str, definition: Property, total: Stance, sources: AbstractSet[str], stated: Stated
) -> Iterator[Figure]:
    """Yield the values of one factor of ``definition``: stated by ``sources``, or themselves products."""
    needed = [(d, v) for d, v in definition.factor_scope if d in _separating(group.domain, name)]
    for stance in (stance for source in sorted(sources) for stance in stated.get((name, source), ())):
        if all(stance.scope.get(d) == (v,) for d, v in needed) and _fit(group, definition, stance, total):
            yield from _stated(group.domain, stance, total, [v for _, v in needed])
    yield from _products(group, group.domain.properties[name], total, sources, stated)


def _stated(domain: Domain, stance: Stance, total: Stance, basis: list[str]) -> Iterator[Figure]:
    """Yield a stated factor, brought in proportion to the dimension (the dose) of which the total is told."""
    (span,), (printed,) = stance.spans, claim_spans(domain, stance.first)
    rough = _bound(stance) is Bound.ABOUT
    per = "".join(f" {domain.label(value)}" for value in basis)
    dimension = domain.properties[stance.property_id].in_proportion_to
    here, there = (s.scope.get(dimension or "", ()) for s in (stance, total))
    if here == there:
        yield Figure(span, printed, claim_value(domain, stance.first) + per, (stance,), rough=rough)
    elif dimension is not None and (ratio := _ratio(domain, here, there)):
        share = Span(ratio, ratio)
        words = _text(domain, stance.property_id, printed.times(share), rough)
        at, to = (describe_scope(domain, dimension, values) for values in (here, there))
        step = f"{claim_value(domain, stance.first)} for {at} makes {words} for {to}"
        yield Figure(span.times(share), printed.times(share), words + per, (stance,), (step,), rough, scaled=True)


def _ratio(domain: Domain, here: tuple[str, ...], there: tuple[str, ...]) -> Decimal | None:
    """Return how many times the one measured scope value is the other; None where that is not known exactly."""
    found = [parse_scope_quantity(values[0]) if len(values) == 1 else None for values in (here, there)]
    if found[0] is None or found[1] is None:
        return None
    (a, a_unit), (b, b_unit) = found[0], found[1]
    units = domain.units
    if a.low != a.high or b.low != b.high or not a.low or not b.low or not {a_unit, b_unit} <= set(units):
        return None
    if units[a_unit].kind != units[b_unit].kind:
        return None
    return convert(b.low, units[b_unit], units[a_unit]) / a.low


def _fit(group: Group, definition: Property, a: Stance, b: Stance) -> bool:
    """Say whether two figures are of one course: they differ in no dimension that both depend on."""
    domain = group.domain
    if not one_figure(domain, a.subject, b.subject) or (a.object or b.object) != (b.object or a.object):
        return False
    ours, theirs = domain.properties[a.property_id], domain.properties[b.property_id]
    differing = [set(compare_scopes(domain, p, a.scope, b.scope).differing) for p in (ours, theirs)]
    return not differing[0] & differing[1] - _set_aside(domain, definition)


def _told_together(group: Group, definition: Property, a: Stance, b: Stance) -> bool:
    """Say whether two factors fit, and no dimension that one always depends on (the phase) is known of one only."""
    ours, theirs = (group.domain.properties[stance.property_id] for stance in (a, b))
    shared = {*_separating(group.domain, ours.id)} & {*_separating(group.domain, theirs.id)}
    always = shared & {*ours.separated_by, *theirs.separated_by}
    lopsided = any(bool(a.scope.get(d)) is not bool(b.scope.get(d)) for d in always)
    return _fit(group, definition, a, b) and not lopsided


def _set_aside(domain: Domain, definition: Property) -> set[str]:
    """Return the dimensions in which factors differ from their total by nature: the basis, and what is scaled."""
    names = (definition.id, *sorted(domain.factors_of(definition.id)))
    scopes = {d for name in names for d, _ in domain.properties[name].factor_scope}
    scaled = {domain.properties[name].in_proportion_to for name in names}
    return scopes | {d for d in scaled if d is not None}


def _separating(domain: Domain, name: str) -> tuple[str, ...]:
    definition = domain.properties[name]
    return (*definition.separated_by, *definition.also_separated_by)


def _usable(stance: Stance) -> bool:
    """Say whether a stance gives one number or range, printed and not only called possible."""
    return len(stance.spans) == 1 and not stance.hedged and not stance.reading


def _flat(stance: Stance) -> bool:
    """Say whether the source states the figure as its own, and not as a rule of thumb."""
    first = stance.first
    own = first.attribution is Attribution.AUTHOR and first.certainty is Certainty.ASSERTED
    return own and _bound(stance) is not Bound.TYPICAL


def _firm(total: Stance, product: Figure) -> bool:
    """Say whether total and factors are flatly stated, and not all of them results of studies."""
    return all(map(_flat, (total, *product.stances))) and not only_evidence(total, *product.stances)


def _bound(stance: Stance) -> Bound | None:
    value = stance.first.value
    return value.bound if isinstance(value, Interval) else None


def _sources(total: Stance, product: Figure) -> frozenset[str]:
    return total.sources.union(*(stance.sources for stance in product.stances))


def _gap(a: Span, b: Span) -> Decimal:
    return b.low - a.high if a.below(b) else a.low - b.high


def _text(domain: Domain, name: str, span: Span, rough: bool) -> str:
    """Return a product in words: ``8 sessions``, ``about 2,880 USD``, ``2,400–4,800 USD``, ``at least 400 USD``."""
    unit = domain.unit_of(name)
    if unit is None:
        return ""
    ends = {
        end: round(number, PLACES) for end, number in (("low", span.low), ("high", span.high)) if number.is_finite()
    }
    bound = Bound.ABOUT if rough else Bound.RANGE
    return value_text(Interval(low=ends.get("low"), high=ends.get("high"), unit=unit.symbol, bound=bound), unit)
