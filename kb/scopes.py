"""Scope comparison: for two claims, which dimensions are the same, which differ, which are unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.domain import Dimension, Domain, Property
from kb.model import Claim, Finding, ScopeState, ValueSet
from kb.quantities import Span, parse_scope_quantity, spans

Scope = Mapping[str, tuple[str, ...]]
"""Dimension → values in order; a dimension that is missing is unknown."""

ABOUT = Decimal("0.1")
STRICT = Decimal("0.000001")
"""How far a strict bound stays away from its number, as a share: nothing on record is that precise."""

SAME_WORDS = "the same"
SAME, DIFFERS, UNKNOWN = ScopeState.SAME, ScopeState.DIFFERS, ScopeState.UNKNOWN


def effective_scope(domain: Domain, claim: Claim) -> dict[str, tuple[str, ...]]:
    """Return what the claim states or inherits, and what naming its subject implies."""
    scope: dict[str, tuple[str, ...]] = {
        dimension: (value,) for dimension, value in domain.implied(claim.subject).items()
    }
    scope.update({entry.dimension: entry.values for entry in claim.scope})
    return dict(sorted(scope.items()))


@dataclass(frozen=True)
class Comparison:
    """The outcome for one pair: the state of each dimension, in order of name."""

    states: tuple[tuple[str, ScopeState], ...]
    differing: tuple[str, ...]
    unknown: tuple[str, ...]


def compare_scopes(
    domain: Domain, definition: Property, a: Scope, b: Scope, ignored: frozenset[str] = frozenset()
) -> Comparison:
    """Compare two scopes for claims on ``definition``, leaving out the dimensions in ``ignored``.

    ``differing`` and ``unknown`` hold only dimensions that separate claims on that property: a known
    difference in any of them explains, an unknown one matters only if the property always depends on it.
    """
    separating = {*definition.separated_by, *definition.also_separated_by} - ignored
    states = [
        (name, compare_dimension(domain, domain.dimensions[name], a.get(name), b.get(name)))
        for name in sorted({*definition.separated_by, *a, *b} - ignored)
    ]
    return Comparison(
        states=tuple(states),
        differing=tuple(name for name, state in states if state is DIFFERS and name in separating),
        unknown=tuple(name for name, state in states if state is UNKNOWN and name in definition.separated_by),
    )


def compare_dimension(
    domain: Domain, dimension: Dimension, a: tuple[str, ...] | None, b: tuple[str, ...] | None
) -> ScopeState:
    """Compare the values of one dimension; None or an empty tuple is unknown, and unknown equals nothing."""
    if not a or not b:
        return UNKNOWN
    if not dimension.schemes:
        return _compare_measured(domain, a, b)
    outcomes = {_compare_concepts(domain, dimension, x, y) for x in a for y in b}
    return next(state for state in (SAME, UNKNOWN, DIFFERS) if state in outcomes)


def _compare_concepts(domain: Domain, dimension: Dimension, a: str, b: str) -> ScopeState:
    a, b = domain.read_as(a), domain.read_as(b)
    if a == b:
        return SAME
    if domain.nested(a, b):
        return ScopeState(dimension.nested)
    return DIFFERS


def _compare_measured(domain: Domain, a: tuple[str, ...], b: tuple[str, ...]) -> ScopeState:
    ours, theirs = list(_scope_spans(domain, a)), list(_scope_spans(domain, b))
    if not ours or not theirs or {kind for kind, _ in ours} != {kind for kind, _ in theirs}:
        return UNKNOWN
    overlap = any(not x.disjoint(y) for _, x in ours for _, y in theirs)
    return SAME if overlap else DIFFERS


def _scope_spans(domain: Domain, values: Iterable[str]) -> Iterable[tuple[str, Span]]:
    for value in values:
        parsed = parse_scope_quantity(value)
        unit = domain.units.get(parsed[1]) if parsed else None
        if parsed and unit and not isinstance(parsed[0], ValueSet):
            span = spans(parsed[0], unit, domain.base_units[unit.kind])[0]
            if value.startswith("~"):
                span = span.widened(ABOUT)
            elif value.startswith("<") and not value.startswith("<="):
                span = Span(span.low, span.high - abs(span.high) * STRICT)
            elif value.startswith(">") and not value.startswith(">="):
                span = Span(span.low + abs(span.low) * STRICT, span.high)
            yield unit.kind, span


def member_values(
    domain: Domain, finding: Finding, claims: Mapping[str, Claim], dimension: str
) -> tuple[tuple[str, ...], ...]:
    """Return what the members of a finding say on a dimension, each answer once; () is one that says nothing."""
    known = [claims[member.claim] for member in finding.members if member.claim in claims]
    return tuple(sorted({effective_scope(domain, claim).get(dimension, ()) for claim in known}))


def state_words(domain: Domain, dimension: str, state: ScopeState, values: Sequence[tuple[str, ...]]) -> str:
    """Return the state of a dimension in words; values that differ and still fit together are not called the same."""
    if state is not SAME:
        return str(state)
    shown = {describe_scope(domain, dimension, sorted(each)) for each in values}
    if len(shown) < 2:
        return SAME_WORDS
    concepts = [domain.read_as(each[0]) for each in values if len(each) == 1]
    two = len(values) == 2 == len(concepts) and domain.dimensions[dimension].schemes
    return "one includes the other" if two and domain.nested(*concepts) else "compatible"


def describe_scope(domain: Domain, dimension: str, values: Iterable[str]) -> str:
    """Return values of a dimension as people read them: labels of concepts, measured values as written."""
    measured = not domain.dimensions[dimension].schemes
    return " or ".join(_measured_text(domain, value) if measured else domain.label(value) for value in values)


def _measured_text(domain: Domain, value: str) -> str:
    """Return a measured scope value as written, without a unit that is not shown."""
    parsed = parse_scope_quantity(value)
    unit = domain.units.get(parsed[1]) if parsed else None
    return value.removesuffix(unit.symbol).strip() if unit and unit.shown_as == "" else value
