"""Raw fields of a reference, made into a work as the bibliography could hold it; or a reason why it could not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kb.bibliography import Work

TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span)(?:\s[^<>]{0,200})?>", re.I)
"""The markup that Zotero and Crossref allow in titles."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
DOI = re.compile(r"10\.\d{4,9}/[^\s{}\\]+", re.A)
DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.I)
PMID = re.compile(r"[1-9]\d{0,7}", re.A)
PMID_NOTE = re.compile(r"^\s*PMID:\s*(\d+)", re.I | re.M)
YEAR = re.compile(r"(?<!\d)([12]\d{3})(?!\d)", re.A)
RANGE = re.compile(r"(\w+)\s*[-‐‑‒–—]{1,3}\s*(\w+)")
ARTICLE_NUMBER = re.compile(r"(?=.*\d)[A-Za-z]+\d[\w.]*|\d{5,}", re.A)
OPEN = re.compile(r"(?:et al\.?|others)", re.I)
LONGEST = 20_000


class RefusedError(ValueError):
    """Raised when a reference cannot become a work; says why, and how to mend it."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


class Person(NamedTuple):
    """An author as the file gives one; ``given`` is empty for a body."""

    family: str
    given: str = ""


def clean(text: str) -> str:
    """Return text on one line, composed (NFC), without characters that are none; or raise `RefusedError`."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise RefusedError("it holds half of a character (a lone surrogate)", "export the file again as UTF-8")
    if len(text) > LONGEST:
        raise RefusedError(f"a field has more than {LONGEST:,} characters", "shorten it")
    return " ".join(unicodedata.normalize("NFC", CONTROL.sub(" ", text)).split())


def make_work(kind: str, line: int, raw: Mapping[str, str], people: Sequence[Person]) -> Work:
    """Return a work without key (it is ""), each of its fields listed as unverified.

    ``raw`` may have title, journal, volume, number, pages, eid, doi, pmid, url, date and note. Raises `RefusedError`.
    """
    fields = {name: text for name, value in raw.items() if (text := clean(value))}
    title = clean(TAG.sub("", fields.get("title", "")))
    if not re.search(r"\w", title):
        raise RefusedError("it has no title", "add one")
    values: dict[str, object] = {"title": title, "journal": clean(TAG.sub("", fields.get("journal", ""))) or None}
    values |= {name: fields.get(name) for name in ("volume", "number")}
    values |= _pages(fields, kind)
    values |= {"doi": _doi(fields), "pmid": _pmid(fields, raw.get("note", "")), "url": _url(fields)}
    values["year"] = _year(fields)
    authors, complete = _authors(people)
    values |= {"authors": authors, "authors_complete": complete}
    values["note"] = _missing(authors, values["year"])
    given = tuple(name for name in ORDER if values.get({"author": "authors"}.get(name, name)))
    return Work.model_validate({"key": "", "entry_type": kind, "line": line, "unverified": given, **values})


ORDER = ("author", "title", "journal", "year", "volume", "number", "pages", "eid", "doi", "pmid", "url")
"""The fields of an entry that a reference manager knows, in the order in which they are written."""


def _missing(authors: Sequence[str], year: object) -> str | None:
    """Return the note that explains what is missing, as the reader of the bibliography demands it."""
    names = [name for name, value in (("author", authors), ("year", year)) if not value]
    return f"The imported record names no {' and no '.join(names)}." if names else None


def _pages(fields: Mapping[str, str], kind: str) -> dict[str, str | None]:
    """Return pages with an en dash, and what only looks like a page as an article number."""
    pages, eid = fields.get("pages"), fields.get("eid")
    if pages and (found := RANGE.fullmatch(pages)):
        pages = f"{found[1]}–{found[2]}" if found[1] != found[2] else found[1]
    if pages and not eid and kind == "article" and ARTICLE_NUMBER.fullmatch(pages):
        pages, eid = None, pages
    return {"pages": pages, "eid": eid}


def _doi(fields: Mapping[str, str]) -> str | None:
    doi = DOI_PREFIX.sub("", fields.get("doi", ""))
    if doi and not DOI.fullmatch(doi):
        raise RefusedError(f"its DOI is none: “{doi[:60]}”", "write it from '10.' on, or drop it")
    return doi or None


def _pmid(fields: Mapping[str, str], note: str) -> str | None:
    """Return the PubMed number, which Zotero keeps as a line of the note."""
    pmid = fields.get("pmid", "")
    if not pmid and (found := PMID_NOTE.search(note)):
        pmid = found[1]
    if pmid and not PMID.fullmatch(pmid):
        raise RefusedError(f"its PubMed number is none: “{pmid[:60]}”", "write one to eight digits, or drop it")
    return pmid or None


def _url(fields: Mapping[str, str]) -> str | None:
    """Return the address if it is one of the web, with its odd characters escaped; that of a DOI says nothing new."""
    url = fields.get("url", "")
    if not re.match(r"https?://", url, re.I) or DOI_PREFIX.match(url):
        return None
    return re.sub(r"[\s{}\\]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)


def _year(fields: Mapping[str, str]) -> int | None:
    found = YEAR.search(fields.get("date", ""))
    return int(found[1]) if found else None


def _authors(people: Sequence[Person]) -> tuple[tuple[str, ...], bool]:
    """Return "Surname, Given" and bodies, and whether the list is complete."""
    names: list[str] = []
    complete = True
    for person in people:
        family, given = clean(person.family.strip(" ,")), clean(person.given.replace(",", " "))
        if given:
            family = clean(family.replace(",", " "))
        if not given and OPEN.fullmatch(family):
            complete = False
        elif family or given:
            names.append(f"{family}, {given}" if family and given else family or given)
    for name in names:
        if OPEN.fullmatch(name) or re.search(r"\bet al\b", name):
            raise RefusedError(f"an author is no name: “{name[:60]}”", "write each author in a field of its own")
    return tuple(names), complete
