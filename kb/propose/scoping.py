"""The scope of a proposed claim: stated in its sentence, inherited from what stands above it, or unknown."""

from __future__ import annotations

from collections.abc import Iterable

from kb.domain import Domain, Property
from kb.model import ScopeValue, State
from kb.propose.page import Line


def scope_of(
    domain: Domain,
    definition: Property,
    line: Line,
    taken: Iterable[str],
    page_scope: tuple[ScopeValue, ...] = (),
    per: tuple[str, ...] = (),
) -> tuple[ScopeValue, ...]:
    """Return the scope in the dimensions that separate the property, sorted by dimension.

    ``taken`` are subject and objects, which are no scope of themselves; ``per`` are the concepts of a printed basis;
    ``page_scope`` is what holds for the whole page. Nothing found leaves a dimension unknown.
    """
    used = frozenset(taken)
    parallel = {domain.concepts[concept].scheme for concept in used if concept in domain.concepts}
    implied = {name for concept in used for name in domain.implied(concept)}
    own = [concept for mention in line.mentions for concept in mention.concepts if concept not in used]
    found: list[ScopeValue] = []
    for name in sorted({*definition.separated_by, *definition.also_separated_by}):
        schemes = _own_schemes(domain, name)
        if name in implied or (parallel & schemes and not set(per) & set(own)):
            continue  # what stands beside an object in the same scheme is another object, not its scope
        entry = _entry(domain, name, schemes, [*per, *own], line, used) or next(
            (entry for entry in page_scope if entry.dimension == name), None
        )
        if entry is not None and not set(entry.values) <= used:
            found.append(entry)
    return tuple(found)


def _own_schemes(domain: Domain, name: str) -> frozenset[str]:
    """Return the schemes whose concepts, merely named, tell of this dimension and of no other.

    The scheme that bears the dimension's name, else those that no other dimension uses.
    """
    schemes = domain.dimensions[name].schemes
    if name in schemes:
        return frozenset({name})
    others = {scheme for other in domain.dimensions.values() if other.id != name for scheme in other.schemes}
    shared = others & set(schemes)
    return frozenset() if shared else frozenset(schemes)


def _entry(
    domain: Domain, name: str, schemes: frozenset[str], own: list[str], line: Line, used: frozenset[str]
) -> ScopeValue | None:
    stated = _narrowest(domain, (concept for concept in own if domain.concepts[concept].scheme in schemes))
    if stated:
        return ScopeValue(dimension=name, values=stated, state=State.STATED)
    for context in line.contexts:
        above = [c for c in context.concepts if domain.concepts[c].scheme in schemes and c not in used]
        values = _narrowest(domain, above)
        if values and (len(values) == 1 or context.basis != "earlier-sentence"):
            return ScopeValue(dimension=name, values=values, state=State.INHERITED, basis=context.basis)
    return None


def _narrowest(domain: Domain, concepts: Iterable[str]) -> tuple[str, ...]:
    """Return the concepts without those that are broader than another of them, sorted."""
    given = sorted(set(concepts))
    broader = {above for concept in given for above in domain.ancestors(concept)}
    return tuple(concept for concept in given if concept not in broader)
