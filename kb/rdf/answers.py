"""Answers of SPARQL queries, and the formats in which they leave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.errors import InputError, Problem
from kb.tables import csv_cell, csv_line

Term = Mapping[str, str]
"""As in the JSON results of SPARQL: ``type``, ``value``, perhaps ``datatype`` or ``xml:lang``."""


@dataclass(frozen=True)
class Answer:
    """Rows of a SELECT, the truth of an ASK, or the triples (lines of N-Triples) of a CONSTRUCT or DESCRIBE."""

    names: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Term], ...] = ()
    truth: bool | None = None
    triples: tuple[str, ...] | None = None
    truncated: bool = False

    def cells(self, row: Mapping[str, Term]) -> list[str]:
        """Return the values of a row as plain text, "" where unbound."""
        return [row[name]["value"] if name in row else "" for name in self.names]


def from_worker(given: Mapping[str, Any]) -> Answer:
    """Return what the worker answered."""
    cut = bool(given["truncated"])
    if given["kind"] == "ask":
        return Answer(truth=given["answer"])
    if given["kind"] == "graph":
        return Answer(triples=tuple(given["triples"]), truncated=cut)
    return Answer(tuple(given["names"]), tuple(given["rows"]), truncated=cut)


def from_json(text: str | bytes, name: str) -> Answer:
    """Read JSON results of SPARQL; raise `InputError` for what is none."""
    try:
        data = json.loads(text)
        if "boolean" in data:
            return Answer(truth=bool(data["boolean"]))
        rows = tuple({k: {n: str(v) for n, v in t.items()} for k, t in r.items()} for r in data["results"]["bindings"])
        if not all("value" in term for row in rows for term in row.values()):
            raise KeyError("value")
        return Answer(tuple(map(str, data["head"]["vars"])), rows)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        problem = Problem(name, 0, "did not answer with JSON results of SPARQL", "is the address a SPARQL endpoint?")
        raise InputError([problem]) from None


def to_json(answer: Answer) -> str:
    """Return an answer to SELECT or ASK as JSON results of SPARQL."""
    if answer.truth is not None:
        return json.dumps({"head": {}, "boolean": answer.truth}) + "\n"
    data = {"head": {"vars": list(answer.names)}, "results": {"bindings": [dict(row) for row in answer.rows]}}
    return json.dumps(data, ensure_ascii=False) + "\n"


def to_csv(answer: Answer) -> str:
    """Return rows as CSV for spreadsheets: no cell is a formula."""
    lines = [csv_line(answer.names)]
    lines += [csv_line(csv_cell(cell) for cell in answer.cells(row)) for row in answer.rows]
    return "".join(lines)


def to_jsonl(answer: Answer) -> str:
    """Return rows as JSON Lines with plain values; what is unbound is null."""
    rows = ({n: row[n]["value"] if n in row else None for n in answer.names} for row in answer.rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
