"""N-Triples tokens: IRIs and literals in the one form that every writer starts from."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import quote, unquote

from kb.errors import InputError, Problem, visible
from kb.quantities import shown
from kb.rdf.terms import XSD


class Quad(NamedTuple):
    """One statement as tokens; ``graph`` is dropped by the formats that know none."""

    subject: str
    predicate: str
    object: str
    graph: str


PLAIN = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*")
PLACES = Decimal("1e-12")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f\ud800-\udfff]+")
SPECIAL = re.compile(
    '[\x00-\x1f"\\\\\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]'
)
"""What is written as an escape: what must be, and what would act on whoever looks at the file."""
SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", '"': '\\"', "\\": "\\\\"}
ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.S)
LONG = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if 0xD800 <= ord(character) <= 0xDFFF:
        remedy = "replace it: it is no character"
        raise InputError([Problem("export", 0, f"a text holds the lone surrogate U+{ord(character):04X}", remedy)])
    return SHORT.get(character) or f"\\u{ord(character):04X}"


def lexical(text: str) -> str:
    """Return a text as it stands between the quotation marks of a literal; raise `InputError` if it cannot."""
    return SPECIAL.sub(_escape, text)


def plain(escaped: str) -> str:
    """Return the text of what stands between the quotation marks of a literal."""
    return ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else LONG.get(m[3], m[3]), escaped)


def path(name: str) -> str:
    """Return a name as a segment of an IRI, percent-encoded; never a segment of dots."""
    if PLAIN.fullmatch(name):
        return name
    try:
        encoded = quote(name, safe="-._~")
    except UnicodeEncodeError:
        raise InputError([Problem("export", 0, f"“{visible(name)}” holds a lone surrogate", "correct it")]) from None
    return encoded.replace(".", "%2E") if encoded.strip(".") == "" else encoded


def name_of(segment: str) -> str:
    """Return the name that was encoded as a segment."""
    return unquote(segment, errors="strict")


def iri(address: str) -> str:
    """Return an address as a token; raise `InputError` if it is no absolute IRI."""
    if not ABSOLUTE.fullmatch(address):
        raise InputError(
            [Problem("export", 0, f"“{address[:200]}” is no absolute IRI", "correct it in the vocabulary")]
        )
    return f"<{address}>"


def text(value: str) -> str:
    """Return a plain string literal."""
    return f'"{lexical(value)}"'


def number(value: Decimal) -> str:
    """Return the digits of a decimal: no exponent, no trailing zero, at most 12 places."""
    return shown(value.quantize(PLACES) if value.as_tuple().exponent < -12 else value)  # type: ignore[operator]


def whole(value: int) -> str:
    """Return an integer literal."""
    return f'"{value}"^^{XSD.integer}'


def boolean(value: bool) -> str:
    """Return a boolean literal."""
    return f'"{str(value).lower()}"^^{XSD.boolean}'


def root_of(base: str) -> str:
    """Return what the IRIs of a domain begin with; raise `InputError` if its base is no absolute IRI."""
    iri(base)
    return base if base.endswith("/") else f"{base}/"
