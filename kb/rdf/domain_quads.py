"""The mapping of the domain: SKOS for concepts, and the language of domains for what detectors need to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from kb.domain import Axiom, Concept, Dimension, Domain, Pattern, Property
from kb.quantities import Unit, shown
from kb.rdf.claim_quads import Triple
from kb.rdf.rows import qudt_unit, unit_path
from kb.rdf.terms import DCTERMS, KB, QUDT, RDF, SCHEMA, SKOS, Term
from kb.rdf.tokens import iri, path, text, whole

T = TypeVar("T")


def domain_triples(domain: Domain, root: str) -> Iterator[Triple]:
    """Yield the whole vocabulary; read back by `kb.vocabulary` it is the same domain."""
    yield iri(domain.base), RDF.type, KB.Domain
    if domain.title:
        yield iri(domain.base), DCTERMS.title, text(domain.title)
    for topic in sorted(domain.topics.values(), key=lambda t: t.id):
        node = f"<{root}topic#{path(topic.id)}>"
        yield node, RDF.type, KB.Topic
        yield node, SKOS.prefLabel, text(topic.label)
        yield node, KB.order, whole(topic.order)
    schemes = {c.scheme for c in domain.concepts.values()} | {s for d in domain.dimensions.values() for s in d.schemes}
    schemes |= {p.scale for p in domain.properties.values() if p.scale}
    for scheme in sorted(schemes):
        node = f"<{root}scheme#{path(scheme)}>"
        yield node, RDF.type, KB.Scheme
        yield node, RDF.type, SKOS.ConceptScheme
        yield node, SKOS.notation, text(scheme)
    for concept in _ordered(domain.concepts):
        yield from _concept(root, concept)
    for definition in _ordered(domain.properties):
        yield from _property(domain, root, definition)
    for dimension in _ordered(domain.dimensions):
        yield from _dimension(root, dimension)
    for unit in sorted(domain.units.values(), key=lambda u: u.symbol):
        yield from _unit(root, unit)
    for axiom in _ordered(domain.axioms):
        yield from _axiom(root, axiom)


def _ordered(records: dict[str, T]) -> Iterable[T]:
    return (records[key] for key in sorted(records))


def _links(node: str, root: str, kind: str, fields: Iterable[tuple[Term, Iterable[str | None]]]) -> Iterator[Triple]:
    for term, names in fields:
        for name in names:
            if name:
                yield node, term, f"<{root}{kind}#{path(name)}>"


def _concept(root: str, concept: Concept) -> Iterator[Triple]:
    node = f"<{root}concept#{path(concept.id)}>"
    yield node, RDF.type, SKOS.Concept
    yield node, SKOS.prefLabel, text(concept.label)
    yield from _links(node, root, "scheme", [(SKOS.inScheme, [concept.scheme])])
    yield from _links(
        node, root, "concept", [(SKOS.broader, concept.broader), (KB.defaultReadingOf, [concept.default_reading_of])]
    )
    for label in concept.other_labels:
        yield node, SKOS.altLabel, text(label)
    for label in concept.hidden_labels:
        yield node, SKOS.hiddenLabel, text(label)
    for dimension, value in concept.implies:
        yield node, KB.implies, text(f"{dimension}={value}")
    if concept.rank is not None:
        yield node, KB.rank, whole(concept.rank)
    for address in concept.exact_match:
        yield node, SKOS.exactMatch, iri(address)
    if concept.definition:
        yield node, SKOS.definition, text(concept.definition)


def _property(domain: Domain, root: str, item: Property) -> Iterator[Triple]:
    node = f"<{root}property#{path(item.id)}>"
    yield node, RDF.type, KB.Property
    yield node, SKOS.prefLabel, text(item.label)
    for label in item.words:
        yield node, SKOS.hiddenLabel, text(label)
    yield node, KB.kind, text(item.kind)
    yield node, KB.stakes, text(str(item.stakes))
    yield from _links(node, root, "topic", [(KB.topic, [item.topic])])
    yield from _links(node, root, "scheme", [(KB.scale, [item.scale])])
    if item.unit:
        yield node, KB.unit, f"<{root}{unit_path(domain.units[item.unit])}>"
    if item.tolerance:
        yield node, KB.tolerance, text(shown(item.tolerance))
    for term, flag, default in (
        (KB.compared, item.compared, True),
        (KB.exclusive, item.exclusive, False),
        (KB.capacity, item.capacity, False),
        (KB.needsSource, item.needs_source, False),
        (KB.varies, item.varies, False),
    ):
        if flag is not default:
            yield node, term, text(str(flag).lower())
    yield from _links(
        node,
        root,
        "dimension",
        [
            (KB.separatedBy, item.separated_by),
            (KB.alsoSeparatedBy, item.also_separated_by),
            (KB.inProportionTo, [item.in_proportion_to]),
            (KB.denominator, [item.denominator]),
        ],
    )
    yield from _links(
        node,
        root,
        "property",
        [
            (KB.oppositeOf, item.opposite_of),
            (KB.complementOf, [item.complement_of]),
            (KB.disjointWith, item.disjoint_with),
            (KB.measures, [item.measures]),
            (KB.atMost, [item.at_most]),
            (KB.readAs, [item.read_as]),
            (KB.absoluteOf, [item.absolute_of]),
            (KB.productOf, item.product_of),
            (KB.shareOf, item.share_of),
            (KB.partOf, [item.part_of]),
        ],
    )
    if item.direction != "more-is-greater":
        yield node, KB.direction, text(item.direction)
    if item.absolute_of:
        yield node, KB.relation, text(item.absolute_relation)
    for dimension, value in item.factor_scope:
        yield node, KB.factorScope, text(f"{dimension}={value}")


def _dimension(root: str, item: Dimension) -> Iterator[Triple]:
    node = f"<{root}dimension#{path(item.id)}>"
    yield node, RDF.type, KB.Dimension
    yield node, SKOS.prefLabel, text(item.label)
    yield from _links(node, root, "scheme", [(KB.scheme, item.schemes)])
    if item.nested != "same":
        yield node, KB.nested, text(item.nested)


def _unit(root: str, item: Unit) -> Iterator[Triple]:
    node = f"<{root}{unit_path(item)}>"
    yield node, RDF.type, KB.Unit
    yield node, KB.symbol, text(item.symbol)
    for label in item.words:
        yield node, SKOS.hiddenLabel, text(label)
    yield node, KB.quantityKind, text(item.kind)
    yield node, KB.factor, text(shown(item.factor))
    if item.code:
        yield node, KB.code, text(item.code)
        yield node, SCHEMA.unitCode, text(item.code)
    if item.interval_scale:
        yield node, KB.intervalScale, text("true")
    if item.shown_as is not None:
        yield node, KB.shownAs, text(item.shown_as)
    if item.plural is not None:
        yield node, KB.plural, text(item.plural)
    known = qudt_unit(item)
    if known is not None:
        yield node, QUDT.hasUnit, known


def _axiom(root: str, item: Axiom) -> Iterator[Triple]:
    node = f"<{root}axiom#{path(item.id)}>"
    yield node, RDF.type, KB.Axiom
    yield node, SKOS.prefLabel, text(item.label)
    yield node, DCTERMS.source, text(item.source)
    yield from _links(node, root, "property", [(KB.about, item.about)])
    for word in item.words:
        yield node, KB.word, text(word)
    if item.low is not None:
        yield node, KB.low, text(shown(item.low))
    if item.high is not None:
        yield node, KB.high, text(shown(item.high))
    for pattern in item.excludes:
        yield node, KB.excludes, text(_pattern(pattern))


def _pattern(pattern: Pattern) -> str:
    item = "=?" if pattern.same_item else f"={pattern.item}" if pattern.item else ""
    return f"{'not ' if pattern.denied else ''}{pattern.property}{item}"
