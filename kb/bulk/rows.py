"""A claim as one flat row and back: what SQL compares stands in columns of its own, what it does not as JSON text.

The columns and their meaning are documented in docs/scale.md; a change of them is a new `VERSION`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from pydantic import TypeAdapter

from kb.condensing import answer_of, exact_text
from kb.counting import cell_of
from kb.model import (
    Appeal,
    Attribution,
    Certainty,
    Checked,
    Citation,
    Claim,
    Duty,
    Interval,
    Kind,
    Locator,
    Made,
    Ordinal,
    Polarity,
    Relation,
    Role,
    ScopeValue,
    Strength,
    Vague,
    Value,
    ValueSet,
)

VERSION = 2

TEXTS = (
    "id source text kind subject property object relation than polarity certainty duty strength attribution "
    "appeals_to quote_sha256 part role checked made seen_at note"
).split()
"""Columns of text; of these `NULLABLE` may be null."""
NULLABLE = frozenset({"object", "relation", "than", "appeals_to", "quote_sha256"})
DERIVED = {
    "form": "text",
    "low": "real",
    "high": "real",
    "unit": "text",
    "bound": "text",
    "class": "text",
    "printed": "text",
    "exact": "text",
    "wide": "whole",
    "cell": "whole",
    "answer": "whole",
    "setting": "whole",
}
"""Columns that only the filter reads; the record is made of the others alone."""
NUMBERS = ("cell", "answer", "setting")
"""Of those, numbers for what condensing tells apart: the question about one thing, the answer, the scope."""
JSONS = ("value", "scope", "unknown", "cites")
COLUMNS: Mapping[str, str] = (
    dict.fromkeys(TEXTS, "text")
    | {"starts": "whole", "ends": "whole", "implied": "whole"}
    | dict.fromkeys(JSONS, "text")
    | DERIVED
)
"""Column → type: text, whole (a 64-bit number) or real (a double)."""

ENUMS: Mapping[str, Callable[[str], Any]] = {
    "kind": Kind,
    "relation": Relation,
    "polarity": Polarity,
    "certainty": Certainty,
    "duty": Duty,
    "strength": Strength,
    "attribution": Attribution,
    "appeals_to": Appeal,
    "role": Role,
    "checked": Checked,
    "made": Made,
}

_VALUE: TypeAdapter[Value] = TypeAdapter(Value)
_SCOPE = TypeAdapter(tuple[ScopeValue, ...])
_UNKNOWN = TypeAdapter(tuple[str, ...])
_CITES = TypeAdapter(tuple[Citation, ...])

Row = dict[str, Any]


def claim_row(claim: Claim) -> Row:
    """Return a claim as a row of `COLUMNS`."""
    row: Row = {name: getattr(claim, name, None) for name in TEXTS}
    at = claim.locator
    row |= {"starts": at.start if at else None, "ends": at.end if at else None}
    row["quote_sha256"] = at.quote_sha256 if at else None
    row["implied"] = int(claim.implied)
    row["value"] = None if claim.value is None else claim.value.model_dump_json(by_alias=True)
    row["scope"] = _json([entry.model_dump(mode="json") for entry in claim.scope])
    row["unknown"] = _json(list(claim.unknown))
    row["cites"] = _json([link.model_dump(mode="json") for link in claim.cites])
    row |= {"cell": _number(*cell_of(claim)), "answer": _number(*answer_of(claim))}
    row["setting"] = _number(row["scope"], row["unknown"])
    return {name: None if row[name] is None else _plain(row[name]) for name in row} | _derived(claim)


def _number(*parts: object) -> int:
    """Return a positive 64-bit number for some texts: engines compare it faster than the texts."""
    return int.from_bytes(blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()) >> 1


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _json(items: list[Any]) -> str:
    return json.dumps(items, ensure_ascii=False, separators=(",", ":"))


def _derived(claim: Claim) -> Row:
    """Return what the filter compares: the hull of the value in its printed unit, open ends null."""
    value = claim.value
    found: Row = {name: None for name in DERIVED if name not in NUMBERS} | {
        "exact": exact_text(value),
        "wide": int(not _is_point(value)),
    }
    if isinstance(value, Interval):
        found |= {"form": "interval", "low": _real(value.low), "high": _real(value.high), "unit": value.unit}
    elif isinstance(value, ValueSet):
        found |= {"form": "set", "low": _real(value.any_of[0]), "high": _real(value.any_of[-1]), "unit": value.unit}
    elif isinstance(value, Ordinal):
        return found | {"form": "class", "class": value.class_}
    elif isinstance(value, Vague):
        found |= {"form": "vague", "unit": value.unit, "printed": value.printed}
    return found | ({"bound": str(value.bound)} if value is not None else {})


def _is_point(value: Value | None) -> bool:
    return isinstance(value, Interval) and value.low == value.high and str(value.bound) in ("exact", "typical", "range")


def link_rows(claim: Claim) -> list[Row]:
    """Return a row for every work that a claim is linked to."""
    return [
        {"claim": claim.id, "source": claim.source, "work": link.work, "basis": link.basis}
        for link in claim.cites
        if link.work
    ]


LINK_COLUMNS: Mapping[str, str] = dict.fromkeys(("claim", "source", "work", "basis"), "text")


def _real(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def claim_of(row: Row) -> Claim:
    """Return the claim of a row that `claim_row` made; it is checked in full."""
    fields = {name: row[name] for name in TEXTS if name != "quote_sha256"} | {"implied": bool(row["implied"])}
    fields |= {name: json.loads(row[name]) if row[name] is not None else None for name in JSONS}
    if row["starts"] is not None:
        fields["locator"] = {"start": row["starts"], "end": row["ends"], "quote_sha256": row["quote_sha256"]}
    return Claim.model_validate(fields)


def trusted_claims(rows: Iterable[Mapping[str, Any]]) -> Iterator[Claim]:
    """Yield the claims of rows that were checked when they were written; parts that repeat are made once."""
    for row in rows:
        fields = {name: row[name] for name in TEXTS if name != "quote_sha256"}
        for name, enum in ENUMS.items():
            fields[name] = _member(enum, row[name]) if row[name] is not None else None
        fields["implied"] = bool(row["implied"])
        fields["value"] = _value(row["value"]) if row["value"] is not None else None
        fields |= {"scope": _scope(row["scope"]), "unknown": _unknown(row["unknown"]), "cites": _cites(row["cites"])}
        at = row["starts"]
        quote = row["quote_sha256"]
        fields["locator"] = (
            None if at is None else Locator.model_construct(start=at, end=row["ends"], quote_sha256=quote)
        )
        yield Claim.model_construct(**fields)


@lru_cache(maxsize=200)
def _member(enum: Callable[[str], Any], text: str) -> Any:
    return enum(text)


@lru_cache(maxsize=100_000)
def _value(text: str) -> Value:
    return _VALUE.validate_json(text)


@lru_cache(maxsize=100_000)
def _scope(text: str) -> tuple[ScopeValue, ...]:
    return _SCOPE.validate_json(text)


@lru_cache(maxsize=10_000)
def _unknown(text: str) -> tuple[str, ...]:
    return _UNKNOWN.validate_json(text)


@lru_cache(maxsize=100_000)
def _cites(text: str) -> tuple[Citation, ...]:
    return _CITES.validate_json(text)
