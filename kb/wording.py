"""Words for typed values, the same in every sentence, table and report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kb.domain import Domain
from kb.model import Bound, Claim, Interval, Ordinal, Vague, ValueSet
from kb.quantities import Unit, shown

BEFORE = {Bound.ABOUT: "about "}
AFTER = {Bound.TYPICAL: " (typical)"}


def join(parts: Sequence[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def number_text(number: Decimal, unit: Unit) -> str:
    """Return a number with thousands marked, except where ratios mean nothing (years)."""
    text = shown(number)
    whole, point, rest = text.partition(".")
    if unit.interval_scale or len(whole) < 5:
        return text
    return f"{int(whole):,}{point}{rest}"


def quantity_text(number: Decimal, unit: Unit) -> str:
    """Return a number with its unit, such as ``1 session`` or ``17,300,000 people``."""
    return f"{number_text(number, unit)}{unit.behind(number == 1)}"


def value_text(value: Interval | ValueSet, unit: Unit) -> str:
    """Return a typed quantity in words, such as ``up to 3 months`` or ``56 or 84 mg``."""
    if isinstance(value, ValueSet):
        return f"{' or '.join(number_text(number, unit) for number in value.any_of)}{unit.behind(False)}"
    if value.low is None or value.high is None or value.low == 0 < value.high:
        return _open_text(value, unit)
    start, end = BEFORE.get(value.bound, ""), AFTER.get(value.bound, "")
    if value.low == value.high:
        return f"{start}{quantity_text(value.low, unit)}{end}"
    return f"{start}{number_text(value.low, unit)}–{quantity_text(value.high, unit)}{end}"


def _open_text(value: Interval, unit: Unit) -> str:
    if value.high is not None:
        return f"{'by' if unit.interval_scale else 'up to'} {quantity_text(value.high, unit)}"
    low = quantity_text(value.low or Decimal(0), unit)
    return f"from {low} on" if unit.interval_scale else f"at least {low}"


def claim_value(domain: Domain, claim: Claim) -> str:
    """Return the value of a claim in words; "" where it has none."""
    value = claim.value
    if value is None:
        return ""
    if isinstance(value, Ordinal):
        return domain.label(value.class_)
    if isinstance(value, Vague):
        return f"{'up to ' if value.bound is Bound.UP_TO else ''}“{value.printed}”"
    return value_text(value, domain.units[value.unit])
