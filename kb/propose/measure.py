"""The record of a stated quantity, and of numbers that share a unit on the way to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from kb.model import Bound

Form = Literal["amount", "share", "rate", "interval", "age", "count", "vague"]


class Measure(NamedTuple):
    """One quantity; ``start:end`` spans bound, number and unit in the whole text, ``value_start`` the bare value.

    ``units`` are the codes that the printed unit may stand for, likeliest first; ``noun`` is the counted noun of a
    form *count*. An absent end is open; a vague amount has neither. ``per`` is the printed basis (“infusion”).
    """

    start: int
    end: int
    value_start: int
    value_end: int
    low: Decimal | None
    high: Decimal | None
    any_of: tuple[Decimal, ...]
    units: tuple[str, ...]
    bound: Bound
    form: Form
    noun: str = ""
    per: str = ""


class Group(NamedTuple):
    """Numbers that share a unit: one, the two ends of a range, or alternatives."""

    values: tuple[Decimal, ...]
    first: int
    last: int
    is_range: bool = False
    is_share: bool = False
    code: str = ""  # where a sign or a unit between the numbers has already told it
