"""Marks of list items as a reader sees them: bullets, and numbers with start, value, order and style."""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborNode

_INTEGER = re.compile(r"\s*(-?\d{1,9})")
_UNMARKED = re.compile(r"list-style(?:-type)?\s*:[^;]{0,40}\bnone\b", re.I)
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_LOW = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Listing:
    """One list while it is walked: what the next item is marked with."""

    def __init__(self, node: LexborNode, tag: str, attributes: Mapping[str, str | None]) -> None:
        self.is_ordered = tag == "ol" and not _UNMARKED.search((attributes.get("style") or "")[:500])
        self.style = (attributes.get("type") or "1").strip()[:1]
        self.follows = False  # an item of it is on a line already
        self.step = -1 if "reversed" in attributes else 1
        start = integer(attributes.get("start"))
        if start is None:
            start = _items(node) if self.step < 0 and self.is_ordered else 1
        self.number = start

    def mark(self, attributes: Mapping[str, str | None]) -> str:
        """Return the mark of the next item with its space."""
        if not self.is_ordered:
            return "- "
        value = integer(attributes.get("value"))
        number = self.number if value is None else value
        self.number = number + self.step
        return numbered(number, self.style)


def numbered(number: int, style: str) -> str:
    """Return the mark of an ordered item; letters and Roman numbers stand behind a bullet, so that it is an item."""
    if style in ("a", "A") and 0 < number < 1000:
        label = _letters(number)
    elif style in ("i", "I") and 0 < number < 4000:
        label = _roman(number)
    else:
        return f"{number}. "
    return f"- {label.upper() if style.isupper() else label}. "


def integer(text: str | None) -> int | None:
    """Return the number that an attribute starts with, or nothing."""
    found = _INTEGER.match(text or "")
    return int(found[1]) if found else None


def _items(node: LexborNode) -> int:
    count = 0
    child = node.child
    while child is not None:
        count += child.tag == "li"
        child = child.next
    return count


def _letters(number: int) -> str:
    label = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        label = chr(97 + digit) + label
    return label


def _roman(number: int) -> str:
    label = ""
    for value, letters in _ROMAN + _ROMAN_LOW:
        count, number = divmod(number, value)
        label += letters * count
    return label
