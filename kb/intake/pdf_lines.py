"""Lines of printed pages as paragraphs: running heads told apart, words parted at a line's end put together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kb.intake.lines import Line, collapsed

EDGE = 2  # lines at the top and the bottom of a page that can be a running head or foot
FULL = 0.85  # of the usual width: a shorter line ends its paragraph if a sentence ends with it

_LIGATURES = str.maketrans(
    {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
)
_NUMBER = re.compile(r"(?:page |p\. ?|[-–—] ?)?(?:\d{1,4}|[ivxlc]{1,7})(?: ?[-–—]| ?(?:of|/) ?\d{1,4})?", re.I)
_OPENS = re.compile(r"[•‣◦·*▪●–-]\s|\d{1,3}[.)]\s|\[\d{1,3}\]|\(?[a-z]\)\s|\|")
_PARTED = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,40})-$")
_OPENING_WORD = re.compile(r"[^\W\d_]{1,40}")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BULLET = re.compile(r"[▪●]\s+")
_STOPS = ".!?:;"


class _Printed(NamedTuple):
    text: str
    width: int  # characters of a full line on its page


def captured_lines(pages: Sequence[Sequence[str]]) -> list[Line]:
    """Return the paragraphs of all pages in order; running heads and page numbers stay, with their reason."""
    cleaned = [[text for line in page if (text := collapsed(line.translate(_LIGATURES)))] for page in pages]
    repeated = _repeated(cleaned)
    known = Counter(word.lower() for page in cleaned for line in page for word in _WORDS.findall(line))
    found: list[Line] = []
    held: list[_Printed] = []
    aside: list[Line] = []  # heads and feet that stand inside a paragraph which goes on overleaf
    for page in cleaned:
        reasons = _reasons(page, repeated)
        width = _width([line for line, reason in zip(page, reasons, strict=True) if not reason])
        for line, reason in zip(page, reasons, strict=True):
            if reason:
                aside.append(Line(line, reason))
                continue
            if held and not _goes_on(held[-1], line, bool(aside)):
                found.append(_paragraph(held, known))
                held = []
            if not held:
                found.extend(aside)
                aside = []
            held.append(_Printed(line, width))
    if held:
        found.append(_paragraph(held, known))
    return [*found, *aside]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line).lower()


def _repeated(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the shapes of lines that stand at the edge of three pages or more, or of both of two."""
    edges = Counter(shape for page in pages for shape in {_shape(line) for line in (*page[:EDGE], *page[-EDGE:])})
    least = 2 if len(pages) == 2 else 3
    return frozenset(shape for shape, count in edges.items() if count >= least)


def _reasons(page: Sequence[str], repeated: frozenset[str]) -> list[str]:
    """Return why each line is no content; the second from an edge can only be if the one at the edge is."""
    reasons = [_reason(page, at, repeated) for at in range(len(page))]
    for inner, outer in ((1, 0), (-2, -1)):
        if len(page) > 2 and not reasons[outer]:
            reasons[inner] = ""
    return reasons


def _reason(page: Sequence[str], at: int, repeated: frozenset[str]) -> str:
    is_top = at < EDGE
    if not is_top and at < len(page) - EDGE:
        return ""
    if len(page) > 1 and _NUMBER.fullmatch(page[at]) and at in (0, len(page) - 1):
        return "page number"
    if _shape(page[at]) in repeated and len(page[at]) < 150:
        return "running head" if is_top else "running foot"
    return ""


def _width(lines: Sequence[str]) -> int:
    """Return the length of a full line: that of the tenth longest in a hundred."""
    lengths = sorted(map(len, lines))
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def _goes_on(before: _Printed, line: str, is_overleaf: bool) -> bool:
    if _OPENS.match(line):
        return False
    if before.text[-1] in "-\u00ad" or line[0].islower():
        return True
    if is_overleaf and before.text[-1] in _STOPS:
        return False
    word = line.split(" ", 1)[0]
    fits = len(before.text) + 1 + len(word) <= FULL * before.width
    return not fits and not (before.text[-1] in _STOPS and len(before.text) < FULL * before.width)


def _paragraph(lines: Sequence[_Printed], known: Counter[str]) -> Line:
    parts: list[str] = []
    for at, line in enumerate(lines):
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        parts.append(_ended(line.text, following, known) if following else line.text.removesuffix("\u00ad"))
    return Line(_BULLET.sub("• ", "".join(parts), count=1) if parts[0][:1] in "▪●" else "".join(parts))


def _ended(line: str, following: str, known: Counter[str]) -> str:
    """Return a line with what joins it to the next: nothing after a hyphen, which goes only where that is safe.

    Safe means that the document prints the whole word elsewhere, and never with the hyphen.
    """
    if line.endswith("\u00ad"):
        return line[:-1]
    parted, opening = _PARTED.search(line), _OPENING_WORD.match(following)
    if not parted or not opening or not following[0].islower() or opening[0] in ("and", "or", "to"):
        return f"{line} "
    first, second = parted[1].lower(), opening[0].lower()
    is_safe = known[first + second] > 0 and known[f"{first}-{second}"] == 0
    return line[:-1] if is_safe else line
