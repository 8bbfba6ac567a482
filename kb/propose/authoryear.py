"""Author–year markers: (Berman et al., 2000), Smith & Jones 2019a, "Berman and colleagues reported in 2000"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kb.propose.links import cues

_SMALL = r"(?:(?:van|von|de|der|den|del|la|le|du|di|da|dos|aan|het|ter) )*"
_NAME = (
    rf"(?<![^\W\d_]){_SMALL}[A-ZÀ-Þ](?:[’'][A-ZÀ-Þ])?[^\W\d_]{{1,40}}(?:[ -](?!(?:et|and)\b)[A-ZÀ-Þ][^\W\d_]{{1,40}})?"
)
_OTHERS = r"(?:,? et al\.?|,? and (?:colleagues|co-?workers|others|associates))"
_TEAM = rf"(?:{_OTHERS}|(?:, {_NAME}){{0,6}},? (?:and|&) {_NAME}(?:{_OTHERS})?)"
_YEAR = r"(?:18|19|20)\d\d[a-z]?(?![\w%/])"
_GROUP = re.compile(r"\(([^()\n]{6,400})\)")
_INSIDE = re.compile(rf"(?P<name>{_NAME})(?P<team>{_TEAM})?(?P<comma>,)?\s(?P<years>{_YEAR}(?:, {_YEAR})*)")
_BESIDE = re.compile(rf"(?P<name>{_NAME})(?P<team>{_TEAM})?(?:[’']s)?,?\s\((?P<years>{_YEAR}(?:[,;] ?{_YEAR})*)\)")
_BARE = re.compile(rf"(?P<name>{_NAME})(?P<team>{_TEAM})(?:[’']s)?,?\s(?P<years>{_YEAR})")
_TOLD = re.compile(rf"(?P<name>{_NAME})(?P<team>{_OTHERS})[^.()\n]{{1,60}}?\bin (?P<years>{_YEAR})")


class AuthorYear(NamedTuple):
    """One printed marker; ``names`` are the surnames, ``year`` as printed ("2019a"), ``sure`` if it is no prose."""

    start: int
    end: int
    names: tuple[str, ...]
    year: str
    sure: bool


def author_years(text: str, start: int, end: int) -> tuple[AuthorYear, ...]:
    """Return the author–year markers of ``text[start:end]`` in order; spans are of the whole text."""
    found: list[AuthorYear] = []
    for group in _GROUP.finditer(text, start, end):
        for hit in _INSIDE.finditer(text, group.start(1), group.end(1)):
            found += _read(hit, bool(hit["team"]) or bool(hit["comma"]))
    for pattern in (_BESIDE, _BARE, _TOLD):
        for hit in pattern.finditer(text, start, end):
            if not any(one.start < hit.end() and hit.start() < one.end for one in found):
                found += _read(hit, bool(hit["team"]))
    return tuple(sorted(found))


def _read(hit: re.Match[str], sure: bool) -> Iterator[AuthorYear]:
    names = tuple(re.findall(_NAME, f"{hit['name']}|{hit['team'] or ''}"))
    while names and names[0].split()[0] in cues().no_names and " " in names[0]:
        names = (names[0].partition(" ")[2], *names[1:])  # "As Berman"
    if names and names[0] not in cues().no_names:
        for year in re.findall(_YEAR, hit["years"]):
            yield AuthorYear(hit.start(), hit.end(), names, year, sure)
