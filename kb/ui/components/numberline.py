"""The number line: what all sources say about one quantity, each claim above its bar, at any width."""

from __future__ import annotations

import math
from itertools import groupby

from kb.drawing.line_words import MOST, summary, told, unit_words
from kb.drawing.numberline_svg import svg
from kb.ui.components.lines import Axis, Band, Ends, Lines, Row, rows
from kb.ui.markup import Child, Html, join, tag

__all__ = ["MOST", "build", "rows", "summary", "svg", "table_rows", "told"]

TOO_WIDE = 26
"""More characters of tick labels than fit beside one another on a phone."""


def build(lines: Lines) -> Html:
    """Return the picture: a legend, the rows over a common axis, and the same in words."""
    shown = lines.rows[:MOST]
    if not shown:
        return tag("p", "No claims in this selection.", cls="kb-muted")
    grouped = [(name, list(found)) for name, found in groupby(shown, key=lambda row: row.group)]
    parts = [_group(lines, name, found) for name, found in grouped]
    axis = lines.axis
    return tag(
        "figure",
        _legend(lines),
        tag("div", _behind(axis, lines.band) if axis else None, *parts, cls="kb-t-plot"),
        _ticks(lines, axis) if axis else None,
        tag("figcaption", " ".join(told(lines)), cls="kb-muted kb-small"),
        cls="kb-t-lines",
    )


def table_rows(lines: Lines) -> list[dict[str, str]]:
    """Return the rows of the table that says the same: numbers in the unit of the axis, "" where an end is open."""
    return [
        {
            "source": row.source,
            "kind": "work" if row.work else "document",
            "value": row.said,
            "bound": row.bound,
            "in the unit of the axis": " or ".join(lines.stretch(*end) for end in row.ends) or "no number given",
            "scope": " · ".join(filter(None, [row.group, row.note])),
            "claim": row.claim,
        }
        for row in lines.rows
    ]


# Parts of the picture


def _legend(lines: Lines) -> Html:
    shown = lines.rows[:MOST]
    ends = [end for row in shown for end in row.ends]
    keys: list[tuple[bool, str, str, str]] = [
        (any(not row.work for row in shown), "kb-t-swatch kb-t-document", "", "a document says"),
        (any(row.work for row in shown), "kb-t-swatch kb-t-work", "", "a work found"),
        (any(end.low < end.high for end in ends), "", "|–|", "an end that is given"),
        (any(not math.isfinite(end.high) for end in ends), "", "▶", "no upper end given"),
        (
            any(not math.isfinite(end.low) for end in ends) and lines.axis is not None and lines.axis.points_back,
            "",
            "◀",
            "no lower end given",
        ),
        (any(end.low == end.high for end in ends), "", "◆", "one number"),
        (any(len(row.ends) > 1 for row in shown), "", "●┈●", "one or the other"),
        (lines.band is not None, "kb-t-shade", "▒", "most claims overlap"),
    ]
    items = [tag("li", tag("span", mark, cls=cls, aria_hidden="true"), words) for on, cls, mark, words in keys if on]
    return tag("ul", *items, cls="kb-t-legend")


def _group(lines: Lines, name: str, found: list[Row]) -> Html:
    head = tag("h3", name, cls="kb-t-group") if name else None
    return join([head, tag("ul", *(_row(lines, row) for row in found), cls="kb-t-rows")])


def _row(lines: Lines, row: Row) -> Html:
    kind = "work" if row.work else "document"
    note = " · ".join(filter(None, [kind if row.work else "", row.note, "" if row.ends else "no number given"]))
    label = tag(
        "div",
        tag("a", row.source, href=row.address, title=row.text),
        " ",
        tag("b", row.said),
        " ",
        tag("span", note, cls="kb-t-note") if note else None,
        cls="kb-t-label",
    )
    drawn = None
    if lines.axis and row.ends:
        drawn = tag("div", *_marks(lines.axis, row.ends), cls="kb-t-track", aria_hidden="true")
    return tag("li", label, drawn, cls=f"kb-t-row kb-t-{kind}")


def _marks(axis: Axis, ends: tuple[Ends, ...]) -> list[Child]:
    if len(ends) > 1:
        left, right = axis.place(ends[0].low), axis.place(ends[-1].high)
        dots = [_at("kb-t-dot", axis.place(end.low)) for end in ends]
        return [tag("span", cls="kb-t-joined", style=f"left:{left}%;width:{right - left:.3f}%"), *dots]
    low, high = ends[0]
    if low == high:
        return [_at("kb-t-point", axis.place(low))]
    left, right = axis.place(low), axis.place(high)
    marks: list[Child] = [tag("span", cls="kb-t-bar", style=f"left:{left}%;width:{right - left:.3f}%")]
    if math.isfinite(low):
        marks.append(_at("kb-t-cap", left))
    elif axis.points_back:
        marks.append(_at("kb-t-back", left))
    marks.append(_at("kb-t-cap" if math.isfinite(high) else "kb-t-on", right))
    return marks


def _at(cls: str, place: float) -> Html:
    return tag("span", cls=cls, style=f"left:{place}%")


def _behind(axis: Axis, band: Band | None) -> Html:
    """Return what lies behind the rows: a hair for each tick, and the band where most claims overlap."""
    hairs = [_at("kb-t-hair", axis.place(tick)) for tick in axis.ticks]
    shade = None
    if band is not None:
        left, right = axis.place(band.low), axis.place(band.high)
        shade = tag("span", cls="kb-t-band", style=f"left:{left}%;width:{right - left:.3f}%")
    return tag("div", shade, *hairs, cls="kb-t-behind", aria_hidden="true")


def _ticks(lines: Lines, axis: Axis) -> Html:
    words = [lines.number(tick) for tick in axis.ticks]
    marks = [_at_tick(axis.place(tick), word) for tick, word in zip(axis.ticks, words, strict=True)]
    long = " kb-t-long" if sum(map(len, words)) > TOO_WIDE else ""
    unit = unit_words(lines)
    return join(
        [
            tag("div", *marks, cls=f"kb-t-ticks{long}", aria_hidden="true"),
            tag("div", unit, cls="kb-t-unit") if unit else None,
        ]
    )


def _at_tick(place: float, word: str) -> Html:
    return tag("span", word, style=f"left:{place}%")
