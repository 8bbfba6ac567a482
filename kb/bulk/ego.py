"""The ego network of a source or a concept by query: what stands next to it in most claims, never the whole."""

from __future__ import annotations

from typing import NamedTuple

from kb.bulk.engines import Engine

MOST = 40

NEXT = """
WITH edges AS (
    SELECT source AS a, subject AS b, 'says of' AS how FROM claims WHERE source = {name} OR subject = {name}
    UNION ALL
    SELECT subject AS a, object AS b, property AS how FROM claims
    WHERE object IS NOT NULL AND (subject = {name} OR object = {name})
    UNION ALL
    SELECT subject AS a, than AS b, property AS how FROM claims
    WHERE than IS NOT NULL AND (subject = {name} OR than = {name})
    UNION ALL
    SELECT source AS a, work AS b, 'cites' AS how FROM links WHERE source = {name} OR work = {name}
)
SELECT a, b, how, COUNT(*) AS claims FROM edges GROUP BY a, b, how ORDER BY claims DESC, a, b, how
"""


class Edge(NamedTuple):
    """That ``a`` says something of, is set beside, or cites ``b``, in so many claims."""

    a: str
    b: str
    how: str
    claims: int


class Ego(NamedTuple):
    """The edges with most claims around ``centre``, and how many there are in all."""

    centre: str
    edges: tuple[Edge, ...]
    total: int


def ego(engine: Engine, centre: str, most: int = MOST) -> Ego:
    """Return the neighbourhood of a source or concept; one that no claim names has no edges."""
    name = "'" + centre.replace("'", "''") + "'"
    rows = engine.ask(NEXT.format(name=name))
    return Ego(centre, tuple(Edge(*row) for row in rows[:most]), len(rows))
