"""The process that holds the store and answers queries, one at a time: ``python -m kb.rdf.worker``.

It reads frames from its input and writes frames to its output: eight bytes of length, then JSON. The first frame
gives N-Quads, every other a query. It is ended from outside when a query takes too long. Once the store is loaded it
can open no file and no connection, and its memory is bounded.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from typing import IO, Any

MEMORY = 6 << 30
"""Bytes of address space at most."""

LONGEST = 1 << 34


def write_frame(stream: IO[bytes], content: dict[str, Any]) -> None:
    """Write one frame."""
    data = json.dumps(content, ensure_ascii=True).encode("ascii")
    stream.write(struct.pack(">Q", len(data)) + data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the next frame, None at the end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    (length,) = struct.unpack(">Q", head)
    data = stream.read(length) if length < LONGEST else b""
    return json.loads(data) if len(data) == length else None


def answer(store: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Run one query."""
    import pyoxigraph as ox

    try:
        found = store.query(asked["query"])
        if isinstance(found, ox.QueryBoolean):
            return {"kind": "ask", "answer": bool(found), "truncated": False}
        if isinstance(found, ox.QueryTriples):
            return _triples(found, asked["rows"])
        return _rows(found, asked["rows"])
    except (SyntaxError, ValueError) as error:
        return {"kind": "error", "message": str(error)}
    except (OSError, RuntimeError) as error:
        return {"kind": "failed", "message": str(error)}


def _triples(found: Any, most: int) -> dict[str, Any]:
    lines: list[str] = []
    for triple in found:
        if len(lines) == most:
            return {"kind": "graph", "triples": lines, "truncated": True}
        lines.append(f"{triple} .")
    return {"kind": "graph", "triples": lines, "truncated": False}


def _rows(found: Any, most: int) -> dict[str, Any]:
    names = [variable.value for variable in found.variables]
    rows: list[dict[str, Any]] = []
    for solution in found:
        if len(rows) == most:
            return {"kind": "select", "names": names, "rows": rows, "truncated": True}
        rows.append({name: _term(term) for name, term in zip(names, solution, strict=True) if term is not None})
    return {"kind": "select", "names": names, "rows": rows, "truncated": False}


def _term(term: Any) -> dict[str, Any]:
    """Return a term as the JSON format of SPARQL results has it."""
    import pyoxigraph as ox

    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        given: dict[str, Any] = {"type": "literal", "value": term.value}
        if term.language:
            return given | {"xml:lang": term.language}
        plain = term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        return given if plain else given | {"datatype": term.datatype.value}
    return {"type": "literal", "value": str(term)}


def confine() -> None:
    """Let this process open nothing more: no file, no connection; bound its memory (where the system can)."""
    try:
        import resource
    except ImportError:  # Windows: the two readings of the query remain
        return
    free = os.dup(0)
    os.close(free)  # the lowest number that is free: every number from it on is out of bounds
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def main() -> None:
    """Load the store and answer until the input ends."""
    import pyoxigraph as ox

    given, taken = sys.stdin.buffer, sys.stdout.buffer
    first = read_frame(given)
    if first is None:
        return
    store = ox.Store()
    data = first.pop("nquads").encode("utf-8")
    store.load(data, format=ox.RdfFormat.N_QUADS)
    # the default graph holds everything once; Oxigraph's own union repeats what stands in several graphs
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(data, format=ox.RdfFormat.N_QUADS))
    del data
    confine()
    write_frame(
        taken,
        {"kind": "ready", "triples": sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))},
    )
    while (asked := read_frame(given)) is not None:
        write_frame(taken, answer(store, asked))


if __name__ == "__main__":
    main()
