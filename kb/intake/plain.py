"""Plain text: kept to the character; only line ends become ``\\n``, and clearly hard-wrapped paragraphs are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kb.intake.encoding import decoded
from kb.intake.kinds import PLAIN
from kb.intake.records import Reading

EXTRACTOR = "claims-kb text 1"
WIDTHS = range(40, 101)  # characters of the longest line of a wrapped text
MIN_BREAKS = 8  # line ends inside paragraphs
SHARE = 0.75  # of them at which the next word would not have fitted

_OPENS = re.compile(r"\s|[#|>•‣◦·*+–-]\s|\d{1,3}[.)]\s|\[\d{1,3}\]|[|~`=_-]{2}|\|")
_WORD = re.compile(r"\S+")
_TWO_PART = ("and ", "or ", "to ")  # "pre- and post-"


def read(data: bytes) -> Reading:
    """Read plain text; raise `UnreadableError` if it cannot be decoded."""
    text, note = decoded(data)
    text = unwrapped(text.replace("\r\n", "\n").replace("\r", "\n"))
    return Reading(text, (), PLAIN, f"{EXTRACTOR}, {note}" if note else EXTRACTOR)


def unwrapped(text: str) -> str:
    """Return text with the lines of wrapped paragraphs joined; unchanged unless the whole text is clearly wrapped."""
    lines = text.split("\n")
    width = max(map(len, lines))
    if width not in WIDTHS:
        return text
    inner = [(one, other) for one, other in pairwise(lines) if one.strip() and other.strip()]
    full = sum(_is_full(one, other, width) for one, other in inner)
    if len(inner) < MIN_BREAKS or full < SHARE * len(inner):
        return text
    return "\n".join(_joined(lines, width))


def _is_full(line: str, following: str, width: int) -> bool:
    word = _WORD.match(following)
    return word is not None and len(line) + 1 + len(word[0]) > width


def _joined(lines: list[str], width: int) -> Iterator[str]:
    held: list[str] = []
    for at, line in enumerate(lines):
        held.append(line)
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if line.strip() and following.strip() and _is_full(line, following, width) and not _OPENS.match(following):
            hyphened = re.search(r"[^\W\d_]-$", line) and following[0].islower() and not following.startswith(_TWO_PART)
            held.append("" if hyphened or line.endswith(" ") else " ")
            continue
        yield "".join(held)
        held = []
