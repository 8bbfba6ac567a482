"""Rows for outsiders: one flat, stable shape for each kind of record, and the formats they are written in.

These shapes are an interface: names and meanings stay; new columns go at the end.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from kb.build import KnowledgeBase
from kb.citations import citation_rows
from kb.errors import visible
from kb.files import write_atomically
from kb.model import Claim, Interval, Ordinal, ValueSet
from kb.quantities import shown
from kb.scopes import effective_scope
from kb.standing import Review, Standing
from kb.wording import claim_value

Row = dict[str, Any]


def claim_row(kb: KnowledgeBase, claim: Claim) -> Row:
    """Return a claim as a row: its content, its locator in code points, and every scope dimension it knows."""
    at = claim.locator
    implied = {d: v for d, v in effective_scope(kb.domain, claim).items() if claim.scope_of(d) is None}
    scope: dict[str, Any] = {
        e.dimension: {"values": list(e.values), "state": e.state, "basis": e.basis} for e in claim.scope
    }
    scope |= {d: {"values": list(v), "state": "stated", "basis": "subject"} for d, v in implied.items()}
    value = claim.value
    return {
        "id": claim.id,
        "document": claim.source,
        "sha256": kb.digests.get(claim.source),
        "start": at.start if at else None,
        "end": at.end if at else None,
        "text": claim.text,
        "kind": claim.kind,
        "topic": kb.domain.properties[claim.property].topic,
        "subject": claim.subject,
        "property": claim.property,
        "object": claim.object,
        "relation": claim.relation,
        "than": claim.than,
        "value": claim_value(kb.domain, claim) or None,
        "low": shown(value.low) if isinstance(value, Interval) and value.low is not None else None,
        "high": shown(value.high) if isinstance(value, Interval) and value.high is not None else None,
        "any_of": [shown(number) for number in value.any_of] if isinstance(value, ValueSet) else None,
        "class": value.class_ if isinstance(value, Ordinal) else None,
        "unit": getattr(value, "unit", None),
        "bound": getattr(value, "bound", None),
        "printed": getattr(value, "printed", None),
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "duty": claim.duty,
        "strength": claim.strength,
        "attribution": claim.attribution,
        "scope": dict(sorted(scope.items())),
        "cites": [
            {"marker": c.marker, "work": c.work, "basis": c.basis, "confidence": shown(c.confidence)}
            for c in claim.cites
        ],
        "role": claim.role,
        "checked": claim.checked,
        "made": claim.made,
        "seen_at": claim.seen_at or None,
        "note": claim.note or None,
        "appeals_to": claim.appeals_to,
    }


def finding_row(standing: Standing) -> Row:
    """Return a finding as a row: ``members`` give claim, document, place and pole; then where it stands."""
    finding, verdict, waiver = standing.finding, standing.verdict, standing.waiver
    return {
        "id": finding.id,
        "code": finding.code,
        "kind": finding.kind,
        "severity": finding.severity,
        "topic": finding.topic,
        "property": finding.property,
        "title": finding.title,
        "sentence": finding.sentence,
        "same_source": finding.same_source,
        "explained_by": list(finding.explained_by),
        "unknown": list(finding.unknown),
        "scope": {name: str(state) for name, state in finding.scope},
        "members": [
            {"claim": m.claim, "document": m.source, "start": m.start, "end": m.end, "pole": m.pole}
            for m in finding.members
        ],
        "claims": finding.claims,
        "rests_on": list(finding.rests_on),
        "question": finding.question,
        "working": list(finding.working),
        "opposed": [list(pair) for pair in finding.opposed],
        "state": standing.state,
        "verdict": verdict.verdict if verdict else None,
        "judged_by": verdict.by if verdict else None,
        "judged_at": verdict.at if verdict else None,
        "verdict_reason": verdict.reason if verdict else None,
        "reopened_because": standing.because or None,
        "waived": f"{waiver.reason} (by {waiver.by}, {waiver.date})" if waiver else None,
    }


def verdict_table(review: Review) -> list[Row]:
    """Return every verdict in order of time, with what has become of it and why."""
    return [
        verdict.model_dump(mode="json") | {"state": fate, "why": why or None} for verdict, fate, why in review.verdicts
    ]


def citation_table(kb: KnowledgeBase) -> list[Row]:
    """Return every link from a claim to a work, and every listed reference that no claim uses."""
    return [row.model_dump(mode="json") for row in citation_rows(kb.documents, kb.claims)]


def document_table(kb: KnowledgeBase) -> list[Row]:
    """Return the documents with what is known of their text, references and claims."""
    counts: dict[str, int] = {}
    for claim in kb.claims:
        counts[claim.source] = counts.get(claim.source, 0) + 1
    rows = []
    for document in kb.documents:
        row = document.model_dump(mode="json", exclude={"scope", "lists"})
        row["attached"] = document.id in kb.texts
        row["claims"] = counts.get(document.id, 0)
        row["listed"] = len(document.listed)
        row["works"] = len(set(document.listed))
        rows.append(row)
    return rows


def work_table(kb: KnowledgeBase) -> list[Row]:
    """Return the works with design and size, who cites them and how many findings of theirs are recorded."""
    citing: dict[str, set[str]] = {}
    for link in citation_rows(kb.documents, kb.claims):
        if link.work:
            citing.setdefault(link.work, set()).add(link.source)
    evidence: dict[str, int] = {}
    for claim in kb.claims:
        evidence[claim.source] = evidence.get(claim.source, 0) + 1
    rows = []
    for work in kb.works:
        row = work.model_dump(mode="json", exclude={"line"})
        row["cited_by"] = sorted(citing.get(work.key, ()))
        row["evidence"] = evidence.get(work.key, 0)
        rows.append(row)
    return rows


# Formats

SHORT: Mapping[str, Sequence[str]] = {
    "claims": ("id", "document", "start", "kind", "property", "value", "text"),
    "findings": ("id", "code", "kind", "severity", "topic", "state", "sentence"),
    "verdicts": ("finding", "code", "verdict", "by", "at", "state", "reason", "why"),
    "citations": ("source", "claim", "marker", "work", "basis", "confidence", "state"),
    "documents": ("id", "short", "title", "claims", "characters", "attached", "references"),
    "coverage": ("topic", "document", "state", "claims", "findings", "lost"),
    "unread": ("document", "start", "end", "text"),
    "proposals": ("id", "kind", "property", "subject", "object", "value", "unit", "confidence", "state", "text"),
    "recaptured": ("what", "id", "state", "start", "new_start", "reason", "text"),
    "scores": (
        "document",
        "kind",
        "claims",
        "proposals",
        "precision",
        "place",
        "property",
        "object",
        "subject",
        "bounds",
        "scope",
        "citation",
    ),
    "imported": ("line", "outcome", "key", "title", "why"),
    "changes": ("what", "change", "id", "source", "sentence"),
    "queries": ("name", "for", "parameters", "about"),
    "questions": ("question", "claims", "sources", "sentence"),
    "works": ("key", "year", "design", "sample_size", "cited_by", "evidence", "title"),
}


FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
QUOTED = re.compile(r'[",\r\n]')

LONG = (
    "text",
    "sentence",
    "title",
    "cited_by",
    "value",
    "reason",
    "why",
    "about",
    "fact",
    "property",
    "who",
    "question",
)
"""Columns that wrap; the others keep their words whole."""


def render(name: str, rows: Iterable[Row], form: str) -> str:
    """Return rows as a table for people, as JSON Lines or as CSV."""
    if form == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return _csv(name, list(rows)) if form == "csv" else _table(name, list(rows))


def _csv(name: str, rows: list[Row]) -> str:
    """CSV with nested values as JSON; a cell that a spreadsheet would take for a formula gets a leading quote."""
    columns = list(rows[0]) if rows else list(SHORT[name])
    lines = [csv_line(columns), *(csv_line(csv_cell(row[column]) for column in columns) for row in rows)]
    return "".join(lines)


def csv_line(cells: Iterable[str]) -> str:
    """Return cells as a line of CSV; a lone carriage return is quoted too, which Python's own writer does not do."""
    return ",".join('"' + cell.replace('"', '""') + '"' if QUOTED.search(cell) else cell for cell in cells) + "\n"


def csv_cell(value: Any) -> str:
    """Return a value as the text of a CSV cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text


def _table(name: str, rows: list[Row]) -> str:
    columns = SHORT[name]
    return wide_table(name, columns, [[_plain(row.get(column)) for column in columns] for row in rows])


def wide_table(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return cells as a table for people, with the number of rows below it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, highlight=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column not in LONG, min_width=10 if column in LONG else None)
    for row in rows:
        table.add_row(*map(visible, row))
    target = io.StringIO()
    Console(file=target, width=_width(), markup=False, highlight=False, emoji=False, color_system=None).print(table)
    lines = (line.rstrip() for line in target.getvalue().splitlines())
    noun = _counted(name, len(rows))
    return "\n".join(line for line in lines if line) + f"\n{len(rows)} {noun}\n"


def _counted(name: str, count: int) -> str:
    """Return the name of what is in a table, which is in the plural, for a number of them."""
    if count != 1:
        return name
    return name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")


def _width() -> int:
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit():
        return max(60, int(asked))
    return Console().width if sys.stdout and sys.stdout.isatty() else 140


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return visible(", ".join(str(item) for item in value))
    return "" if value is None else visible(str(value))


def _column_value(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def write_parquet(rows: list[Row], path: Path) -> None:
    """Write rows to a Parquet file, nested values as JSON text; needs the ``export`` extra."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise RuntimeError("Parquet needs the export extra: python -m pip install pyarrow") from None
    columns = list(rows[0]) if rows else []
    data = {
        column: [
            json.dumps(v, ensure_ascii=False)
            if isinstance(v := row[column], dict | list)
            else (None if v is None else v)
            for row in rows
        ]
        for column in columns
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(data), buffer)
    write_atomically(path, buffer.getvalue())
