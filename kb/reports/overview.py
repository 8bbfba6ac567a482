"""Where answers are many: what they are about, one row for each thing, so that the whole is seen before the parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kb.model import Claim, Polarity, Role
from kb.reports.desk import Desk, capital, count, design, refer
from kb.reports.parts import Line, Table, join, plain, words
from kb.reports.positions import MANY
from kb.stances import effective_polarity, holds, is_hedged
from kb.wording import claim_value
from kb.wording import join as in_words

ROWS, FIRST = 15, 5
LEAST = 2
"""Sources that speak of a thing, so that it is in the table."""
PROPERTIES = 4
"""Columns: the properties in which most is said of those things."""


def tables(desk: Desk, claims: Sequence[Claim], answers: int) -> list[Table]:
    """Return the table of the things that most sources speak of; none where the answers are few enough to be read."""
    if answers < MANY:
        return []
    about, several = _several(claims)
    if not several:
        return []
    common = Counter(key for name in several[:ROWS] for key in {claim.property for claim in about[name]})
    keys = sorted(common, key=lambda key: (-common[key], key))[:PROPERTIES]
    labels = [capital(desk.kb.domain.properties[key].label) for key in keys]
    rows = [_row(desk, name, about[name], keys) for name in several if any(c.property in keys for c in about[name])]
    caption = f"What several sources speak of: {min(ROWS, len(rows))} of {count(len(about), 'thing')}"
    return [Table(caption, ("Of what", *labels), tuple(rows[:ROWS]))]


def first(seen: Sequence[Table]) -> str:
    """Return what the table begins with, in words; "" without a table."""
    return in_words([plain(row[0]).lower() for row in seen[0].rows[:FIRST]]) if seen else ""


def _several(claims: Sequence[Claim]) -> tuple[dict[str, list[Claim]], list[str]]:
    """Return claims by the thing they are about, and the things of which several sources speak, most of them first."""
    about: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.object:
            about.setdefault(claim.object, []).append(claim)
    several = [name for name, found in about.items() if len({c.source for c in found}) >= LEAST]
    several.sort(key=lambda name: (-len({c.source for c in about[name]}), -len(about[name]), name))
    return about, several


def _row(desk: Desk, name: str, found: Sequence[Claim], keys: Sequence[str]) -> tuple[Line, ...]:
    cells = [_told(desk, [claim for claim in found if claim.property == key]) for key in keys]
    return (words(capital(desk.kb.domain.label(name))), *cells)


def _told(desk: Desk, found: Sequence[Claim]) -> Line:
    """Return who says what of a thing in one property: the values if it has any, and what is not plainly affirmed."""
    lots: dict[str, list[Claim]] = {}
    for claim in found:
        lots.setdefault(_answer(desk, claim), []).append(claim)
    told = [words(f"{said}: " if said else "", _names(desk, lot), refer(desk, lot)) for said, lot in lots.items()]
    return join(told, "; ") if told else words("–")


def _answer(desk: Desk, claim: Claim) -> str:
    value = claim_value(desk.kb.domain, claim)
    denied = effective_polarity(claim) is Polarity.NEGATED
    open_ = is_hedged(claim) or not holds(claim)
    return " ".join(filter(None, ["denied" if denied else "possible" if open_ else "", value]))


def _names(desk: Desk, found: Sequence[Claim]) -> str:
    """Return who says it; of a work its design, too, as a study in animals says nothing of people."""
    names = [
        f"{desk.name(claim.source)} ({design(desk, claim.source)})"
        if claim.role is Role.EVIDENCE
        else desk.name(claim.source)
        for claim in found
    ]
    return f"{in_words(list(dict.fromkeys(names)))} "
