"""What every report ends with: the claims it refers to, its references, and how it was made and can be rebuilt."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from kb.build import KnowledgeBase
from kb.model import Claim
from kb.reports.desk import Desk, cited, code, count, scope_words, source_line
from kb.reports.parts import Items, Line, Link, Paragraph, Run, Section, Table, Words, words
from kb.reports.styles import STYLES, address, format_works

COLUMNS = ("Claim", "Source", "What it says, in our words", "Scope", "Rests on", "Place")


def claims_section(desk: Desk) -> Section:
    """Return the table of the claims that have a number, each a place that sentences lead to."""
    ids = sorted(desk.numbers, key=desk.numbers.__getitem__)
    rows = tuple(_claim(desk, desk.catalogue.claims[name]) for name in ids)
    told = (
        "Numbers in brackets lead here. A place is counted in characters of the stored copy of a document. "
        "The wording is ours, never a quotation."
    )
    caption = f"The {count(len(rows), 'claim')} that this report refers to"
    table = Table(caption, COLUMNS, rows, folded=len(rows) > 12, anchors=tuple(ids))
    return Section("Table of claims", (Paragraph(words(told)), table) if rows else ())


def _claim(desk: Desk, claim: Claim) -> tuple[Line, ...]:
    at = claim.locator
    place = f"{at.start:,}–{at.end:,}" if at else claim.seen_at or "not recorded"
    head = words(f"{desk.numbers[claim.id]} ", code(claim.id))
    says, rests = words(claim.text), cited(desk, claim)
    return (head, source_line(desk, claim.source), says, words(scope_words(desk, claim)), rests, words(place))


def references(desk: Desk, keys: Sequence[str], style: str) -> Section:
    """Return the bibliography of works in a citation style."""
    entries = format_works([desk.catalogue.works[key] for key in keys], style)
    if not entries:
        return Section("References", (Paragraph(words("No work is cited here.")),))
    lines = tuple(tuple(_run(text, kind) for text, kind in entry.runs) for entry in entries)
    items = Items(lines, tuple(f"work-{entry.key}" for entry in entries), hanging=True)
    return Section("References", (Paragraph(words(f"Citation style: {STYLES[style]}.")), items))


def _run(text: str, kind: str) -> Run:
    if kind == "link":
        return Link(text, address(text))
    return Words(text, "emphasis" if kind == "italic" else "strong" if kind == "bold" else "plain")


def section(desk: Desk, command: str, told: Sequence[str]) -> Section:
    """Return how the report was made: what was compared, versions, hashes and the command that rebuilds it."""
    kb = desk.kb
    how = (
        "People read the documents and recorded each claim in their own words, with its scope and its place. "
        "Rules then compared claims that answer the same question. The text of this report is put together "
        "from those records; nobody, and no language model, wrote a sentence of it freely."
    )
    limits = (
        "What nobody recorded cannot be found. Silence is no agreement, and a claim with an unknown scope is not "
        "taken for one that holds everywhere. Of the works, only the findings on record were compared with the claims."
    )
    facts = [words(text) for text in told]
    facts.append(words("Software: claims-kb ", code(_version()), "."))
    facts.append(words("Records (SHA-256 over claims, works, documents and verdicts): ", code(records_digest(kb)), "."))
    facts.append(words("Rebuild it with: ", code(command)))
    rows = tuple(
        (
            words(document.short),
            words(document.title),
            words("attached and checked" if document.id in kb.texts else "not attached"),
            code(document.sha256),
        )
        for document in kb.documents
    )
    columns = ("Document", "Title", "Text", "SHA-256 of the stored copy")
    table = Table("The documents", columns, rows, folded=True)
    return Section("How this was made", (Paragraph(words(how)), Paragraph(words(limits)), Items(tuple(facts)), table))


def _version() -> str:
    try:
        return version("claims-kb")
    except PackageNotFoundError:
        return "not installed"


def records_digest(kb: KnowledgeBase) -> str:
    """Return a hash of everything a report is made from; the same records have the same on every machine."""
    digest = hashlib.sha256()
    for records in (kb.claims, kb.works, kb.documents, kb.verdicts):
        for record in records:
            digest.update(record.model_dump_json().encode("utf-8") + b"\n")
    return digest.hexdigest()
