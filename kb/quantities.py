"""Intervals on Decimal: conversion within a kind of unit, order, overlap and distance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pydantic import ValidationError

from kb.model import Bound, Interval, ValueSet

INFINITY = Decimal("Infinity")
ZERO = Decimal(0)
OFF_CENTRE = Decimal("1.5")
"""Bounded spans whose middles lie this many times apart tell of different things, though one may hold the other."""

TIME_POINT = re.compile(
    r"(?P<op><=|>=|<|>|~)?\s*(?P<low>\d+(?:\.\d+)?)(?:\s*[-–]\s*(?P<high>\d+(?:\.\d+)?))?\s*(?P<unit>[^\s\d].*)",
    re.ASCII,
)
UNIT_FIRST = re.compile(
    r"(?P<op><=|>=|<|>|~)?\s*(?P<unit>[a-z]+)\s+(?P<low>\d+(?:\.\d+)?)(?:\s*[-–]\s*(?P<high>\d+(?:\.\d+)?))?",
    re.ASCII,
)


@dataclass(frozen=True, order=True)
class Span:
    """A closed interval in the canonical unit of its property; infinite ends are open."""

    low: Decimal
    high: Decimal

    def widened(self, share: Decimal) -> Span:
        """Return the span with both ends moved outwards by ``share`` of their size."""
        if not share:
            return self
        low = self.low - abs(self.low) * share if self.low.is_finite() else self.low
        high = self.high + abs(self.high) * share if self.high.is_finite() else self.high
        return Span(low, high)

    def below(self, other: Span) -> bool:
        """Say whether this span lies wholly below ``other``."""
        return self.high < other.low

    def apart(self, other: Span, tolerance: Decimal) -> bool:
        """Say whether a gap lies between the spans that exceeds ``tolerance``, a share of the greater end."""
        if not self.disjoint(other):
            return False
        low, high = (self.high, other.low) if self.below(other) else (other.high, self.low)
        return high - low > tolerance * max(abs(low), abs(high))

    def disjoint(self, other: Span) -> bool:
        """Say whether the spans share no point."""
        return self.below(other) or other.below(self)

    def holds(self, other: Span) -> bool:
        """Say whether ``other`` lies wholly inside this span, or is it."""
        return self.low <= other.low and other.high <= self.high

    def times(self, other: Span) -> Span:
        """Return the product of two spans without negative ends; an open end stays open."""
        high = INFINITY if INFINITY in (self.high, other.high) else self.high * other.high
        return Span(max(self.low, ZERO) * max(other.low, ZERO), high)

    @property
    def bounded(self) -> bool:
        """Say whether both ends are finite."""
        return self.low.is_finite() and self.high.is_finite()


@dataclass(frozen=True)
class Unit:
    """A unit of the vocabulary: its kind (only units of one kind convert) and its size in the kind's base.

    On an interval scale (years of the calendar) zero is arbitrary, so ratios mean nothing. ``shown_as`` and
    ``plural`` stand behind a number in sentences. ``id`` is its name in the vocabulary.
    """

    symbol: str
    kind: str
    factor: Decimal
    code: str = ""
    interval_scale: bool = False
    shown_as: str | None = None
    plural: str | None = None
    words: tuple[str, ...] = ()
    id: str = ""

    def behind(self, is_one: bool) -> str:
        """Return what stands behind a number, with its blank: `` mg``, `` sessions``, or nothing."""
        single = self.symbol if self.shown_as is None else self.shown_as
        text = single if is_one or self.plural is None else self.plural
        return f" {text}" if text else ""


def convert(number: Decimal, unit: Unit, target: Unit) -> Decimal:
    """Return ``number`` of ``unit`` in ``target``; raise `ValueError` if the kinds differ."""
    if unit.kind != target.kind:
        raise ValueError(f"{unit.symbol} is {unit.kind}, {target.symbol} is {target.kind}")
    if unit.factor == target.factor:
        return number
    return number * unit.factor / target.factor


def spans(value: Interval | ValueSet, unit: Unit, target: Unit) -> tuple[Span, ...]:
    """Return the canonical spans of a value: one for an interval, one for each alternative of a set."""
    if isinstance(value, ValueSet):
        return tuple(Span(*(convert(item, unit, target),) * 2) for item in value.any_of)
    low = convert(value.low, unit, target) if value.low is not None else -INFINITY
    high = convert(value.high, unit, target) if value.high is not None else INFINITY
    if value.bound is Bound.AT_LEAST:
        high = INFINITY
    return (Span(low, high),)


def distance_ratio(a: Span, b: Span) -> Decimal:
    """Return how many times the nearer end of the upper span exceeds that of the lower one (1 if they touch).

    Infinity where the lower end is zero or the signs differ: no ratio is meaningful there.
    """
    lower, upper = (a, b) if a.below(b) else (b, a)
    if not lower.below(upper):
        return Decimal(1)
    if lower.high <= 0:
        return INFINITY if upper.low > 0 or upper.low == 0 else lower.high / upper.low
    return upper.low / lower.high


def off_centre(a: Span, b: Span) -> bool:
    """Say whether the middles of two bounded spans lie materially apart; below zero no ratio is meaningful."""
    lower, upper = sorted((a.low + a.high, b.low + b.high))
    return lower > 0 and upper >= lower * OFF_CENTRE


@lru_cache(maxsize=10_000)
def parse_scope_quantity(text: str) -> tuple[Interval, str] | None:
    """Read a scope quantity such as ``<= 24 h``, ``24-72 h`` or ``day 28``; None where it is not one."""
    match = TIME_POINT.fullmatch(text) or UNIT_FIRST.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    low = Decimal(parts["low"])
    high = Decimal(parts.get("high") or parts["low"])
    operator = parts.get("op") or ""
    unit = parts["unit"].strip()
    try:
        if operator.startswith("<"):
            return Interval(high=high, unit=unit, bound=Bound.UP_TO), unit
        if operator.startswith(">"):
            return Interval(low=low, unit=unit, bound=Bound.AT_LEAST), unit
        return Interval(low=low, high=high, unit=unit), unit
    except ValidationError:  # backwards, or longer than any measured number
        return None


def shown(number: Decimal) -> str:
    """Return a number as people write it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
