"""Rankings on one scale that run in a circle: A above B, B above C, C above A.

No two of them clash, so no pair of pages looks wrong; together they cannot all hold. Circles of two belong to
opposing comparisons. In a large tangle of rankings long circles are plentiful and tell a reader nothing, so there
only circles of three are looked for, and of all circles only so many are reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

import networkx as nx

from kb.clashes import Clash, implied_by
from kb.findings import assemble
from kb.groups import Group
from kb.model import Finding, FindingKind, Kind, Relation
from kb.scopes import compare_scopes
from kb.stances import Stance
from kb.subjects import same_thing

CODE = "C004"
NAME = "ordering-cycle"
SUMMARY = "rankings of three or more things run in a circle"

SHORTEST, LONGEST = 3, 6
"""How many things a circle has; a longer chain of rankings is too loose to hold against anybody."""
LARGE = 200
"""A tangle of more things than this is searched for the shortest circles only."""
MOST = 20
"""How many circles are reported for one property of one group."""

Rankings = dict[tuple[str, str], list[Stance]]


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every shortest circle of rankings on one property."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    by_property: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), stances in group.of(Kind.COMPARISON).items():
        by_property[name].extend(stances)
    for name, stances in sorted(by_property.items()):
        steps = _steps(group, stances)
        for circle in islice(_circles(nx.DiGraph(sorted(steps))), MOST):
            rankings = [steps[step] for step in zip(circle, (*circle[1:], circle[0]), strict=True)]
            for chosen in _companies(group, name, rankings):
                yield _clash(group, name, circle, chosen)


def _steps(group: Group, stances: list[Stance]) -> Rankings:
    """Return the rankings by what comes out above and what may follow it: above something, and the thing below."""
    above: Rankings = defaultdict(list)
    for stance in stances:
        relation, than = stance.first.relation, stance.than or ""
        if relation in (Relation.GREATER, Relation.LESS):
            pair = (stance.subject, than) if relation is Relation.GREATER else (than, stance.subject)
            above[pair].append(stance)
    places: dict[str, list[str]] = defaultdict(list)
    for upper in sorted({upper for upper, _ in above}):
        for place in _places(group, upper):
            places[place].append(upper)
    steps: Rankings = defaultdict(list)
    for (upper, lower), found in sorted(above.items()):
        for near in sorted({near for place in _places(group, lower) for near in places.get(place, ())}):
            if same_thing(group.domain, lower, near):
                steps[(upper, near)].extend(found)
    return steps


def _places(group: Group, thing: str) -> frozenset[str]:
    """Return where the same thing under another name may be found: its families, and what it is read as."""
    return group.domain.families(thing) | {group.domain.read_as(thing)}


def _circles(graph: nx.DiGraph) -> Iterator[tuple[str, ...]]:
    """Yield the circles without a short cut, shortest first, each from its first name on."""
    parts = [graph.subgraph(part) for part in nx.strongly_connected_components(graph) if len(part) >= SHORTEST]
    parts.sort(key=min)
    for length in range(SHORTEST, LONGEST + 1):
        for part in parts:
            if length == SHORTEST or len(part) <= LARGE:
                for start in sorted(part):
                    yield from _closing(part, (start,), length)


def _closing(graph: nx.DiGraph, path: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    """Yield the circles of ``length`` that begin with ``path`` and in which only neighbours are ranked directly."""
    for step in sorted(graph[path[-1]]):
        if step <= path[0] or step in path or graph.has_edge(step, path[-1]):
            continue
        last = len(path) + 1 == length
        between = path[1:-1] if last else path[:-1]
        if any(graph.has_edge(step, other) or graph.has_edge(other, step) for other in between):
            continue
        if not last:
            yield from _closing(graph, (*path, step), length)
        elif graph.has_edge(step, path[0]) and not graph.has_edge(path[0], step):
            yield (*path, step)


def _companies(group: Group, name: str, rankings: list[list[Stance]]) -> Iterator[list[Stance]]:
    """Yield for every ranking of the circle a company: itself and of each other step the best-fitting ranking."""
    definition = group.domain.properties[name]

    def apart(a: Stance, b: Stance) -> int:
        return len(compare_scopes(group.domain, definition, a.scope, b.scope).differing)

    for number, stances in enumerate(rankings):
        for stance in stances:
            chosen = {number: stance}
            for other, rivals in enumerate(rankings):
                if other != number:
                    company = list(chosen.values())
                    chosen[other] = min(rivals, key=lambda r: (sum(apart(r, c) for c in company), r.hedged))
            yield [chosen[place] for place in sorted(chosen)]


def _clash(group: Group, name: str, circle: tuple[str, ...], chosen: list[Stance]) -> Clash:
    soft = any(stance.hedged or all(claim.implied for claim in stance.claims) for stance in chosen)
    reason = "each fits the next, but the rankings run in a circle"
    things = [thing for stance in chosen for thing in (stance.subject, stance.than)]
    return Clash(
        chosen[0],
        chosen[1],
        FindingKind.TENSION if soft else FindingKind.CONTRADICTION,
        (name, *circle),
        name,
        reason,
        ignored=implied_by(group, *things),
        needs_scope=False,
        others=tuple(chosen[2:]),
    )
