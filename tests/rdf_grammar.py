"""Readers of what the export writes, by the letter of each grammar: no library, and no leniency.

They know the part of Turtle, TriG and JSON-LD that is written; anything else fails, blank nodes too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin

Statement = tuple[str, str, str, str]
IRI = r'<[^\x00-\x20<>"{}|\\^`]*>'
STRING = r'"(?:[^"\\\n\r]|\\[tbnrf"\\]|\\u[0-9A-F]{4})*"'
NAME = r"[a-z]+:(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?"
TOKEN = re.compile(rf"[ \n]+|({IRI}|{STRING}|{NAME}|@base|@prefix|a(?= )|\^\^|[{{}};.])")
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def literal(value: str, datatype: str = XSD_STRING) -> str:
    """Return one spelling for a literal, whoever read it."""
    return f"{json.dumps(value)}^^<{datatype or XSD_STRING}>"


def by_turtle_grammar(text: str) -> set[Statement]:
    """Read Turtle or TriG."""
    base, graph = "", "DEFAULT"
    spaces: dict[str, str] = {}
    held: list[str] = []
    found: set[Statement] = set()
    for word in _tokens(text):
        if word == "{":
            assert len(held) == 1
            assert graph == "DEFAULT"
            graph, held = held[0], []
        elif word == "}":
            assert not held
            assert graph != "DEFAULT"
            graph = "DEFAULT"
        elif word == "." and held[0] == "@base":
            base, held = held[1][1:-1], []
        elif word == "." and held[0] == "@prefix":
            spaces[held[1]] = held[2][1:-1]
            held = []
        elif word in (".", ";"):
            subject, predicate, value = held
            assert subject[0] == predicate[0] == "<"
            found.add((subject, predicate, value, graph))
            held = held[:1] if word == ";" else []
        elif word[0] == "@" or word == "^^" or (held and held[0] == "@prefix" and len(held) == 1):
            held.append(word)
        else:
            term = _term(word, base, spaces)
            if held and held[-1] == "^^":
                held.pop()
                term = f"{held.pop().rpartition('^^')[0]}^^{term}"
            held.append(term)
    assert not held
    assert graph == "DEFAULT"
    return found


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        assert match, text[at : at + 200]
        at = match.end()
        if match[1]:
            yield match[1]


def _term(word: str, base: str, spaces: dict[str, str]) -> str:
    if word == "a":
        return RDF_TYPE
    if word[0] == '"':
        return literal(json.loads(word))  # the escapes of Turtle that are written are those of JSON
    if word[0] == "<":
        absolute = re.match("<[a-z][a-z0-9+.-]*:", word)  # urljoin would drop the end of "claims#"
        return word if absolute else f"<{urljoin(base, word[1:-1])}>"
    prefix, _, name = word.partition(":")
    return f"<{spaces[f'{prefix}:']}{name}>"


def by_expanded_jsonld(text: str) -> set[Statement]:
    """Read JSON-LD in expanded form: graphs of nodes, each property with a list of references or values."""
    found: set[Statement] = set()
    for graph in json.loads(text):
        assert graph.keys() == {"@id", "@graph"}
        for node in graph["@graph"]:
            subject = node.pop("@id")
            values = [(RDF_TYPE, f"<{kind}>") for kind in node.pop("@type", ())]
            for name, items in node.items():
                assert ":" in name
                values += [(f"<{name}>", _value(item)) for item in items]
            found |= {(f"<{subject}>", predicate, value, f"<{graph['@id']}>") for predicate, value in values}
    return found


def _value(item: dict[str, str]) -> str:
    if "@id" in item:
        assert item.keys() == {"@id"}
        return f"<{item['@id']}>"
    assert item.keys() <= {"@value", "@type"}
    return literal(item["@value"], item.get("@type", ""))
