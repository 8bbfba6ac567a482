"""The ego network of a source or a concept by query: what stands next to it in most claims, never the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

MOST = 40

EDGES = """
    SELECT source AS a, subject AS b, 'says of' AS how FROM claims
    UNION ALL
    SELECT subject AS a, object AS b, property AS how FROM claims WHERE object IS NOT NULL
    UNION ALL
    SELECT subject AS a, than AS b, property AS how FROM claims WHERE than IS NOT NULL
    UNION ALL
    SELECT source AS a, work AS b, 'cites' AS how FROM links
"""
NEXT = f"""
WITH edges AS ({EDGES})
SELECT a, b, how, COUNT(*) AS claims FROM edges WHERE a = $name OR b = $name
GROUP BY a, b, how ORDER BY claims DESC, a, b, how
"""  # noqa: S608 - our own text


class Asks(Protocol):
    """What answers a query with parameters: an engine, or the files beside a table."""

    def ask(self, query: str, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query; ``$name`` in it stands for what is given under that name."""


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


def ego(engine: Asks, centre: str, most: int = MOST) -> Ego:
    """Return the neighbourhood of a source or concept; one that no claim names has no edges."""
    rows = engine.ask(NEXT, {"name": centre})
    return Ego(centre, tuple(Edge(*row) for row in rows[:most]), len(rows))


NEAR = "SELECT a, b, how, claims FROM edges WHERE node = $name ORDER BY claims DESC, a, b, how LIMIT $most"


def near(engine: Asks, centre: str, most: int = MOST) -> Ego:
    """Return the same from the edges that are kept beside a table (``found/edges.parquet``)."""
    rows = engine.ask(NEAR, {"name": centre, "most": most})
    total = engine.ask("SELECT COUNT(*) FROM edges WHERE node = $name", {"name": centre})[0][0]
    return Ego(centre, tuple(Edge(*row) for row in rows), int(total))
