"""The number line: what all sources say about one quantity, each claim above its bar, at any width."""

from __future__ import annotations

import math
from itertools import groupby

from kb.ui.components.lines import Axis, Band, Ends, Lines, Row, figure, rows
from kb.ui.components.numberline_svg import svg
from kb.ui.markup import Child, Html, join, tag

__all__ = ["MOST", "build", "figure", "rows", "summary", "svg", "table_rows", "told"]

MOST = 60
"""Rows that are drawn; the rest is in the table."""

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


def told(lines: Lines) -> list[str]:
    """Return in words what the picture shows, and what it leaves out."""
    more = len(lines.rows) - MOST
    log = "The axis is logarithmic: each step is ten times the one before." if lines.axis and lines.axis.log else ""
    left = f"{more:,} more claims are in the table." if more > 0 else ""
    return [part for part in (summary(lines), log, left) if part]


def summary(lines: Lines) -> str:
    """Return the picture in one or two sentences."""
    measured = lines.measured
    count = len(lines.rows)
    start = f"{lines.title[:1].upper()}{lines.title[1:]}: {count:,} claim{'s' if count != 1 else ''}"
    numbers = [n for row in measured for end in row.ends for n in end if math.isfinite(n)]
    vague = count - len(measured)
    parts = [f"{len(measured):,} with a number, {lines.stretch(min(numbers), max(numbers))}"] if numbers else []
    parts += [f"{vague:,} in words only"] if vague else []
    return f"{start}; {' and '.join(parts)}.{_band_words(lines)}"


def _band_words(lines: Lines) -> str:
    band = lines.band
    if band is None:
        return ""
    where = "at" if band.low == band.high else "in"
    return f" Whatever their scope, {band.claims} of {band.of} overlap {where} {lines.stretch(band.low, band.high)}."


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
        (any(not row.work for row in shown), "kb-t-document", "▬", "a document says"),
        (any(row.work for row in shown), "kb-t-work", "▬", "a work found"),
        (any(end.low < end.high for end in ends), "", "├ ┤", "an end that is given"),
        (any(not math.isfinite(end.high) for end in ends), "", "▶", "no upper end given"),
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
    drawn = tag("div", *_marks(lines.axis, row.ends), cls="kb-t-track", aria_hidden="true") if lines.axis else None
    return tag("li", label, drawn if row.ends else None, cls=f"kb-t-row kb-t-{kind}")


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
    elif axis.log or axis.low != 0:
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


def unit_words(lines: Lines) -> str:
    """Return the unit of the axis as it stands under it."""
    unit = lines.unit
    if unit is None:
        return ""
    return unit.behind(False).strip() or (unit.kind if unit.interval_scale else "")
