"""The mapping of documents, works and the description of the whole set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.model import Document
from kb.rdf.claim_quads import Triple, scope_entries
from kb.rdf.rows import Rows
from kb.rdf.terms import (
    CITO,
    CKB,
    DCAT,
    DCTERMS,
    FABIO,
    NAMESPACES,
    PROV,
    RDF,
    SCHEMA,
    SOFTWARE,
    VOID,
    XSD,
    Term,
    individual,
)
from kb.rdf.tokens import boolean, path, text, whole

TYPES = {
    "article": FABIO.JournalArticle,
    "book": FABIO.Book,
    "inbook": FABIO.BookChapter,
    "incollection": FABIO.BookChapter,
    "inproceedings": FABIO.ConferencePaper,
    "conference": FABIO.ConferencePaper,
    "online": FABIO.WebPage,
}
Fields = Iterable[tuple[Term, str | None]]


def texts(node: str, fields: Fields) -> Iterator[Triple]:
    """Yield a literal for every field that is not empty."""
    for term, value in fields:
        if value:
            yield node, term, text(value)


def document_triples(rows: Rows, document: Document) -> Iterator[Triple]:
    """Yield what is recorded of a document, its scope and its reference list."""
    base = f"{rows.root}document/{path(document.id)}"
    node = f"<{base}>"
    yield node, RDF.type, CKB.Document
    yield node, RDF.type, FABIO.Expression
    yield from texts(
        node,
        (
            (DCTERMS.identifier, document.id),
            (DCTERMS.title, document.title),
            (CKB.publisherName, document.publisher),
            (CKB.documentKind, document.kind),
            (CKB.shortName, document.short),
            (CKB.captured, document.captured),
            (CKB.sha256, document.sha256),
            (CKB.references, document.references),
            (CKB.damage, " ".join(document.damage)),
            (CKB.scopeReason, document.scope_reason),
            (CKB.note, document.note),
        ),
    )
    yield node, CKB.characters, whole(document.characters)
    scope = rows.scope(document.scope)
    for row in scope:
        yield node, CKB.scopeEntry, f"<{base}#scope-{row.position}>"
    for number in range(1, len(document.lists) + 1):
        yield node, CKB.referenceEntry, f"<{base}#reference-{number}>"
    yield from scope_entries(rows.root, base, scope)
    for number, entry in enumerate(document.lists, 1):
        item = f"<{base}#reference-{number}>"
        work = f"<{rows.root}work/{path(entry.work)}>"
        yield item, RDF.type, CKB.ReferenceEntry
        yield item, RDF.type, CITO.Citation
        yield item, CITO.hasCitingEntity, node
        yield item, CITO.hasCitedEntity, work
        yield item, CKB.work, work
        yield item, CKB.position, whole(number)
        yield from texts(
            item,
            (
                (CKB.firstAuthor, entry.first_author),
                (DCTERMS.title, entry.title),
                (SCHEMA.pagination, entry.pages),
                (CKB.doi, entry.doi),
            ),
        )
        if entry.year is not None:
            yield item, DCTERMS.issued, _year(entry.year)


def _year(year: int) -> str:
    return f'"{year:04d}"^^{XSD.gYear}'


def work_triples(rows: Rows, work: Work) -> Iterator[Triple]:
    """Yield what is recorded of a work. ``line`` is left out: it is a place in a file."""
    base = f"{rows.root}work/{path(work.key)}"
    node = f"<{base}>"
    yield node, RDF.type, CKB.Work
    yield node, RDF.type, TYPES.get(work.entry_type, FABIO.Expression)
    yield from texts(
        node,
        (
            (DCTERMS.identifier, work.key),
            (CKB.entryType, work.entry_type),
            (DCTERMS.title, work.title),
            (SCHEMA.volumeNumber, work.volume),
            (SCHEMA.issueNumber, work.number),
            (SCHEMA.pagination, work.pages),
            (CKB.eid, work.eid),
            (CKB.doi, work.doi),
            (CKB.pmid, work.pmid),
            (CKB.shorthand, work.shorthand),
            (CKB.population, work.population),
            (CKB.species, work.species),
            (CKB.erratum, work.erratum),
            (CKB.supersededBy, work.superseded_by),
            (CKB.retracted, work.retracted),
            (CKB.verifiedFields, " ".join(work.verified)),
            (CKB.unverifiedFields, " ".join(work.unverified)),
            (CKB.note, work.note),
        ),
    )
    if work.url:
        yield node, SCHEMA.url, f"{text(work.url)}^^{XSD.anyURI}"
    for address in _addresses(work):
        yield node, SCHEMA.sameAs, f"<{address}>"
    if work.year is not None:
        yield node, DCTERMS.issued, _year(work.year)
    if work.design:
        yield node, CKB.design, individual("design", work.design)
    if work.sample_size is not None:
        yield node, CKB.sampleSize, whole(work.sample_size)
    if not work.authors_complete:
        yield node, CKB.authorsComplete, boolean(False)
    if work.journal:
        yield node, DCTERMS.isPartOf, f"<{base}#journal>"
    for number in range(1, len(work.authors) + 1):
        yield node, DCTERMS.creator, f"<{base}#author-{number}>"
    if work.journal:
        yield f"<{base}#journal>", RDF.type, FABIO.Journal
        yield f"<{base}#journal>", DCTERMS.title, text(work.journal)
    for number, author in enumerate(work.authors, 1):
        yield f"<{base}#author-{number}>", RDF.type, PROV.Agent
        yield f"<{base}#author-{number}>", SCHEMA.name, text(author)
        yield f"<{base}#author-{number}>", CKB.position, whole(number)


def _addresses(work: Work) -> Iterator[str]:
    if work.doi:
        yield f"https://doi.org/{quote(work.doi, safe='/')}"
    if work.pmid:
        yield f"https://pubmed.ncbi.nlm.nih.gov/{quote(work.pmid, safe='')}/"


def dataset_triples(kb: KnowledgeBase, root: str, counts: dict[Term, int]) -> Iterator[Triple]:
    """Yield the description of the set; ``counts`` gives how many things of each class it holds."""
    node = f"<{root}dataset>"
    yield node, RDF.type, DCAT.Dataset
    yield node, RDF.type, VOID.Dataset
    if kb.domain.title:
        yield node, DCTERMS.title, text(f"Claims, findings and verdicts: {kb.domain.title}")
    yield node, PROV.wasAttributedTo, f"<{SOFTWARE}>"
    for _, space in sorted(NAMESPACES.items()):
        yield node, VOID.vocabulary, f"<{space}>"
    for term in sorted(counts):
        yield node, VOID.classPartition, f"<{root}dataset#{term[1:-1].rpartition('#')[2]}>"
    for term, number in sorted(counts.items()):
        part = f"<{root}dataset#{term[1:-1].rpartition('#')[2]}>"
        yield part, VOID.class_, term
        yield part, VOID.entities, whole(number)
    yield f"<{SOFTWARE}>", RDF.type, PROV.SoftwareAgent
    yield f"<{SOFTWARE}>", SCHEMA.name, text("claims-kb")
