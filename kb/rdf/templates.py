"""Many claims fast: what the mapping writes for one shape of claim is rendered once and filled in for all others.

The template of a shape is the mapping itself, run on placeholders and rendered by the writer; so there is one
definition of the mapping, and what a template gives is what the mapping gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

from kb.model import Claim
from kb.rdf.claim_quads import claim_quads
from kb.rdf.rows import Rows
from kb.rdf.writers import Writer

MOST_SHAPES = 4_000
PLACEHOLDER = re.compile("\x00([0-9]+)\x01")
Fill = Callable[[list[str]], str]


def flatten(row: Any, shape: list[Any], slots: list[str]) -> None:
    """Part a row into its shape (terms, absences, lengths) and its content."""
    for value in row:
        kind = value.__class__
        if kind is str:
            slots.append(value)
            shape.append(0)
        elif value is None or not isinstance(value, tuple):
            shape.append(value)
        else:
            shape.append(len(value))
            flatten(value, shape, slots)


def _placeholders(row: Any, numbers: Iterator[int]) -> Any:
    made = [
        f"\x00{next(numbers)}\x01"
        if value.__class__ is str
        else _placeholders(value, numbers)
        if isinstance(value, tuple)
        else value
        for value in row
    ]
    return type(row)(*made) if hasattr(row, "_fields") else tuple(made)


def _template(rows: Rows, writer: Writer, row: Any) -> Fill:
    count = iter(range(1_000_000))
    text = writer.render(list(claim_quads(rows.root, _placeholders(row, count))))
    order = [int(number) for number in PLACEHOLDER.findall(text)]
    form = PLACEHOLDER.sub("%s", text.replace("%", "%%"))
    pick = itemgetter(*order)  # far more than one: an id stands in every line
    return lambda slots: form % pick(slots)


def claim_texts(rows: Rows, writer: Writer, claims: Iterable[Claim]) -> Iterator[str]:
    """Yield what the writer makes of each claim."""
    if not writer.templated:
        for claim in claims:
            yield writer.render(list(claim_quads(rows.root, rows.claim(claim))))
        return
    known: dict[tuple[Any, ...], Fill] = {}
    for claim in claims:
        row = rows.claim(claim)
        shape: list[Any] = []
        slots: list[str] = []
        flatten(row, shape, slots)
        key = tuple(shape)
        fill = known.get(key)
        if fill is None:
            if len(known) >= MOST_SHAPES:
                known.clear()
            fill = known[key] = _template(rows, writer, row)
        yield fill(slots)
