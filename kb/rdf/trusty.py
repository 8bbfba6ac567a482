"""The name that a nanopublication gets from its content: a trusty URI, module RA (https://trustyuri.net/spec)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

from kb.rdf.terms import NAMESPACES
from kb.rdf.tokens import Quad, plain

CODE = re.compile(r"RA[A-Za-z0-9_-]{43}")
LITERAL = re.compile(r'"(.*)"(?:\^\^<(.*)>|@([A-Za-z0-9-]+))?', re.S)
STRING = NAMESPACES["xsd"] + "string"
Key = tuple[str, str, str, bool, str, str, str]


def normal_form(quads: Iterable[Quad], code: str) -> str:
    """Return the text that is hashed and signed: four lines a statement, each statement once, whatever their order.

    ``code`` is what the name ends with; a blank stands for it, as content cannot hold its own hash.
    """
    return "".join(_lines(key) for key in sorted({_key(quad, code) for quad in quads}))


def code_of(quads: Iterable[Quad], code: str) -> str:
    """Return the code that the content gives: ``RA`` and 43 characters for its SHA-256."""
    digest = sha256(normal_form(quads, code).encode("utf-8")).digest()
    return "RA" + urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _key(quad: Quad, code: str) -> Key:
    graph, subject, predicate = (token[1:-1].replace(code, " ") for token in (quad.graph, quad.subject, quad.predicate))
    match = LITERAL.fullmatch(quad.object)
    if match is None:
        return graph, subject, predicate, False, quad.object[1:-1].replace(code, " "), "", ""
    body, datatype, language = match.groups("")
    kind = "" if language else datatype or STRING
    return graph, subject, predicate, True, plain(body), kind, language.lower()


def _lines(key: Key) -> str:
    graph, subject, predicate, is_literal, value, kind, language = key
    if is_literal:
        mark = f"@{language}" if language else f"^{kind}"
        value = f"{mark} " + value.replace("\\", "\\\\").replace("\n", "\\n")
    return f"{graph}\n{subject}\n{predicate}\n{value}\n"
