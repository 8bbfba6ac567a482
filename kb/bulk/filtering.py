"""The filter: SQL says in which part of which comparison group a detector may find anything.

It loses nothing: a rule passes wherever its detector could fire, and often where it does not. A part is a topic, a
family of subjects and a cluster of properties (`kb.bulk.terms.clusters`): nothing outside a part changes what a
detector finds in it, so the detectors need only the claims of the parts that pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import networkx as nx

from kb.bulk.engines import Engine
from kb.bulk.terms import TABLES, readings, term_tables
from kb.domain import Domain

Part = tuple[str, str, int]
"""Topic, family and cluster."""

RULES: Mapping[str, tuple[str, ...]] = {
    "disjoint_values": ("V001",),
    "ranges": ("V002", "V003", "V005"),
    "classes": ("V004",),
    "shares": ("V006",),
    "totals": ("V007",),
    "percentages": ("V008",),
    "out_of_order": ("V009",),
    "rankings": ("C001",),
    "ranked_values": ("C002",),
    "ranked_affirmed": ("C003",),
    "circles": ("C004",),
    "polarity": ("S001",),
    "opposites": ("S002",),
    "duties": ("S003",),
    "categories": ("S004",),
    "certainty": ("S005",),
    "universals": ("S006",),
    "superlatives": ("S007",),
    "axioms": ("S008",),
}
"""SQL file → the detectors that it speaks for; those on cited works (R001, R003, R004) have `leaning`."""

STEPS = ("dense", "variants", "chosen", "told", "held", "members", "records", "placed")
"""The tables that rules read, in the order in which they are made: first large cells are condensed."""


@dataclass(frozen=True)
class Candidates:
    """Where the detectors must look: the codes that may fire in each part, and what a wider view is needed for.

    ``circular`` holds the families of each topic that rank above one another by some way round.
    """

    parts: Mapping[Part, tuple[str, ...]]
    circular: Mapping[str, frozenset[str]]


@cache
def text(name: str) -> str:
    """Return the SQL text of a rule or of a step before the rules."""
    return (files("kb.bulk") / "sql" / f"{name}.sql").read_text("utf-8")


def prepare(engine: Engine, domain: Domain) -> None:
    """Make the tables of the domain and the placed claims, which every rule reads; large cells are condensed."""
    for name, rows in term_tables(domain).items():
        engine.load(name, TABLES[name], rows)
    vague = engine.ask("SELECT DISTINCT property, unit, bound, printed FROM claims WHERE form = 'vague'")
    engine.load("kb_reading", TABLES["kb_reading"], readings(domain, ((a, b, c, d) for a, b, c, d in vague)))
    for step in STEPS:
        engine.create(step, text(step))


def candidates(engine: Engine, codes: frozenset[str]) -> Candidates:
    """Run the rules of the detectors named by ``codes``; `prepare` comes first."""
    parts: dict[Part, set[str]] = defaultdict(set)
    for rule, own in RULES.items():
        if wanted := codes & set(own):
            for topic, family, cluster in engine.ask(text(rule)):
                parts[(topic, family, cluster)] |= wanted
    return Candidates({part: tuple(sorted(found)) for part, found in sorted(parts.items())}, _circular(engine))


def leaning(engine: Engine, topics: Iterable[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return by group of the topics the claims by which documents lean on works, and those on the works leant on."""
    engine.load("looked", ("topic text",), ((topic,) for topic in sorted(set(topics))))
    for step in ("leaners", "near"):
        engine.create(step, text(step))
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for topic, family, claim in engine.ask(text("leaning")):
        found[(topic, family)].append(claim)
    return {group: tuple(sorted(names)) for group, names in sorted(found.items())}


def _circular(engine: Engine) -> dict[str, frozenset[str]]:
    edges: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for topic, upper, lower in engine.ask(text("rank_edges")):
        edges[topic].append((upper, lower))
    found = {}
    for topic, pairs in sorted(edges.items()):
        parts = nx.strongly_connected_components(nx.DiGraph(pairs))
        if families := frozenset(family for part in parts if len(part) > 1 for family in part):
            found[topic] = families
    return found
