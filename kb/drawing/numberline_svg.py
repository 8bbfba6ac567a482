"""The number line as a picture of its own, to be kept: light colours, no style sheet, nothing loaded from elsewhere."""

from __future__ import annotations

import math
import textwrap
from itertools import groupby

from kb.drawing.line_words import MOST, told, unit_words
from kb.drawing.lines import Axis, Ends, Lines, Row
from kb.look import CLAIM, STUDY
from kb.markup import Child, Html, join, tag

WIDTH, LEFT, RIGHT = 720, 24, 24
ROW, HEAD, TOP, FOOT = 38, 28, 44, 62
LONGEST = 104
INK, MUTED, HAIR = "#1F2430", "#566075", "#D5D8DE"


def svg(lines: Lines) -> str:
    """Return the number line as an SVG document."""
    shown = lines.rows[:MOST]
    grouped = [(name, list(found)) for name, found in groupby(shown, key=lambda row: row.group)]
    height = TOP + FOOT + ROW * len(shown) + HEAD * sum(bool(name) for name, _ in grouped)
    parts: list[Child] = []
    y = TOP
    for name, found in grouped:
        if name:
            parts.append(_text(LEFT, y + 19, name, size=13, weight="bold"))
            y += HEAD
        for row in found:
            parts.append(_row(lines.axis, row, y))
            y += ROW
    words = _words(lines)
    folded = textwrap.wrap(_plain(words), LONGEST)
    height += 15 * (len(folded) - 1)
    return str(
        tag(
            "svg",
            tag("title", _plain(lines.title)),
            tag("desc", _plain(words)),
            tag("rect", width=str(WIDTH), height=str(height), fill="#FFFFFF"),
            _text(LEFT, 24, lines.title, size=16, weight="bold"),
            _behind(lines, y),
            *parts,
            _foot(lines, y, folded),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {height}",
            width=str(WIDTH),
            height=str(height),
            font_family="Source Sans 3, Source Sans Pro, Helvetica, Arial, sans-serif",
        )
    )


def _words(lines: Lines) -> str:
    return " ".join(told(lines)) if lines.rows else "No claims in this selection."


def _plain(value: str) -> str:
    """Return text with characters that do not show as their code points."""
    return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in value)


def _text(x: float, y: float, value: str, *, size: int = 12, fill: str = INK, **more: str) -> Html:
    weight, anchor = more.get("weight"), more.get("anchor")
    shown = _plain(value)
    shown = shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
    place = {"x": f"{x:g}", "y": f"{y:g}", "font_size": str(size), "fill": fill}
    return tag("text", shown, **place, font_weight=weight, text_anchor=anchor)


def _x(axis: Axis, number: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * axis.place(number) / 100, 2)


def _row(axis: Axis | None, row: Row, y: float) -> Html:
    colour = (STUDY if row.work else CLAIM).light
    note = " · ".join(filter(None, ["work" if row.work else "", row.note, "" if row.ends else "no number given"]))
    label = f"{row.source}: {row.said}" + (f" ({note})" if note else "")
    marks = _marks(axis, row.ends, y + 24, colour) if axis and row.ends else []
    return tag("g", _text(LEFT, y + 13, label), *marks)


def _marks(axis: Axis, ends: tuple[Ends, ...], y: float, colour: str) -> list[Html]:
    if len(ends) > 1:
        dots = [tag("circle", cx=f"{_x(axis, end.low):g}", cy=f"{y:g}", r="4", fill=colour) for end in ends]
        return [_line(_x(axis, ends[0].low), y, _x(axis, ends[-1].high), y, colour, 2, "2 4"), *dots]
    low, high = ends[0]
    left, right = _x(axis, low), _x(axis, high)
    if low == high:
        return [_shape([(left, y - 5), (left + 5, y), (left, y + 5), (left - 5, y)], colour)]
    marks = [_line(left, y, right, y, colour, 4)]
    if math.isfinite(low):
        marks.append(_line(left, y - 6, left, y + 6, colour, 2))
    elif axis.points_back:
        marks.append(_shape([(left - 7, y), (left + 3, y - 5), (left + 3, y + 5)], colour))
    if math.isfinite(high):
        marks.append(_line(right, y - 6, right, y + 6, colour, 2))
    else:
        marks.append(_shape([(right + 7, y), (right - 3, y - 5), (right - 3, y + 5)], colour))
    return marks


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int, dashes: str | None = None) -> Html:
    ends = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    return tag("line", **ends, stroke=colour, stroke_width=str(width), stroke_dasharray=dashes)


def _shape(points: list[tuple[float, float]], colour: str) -> Html:
    return tag("polygon", points=" ".join(f"{x:g},{y:g}" for x, y in points), fill=colour)


def _behind(lines: Lines, bottom: float) -> Html | None:
    axis, band = lines.axis, lines.band
    if axis is None:
        return None
    parts: list[Child] = []
    if band is not None:
        left, right = _x(axis, band.low), _x(axis, band.high)
        size = {"x": f"{left - 1:g}", "y": f"{TOP}", "width": f"{right - left + 2:g}", "height": f"{bottom - TOP:g}"}
        parts.append(tag("rect", **size, fill="#E1F0ED"))
    for tick in axis.ticks:
        x = _x(axis, tick)
        parts.append(_line(x, TOP, x, bottom, HAIR, 1))
        parts.append(_text(x, bottom + 16, lines.number(tick), fill=MUTED, anchor="middle"))
    return join(parts)


def _foot(lines: Lines, bottom: float, folded: list[str]) -> Html:
    return join(
        [
            _text(WIDTH / 2, bottom + 32, unit_words(lines), fill=MUTED, anchor="middle") if lines.axis else None,
            *(_text(LEFT, bottom + 52 + 15 * n, line, size=11, fill=MUTED) for n, line in enumerate(folded)),
        ]
    )
