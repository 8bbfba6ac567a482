"""Which queries are run: those that only read, and only here.

SERVICE would make the store ask another machine, so a query has to pass two readings that do not share a blind spot:
the grammar of rdflib, and the words outside strings, addresses, names and comments. Where the two grammars (rdflib's
and Oxigraph's) read characters differently (escapes by code point, a lone carriage return), the text is refused.
`kb.rdf.worker` has a third barrier: its process cannot open a connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kb.errors import InputError, Problem

MOST_CHARACTERS = 100_000
DEEPEST = 60
"""Brackets in one another; grammars that recurse are not led to their limits."""

TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<iri><[^\s<>"{}|^`\\]*>)
      | (?P<variable>[?$]\w+)
      | (?P<name>(?:[\w.-]*:)(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*)
      | (?P<word>@?\w+)
      | (?P<other>.)""",
    re.X | re.S,
)
FORBIDDEN = {
    "service": "asks another machine (SERVICE)",
    "from": "names data sets (FROM)",
    **dict.fromkeys("insert delete load clear create drop copy move add".split(), "changes data"),
}


class RefusedError(InputError):
    """Raised for what may be sound SPARQL, but does more than read what is here."""


def checked(query: str, name: str = "query") -> str:
    """Return the text of a query that only reads, with line ends as ``\\n``; raise `InputError` for any other."""
    text = query.removeprefix("\ufeff").replace("\r\n", "\n")
    fault = _characters(text) or _words(text)
    if fault:
        raise RefusedError([Problem(name, 0, *fault)])
    try:
        tree = parseQuery(text)
    except Exception as error:  # the parser raises its own kinds, and others on odd input
        message = " ".join(str(error).split())[:300]
        raise InputError([Problem(name, 0, f"is no SPARQL query: {message}", "correct it")]) from None
    found = {node.name for node in _nodes(tree)}
    if "ServiceGraphPattern" in found:
        raise RefusedError([Problem(name, 0, FORBIDDEN["service"], READ_ONLY)])
    if "DatasetClause" in found:
        raise RefusedError([Problem(name, 0, FORBIDDEN["from"], READ_ONLY)])
    return text


READ_ONLY = "queries here only read what is here: leave that part out (GRAPH names a part of the data)"


def _characters(text: str) -> tuple[str, str] | None:
    if len(text) > MOST_CHARACTERS:
        return f"is longer than {MOST_CHARACTERS:,} characters", "ask less at a time"
    if re.search(r"\\[uU]", text):
        return "holds an escape by code point (\\u)", "write the character itself"
    if "\r" in text or "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        return "holds a character that SPARQL cannot (a lone carriage return, NUL or half a pair)", "remove it"
    return None


def _words(text: str) -> tuple[str, str] | None:
    depth = 0
    for token in TOKEN.finditer(text):
        kind, found = token.lastgroup, token.group().casefold()
        if found in "({[":
            depth += 1
            if depth > DEEPEST:
                return f"has more than {DEEPEST} brackets in one another", "ask more simply"
        elif found in ")}]":
            depth -= 1
        if kind == "word" and found in FORBIDDEN and not (found != "service" and found != "from" and depth):
            return FORBIDDEN[found], READ_ONLY
        if kind == "iri" and re.search(r"(?<![a-z])service(?![a-z])", found) and not re.match(r"<[a-z]+://", found):
            return "has an address that could hide SERVICE", "write the address in full"
        if kind == "iri" and re.search(r"[)?!=&,*]|\bservice#>$", found) and "service" in found:
            return "has an address that could hide SERVICE", "declare a prefix that ends before that word"
    return None


def _nodes(part: Any) -> Iterator[CompValue]:
    """Yield every node of a parsed query; no recursion, so that depth does no harm."""
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if isinstance(each, CompValue):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, str | bytes):
            continue
        elif hasattr(each, "__iter__"):
            waiting.extend(each)
