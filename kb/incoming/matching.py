"""Which of the works that are there a new one is, and where the two contradict each other.

Two works are one if they share a DOI or a PubMed number, or if title, first surname and year agree. One that shares an
identifier but not the title, or the title but not the identifier, is a conflict: a person has to look.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz import fuzz

from kb.bibliography import Work

SAME_WORK = 80.0  # similarity of titles, 0 to 100, that an identifier in common asks for
SAME_TITLE = 92.0  # and without one
BLOCK = 200
"""How many works of one surname and year are compared by title at most, the latest first; equal titles always are."""


class Match(StrEnum):
    """How a new work stands to those that are there."""

    NEW = "new"
    THERE = "already there"
    CONFLICT = "conflict"


class Matched(NamedTuple):
    """How it stands, to which work, and why."""

    match: Match
    key: str = ""
    why: str = ""


class Shelf:
    """The works that are there, found by identifier, title, or surname and year."""

    def __init__(self, works: tuple[Work, ...]) -> None:
        self.by_identifier: dict[tuple[str, str], Work] = {}
        self.by_title: dict[tuple[str, str], list[Work]] = defaultdict(list)
        self.by_surname: dict[tuple[str, int | None], list[tuple[str, Work]]] = defaultdict(list)
        for work in works:
            self.add(work)

    def add(self, work: Work) -> None:
        """Put a work among those that are there."""
        for name, value in _identifiers(work).items():
            self.by_identifier[(name, value)] = work
        surname, title = _surname(work), folded(work.title)
        self.by_title[(surname, title)].append(work)
        self.by_surname[(surname, work.year)].append((title, work))

    def match(self, new: Work) -> Matched:
        """Say how a new work stands to those that are there."""
        for name, value in _identifiers(new).items():
            old = self.by_identifier.get((name, value))
            if old is not None:
                return _same_identifier(name, new, old)
        for old in self._alike(new):
            clash = _clash(new, old)
            return Matched(Match.CONFLICT, old.key, f"the same title, but {clash}") if clash else _there(new, old)
        return Matched(Match.NEW)

    def _alike(self, new: Work) -> list[Work]:
        """Return works with the surname and almost the title of a new one, from its year or the next to it."""
        surname, title = _surname(new), folded(new.title)
        found = [old for old in self.by_title.get((surname, title), ())[-BLOCK:] if _near(new, old)]
        years = {new.year, None} | ({new.year - 1, new.year + 1} if new.year else set())
        for year in sorted(years, key=lambda year: (year is None, year != new.year, year or 0)):
            for theirs, old in self.by_surname.get((surname, year), ())[: -BLOCK - 1 : -1]:
                if surname and fuzz.ratio(title, theirs, score_cutoff=SAME_TITLE) and _same_numbers(new, old):
                    found.append(old)
        return found[:1]


def folded(text: str) -> str:
    """Return the letters and digits of a text without accents and case, words parted by one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return (
        " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))) or text.casefold()
    )


def _identifiers(work: Work) -> dict[str, str]:
    return {name: value.casefold() for name in ("doi", "pmid") if (value := getattr(work, name))}


def _surname(work: Work) -> str:
    return folded(work.authors[0].partition(",")[0]) if work.authors else ""


def _near(new: Work, old: Work) -> bool:
    return new.year is None or old.year is None or abs(new.year - old.year) <= 1


def _same_numbers(new: Work, old: Work) -> bool:
    """Say whether two titles have the same numbers: "part 1" and "part 2" are alike, but not the same."""
    return re.findall(r"\d+", new.title) == re.findall(r"\d+", old.title)


def _clash(new: Work, old: Work) -> str:
    """Return which identifier says that two works are not one; "" if none does."""
    for name, label in (("doi", "DOI"), ("pmid", "PubMed number")):
        ours, theirs = _identifiers(old).get(name), _identifiers(new).get(name)
        if ours and theirs and ours != theirs:
            return f"another {label}: {getattr(old, name)} there, {getattr(new, name)} here"
    return ""


def _same_identifier(name: str, new: Work, old: Work) -> Matched:
    label = {"doi": "DOI", "pmid": "PubMed number"}[name]
    one, other = folded(new.title), folded(old.title)
    subtitle = min(len(one), len(other)) >= 15 and (one.startswith(other) or other.startswith(one))
    if not subtitle and fuzz.ratio(one, other) < SAME_WORK:
        return Matched(Match.CONFLICT, old.key, f"the same {label}, but another title there: “{old.title}”")
    clash = _clash(new, old)
    return Matched(Match.CONFLICT, old.key, f"the same {label}, but {clash}") if clash else _there(new, old)


def _there(new: Work, old: Work) -> Matched:
    """Return that a work is there, and what the file knows beyond that."""
    names = ("doi", "pmid", "url", "volume", "number", "pages", "eid")
    more = [f"{name} {getattr(new, name)}" for name in names if getattr(new, name) and not getattr(old, name)]
    return Matched(Match.THERE, old.key, f"the file also gives {', '.join(more)}" if more else "")
