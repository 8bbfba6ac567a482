"""Writers of N-Triples, N-Quads, Turtle, TriG and expanded JSON-LD: a block of statements at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from kb.rdf.terms import NAMESPACES, RDF, Term
from kb.rdf.tokens import Quad, plain

Render = Callable[[Sequence[Quad]], str]


class RdfFormat(StrEnum):
    """The formats of the export."""

    TURTLE = "turtle"
    TRIG = "trig"
    NQUADS = "nquads"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"


def ntriples(quads: Sequence[Quad]) -> str:
    """Return statements without their graphs, one a line."""
    return "".join(f"{s} {p} {o} .\n" for s, p, o, _ in quads)


def nquads(quads: Sequence[Quad]) -> str:
    """Return statements, one a line."""
    return "".join(f"{s} {p} {o} {g} .\n" for s, p, o, g in quads)


class Turtle:
    """Turtle, or with ``graphs`` TriG. Names below ``root`` are relative to it, terms of vocabularies have a prefix."""

    def __init__(self, root: str, graphs: bool) -> None:
        self.graphs = graphs
        self.root = f"<{root}" if root.startswith(("https://", "http://")) else ""
        self._known: dict[str, str] = {}

    @property
    def header(self) -> str:
        """The base and the prefixes."""
        base = f"@base {self.root}> .\n" if self.root else ""
        return base + "".join(f"@prefix {name}: <{space}> .\n" for name, space in sorted(NAMESPACES.items())) + "\n"

    def short(self, token: str) -> str:
        """Return the short form of a token."""
        if isinstance(token, Term):
            known = self._known.get(token)
            if known is None:
                known = self._known[token] = _prefixed(token)
            return known
        if token[0] == '"':
            if token[-1] != ">":
                return token
            body, _, datatype = token.rpartition("^^")
            return f"{body}^^{_prefixed(datatype)}"
        if self.root and token.startswith(self.root):
            return "<" + token[len(self.root) :]
        return token

    def __call__(self, quads: Sequence[Quad]) -> str:
        """Return a block; statements on one subject in one graph are put together where they follow one another."""
        parts: list[str] = []
        graph = subject = ""
        indent = "  " if self.graphs else ""
        for s, p, o, g in quads:
            if self.graphs and g != graph:
                parts.append(f" .\n}}\n{self.short(g)} {{\n" if graph else f"{self.short(g)} {{\n")
                graph, subject = g, ""
            elif subject and s != subject:
                parts.append(" .\n")
            verb = "a" if p == RDF.type else self.short(p)
            if s == subject:
                parts.append(f" ;\n{indent}  {verb} {self.short(o)}")
            else:
                parts.append(f"{indent}{self.short(s)} {verb} {self.short(o)}")
                subject = s
        if parts:
            parts.append(" .\n}\n\n" if self.graphs else " .\n\n")
        return "".join(parts)


def _prefixed(token: str) -> str:
    address = token[1:-1]
    for prefix, space in NAMESPACES.items():
        if address.startswith(space) and address != space:
            name = address[len(space) :]
            return f"{prefix}:{name}" if "/" not in name else token
    return token


class JsonLd:
    """Expanded JSON-LD: an array of one object for each graph of each block."""

    header = "[\n"
    footer = "\n]\n"

    def __init__(self) -> None:
        self._begun = False

    def __call__(self, quads: Sequence[Quad]) -> str:
        """Return a block, with what parts it from the block before."""
        graphs: dict[str, dict[str, dict[str, list[object]]]] = {}
        for s, p, o, g in quads:
            node = graphs.setdefault(g, {}).setdefault(s, {})
            if p == RDF.type:
                node.setdefault("@type", []).append(o[1:-1])
            else:
                node.setdefault(p[1:-1], []).append(_json_value(o))
        objects = [
            {"@id": graph[1:-1], "@graph": [{"@id": s[1:-1], **node} for s, node in nodes.items()]}
            for graph, nodes in graphs.items()
        ]
        body = ",\n".join(json.dumps(item, ensure_ascii=True, separators=(",", ":")) for item in objects)
        lead = ",\n" if self._begun and body else ""
        self._begun = self._begun or bool(body)
        return lead + body


def _json_value(token: str) -> dict[str, str]:
    if token[0] == "<":
        return {"@id": token[1:-1]}
    if token[-1] == '"':
        return {"@value": plain(token[1:-1])}
    body, _, datatype = token.rpartition("^^")
    return {"@value": plain(body[1:-1]), "@type": datatype[1:-1]}


class Writer:
    """A format with what stands before and after its blocks."""

    def __init__(self, form: RdfFormat, root: str) -> None:
        self.header = self.footer = ""
        self.templated = form is not RdfFormat.JSONLD
        self.render: Render = nquads if form is RdfFormat.NQUADS else ntriples
        if form in (RdfFormat.TURTLE, RdfFormat.TRIG):
            turtle = Turtle(root, form is RdfFormat.TRIG)
            self.render, self.header = turtle, turtle.header
        elif form is RdfFormat.JSONLD:
            json_ld = JsonLd()
            self.render, self.header, self.footer = json_ld, json_ld.header, json_ld.footer

    def blocks(self, blocks: Iterable[Sequence[Quad]]) -> Iterable[str]:
        """Yield the text of each block."""
        for block in blocks:
            yield self.render(block)
