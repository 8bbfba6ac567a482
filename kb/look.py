"""The visual language, once: what each kind of finding looks like on screens, in charts and in reports.

Colour never stands alone: every kind has a glyph, a word and a line style of its own. Colours keep their distance
under normal and colour-blind sight (tests/test_look.py), in light and in dark.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.model import FindingKind


class Look(NamedTuple):
    """``glyph`` and ``word`` name a kind, ``light`` and ``dark`` are its colours, ``line`` its CSS underline."""

    glyph: str
    word: str
    light: str
    dark: str
    line: str


KINDS = {
    FindingKind.CONTRADICTION: Look("✕", "Contradiction", "#8A1A0A", "#F8704A", "solid"),
    FindingKind.DISCREPANCY: Look("≠", "Discrepancy", "#9A6400", "#FFB81F", "double"),
    FindingKind.TENSION: Look("⇄", "Tension", "#86149B", "#F0AEF7", "wavy"),
    FindingKind.FAULT: Look("!", "Fault", "#1A1A2E", "#EBFF99", "solid"),
    FindingKind.POSSIBLE: Look("?", "Possible", "#566075", "#8F98A6", "dotted"),
    FindingKind.EXPLAINED: Look("○", "Explained", "#007F5F", "#2ADBA2", "dashed"),
}
CLAIM = Look("", "Claim", "#0B5CE6", "#3D9BF7", "solid")
STUDY = Look("", "Study", "#A85B00", "#F0B35E", "solid")
PAPER = ("#FFFFFF", "#0E1117")
"""The backgrounds, light and dark."""

OPPOSED = (FindingKind.CONTRADICTION, FindingKind.DISCREPANCY, FindingKind.TENSION)
"""The kinds that are disagreements; the others are shortcomings, doubts and what scope explains."""

STAKES = {3: "could mislead a decision", 2: "changes a summary", 1: "cosmetic"}


def dots(severity: int) -> str:
    """Return the severity (1 to 3) as dots."""
    return "●" * severity + "○" * (3 - severity)


def plural(kind: FindingKind, count: int) -> str:
    """Return the word for ``count`` findings of a kind: *tensions*, *discrepancy*, *possible*."""
    if count == 1 or kind in (FindingKind.POSSIBLE, FindingKind.EXPLAINED):
        return kind.value
    return {FindingKind.DISCREPANCY: "discrepancies"}.get(kind, f"{kind.value}s")


def css_colours() -> str:
    """Return the colours as CSS variables that follow the theme: ``--kb-tension``, ``--kb-claim``, …"""
    looks = {kind.value: look for kind, look in KINDS.items()} | {"claim": CLAIM, "study": STUDY}
    return "".join(f"--kb-{name}: light-dark({look.light}, {look.dark});" for name, look in looks.items())
