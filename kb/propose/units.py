"""The units that a text may print: those of the language's list and those that the vocabulary declares."""

from __future__ import annotations

from collections.abc import Iterable

from kb.propose.english import English
from kb.propose.tokens import Phrases, normal
from kb.quantities import Unit

TIMES = {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800, "mo": 2629746, "a": 31556952}
"""Size in seconds, to bring the two ends of a printed range to one unit."""

PERIODS = frozenset([*TIMES, "decade"])
"""All codes of time, those included that no interval is given in."""


class Units:
    """Finds a unit's code by its printed words, and the vocabulary's unit by code.

    Codes are UCUM, ISO 4217 or a count in braces; a unit of the vocabulary without a code goes by its symbol.
    """

    def __init__(self, declared: Iterable[Unit], english: English) -> None:
        self.declared: dict[str, tuple[Unit, ...]] = {}
        entries: list[tuple[str, str]] = []
        for unit in sorted(declared, key=lambda unit: unit.symbol):
            code = unit.code or unit.symbol
            self.declared[code] = (*self.declared.get(code, ()), unit)
            if code in ("1", "{score}") and unit.shown_as in ("", None):
                continue
            names = (unit.symbol, unit.shown_as, unit.plural, *unit.words)
            entries += [(name, code) for name in names if name and not name.startswith("1/") and not _is_rate(unit)]
        self.phrases: Phrases[str] = Phrases(entries)
        self.english = english

    def at(self, norms: list[str], index: int) -> tuple[int, tuple[str, ...]] | None:
        """Return the index behind the unit at ``index`` and its codes; words of the vocabulary come first."""
        own, common = self.phrases.at(norms, index), self.english.units.at(norms, index)
        if own and common and own[0] == common[0]:
            return own[0], (*own[1], *(code for code in common[1] if code not in own[1]))
        found = [match for match in (own, common) if match]
        return max(found, key=lambda match: match[0]) if found else None

    def symbol(self, code: str) -> str:
        """Return the vocabulary's symbol of a unit, else its code."""
        units = self.declared.get(code)
        return units[0].symbol if units else code


def _is_rate(unit: Unit) -> bool:
    return unit.code.startswith("/") or normal(unit.shown_as or "").startswith("a ")
