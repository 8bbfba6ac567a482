"""A page cut into what is sent to a model at a time: whole blocks in order, each with the words above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from kb.propose.page import LONGEST, Line

PIECE = 3000  # characters of one block that are sent together
PART = 6000  # characters of a page that are sent at a time
MOST_PARTS = 100
ABOVE = 200  # characters of each heading, lead-in or table header that goes with a block


class Piece(NamedTuple):
    """A block, or as many of its sentences as fit, at ``start:end`` of the page."""

    start: int
    end: int
    above: tuple[str, ...]
    lines: tuple[Line, ...]


def parts_of(text: str, lines: Iterable[Line]) -> list[tuple[Piece, ...]]:
    """Return the parts of a page in order; reference lists and left-out spans are not among ``lines``."""
    parts: list[list[Piece]] = [[]]
    room = PART
    for piece in _pieces(text, lines):
        if parts[-1] and piece.end - piece.start > room:
            parts.append([])
            room = PART
        parts[-1].append(piece)
        room -= piece.end - piece.start
    return [tuple(part) for part in parts if part]


def _pieces(text: str, lines: Iterable[Line]) -> Iterable[Piece]:
    for _, group in groupby(lines, key=lambda line: line.sentence.block):
        held: list[Line] = []
        for line in group:
            if held and line.sentence.end - held[0].sentence.start > PIECE:
                yield _piece(text, held)
                held = []
            held.append(line)
        yield _piece(text, held)


def _piece(text: str, lines: Sequence[Line]) -> Piece:
    start = lines[0].sentence.start
    end = min(lines[-1].sentence.end, lines[-1].sentence.start + LONGEST)
    spans = [(c.start, c.end) for c in lines[0].contexts if c.basis in ("table-header", "list-lead", "heading")]
    above = tuple(text[first : min(last, first + ABOVE)] for first, last in spans[:6])
    return Piece(start, end, above, tuple(lines))
