"""Links from places of a page to the works they lean on, and the words by which such places are known."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kb.model import Citation, Record
from kb.propose.references import plain
from kb.yamlfile import read_yaml

_DATA = Path(__file__).with_name("english_citing.yaml")


class Link(Record):
    """A place of the page, ``start`` to ``end`` in code points, its citation, and one plain sentence why."""

    start: int
    end: int
    citation: Citation
    reason: str


class Cues(NamedTuple):
    """The lists of ``english_citing.yaml``: words and openings, in small letters but for ``no_names``."""

    study: re.Pattern[str]
    continues: tuple[str, ...]
    reports: re.Pattern[str]
    leans: tuple[str, ...]
    no_names: frozenset[str]
    plain_words: frozenset[str]


@cache
def cues() -> Cues:
    """Return the cue words of the data file."""
    data, _ = read_yaml(_DATA, _DATA.name)
    return Cues(
        study=_any_of(data["study"]),
        continues=tuple(data["continues"]),
        reports=_any_of(data["reports"]),
        leans=tuple(data["leans"]),
        no_names=frozenset(data["no_names"]),
        plain_words=frozenset(data["plain_words"]),
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.I)


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that can tell works apart, cut to their stems."""
    words = plain(re.sub(r"(?<=\w)-(?=\w)", "", text)).split()
    return frozenset(_stem(w) for w in words if len(w) > 2 and w not in cues().plain_words and not w.isdigit())


def _stem(word: str) -> str:
    for ending in (
        "ations",
        "ation",
        "ments",
        "ment",
        "ities",
        "ity",
        "ives",
        "ive",
        "ants",
        "ant",
        "ing",
        "ies",
        "ed",
        "es",
        "s",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
