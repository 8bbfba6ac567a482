"""The mapping of findings, of the rules that made them, and of what people decided about them."""

from __future__ import annotations

from collections.abc import Iterator

from kb.ids import derive
from kb.model import Finding
from kb.rdf.claim_quads import Triple, nanopublication, publication_info
from kb.rdf.source_quads import texts
from kb.rdf.terms import CKB, DCTERMS, PROV, RDF, RULES_AT, SCHEMA, SOFTWARE, XSD, individual
from kb.rdf.tokens import Quad, boolean, path, text, whole
from kb.standing import Fate, Standing
from kb.verdicts import Verdict, dump_verdict


def source_path(source: str, works: frozenset[str]) -> str:
    """Return where a document or a work stands below the root."""
    return f"{'work' if source in works else 'document'}/{path(source)}"


def rule_triples(code: str, name: str, summary: str) -> Iterator[Triple]:
    """Yield a rule as a plan."""
    node = f"<{RULES_AT}{path(code)}>"
    yield node, RDF.type, PROV.Plan
    yield from texts(
        node, ((DCTERMS.identifier, code), (DCTERMS.title, name.replace("-", " ")), (DCTERMS.description, summary))
    )


def finding_triples(root: str, standing: Standing, works: frozenset[str]) -> Iterator[Triple]:
    """Yield a finding with its members, what opposes what, its scope table and how it came about."""
    finding = standing.finding
    base = f"{root}finding/{path(finding.id)}"
    node = f"<{base}>"
    yield node, RDF.type, CKB.Finding
    yield from texts(
        node,
        (
            (DCTERMS.identifier, finding.id),
            (DCTERMS.title, finding.title),
            (DCTERMS.description, finding.sentence),
            (CKB.code, finding.code),
            (CKB.question, finding.question),
            *((CKB.working, step) for step in finding.working),
            (CKB.because, standing.because),
            (CKB.waivedBecause, standing.waiver.reason if standing.waiver else None),
        ),
    )
    yield node, CKB.rule, f"<{RULES_AT}{path(finding.code)}>"
    yield node, CKB.kind, individual("finding", finding.kind)
    yield node, CKB.severity, whole(finding.severity)
    if finding.topic:
        yield node, CKB.topic, f"<{root}topic#{path(finding.topic)}>"
    if finding.property:
        yield node, CKB.property, f"<{root}property#{path(finding.property)}>"
    yield node, CKB.claimCount, whole(finding.claims)
    yield node, CKB.sameSource, boolean(finding.same_source)
    yield node, CKB.standing, individual("standing", standing.state)
    for term, kind, names in (
        (CKB.explainedBy, "dimension", finding.explained_by),
        (CKB.unknownDimension, "dimension", finding.unknown),
        (CKB.restsOn, "axiom", finding.rests_on),
    ):
        for name in names:
            yield node, term, f"<{root}{kind}#{path(name)}>"
    for term, kind, parts in (
        (CKB.member, "member", len(finding.members)),
        (CKB.opposition, "opposition", len(finding.opposed)),
        (CKB.scopeComparison, "scope", len(finding.scope)),
    ):
        for number in range(1, parts + 1):
            yield node, term, f"<{base}#{kind}-{number}>"
    yield node, PROV.wasGeneratedBy, f"<{base}#detection>"
    yield from _members(root, base, finding, works)
    yield from _detection(root, base, finding)


def _members(root: str, base: str, finding: Finding, works: frozenset[str]) -> Iterator[Triple]:
    for number, member in enumerate(finding.members, 1):
        item = f"<{base}#member-{number}>"
        yield item, RDF.type, CKB.Member
        if member.claim:
            yield item, CKB.claim, f"<{root}claim/{path(member.claim)}>"
        yield item, CKB.source, f"<{root}{source_path(member.source, works)}>"
        yield item, CKB.pole, text(member.pole)
        yield item, CKB.position, whole(number)
    for number, poles in enumerate(finding.opposed, 1):
        yield f"<{base}#opposition-{number}>", RDF.type, CKB.Opposition
        for pole in poles:
            yield f"<{base}#opposition-{number}>", CKB.pole, text(pole)
    for number, (name, state) in enumerate(finding.scope, 1):
        item = f"<{base}#scope-{number}>"
        yield item, RDF.type, CKB.ScopeComparison
        yield item, CKB.dimension, f"<{root}dimension#{path(name)}>"
        yield item, CKB.comparison, individual("comparison", state)


def _detection(root: str, base: str, finding: Finding) -> Iterator[Triple]:
    yield f"<{base}#detection>", RDF.type, PROV.Activity
    yield f"<{base}#detection>", PROV.qualifiedAssociation, f"<{base}#association>"
    for member in finding.members:
        if member.claim:
            yield f"<{base}#detection>", PROV.used, f"<{root}claim/{path(member.claim)}>"
    yield f"<{base}#association>", RDF.type, PROV.Association
    yield f"<{base}#association>", PROV.agent, f"<{SOFTWARE}>"
    yield f"<{base}#association>", PROV.hadPlan, f"<{RULES_AT}{path(finding.code)}>"


def verdict_id(position: int, verdict: Verdict) -> str:
    """Return the id of a verdict: from its place in the log, which only grows, and all that it says."""
    return derive("v", {"position": str(position), "verdict": dump_verdict(verdict)})


def fate_triples(root: str, position: int, verdict: Verdict, fate: Fate, why: str) -> Iterator[Triple]:
    """Yield what has become of a verdict; this is no part of what the person said."""
    node = f"<{root}verdict/{verdict_id(position, verdict)}>"
    yield node, CKB.fate, individual("fate", fate)
    yield from texts(node, ((CKB.because, why),))


def verdict_quads(root: str, position: int, verdict: Verdict, works: frozenset[str]) -> Iterator[Quad]:
    """Yield the nanopublication of a verdict, the number ``position`` of its log."""
    name = verdict_id(position, verdict)
    np, base = f"{root}np/{name}", f"{root}verdict/{name}"
    person = f"<{root}person/{derive('n', {'name': verdict.by})}>"
    yield from nanopublication(np)
    for s, p, o in _verdict(root, base, person, position, verdict, works):
        yield Quad(s, p, o, f"<{np}#assertion>")
    provenance = f"<{np}#provenance>"
    yield Quad(f"<{np}#assertion>", PROV.wasAttributedTo, person, provenance)
    yield Quad(person, RDF.type, PROV.Person, provenance)
    yield from publication_info(root, np)


def _verdict(
    root: str, base: str, person: str, position: int, verdict: Verdict, works: frozenset[str]
) -> Iterator[Triple]:
    node, finding = f"<{base}>", f"<{root}finding/{path(verdict.finding)}>"
    yield node, RDF.type, CKB.Verdict
    yield node, RDF.type, SCHEMA.ClaimReview
    yield node, SCHEMA.itemReviewed, finding
    yield node, SCHEMA.author, person
    yield node, SCHEMA.datePublished, f'"{verdict.at}"^^{XSD.dateTime}'
    yield node, SCHEMA.reviewRating, f"<{base}#rating>"
    yield from texts(
        node, ((SCHEMA.reviewBody, verdict.reason), (CKB.code, verdict.code), (CKB.question, verdict.question))
    )
    yield node, CKB.kind, individual("finding", verdict.kind)
    yield node, CKB.ruling, individual("ruling", verdict.verdict)
    yield node, CKB.position, whole(position)
    for number in range(1, len(verdict.members) + 1):
        yield node, CKB.member, f"<{base}#member-{number}>"
    yield f"<{base}#rating>", RDF.type, SCHEMA.Rating
    yield f"<{base}#rating>", SCHEMA.alternateName, text(str(verdict.verdict))
    yield person, RDF.type, SCHEMA.Person
    yield person, SCHEMA.name, text(verdict.by)
    for number, member in enumerate(verdict.members, 1):
        item = f"<{base}#member-{number}>"
        yield item, RDF.type, CKB.JudgedMember
        if member.claim:
            yield item, CKB.claim, f"<{root}claim/{path(member.claim)}>"
        yield item, CKB.source, f"<{root}{source_path(member.source, works)}>"
        yield item, CKB.pole, text(member.pole)
        yield item, CKB.contentHash, text(member.hash)
        yield item, CKB.position, whole(number)
        yield from texts(item, ((SCHEMA.text, member.text),))
