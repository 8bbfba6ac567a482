"""What the filter must know of a domain, as small tables beside the claims: families, units, linked properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import networkx as nx

from kb.domain import Domain
from kb.model import Bound, Claim, Kind, Vague
from kb.stances import claim_spans

Rows = list[tuple[Any, ...]]

OPEN = 1e308
"""Stands for the open end of an interval in the tables: all engines compare it alike, unlike infinity."""

TABLES = {
    "kb_family": ("concept text", "family text"),
    "kb_kin": ("concept text", "family text"),
    "kb_above": ("concept text", "above text"),
    "kb_property": ("property text", "topic text", "cluster whole", "compared whole", "exclusive whole", "taken whole"),
    "kb_scale": ("property text", "unit text", "factor real"),
    "kb_pair": ("kind text", "property text", "other text"),
    "kb_axiom": ("topic text", "first text", "second text"),
    "kb_reading": ("property text", "unit text", "bound text", "printed text", "low real", "high real"),
}
"""Table → columns with their types."""


def term_tables(domain: Domain) -> dict[str, Rows]:
    """Return the tables of a domain by name; ``kb_reading`` is left to `readings`, which needs to see the claims."""
    concepts = sorted(domain.concepts)
    kin = {c: domain.families(c) | domain.families(domain.read_as(c)) for c in concepts}
    where, taken = clusters(domain), clusters(domain, taken=True)
    properties = sorted(domain.properties.values(), key=lambda p: p.id)
    return {
        "kb_family": [(c, family) for c in concepts for family in sorted(domain.families(c))],
        "kb_kin": [(c, family) for c in concepts for family in sorted(kin[c])],
        "kb_above": [(c, above) for c in concepts for above in sorted({c} | domain.ancestors(c))],
        "kb_property": [
            (p.id, p.topic, where[p.id], int(p.compared), int(p.exclusive), taken[p.id]) for p in properties
        ],
        "kb_scale": sorted(_scales(domain)),
        "kb_pair": sorted(set(pairs(domain))),
        "kb_axiom": sorted(
            (topic, axiom.excludes[0].property, axiom.excludes[1].property)
            for topic, axioms in domain.exclusions.items()
            for axiom in axioms
        ),
    }


def _scales(domain: Domain) -> Iterator[tuple[str, str, float]]:
    """Yield by what a number in some unit is multiplied to stand in the unit of a property."""
    for item in domain.properties.values():
        target = domain.unit_of(item.id)
        for unit in domain.units.values():
            if target is not None and unit.kind == target.kind:
                yield item.id, unit.symbol, float(unit.factor / target.factor)


def pairs(domain: Domain) -> Iterator[tuple[str, str, str]]:
    """Yield what links a property to another: which detectors set the two against each other."""
    for item in domain.properties.values():
        yield "read", item.id, item.id
        if item.read_as:
            yield "read", item.id, item.read_as
        whole = {item.complement_of, *item.disjoint_with} - {None}
        named = [("whole", other) for other in whole] + [("opposite", other) for other in item.opposite_of]
        named += [("at-most", item.at_most), ("measures", item.measures), ("absolute", item.absolute_of)]
        named += [("factor", other) for other in domain.factors_of(item.id)]
        named += [("count", other) for other in domain.counts_of(item.id)]
        yield from ((kind, item.id, other) for kind, other in named if other)


def clusters(domain: Domain, *, taken: bool = False) -> dict[str, int]:
    """Return the number of the cluster of each property: what no detector sets against each other is apart.

    With ``taken`` what could be taken for each other when a work is cited is together, too: shares of the same people.
    """
    graph = nx.Graph()
    graph.add_nodes_from(domain.properties)
    graph.add_edges_from((a, b) for _, a, b in pairs(domain))
    graph.add_edges_from(
        (a.property, b.property) for axiom in domain.axioms.values() if axiom.excludes for a, b in [axiom.excludes]
    )
    if taken:
        shares = [item for item in domain.properties.values() if item.denominator is not None]
        graph.add_edges_from((item.id, f"of {item.denominator}") for item in shares)
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: part[0])
    return {name: number for number, part in enumerate(parts) for name in part if name in domain.properties}


def readings(domain: Domain, found: Iterable[tuple[str, str, str, str]]) -> Rows:
    """Return the spans of vague numbers, each given by property, unit, bound and what is printed."""
    rows: Rows = []
    for name, unit, bound, printed in sorted(set(found)):
        value = Vague(vague=True, unit=unit, bound=Bound(bound), printed=printed)
        claim = Claim(id="", source="s", text="t", kind=Kind.QUANTITY, subject="s", property=name, value=value)
        for span in claim_spans(domain, claim):
            low = float(span.low) if span.low.is_finite() else -OPEN
            rows.append((name, unit, bound, printed, low, float(span.high)))
    return rows
