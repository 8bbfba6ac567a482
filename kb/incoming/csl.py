"""Reading CSL-JSON, as Zotero and citation processors write it, item by item, so that each fault has its line.

Zotero writes date parts as text, numbers as either, bodies as ``literal``, and the PubMed number into ``note``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from kb.bibliography import Work
from kb.errors import InputError, Problem
from kb.incoming.fields import Person, RefusedError, make_work

KINDS = {
    **dict.fromkeys(("article-journal", "article-magazine", "article-newspaper", "review"), "article"),
    **dict.fromkeys(("webpage", "post", "post-weblog"), "online"),
    **{"book": "book", "chapter": "incollection", "report": "report", "thesis": "thesis", "dataset": "dataset"},
    **{"paper-conference": "inproceedings"},
}
NAMES = {
    **{"title": "title", "journal": "container-title", "volume": "volume", "pages": "page", "doi": "DOI"},
    **{"pmid": "PMID", "url": "URL", "note": "note"},
}
LIST_START = re.compile(r'\s*(?:\{\s*"items"\s*:\s*)?\[')
BLANKS = re.compile(r"\s*")
BETWEEN = re.compile(r"\s*(,|\])\s*")


def read_csl(text: str, shown: str) -> Iterator[tuple[int, Work | RefusedError]]:
    """Yield the line of each item with its work, or why it is refused; raise `InputError` where it is no JSON list."""
    for line, item in items(text, shown):
        try:
            yield line, _work(item, line)
        except RefusedError as refusal:
            yield line, refusal


def items(text: str, shown: str) -> Iterator[tuple[int, Any]]:
    """Yield each item of a JSON list with its line."""
    start = LIST_START.match(text)
    if not start:
        remedy = "export the works as CSL JSON, a list of items in [ ]"
        raise InputError([Problem(shown, 1, "is no list of CSL-JSON items", remedy)])
    at = start.end()
    if text[at:].lstrip().startswith("]"):
        return
    decoder = json.JSONDecoder()
    line, counted, more = 1, 0, True
    while more:
        at = BLANKS.match(text, at).end()  # type: ignore[union-attr]
        line += text.count("\n", counted, at)
        counted = at
        try:
            item, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            remedy = "mend it there, or export the file again"
            raise InputError([Problem(shown, error.lineno, f"is no JSON: {error.msg}", remedy)]) from None
        except (RecursionError, ValueError):
            message = "an item is nested too deeply, or has too long a number"
            raise InputError([Problem(shown, line, message, "remove it")]) from None
        yield line, item
        found = BETWEEN.match(text, at)
        if found is None:
            here = text.count("\n", 0, at) + 1
            raise InputError([Problem(shown, here, "is no JSON: a comma or ] is missing", "export the file again")])
        at, more = found.end(), found[1] == ","


def _work(item: Any, line: int) -> Work:
    if not isinstance(item, dict):
        raise RefusedError("it is no item", "write each work as an object in { }")
    kind = KINDS.get(str(item.get("type")), "misc")
    raw = {name: _text(item, field) for name, field in NAMES.items()}
    number = _text(item, "number")
    raw["number"] = _text(item, "issue") or (number if kind != "article" else "")
    raw["eid"] = number if kind == "article" else ""
    raw["date"] = _date(item.get("issued"))
    people = item.get("author", [])
    if not isinstance(people, list):
        raise RefusedError("its authors are no list", "write them in [ ]")
    return make_work(kind, line, raw, [_person(person) for person in people])


def _text(item: dict[str, Any], field: str) -> str:
    """Return a field as text; a number is one, anything else is not."""
    value = item.get(field)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RefusedError(f"its “{field}” is no text", "write it in quotation marks")
    return str(value)


def _date(value: Any) -> str:
    """Return the year and what else a date gives; "" if it is none."""
    if not isinstance(value, dict):
        return ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return str(parts[0][0])[:40]
    return str(value.get("raw") or value.get("literal") or "")[:200]


def _person(value: Any) -> Person:
    if not isinstance(value, dict):
        raise RefusedError("an author is no object", 'write each as {"family": …, "given": …} or {"literal": …}')
    if value.get("literal"):
        return Person(_text(value, "literal"))
    family = (_text(value, name) for name in ("non-dropping-particle", "family", "suffix"))
    given = (_text(value, name) for name in ("given", "dropping-particle"))
    return Person(" ".join(filter(None, family)), " ".join(filter(None, given)))
