"""The whole knowledge base as a stream of text in one of the formats."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from kb import waivers
from kb.build import KnowledgeBase
from kb.detectors import RULES
from kb.errors import InputError, Problem
from kb.rdf.claim_quads import Triple, claim_quads
from kb.rdf.domain_quads import domain_triples
from kb.rdf.judged_quads import fate_triples, finding_triples, rule_triples, verdict_quads
from kb.rdf.rows import Rows
from kb.rdf.source_quads import dataset_triples, document_triples, work_triples
from kb.rdf.templates import claim_texts
from kb.rdf.terms import CKB
from kb.rdf.tokens import Quad
from kb.rdf.writers import RdfFormat, Writer
from kb.standing import Review


def export_texts(kb: KnowledgeBase, review: Review, form: RdfFormat, quotes: bool = False) -> Iterator[str]:
    """Yield the full profile: what is described once, then a nanopublication for each claim and each verdict."""
    rows = Rows(kb.domain, kb.texts if quotes else None)
    writer = Writer(form, rows.root)
    yield writer.header
    yield from (writer.render(block) for block in described(kb, review, rows))
    yield from claim_texts(rows, writer, sorted(kb.claims, key=lambda claim: claim.id))
    works = frozenset(work.key for work in kb.works)
    for position, verdict in enumerate(kb.verdicts, 1):
        yield writer.render(list(verdict_quads(rows.root, position, verdict, works)))
    yield writer.footer


def described(kb: KnowledgeBase, review: Review, rows: Rows) -> Iterator[Sequence[Quad]]:
    """Yield the statements that are no nanopublications, a block for each record."""
    root = rows.root
    works = frozenset(work.key for work in kb.works)

    def block(graph: str, triples: Iterable[Triple]) -> Sequence[Quad]:
        return [Quad(s, p, o, f"<{root}graph/{graph}>") for s, p, o in triples]

    counts = {
        CKB.Claim: len(kb.claims),
        CKB.Document: len(kb.documents),
        CKB.Finding: len(review.standings),
        CKB.Proposition: len({rows.proposition(claim).id for claim in kb.claims}),
        CKB.Verdict: len(kb.verdicts),
        CKB.Work: len(kb.works),
    }
    yield block("dataset", dataset_triples(kb, root, counts))
    yield block("vocabulary", domain_triples(kb.domain, root))
    for document in kb.documents:
        yield block("documents", document_triples(rows, document))
    for work in kb.works:
        yield block("works", work_triples(rows, work))
    for rule in (*RULES, waivers):
        yield block("findings", rule_triples(rule.CODE, rule.NAME, rule.SUMMARY))
    for standing in sorted(review.standings, key=lambda s: s.finding.id):
        yield block("findings", finding_triples(root, standing, works))
    for position, (verdict, fate, why) in enumerate(review.verdicts, 1):
        yield block("findings", fate_triples(root, position, verdict, fate, why))


def write_texts(texts: Iterable[str], out: Path, packed: bool) -> None:
    """Write a stream to a file that appears only when it is whole; packed by gzip with no time and no name in it."""
    target = out.resolve()
    if target.exists() and not target.is_file():
        raise InputError([Problem(str(out), 0, "is no regular file", "name a file")])
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            copy_texts(texts, file, packed)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def copy_texts(texts: Iterable[str], file: IO[bytes], packed: bool = False) -> None:
    """Write a stream to an open file, in pieces of about a megabyte."""
    if packed:
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
            for piece in _pieces(texts):
                zipped.write(piece)
        return
    for piece in _pieces(texts):
        file.write(piece)


def _pieces(texts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for part in texts:
        held.append(part)
        size += len(part)
        if size > 1_000_000:
            yield "".join(held).encode("utf-8")
            held, size = [], 0
    yield "".join(held).encode("utf-8")


def all_quads(kb: KnowledgeBase, review: Review) -> Iterator[Quad]:
    """Yield every statement of the full profile, straight from the mapping."""
    rows = Rows(kb.domain)
    for block in described(kb, review, rows):
        yield from block
    for claim in sorted(kb.claims, key=lambda item: item.id):
        yield from claim_quads(rows.root, rows.claim(claim))
    works = frozenset(work.key for work in kb.works)
    for position, verdict in enumerate(kb.verdicts, 1):
        yield from verdict_quads(rows.root, position, verdict, works)
