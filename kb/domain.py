"""A domain: concepts, properties, dimensions, units and axioms, with the questions that the pipeline asks of them.

Everything that makes one domain differ from another is in these records: which scope separates which property,
what counts as opposite, how much a difference matters. `kb.vocabulary` reads them from a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

import networkx as nx

from kb.model import Kind, Record, Relation
from kb.quantities import Unit


class Concept(Record):
    """A concept of the vocabulary; ``implies`` gives the scope that comes with naming it.

    ``hidden_labels`` are how pages word it: for reading text, never shown.
    """

    id: str
    scheme: str
    label: str
    other_labels: tuple[str, ...] = ()
    hidden_labels: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    implies: tuple[tuple[str, str], ...] = ()
    default_reading_of: str | None = None
    rank: int | None = None
    exact_match: tuple[str, ...] = ()
    definition: str = ""


class Topic(Record):
    """A family of properties on which claims are brought together; ``order`` is the place on screens."""

    id: str
    label: str
    order: int


class Property(Record):
    """What claims say about a subject, and how much a difference on it matters (``stakes`` 1 to 3).

    A dimension in ``separated_by`` must be known on both sides before claims conflict: unknown lowers a
    conflict to possible. One in ``also_separated_by`` explains a conflict where it is known to differ, but
    pages so rarely give it that its absence says nothing. What ``varies`` between studies, places or patients
    (a response rate, a price) is a discrepancy where a fixed fact (a date) would be a contradiction. What is not
    ``compared`` (the dose that one trial happened to give) is recorded and shown, never set against another.

    Of an ``exclusive`` property a thing has one object only (a schedule of a law). ``complement_of`` is the rate that
    makes up the whole with this one; nobody counted here is counted in a rate that it is ``disjoint_with``, though the
    two leave room for others. ``product_of`` are the two properties whose product this is (a fee and a number of
    sessions), of which a factor counts only in its ``factor_scope`` (a fee for one session). A figure
    ``in_proportion_to`` a measured dimension (the price of a drug to its dose) grows with it. ``share_of`` are the
    counts of people of whom this is a share, ``part_of`` the count of the whole (the study) to which a counted part
    (an arm) belongs; ``at_most`` the property whose value this one never exceeds, ``denominator`` the dimension that
    says of whom a share is. ``needs_source`` marks what nobody should state without naming its source. To affirm a
    ``capacity`` is to say that something can happen (causes nausea), which "may" says hardly less firmly.
    """

    id: str
    label: str
    kind: Literal["quantity", "statement", "scale"]
    words: tuple[str, ...] = ()
    topic: str
    stakes: int
    unit: str | None = None
    scale: str | None = None
    tolerance: Decimal = Decimal(0)
    varies: bool = False
    compared: bool = True
    exclusive: bool = False
    capacity: bool = False
    needs_source: bool = False
    separated_by: tuple[str, ...] = ()
    also_separated_by: tuple[str, ...] = ()
    opposite_of: tuple[str, ...] = ()
    complement_of: str | None = None
    disjoint_with: tuple[str, ...] = ()
    measures: str | None = None
    direction: Literal["more-is-greater", "more-is-less"] = "more-is-greater"
    at_most: str | None = None
    read_as: str | None = None
    absolute_of: str | None = None
    absolute_relation: Relation = Relation.GREATER
    product_of: tuple[str, ...] = ()
    factor_scope: tuple[tuple[str, str], ...] = ()
    in_proportion_to: str | None = None
    share_of: tuple[str, ...] = ()
    part_of: str | None = None
    denominator: str | None = None


class Dimension(Record):
    """A scope dimension; its values are concepts of ``schemes``, or measured where there are none.

    ``nested`` says how a broader and a narrower value compare: *same* (the narrower is a case of the
    broader), *unknown* (the broader may or may not reach it) or *differs* (they are different things).
    """

    id: str
    label: str
    schemes: tuple[str, ...]
    nested: Literal["same", "unknown", "differs"] = "same"


class Pattern(Record):
    """Statements on a ``property``: with any object, with ``item`` or a kind of it, or denied.

    Where both patterns of an axiom have ``same_item``, their objects must be related.
    """

    property: str
    item: str | None = None
    same_item: bool = False
    denied: bool = False


class Axiom(Record):
    """An assumption that detectors may rest on; the finding names it, with its source.

    One with ``words`` says how a vague number is read: "a few" as ``low`` to ``high`` of whatever is counted. One
    that ``excludes`` names two patterns of statement that do not sit well together on one subject.
    """

    id: str
    label: str
    source: str
    about: tuple[str, ...]
    words: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    excludes: tuple[Pattern, ...] = ()


class Domain:
    """The vocabulary of one domain, with the questions that the pipeline asks of it."""

    def __init__(
        self,
        title: str,
        base: str,
        topics: Iterable[Topic],
        concepts: Iterable[Concept],
        properties: Iterable[Property],
        dimensions: Iterable[Dimension],
        units: Iterable[Unit],
        axioms: Iterable[Axiom],
    ) -> None:
        self.title = title
        self.base = base
        self.topics = {item.id: item for item in topics}
        self.concepts = {item.id: item for item in concepts}
        self.properties = {item.id: item for item in properties}
        self.dimensions = {item.id: item for item in dimensions}
        self.units = {item.symbol: item for item in units}
        self.axioms = {item.id: item for item in axioms}
        self._implied: dict[str, Mapping[str, str]] = {}

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        graph = nx.DiGraph()
        graph.add_nodes_from(self.concepts)
        graph.add_edges_from((c.id, b) for c in self.concepts.values() for b in c.broader)
        return {concept: frozenset(nx.descendants(graph, concept)) for concept in self.concepts}

    def ancestors(self, concept: str) -> frozenset[str]:
        """Return every broader concept, near and far."""
        return self._ancestors.get(concept, frozenset())

    def nested(self, a: str, b: str) -> bool:
        """Say whether one concept is broader than the other, at any distance."""
        return a in self.ancestors(b) or b in self.ancestors(a)

    def read_as(self, concept: str) -> str:
        """Return what a bare mention of ``concept`` is read as: its default reading, if one is declared."""
        return self._default_readings.get(concept, concept)

    @cached_property
    def _default_readings(self) -> dict[str, str]:
        return {c.default_reading_of: c.id for c in self.concepts.values() if c.default_reading_of}

    def families(self, concept: str) -> frozenset[str]:
        """Return the tops of the hierarchy above ``concept``; a concept with nothing above it is its own."""
        tops = frozenset(a for a in self.ancestors(concept) if not self.concepts[a].broader)
        return tops or frozenset({concept})

    def label(self, concept: str) -> str:
        """Return the preferred label, or for ``work:KEY`` the key."""
        known = self.concepts.get(concept)
        return known.label if known else concept.removeprefix("work:")

    @cached_property
    def implied_dimensions(self) -> tuple[str, ...]:
        """The dimensions that naming some concept implies: what sets one product apart from another."""
        return tuple(sorted({dimension for c in self.concepts.values() for dimension, _ in c.implies}))

    def implied(self, concept: str) -> Mapping[str, str]:
        """Return the scope implied by naming ``concept``: its own, then what broader concepts add."""
        if concept not in self._implied:
            self._implied[concept] = self._find_implied(concept)
        return self._implied[concept]

    def _find_implied(self, concept: str) -> dict[str, str]:
        found: dict[str, str] = {}
        queue = [concept]
        while queue:
            item = self.concepts.get(queue.pop(0))
            if item is None:
                continue
            for dimension, value in item.implies:
                found.setdefault(dimension, value)
            queue.extend(item.broader)
        return found

    @cached_property
    def exclusions(self) -> dict[str, tuple[Axiom, ...]]:
        """The axioms that exclude two patterns, by the topic of the first: there they are looked for."""
        found: dict[str, tuple[Axiom, ...]] = {}
        for axiom in sorted(self.axioms.values(), key=lambda axiom: axiom.id):
            if axiom.excludes:
                topic = self.properties[axiom.excludes[0].property].topic
                found[topic] = (*found.get(topic, ()), axiom)
        return found

    @cached_property
    def linked_topics(self) -> dict[str, frozenset[str]]:
        """The topics in which claims on a property are looked for because an axiom names it."""
        found: dict[str, set[str]] = {}
        for topic, axioms in self.exclusions.items():
            for pattern in (pattern for axiom in axioms for pattern in axiom.excludes):
                found.setdefault(pattern.property, set()).add(topic)
        return {name: frozenset(topics) for name, topics in found.items()}

    def read_with(self, definition: Property) -> tuple[str, str] | None:
        """Return the property that figures on ``definition`` are also read as, and the axiom that says so."""
        if definition.read_as is None:
            return None
        both = {definition.id, definition.read_as}
        return definition.read_as, next(a.id for a in self.axioms.values() if both <= set(a.about))

    def reading_of(self, printed: str) -> Axiom | None:
        """Return how a vague number is read, by the longest of the declared words that it holds."""
        found = [
            (len(word), axiom.id)
            for axiom in self.axioms.values()
            for word in axiom.words
            if re.search(rf"\b{re.escape(word)}\b", printed, re.I)
        ]
        return self.axioms[max(found)[1]] if found else None

    def units_in(self, printed: str, unit: Unit) -> tuple[Unit, ...]:
        """Return the units of one kind that a text names, in order ("weeks or months"); else ``unit`` alone."""
        places = []
        for other in self.units.values():
            for name in {other.symbol, other.shown_as, other.plural} if other.kind == unit.kind else ():
                if name and (match := re.search(rf"\b{re.escape(name)}\b", printed, re.I)):
                    places.append((match.start(), other.symbol))
        return tuple(self.units[symbol] for _, symbol in sorted(places)) or (unit,)

    def factors_of(self, property_id: str) -> frozenset[str]:
        """Return the properties of which a property is the product, near and far."""
        return self._factors.get(property_id, frozenset())

    @cached_property
    def _factors(self) -> dict[str, frozenset[str]]:
        graph = nx.DiGraph((p.id, factor) for p in self.properties.values() for factor in p.product_of)
        return {name: frozenset(nx.descendants(graph, name)) for name in graph}

    @cached_property
    def reckoned(self) -> frozenset[str]:
        """The properties that arithmetic joins: totals and their factors, shares and the counts of their people."""
        totals = {name for item in self.properties.values() if item.product_of for name in (item.id, *item.product_of)}
        shares = {name for name, item in self.properties.items() if item.share_of}
        return frozenset(totals | shares | {count for name in shares for count in self.counts_of(name)})

    def counts_of(self, property_id: str) -> tuple[str, ...]:
        """Return the properties that count the people of whom a share is: those in a part, then in the whole."""
        parts = self.properties[property_id].share_of
        wholes = (self.properties[part].part_of for part in parts)
        return tuple(dict.fromkeys((*parts, *(whole for whole in wholes if whole))))

    @cached_property
    def base_units(self) -> dict[str, Unit]:
        """The unit in which values of each kind are brought together: the first by symbol."""
        return {unit.kind: unit for unit in sorted(self.units.values(), key=lambda unit: unit.symbol, reverse=True)}

    def unit_of(self, property_id: str) -> Unit | None:
        """Return the canonical unit of a quantity property."""
        name = self.properties[property_id].unit
        return self.units.get(name) if name else None


def kinds_allowed(kind: Kind) -> tuple[str, ...]:
    """Return the kinds of property that a claim of ``kind`` may use."""
    if kind is Kind.COMPARISON:
        return ("quantity", "scale")
    return ("quantity",) if kind is Kind.QUANTITY else ("statement", "scale")
