"""A number line in words: what it shows, where most claims overlap, what it leaves out."""

from __future__ import annotations

import math

from kb.drawing.lines import Lines

MOST = 60
"""Rows that are drawn; the rest is in the table."""


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


def unit_words(lines: Lines) -> str:
    """Return the unit of the axis as it stands under it."""
    unit = lines.unit
    if unit is None:
        return ""
    return unit.behind(False).strip() or (unit.kind if unit.interval_scale else "")
