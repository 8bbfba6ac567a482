"""Lines of a page, each with the reason why it is no content, put together as text with excluded spans."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kb.intake.records import Excluded

_SPACES = re.compile(r"[ \t\n\r\f]+")  # the white space that HTML collapses; no-break spaces are kept


class Line(NamedTuple):
    """One block; ``reason`` is empty for content; ``gap`` asks for a blank line before it."""

    text: str
    reason: str = ""
    gap: bool = True


def collapsed(text: str) -> str:
    """Return text with each run of plain white space as one space, and none at its ends."""
    return _SPACES.sub(" ", text).strip(" ")


def assemble(lines: Iterable[Line]) -> tuple[str, tuple[Excluded, ...]]:
    """Return the text, which ends with a line end, and its excluded spans: neighbours of one reason are one span."""
    parts: list[str] = []
    excluded: list[Excluded] = []
    at = 0
    before: Line | None = None
    for line in lines:
        if before is not None:
            space = "\n\n" if line.gap or line.reason != before.reason else "\n"
            parts.append(space)
            at += len(space)
        if line.reason:
            start = excluded.pop().start if before is not None and before.reason == line.reason else at
            excluded.append(Excluded(start=start, end=at + len(line.text), reason=line.reason))
        parts.append(line.text)
        at += len(line.text)
        before = line
    return "".join([*parts, "\n"]) if parts else "", tuple(excluded)
