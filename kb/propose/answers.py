"""The text of a model's answer as rows of plain values: found in whatever stands around it, and never trusted."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

MOST_ROWS = 200
_STARTS = 20  # places in which JSON is looked for
_OPENING = re.compile(r"[\[{]")


class UnreadableAnswerError(Exception):
    """Raised where an answer holds no rows; the message says why."""


def rows_of(answer: str) -> list[dict[str, Any]]:
    """Return the rows of an answer: ``{"claims": [...]}`` or a bare list, alone or within other text.

    Numbers are Decimal. What is no mapping becomes an empty one, so that it is refused and counted.
    """
    for data in _values(answer.rpartition("</think>")[2]):
        rows = data.get("claims") if isinstance(data, dict) else data
        if isinstance(rows, list):
            return [row if isinstance(row, dict) else {} for row in rows]
    raise UnreadableAnswerError("its answer holds no JSON with claims")


def _values(text: str) -> list[Any]:
    """Return the JSON values that a text holds, outermost first, from at most twenty places on."""
    decoder = json.JSONDecoder(parse_float=_decimal, parse_int=_decimal, parse_constant=_refused)
    found: list[Any] = []
    at = 0
    for _ in range(_STARTS):
        opening = _OPENING.search(text, at)
        if opening is None:
            break
        try:
            value, at = decoder.raw_decode(text, opening.start())
        except (ValueError, ArithmeticError, RecursionError):
            at = opening.end()
        else:
            found.append(value)
    return found


def _decimal(printed: str) -> Decimal:
    return Decimal(printed[:100])


def _refused(name: str) -> None:
    """NaN and Infinity are no JSON and no number; what holds one is refused by its check."""
