"""Typed tables of the whole knowledge base, for data frames, databases and spreadsheets.

The rows are those of `kb.tables`, with what is nested there in tables of its own; the columns are in
`kb.exports.columns`. All tables are made before the first is written.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kb import tables
from kb.build import KnowledgeBase
from kb.errors import InputError, Problem
from kb.exports.columns import TABLES, Column
from kb.files import write_atomically
from kb.standing import Review
from kb.tables import Row


def all_rows(kb: KnowledgeBase, review: Review) -> dict[str, list[Row]]:
    """Return the rows of every table by its name."""
    claims = sorted((tables.claim_row(kb, claim) for claim in kb.claims), key=lambda row: str(row["id"]))
    findings = [tables.finding_row(standing) for standing in review.standings]
    return {
        "claims": claims,
        "claim_scopes": [row for claim in claims for row in _scopes(claim)],
        "findings": findings,
        "finding_members": [{"finding": row["id"], **member} for row in findings for member in row["members"]],
        "citations": tables.citation_table(kb),
        "documents": tables.document_table(kb),
        "works": tables.work_table(kb),
    }


def _scopes(claim: Row) -> Iterable[Row]:
    for dimension, entry in claim["scope"].items():
        for value in entry["values"]:
            yield {"claim": claim["id"], "dimension": dimension, "value": value} | {
                "state": entry["state"],
                "basis": entry["basis"],
            }


def write_all(kb: KnowledgeBase, review: Review, folder: Path, form: str) -> list[tuple[Path, int]]:
    """Write every table into ``folder`` as ``parquet`` or ``csv``; return the paths with their numbers of rows."""
    if folder.exists() and not folder.is_dir():
        raise InputError([Problem(str(folder), 0, "is a file", "name a folder with --out")])
    write: Callable[[Sequence[Column], list[Row]], bytes] = to_parquet if form == "parquet" else to_csv
    rows = all_rows(kb, review)
    made = {name: write(columns, rows[name]) for name, columns in TABLES.items()}
    for name, data in made.items():
        write_atomically(folder / f"{name}.{form}", data)
    return [(folder / f"{name}.{form}", len(rows[name])) for name in made]


# CSV


def to_csv(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """Return rows as CSV in UTF-8; a cell that a spreadsheet would take for a formula gets a leading quote."""
    lines = [tables.csv_line(column.name for column in columns)]
    lines += [tables.csv_line(_csv_cell(row[column.name]) for column in columns) for row in rows]
    return "".join(lines).encode("utf-8")


def _csv_cell(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else tables.csv_cell(value)


# Parquet


def to_parquet(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """Return rows as a Parquet file; needs the extra ``export``."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        remedy = "python -m pip install 'claims-kb[export]', or use --format csv"
        raise InputError([Problem("kb export tables", 0, "needs pyarrow for Parquet", remedy)]) from None
    types = {"text": pa.string(), "integer": pa.int64(), "decimal": pa.decimal128(30, 12), "flag": pa.bool_()}
    types |= {f"{name}*": pa.list_(kind) for name, kind in types.items()}
    fields = [pa.field(c.name, types[c.type], metadata={"description": c.meaning}) for c in columns]
    data = [[_typed(column.type, row[column.name]) for row in rows] for column in columns]
    arrays = [pa.array(values, field.type) for values, field in zip(data, fields, strict=True)]
    target = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), target, compression="zstd")
    return target.getvalue()


def _typed(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind.endswith("*"):
        return [_typed(kind[:-1], item) for item in value]
    if kind == "decimal":
        return Decimal(str(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
