"""Marks of the numbered and bulleted paragraphs of a Word file, counted as Word does."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from kb.intake.listing import numbered
from kb.intake.word_runs import W, attribute

_STYLES = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_MAX_INDENT = 8


class _Level(NamedTuple):
    format: str
    start: int
    text: str


class Numbering:
    """The counters of every list of a document."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        root = getattr(part, "element", None)
        for element in () if root is None else root:
            if element.tag == f"{W}abstractNum":
                self._levels[attribute(element, "abstractNumId")] = _levels(element)
            elif element.tag == f"{W}num":
                chosen = element.find(f"{W}abstractNumId")
                self._abstract[attribute(element, "numId")] = attribute(chosen, "val") if chosen is not None else ""

    def mark(self, paragraph: Any, style: Any) -> str:
        """Return the mark of the next paragraph with its space and indent, or "" if it is no item."""
        number, depth = _numbering(paragraph, style)
        levels = self._levels.get(self._abstract.get(number, ""), {})
        level = levels.get(depth)
        if level is None or level.format == "none":
            return ""
        indent = "  " * min(depth, _MAX_INDENT)
        if level.format == "bullet":
            return f"{indent}- "
        counts = self._counts.setdefault(number, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if len(re.findall(r"%\d", level.text)) > 1:
            return f"{indent}- {self._compound(level.text, counts, levels)} "
        return indent + numbered(counts[depth], _STYLES.get(level.format, "1"))

    def _compound(self, text: str, counts: dict[int, int], levels: dict[int, _Level]) -> str:
        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return str(counts.get(at, levels[at].start if at in levels else 1))

        return re.sub(r"%(\d)", shown, text)


def _levels(element: Any) -> dict[int, _Level]:
    found = {}
    for level in element.findall(f"{W}lvl"):
        values = {
            name: attribute(child, "val")
            for name in ("numFmt", "start", "lvlText")
            if (child := level.find(W + name)) is not None
        }
        found[_number(attribute(level, "ilvl"))] = _Level(
            values.get("numFmt", "decimal"), _number(values.get("start", "1")), values.get("lvlText", "")[:50]
        )
    return found


def _numbering(paragraph: Any, style: Any) -> tuple[str, int]:
    """Return the list and depth of a paragraph, from itself or its style and those that it is based on."""
    places = [paragraph]
    for _ in range(10):
        if style is None:
            break
        places.append(style.element)
        style = getattr(style, "base_style", None)
    for place in places:
        chosen = place.find(f"{W}pPr/{W}numPr")
        if chosen is not None:
            number, depth = chosen.find(f"{W}numId"), chosen.find(f"{W}ilvl")
            if number is not None:
                return attribute(number, "val"), _number(attribute(depth, "val")) if depth is not None else 0
    return "0", 0


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else 0
