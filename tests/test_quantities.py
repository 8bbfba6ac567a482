from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb.model import Bound, Interval, ValueSet
from kb.quantities import INFINITY, Span, Unit, convert, distance_ratio, parse_scope_quantity, shown, spans

UNITS = [Unit(name, "time", Decimal(size)) for name, size in (("s", 1), ("min", 60), ("h", 3600), ("d", 86400))]
LITRE = Unit("L", "volume", Decimal(1))

numbers = st.decimals(-(10**9), 10**9, places=3)
positive = st.decimals(Decimal("0.001"), 10**9, places=3)
units = st.sampled_from(UNITS)
pairs = st.tuples(numbers, numbers).map(sorted)
ends = st.one_of(numbers, st.just(INFINITY), st.just(-INFINITY))
any_span = st.tuples(ends, ends).map(lambda both: Span(*sorted(both)))


@given(numbers, units, units)
def test_conversion_there_and_back_returns_the_number(number, unit, target):
    back = convert(convert(number, unit, target), target, unit)
    assert abs(back - number) <= abs(number) * Decimal("1e-20")


@given(numbers, numbers, units, units)
def test_conversion_keeps_the_order(a, b, unit, target):
    assert (a <= b) == (convert(a, unit, target) <= convert(b, unit, target))


@given(numbers, units)
def test_conversion_to_the_same_unit_changes_nothing(number, unit):
    assert convert(number, unit, unit) is number


@given(numbers, units)
def test_conversion_between_kinds_is_refused(number, unit):
    with pytest.raises(ValueError, match=r"is time, L is volume"):
        convert(number, unit, LITRE)


@given(pairs, units, units)
def test_an_interval_has_one_span_with_its_ends_in_order(pair, unit, target):
    (span,) = spans(Interval(low=pair[0], high=pair[1], unit=unit.symbol), unit, target)
    assert span.low <= span.high
    assert span.bounded


@given(numbers, units, units)
def test_an_absent_end_is_open(number, unit, target):
    (up_to,) = spans(Interval(high=number, unit=unit.symbol, bound=Bound.UP_TO), unit, target)
    (at_least,) = spans(Interval(low=number, unit=unit.symbol, bound=Bound.AT_LEAST), unit, target)
    assert (up_to.low, at_least.high) == (-INFINITY, INFINITY)
    assert not up_to.bounded
    assert not up_to.disjoint(at_least)


@given(st.lists(numbers, min_size=1, max_size=8, unique=True).map(sorted), units, units)
def test_a_set_has_a_point_for_each_alternative_in_order(items, unit, target):
    found = spans(ValueSet(any_of=tuple(items), unit=unit.symbol), unit, target)
    assert len(found) == len(items)
    assert all(span.low == span.high for span in found)
    assert list(found) == sorted(found)


@given(any_span, any_span)
def test_disjoint_is_symmetric_and_below_is_not(a, b):
    assert a.disjoint(b) == b.disjoint(a)
    assert not (a.below(b) and b.below(a))
    assert not a.disjoint(a)


@given(any_span, st.decimals(0, 1, places=2))
def test_widening_contains_the_span(span, share):
    wide = span.widened(share)
    assert wide.low <= span.low <= span.high <= wide.high


@given(st.tuples(positive, positive).map(sorted), st.tuples(positive, positive).map(sorted))
def test_the_ratio_of_distance_is_symmetric_and_at_least_one(a, b):
    one, other = Span(*a), Span(*b)
    ratio = distance_ratio(one, other)
    assert ratio == distance_ratio(other, one)
    assert ratio >= 1
    assert (ratio > 1) == one.disjoint(other)


@given(st.decimals(-(10**15), 10**15, places=9))
def test_shown_numbers_read_back_as_they_were(number):
    text = shown(number)
    assert Decimal(text) == number
    assert "e" not in text.lower()
    assert not ("." in text and text.endswith("0"))


@given(st.sampled_from(["", "~", "<=", "<", ">=", ">"]), positive, st.sampled_from(["h", "min", "mg/kg", "µg"]))
def test_scope_quantities_read_back(operator, number, unit):
    value, found = parse_scope_quantity(f"{operator} {shown(number)} {unit}".strip())
    assert found == value.unit == unit
    assert value.low == (None if operator.startswith("<") else number)
    assert value.high == (None if operator.startswith(">") else number)


@given(pairs.filter(lambda pair: pair[0] >= 0))
def test_ranges_of_scope_quantities_read_back(pair):
    for text in (f"{shown(pair[0])}-{shown(pair[1])} h", f"{shown(pair[0])} – {shown(pair[1])} h"):
        value, unit = parse_scope_quantity(text)
        assert (value.low, value.high, unit) == (*pair, "h")


def test_a_unit_may_come_first():
    value, unit = parse_scope_quantity("day 28")
    assert (value.low, value.high, unit) == (28, 28, "day")


@given(st.text(max_size=30))
def test_any_text_is_a_quantity_or_none(text):
    found = parse_scope_quantity(text)
    assert found is None or found[1]


@pytest.mark.parametrize(
    "text", ["", "h", "24", "72-24 h", "9" * 400 + " h", "-5 h", "٢٤ h", "24 h\n", "24 " + "h" * 41, "NaN h"]
)
def test_what_is_no_scope_quantity(text):
    assert parse_scope_quantity(text) is None
