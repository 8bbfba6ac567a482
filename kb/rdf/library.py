"""The library of named queries: files ``queries/NAME.rq`` that begin with their title, user, meaning and parameters.

A parameter NAME is a line ``VALUES ?NAME { UNDEF }`` in the query: unbound, it selects everything. `bound` puts a
value in its place, written as SPARQL writes terms, so that no value can be anything but a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from kb.errors import InputError, Problem
from kb.yamlfile import read_text

FOLDER = Path(__file__).parent / "queries"
HEADER = re.compile(r"# (title|for|about|param ([A-Za-z]\w*)): (.+)")
SLOT = r"VALUES\s+\?{}\s*\{{\s*UNDEF\s*\}}"
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


class Named(NamedTuple):
    """A query of the library. ``user`` is auditor, educator or analyst; ``parameters`` say what each may be."""

    name: str
    title: str
    user: str
    about: str
    parameters: Mapping[str, str]
    text: str


@cache
def library() -> Mapping[str, Named]:
    """Return the queries by name, those of one user together."""
    found = [read_named(path) for path in sorted(FOLDER.glob("*.rq"))]
    users = ("auditor", "educator", "analyst")
    return MappingProxyType({each.name: each for each in sorted(found, key=lambda q: (users.index(q.user), q.name))})


def read_named(path: Path) -> Named:
    """Read one query with its header."""
    text = read_text(path, str(path))
    fields: dict[str, str] = {}
    parameters: dict[str, str] = {}
    for line in text.split("\n"):
        match = HEADER.fullmatch(line)
        if match is None:
            break
        if match[2]:
            parameters[match[2]] = match[3]
        else:
            fields[match[1]] = match[3]
    return Named(path.stem, fields["title"], fields["for"], fields["about"], MappingProxyType(parameters), text)


def find_query(given: str) -> tuple[str, str]:
    """Return (name, text) of a query that is named in the library, lies in a file, or is given as it is."""
    if given in library():
        return given, library()[given].text
    if "{" in given:
        return "query", given
    path = Path(given)
    if path.is_file():
        return str(path), read_text(path, str(path))
    names = ", ".join(library())
    raise InputError([Problem(given, 0, "is no query, no file and no name in the library", f"names are {names}")])


def literal(value: str) -> str:
    """Return a string as SPARQL writes it."""
    return '"' + "".join(ESCAPES.get(c, c) for c in value) + '"'


def bound(text: str, values: Iterable[str], name: str = "query") -> str:
    """Put ``name=value`` pairs into a query; raise `InputError` for a name that it has no place for."""
    seen: set[str] = set()
    for pair in values:
        key, given, value = pair.partition("=")
        slot = re.compile(SLOT.format(re.escape(key)))
        if not given or key in seen or not re.fullmatch(r"[A-Za-z]\w*", key) or not slot.search(text):
            have = ", ".join(re.findall(SLOT.format(r"(\w+)"), text)) or "none"
            remedy = f"write NAME=VALUE, each name once; the parameters of {name} are: {have}"
            raise InputError([Problem(f"--bind {pair}", 0, "does not fit the query", remedy)])
        seen.add(key)
        written = f"VALUES ?{key} {{ {literal(value)} }}"
        text = slot.sub(lambda _, written=written: written, text)  # type: ignore[misc]
    return text
