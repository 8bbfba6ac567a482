"""Studies told of in words: a sentence names so much of one work that no other can be meant."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.bibliography import Work
from kb.designs import DESIGNS
from kb.propose.links import content_words, cues
from kb.propose.references import surname

LEAST_BITS = 7.0  # what the features must tell together; one work in 128
MARGIN_BITS = 1.5  # by which the best work must lead
LEAST_WORDS = 4  # of a title, without any study word
_YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")
_COUNT = re.compile(
    r"\bn ?= ?(\d{1,6})\b"
    r"|\b(\d{1,3}(?:,\d{3})+|\d{1,6}) (?:[a-z-]+ ){0,2}"
    r"(?:patients|people|participants|subjects|volunteers|adults|men|women)\b"
)


class Described(NamedTuple):
    """A work that a sentence identifies, and by what."""

    work: str
    features: tuple[str, ...]
    by_title: bool


class Profiles(NamedTuple):
    """What each work can be known by, and how many works share each feature."""

    features: dict[str, frozenset[tuple[str, str]]]
    shared: Counter[tuple[str, str]]
    titles: dict[str, frozenset[str]]
    listed: frozenset[str]


def profiles(works: Iterable[Work], listed: frozenset[str]) -> Profiles:
    """Return the features of all works; ``listed`` are the works of the page's own reference list."""
    found = {work.key: frozenset(_features(work)) for work in works}
    titles = {work.key: content_words(work.title) for work in works}
    return Profiles(found, Counter(f for features in found.values() for f in features), titles, listed)


def describe(sentence: str, known: Profiles) -> Described | None:
    """Return the one work that a sentence describes by two features or more; None if none or several fit."""
    is_study = bool(cues().study.search(sentence))
    seen = _seen(sentence, known)
    words = content_words(sentence)
    ranked = []
    for work, features in known.features.items():
        hits = {f for f in features & seen if f[0] != "acronym" or len(f[1]) > 3}
        shared = known.titles[work] & words
        by_title = len(shared) >= LEAST_WORDS and 2 * len(shared) >= len(known.titles[work])
        bits = sum(math.log2((len(known.features) + 1) / known.shared[f]) for f in hits)
        names = sorted(f[0] for f in hits)
        if by_title or (hits and len(shared) >= 2):
            names.append("title")
            bits += min(6.0, 1.0 * len(shared)) if by_title else 1.0
        if work in known.listed and any(f[0] == "year" for f in hits):
            names.append("listed")
            bits += 3.0
        if len(names) >= 2 and (is_study or by_title) and (any(f[0] != "design" for f in hits)):
            ranked.append((bits, work, tuple(names), by_title))
    ranked.sort(key=lambda entry: (-entry[0], entry[1]))
    if not ranked or ranked[0][0] < LEAST_BITS or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN_BITS):
        return None
    return Described(ranked[0][1], ranked[0][2], ranked[0][3])


def _features(work: Work) -> Iterable[tuple[str, str]]:
    if work.authors:
        yield "author", surname(work.authors[0])
    if work.year:
        yield "year", str(work.year)
    if work.journal:
        yield "journal", work.journal.casefold()
    if work.sample_size and work.sample_size > 2:
        yield "size", str(work.sample_size)
    if work.design in DESIGNS and work.design != "other":
        yield "design", DESIGNS[work.design].label.partition(" ")[2].casefold()
    for acronym in re.findall(r"\b[A-Z][A-Z0-9-]{3,}\b", work.title):
        yield "acronym", acronym


def _seen(sentence: str, known: Profiles) -> frozenset[tuple[str, str]]:
    found = {("year", year) for year in _YEAR.findall(sentence)}
    found |= {("size", (a or b).replace(",", "")) for a, b in _COUNT.findall(sentence)}
    found |= {("acronym", acronym) for acronym in re.findall(r"\b[A-Z][A-Z0-9-]{3,}\b", sentence)}
    lower = sentence.casefold()
    names = {surname(name) for name in re.findall(r"\b[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?", sentence)}
    names |= {surname(name) for name in re.findall(r"\b[A-ZÀ-Þ][\w’'-]+", sentence)}
    for kind, value in known.shared:
        is_seen = {
            "author": value in names,
            "journal": value in lower and _is_name(value, sentence),
            "design": value in lower,
        }
        if is_seen.get(kind):
            found.add((kind, value))
    return frozenset(found)


def _is_name(journal: str, sentence: str) -> bool:
    """Tell whether a journal stands in the sentence with capitals, as names do ("Trials", not "trials")."""
    hits: Sequence[re.Match[str]] = list(re.finditer(rf"\b{re.escape(journal)}\b", sentence, re.I))
    return any(hit[0][0].isupper() and (" " in journal or hit.start() > 0) for hit in hits)
