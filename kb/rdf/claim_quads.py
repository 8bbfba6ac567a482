"""The mapping of claims: a row in, statements out. The one definition that serves every writer and every size.

Rows are put in place and nothing is computed, so a writer may run this once for a shape with placeholders and fill in
the rest (`kb.rdf.templates`).
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.rdf.rows import ClaimRow, PropositionRow, ScopeRow, UnitRow, ValueRow
from kb.rdf.terms import CITO, CKB, DCTERMS, NP, OA, PROV, QUDT, RDF, SCHEMA, SOFTWARE, XSD
from kb.rdf.tokens import Quad

Triple = tuple[str, str, str]


def claim_quads(root: str, row: ClaimRow) -> Iterator[Quad]:
    """Yield the nanopublication of a claim: head, assertion, provenance and publication info."""
    np = f"{root}np/{row.id}"
    claim = f"<{root}claim/{row.id}>"
    yield from nanopublication(np)
    for s, p, o in _claim(root, row):
        yield Quad(s, p, o, f"<{np}#assertion>")
    for s, p, o in _provenance(root, np, claim, row):
        yield Quad(s, p, o, f"<{np}#provenance>")
    yield from publication_info(root, np)


def nanopublication(np: str) -> Iterator[Quad]:
    """Yield the head of a nanopublication."""
    head = f"<{np}#head>"
    yield Quad(f"<{np}>", RDF.type, NP.Nanopublication, head)
    yield Quad(f"<{np}>", NP.hasAssertion, f"<{np}#assertion>", head)
    yield Quad(f"<{np}>", NP.hasProvenance, f"<{np}#provenance>", head)
    yield Quad(f"<{np}>", NP.hasPublicationInfo, f"<{np}#pubinfo>", head)


def publication_info(root: str, np: str) -> Iterator[Quad]:
    """Yield who made a nanopublication, and what it belongs to."""
    info = f"<{np}#pubinfo>"
    yield Quad(f"<{np}>", PROV.wasAttributedTo, f"<{SOFTWARE}>", info)
    yield Quad(f"<{np}>", DCTERMS.isPartOf, f"<{root}dataset>", info)


def _claim(root: str, row: ClaimRow) -> Iterator[Triple]:
    base = f"{root}claim/{row.id}"
    claim = f"<{base}>"
    yield claim, RDF.type, CKB.Claim
    yield claim, RDF.type, SCHEMA.Claim
    yield claim, DCTERMS.identifier, f'"{row.name}"'
    yield claim, SCHEMA.text, f'"{row.text}"'
    yield claim, CKB.source, f"<{root}{row.source}>"
    yield claim, CKB.role, row.role
    yield claim, CKB.states, f"<{root}proposition/{row.proposition.id}>"
    yield claim, CKB.certainty, row.certainty
    yield claim, CKB.attribution, row.attribution
    if row.appeals_to is not None:
        yield claim, CKB.appealsTo, row.appeals_to
    yield claim, CKB.checked, row.checked
    yield claim, CKB.made, row.made
    if row.implied is not None:
        yield claim, row.implied, f'"true"^^{XSD.boolean}'
    for term, value in ((CKB.part, row.part), (CKB.seenAt, row.seen_at), (CKB.note, row.note)):
        if value is not None:
            yield claim, term, f'"{value}"'
    for name in row.unknown:
        yield claim, CKB.scopeUnknown, f"<{root}{name}>"
    if row.value is not None:
        yield claim, CKB.value, f"<{base}#value>"
    for entry in row.scope:
        yield claim, CKB.scopeEntry, f"<{base}#scope-{entry.position}>"
    for link in row.cites:
        yield claim, CKB.citation, f"<{base}#cites-{link.position}>"
    if row.start is not None:
        yield claim, CKB.locator, f"<{base}#at>"
        yield from _locator(root, base, row)
    if row.value is not None:
        yield from _value(root, f"<{base}#value>", row.value)
    yield from scope_entries(root, base, row.scope)
    yield from _citations(root, base, row)
    yield from _proposition(root, row.proposition)


def _locator(root: str, base: str, row: ClaimRow) -> Iterator[Triple]:
    at, target, position = f"<{base}#at>", f"<{base}#target>", f"<{base}#position>"
    yield at, RDF.type, OA.Annotation
    yield at, OA.hasBody, f"<{base}>"
    yield at, OA.hasTarget, target
    yield at, OA.motivatedBy, OA.identifying
    yield target, RDF.type, OA.SpecificResource
    yield target, OA.hasSource, f"<{root}{row.source}>"
    yield target, OA.hasSelector, position
    if row.quote is not None:
        yield target, OA.hasSelector, f"<{base}#quote>"
    yield position, RDF.type, OA.TextPositionSelector
    yield position, OA.start, f'"{row.start}"^^{XSD.nonNegativeInteger}'
    yield position, OA.end, f'"{row.end}"^^{XSD.nonNegativeInteger}'
    yield position, CKB.quoteSha256, f'"{row.sha256}"'
    if row.quote is not None:
        yield f"<{base}#quote>", RDF.type, OA.TextQuoteSelector
        yield f"<{base}#quote>", OA.exact, f'"{row.quote}"'


def _unit(root: str, node: str, unit: UnitRow) -> Iterator[Triple]:
    yield node, CKB.unit, f"<{root}{unit.path}>"
    yield node, QUDT.hasUnit, unit.qudt if unit.qudt is not None else f"<{root}{unit.path}>"


def _bounds(node: str, low: str | None, high: str | None) -> Iterator[Triple]:
    if low is not None:
        yield node, SCHEMA.minValue, f'"{low}"^^{XSD.decimal}'
    if high is not None:
        yield node, SCHEMA.maxValue, f'"{high}"^^{XSD.decimal}'


def _value(root: str, node: str, value: ValueRow) -> Iterator[Triple]:
    yield node, RDF.type, value.form
    if value.unit is not None:
        yield node, RDF.type, SCHEMA.QuantitativeValue
    yield from _bounds(node, value.low, value.high)
    for item in value.any_of:
        yield node, SCHEMA.value, f'"{item}"^^{XSD.decimal}'
    if value.class_ is not None:
        yield node, CKB.valueClass, f"<{root}{value.class_}>"
    if value.unit is not None:
        yield from _unit(root, node, value.unit)
    if value.bound is not None:
        yield node, CKB.bound, value.bound
    if value.printed is not None:
        yield node, CKB.printed, f'"{value.printed}"'


def scope_entries(root: str, base: str, rows: tuple[ScopeRow, ...]) -> Iterator[Triple]:
    """Yield the scope entries of a claim or document."""
    for row in rows:
        node = f"<{base}#scope-{row.position}>"
        yield node, RDF.type, CKB.ScopeEntry
        yield node, CKB.dimension, f"<{root}{row.dimension}>"
        if row.concept is not None:
            yield node, CKB.scopeValue, f"<{root}{row.concept}>"
        if row.measured is not None:
            yield node, CKB.measuredValue, f'"{row.measured}"'
        yield node, CKB.scopeState, row.state
        if row.basis is not None:
            yield node, CKB.basis, row.basis
        yield node, CKB.position, f'"{row.position}"^^{XSD.integer}'


def _citations(root: str, base: str, row: ClaimRow) -> Iterator[Triple]:
    for link in row.cites:
        node = f"<{base}#cites-{link.position}>"
        yield node, RDF.type, CKB.CitationLink
        yield node, CKB.claim, f"<{base}>"
        if link.cites is not None:
            yield node, RDF.type, CITO.Citation
            yield node, CITO.hasCitingEntity, f"<{root}{row.source}>"
        if link.work is not None:
            yield node, CKB.work, f"<{root}{link.work}>"
            if link.cites is not None:
                yield node, CITO.hasCitedEntity, f"<{root}{link.work}>"
        if link.marker is not None:
            yield node, CKB.marker, f'"{link.marker}"'
        yield node, CKB.basis, link.basis
        yield node, CKB.confidence, f'"{link.confidence}"^^{XSD.decimal}'
        yield node, CKB.linkState, link.state
        yield node, CKB.position, f'"{link.position}"^^{XSD.integer}'


def _proposition(root: str, row: PropositionRow) -> Iterator[Triple]:
    node = f"<{root}proposition/{row.id}>"
    yield node, RDF.type, CKB.Proposition
    yield node, CKB.kind, row.kind
    yield node, CKB.subject, f"<{root}{row.subject}>"
    yield node, CKB.property, f"<{root}{row.property}>"
    if row.object is not None:
        yield node, CKB.object, f"<{root}{row.object}>"
    if row.relation is not None:
        yield node, CKB.relation, row.relation
    if row.than is not None:
        yield node, CKB.than, f"<{root}{row.than}>"
    yield node, CKB.polarity, row.polarity
    yield node, CKB.duty, row.duty
    yield node, CKB.strength, row.strength
    if row.bound is not None:
        yield node, CKB.bound, row.bound
    if row.class_ is not None:
        yield node, CKB.valueClass, f"<{root}{row.class_}>"
    if row.vague is not None:
        yield node, CKB.vagueAs, f'"{row.vague}"'
    for dimension, concept, measured in row.scope:
        yield node, f"<{root}{dimension}>", f"<{root}{concept}>" if concept is not None else f'"{measured}"'
    for count in range(len(row.spans)):
        yield node, CKB.span, f"<{root}proposition/{row.id}#span-{count + 1}>"
    for count, (low, high) in enumerate(row.spans):
        span = f"<{root}proposition/{row.id}#span-{count + 1}>"
        yield span, RDF.type, CKB.Span
        yield span, RDF.type, SCHEMA.QuantitativeValue
        yield from _bounds(span, low, high)
        if row.unit is not None:
            yield from _unit(root, span, row.unit)


def _provenance(root: str, np: str, claim: str, row: ClaimRow) -> Iterator[Triple]:
    making = f"<{root}claim/{row.id}#making>"
    yield f"<{np}#assertion>", PROV.wasGeneratedBy, making
    yield f"<{np}#assertion>", PROV.wasDerivedFrom, f"<{root}{row.source}>"
    yield claim, PROV.wasDerivedFrom, f"<{root}{row.source}>"
    yield making, RDF.type, PROV.Activity
    yield making, PROV.used, f"<{root}{row.source}>"
    yield making, CKB.made, row.made
