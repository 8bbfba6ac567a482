"""Works as BibTeX, made from the records: what `kb.bibliography` reads from it is the same works again.

A file of the user is never written to; `refuse_own` sees to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.errors import InputError, Problem

FIELDS = {  # name in the file: name in `Work`
    **{name: name for name in ("title", "journal", "year", "volume", "number", "pages", "eid", "doi", "pmid", "url")},
    **{"shorthand": "shorthand", "studydesign": "design", "population": "population", "samplesize": "sample_size"},
    **{"species": "species", "erratum": "erratum", "supersededby": "superseded_by", "retraction": "retracted"},
    "note": "note",
}
VERBATIM = frozenset({"doi", "url"})
SPECIAL = re.compile(r"[&%$#_{}]")
COMMANDS = {"\\": "/", "~": "∼", "…": "…"}
"""A backslash has no form that every BibTeX style prints, and the records hold none; a bare tilde would be a blank."""


def refuse_own(kb: KnowledgeBase, out: Path | None) -> None:
    """Raise `InputError` if ``out`` is the bibliography of the knowledge base itself."""
    own = kb.path / kb.policy.bibliography
    if out is not None and out.exists() and own.exists() and out.samefile(own):
        message = "is the bibliography of this knowledge base, which is yours to edit"
        raise InputError([Problem(str(out), 0, message, "name another file with --out")])


def to_bibtex(works: Iterable[Work]) -> str:
    """Return the works as BibTeX, in the order given, in UTF-8 with LaTeX's own characters escaped."""
    return "\n".join(entry(work) for work in works)


def entry(work: Work) -> str:
    """Return one entry; empty fields are left out."""
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work))
    return f"@{work.entry_type}{{{work.key},\n{body}}}\n"


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    named = {*work.verified, *work.unverified}
    body = "organization" if "organization" in named and "author" not in named and len(work.authors) == 1 else "author"
    present = set()
    if work.authors:
        present.add(body)
        yield body, _authors(work) if body == "author" else f"{{{escaped(work.authors[0])}}}"
    for name, attribute in FIELDS.items():
        value = getattr(work, attribute)
        if value is not None:
            present.add(name)
            yield name, _value(name, str(value))
    for name in ("verified", "unverified"):
        if listed := [field for field in getattr(work, name) if field in present]:
            yield name, " ".join(listed)


def _value(name: str, value: str) -> str:
    if name in VERBATIM:
        return re.sub(r"[{}]", r"\\\g<0>", value)
    if name == "title":
        return " ".join(_protected(number, word) for number, word in enumerate(value.split(" ")))
    text = escaped(value)
    return text.replace("–", "--") if name == "pages" else text


def _protected(number: int, word: str) -> str:
    """Return a word of a title; its capitals are kept by braces, but for the first letter of the title."""
    keep = any(c.isupper() for c in (word[1:] if number == 0 else word))
    return f"{{{escaped(word)}}}" if keep else escaped(word)


def _authors(work: Work) -> str:
    names = [_name(author) for author in work.authors]
    return " and ".join(names if work.authors_complete else [*names, "others"])


def _name(author: str) -> str:
    family, comma, given = author.partition(", ")
    if not comma:
        return f"{{{escaped(author)}}}"
    suffixed = re.fullmatch(r"(.+) (Jr\.?|Sr\.?)", family)
    parts = [*suffixed.groups(), given] if suffixed else [family, given]
    return ", ".join(escaped(part) for part in parts)


def escaped(text: str) -> str:
    """Return text with what LaTeX takes for its own escaped."""
    return SPECIAL.sub(r"\\\g<0>", "".join(COMMANDS.get(c, c) for c in text))
