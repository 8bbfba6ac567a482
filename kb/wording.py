"""Words for typed values, the same in every sentence, table and report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kb.domain import Domain
from kb.model import Bound, Claim, Interval, Ordinal, Vague, Value, ValueSet
from kb.quantities import shown

BEFORE = {Bound.ABOUT: "about "}
AFTER = {Bound.TYPICAL: " (typical)"}


def join(parts: Sequence[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def number_text(number: Decimal, unit: str) -> str:
    """Return a number with thousands marked, except for years."""
    text = shown(number)
    if unit == "calendar-year" or len(text.partition(".")[0]) < 5:
        return text
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}"


def unit_text(unit: str, plural: bool) -> str:
    """Return a unit as it stands behind a number; counted things take a plural."""
    if unit in ("ratio", "calendar-year"):
        return ""
    if unit == "%":
        return " %"
    if unit in ("1/week", "1/day", "1/month"):
        return f" a {unit.removeprefix('1/')}"
    counted = len(unit) > 3 and unit.isalpha()
    return f" {unit}s" if counted and plural else f" {unit}"


def value_text(value: Value, class_label: str = "") -> str:
    """Return a typed value in words, such as ``up to 3 months`` or ``56 or 84 mg``."""
    if isinstance(value, Ordinal):
        return class_label or value.class_
    if isinstance(value, Vague):
        return f"“{value.printed}”"
    if isinstance(value, ValueSet):
        numbers = [number_text(number, value.unit) for number in value.any_of]
        return f"{' or '.join(numbers)}{unit_text(value.unit, True)}"
    return _interval_text(value)


def _interval_text(value: Interval) -> str:
    if value.unit == "calendar-year" and (value.low is None or value.high is None):
        return f"by {shown(value.high)}" if value.high is not None else f"from {shown(value.low or Decimal(0))} on"
    if value.high is not None and (value.low is None or value.low == 0 < value.high):
        return f"up to {number_text(value.high, value.unit)}{unit_text(value.unit, value.high != 1)}"
    if value.high is None and value.low is not None:
        return f"at least {number_text(value.low, value.unit)}{unit_text(value.unit, value.low != 1)}"
    low, high = value.low or Decimal(0), value.high or Decimal(0)
    start, end = BEFORE.get(value.bound, ""), AFTER.get(value.bound, "")
    if low == high:
        return f"{start}{number_text(low, value.unit)}{unit_text(value.unit, low != 1)}{end}"
    numbers = f"{number_text(low, value.unit)}–{number_text(high, value.unit)}"
    return f"{start}{numbers}{unit_text(value.unit, True)}{end}"


def claim_value(domain: Domain, claim: Claim) -> str:
    """Return the value of a claim in words; "" where it has none."""
    if claim.value is None:
        return ""
    label = domain.label(claim.value.class_) if isinstance(claim.value, Ordinal) else ""
    return value_text(claim.value, label)
