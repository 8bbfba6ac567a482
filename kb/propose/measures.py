"""Quantities as a text states them: number, unit, bound and basis, each with its place.

The grammar works on the tokens of one sentence. It reads ranges, alternatives, open bounds, rates, intervals,
fractions, ages and vague amounts; places named by `kb.propose.barred` hold none.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kb.model import Bound
from kb.propose.bounds import BoundReader
from kb.propose.measure import Form, Group, Measure
from kb.propose.number_groups import HUNDRED
from kb.propose.units import PERIODS, TIMES, Units


def measures(text: str, start: int, end: int, units: Units) -> tuple[Measure, ...]:
    """Return the quantities stated in ``text[start:end]``, in order, none within another."""
    reader = _Reader(text, start, end, units)
    return tuple(reader.all())


def _joined(first: Measure, second: Measure, text: str) -> Measure | None:
    """Make one of “56 mg or 84 mg”, and of “twenty-nine percent (29%)”; None where the two are apart."""
    between = text[first.end : second.start].strip()
    if first.units != second.units or first.form != second.form or first.low is None or second.low is None:
        return None
    if between == "(" and (first.low, first.high) == (second.low, second.high):
        return first._replace(end=second.end + text.startswith(")", second.end), value_end=second.value_end)
    single = all(m.low == m.high and not m.any_of and m.bound is Bound.EXACT for m in (first, second))
    if between == "or" and single and first.form == "amount" and first.low < second.low:
        both = (first.low, second.low)
        return first._replace(end=second.end, value_end=second.value_end, high=second.high, any_of=both, per=second.per)
    return None


class _Reader(BoundReader):
    """Reads the quantities of one sentence, each form by a method of its own."""

    def all(self) -> Iterable[Measure]:
        index = floor = 0
        last_one: Measure | None = None
        while index < len(self.tokens):
            found = self.measure(index, floor)
            if found is None:
                index += 1
                continue
            measure, last = found
            index = floor = max(last, index + 1)
            joined = _joined(last_one, measure, self.text) if last_one else None
            if joined is None and last_one:
                yield last_one
            last_one = joined or measure
        if last_one:
            yield last_one

    def measure(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read a quantity whose number begins at ``index``; words of its bound reach back to ``floor`` at most."""
        if self.is_barred(index):
            return None
        for read in (self.interval, self.rate, self.plain_rate, self.amount, self.vague, self.bare_units, self.single):
            found = read(index, floor)
            if found is not None:
                return found
        return None

    def amount(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read a number with a unit, a share, an age, or a count of something."""
        group = self.group(index)
        if group is None:
            return None
        if self.norm(group.first - 1) in ("-", "+") and self.joined(group.first) and not self.joined(group.first - 1):
            return None
        if self.is_named(group) or self.is_year(group) or self.is_mere_one(group):
            return None
        age = self.age(group)
        if age is not None:
            return self.made(group, *age, floor)
        last = group.last + (self.norm(group.last) == "+")
        if group.is_share and not group.code:
            return self.fraction(group, last, floor)
        or_more = self.english.bound_after.at(self.norms, last)
        if or_more and not group.code and self.unit(last) is None:
            last = or_more[0]
        found = (last, (group.code,)) if group.code else self.unit(last)
        if found is not None:
            if group.code and group.code != "%":
                unit = self.unit(last)
                found = unit if unit and group.code in unit[1] else found
            return self.made(group, found[0], found[1], "share" if "%" in found[1] else "amount", floor)
        noun = self.count_noun(last)
        if noun:
            return self.made(group, noun[0], noun[1], "count", floor, noun[2])
        return self.bounded_only(group, floor)

    def bounded_only(self, group: Group, floor: int) -> tuple[Measure, int] | None:
        """Read “about 30” where the counted noun is left out; a year is none."""
        is_crowd = self.norm(group.last - 1) in self.english.scales and group.values[-1] >= 1000
        is_year = len(group.values) == 1 and 1800 <= group.values[0] < 2100
        is_bounded = self.english.bound_before.before(self.norms, group.first) is not None
        if is_year or group.is_share or not (is_bounded or is_crowd):
            return None
        if self.norm(group.last) in ("-", "/", ":"):
            return None
        found = self.made(group, group.last, (), "count", floor)
        return found if found and (is_crowd or found[0].bound is not Bound.EXACT) else None

    def fraction(self, group: Group, last: int, floor: int) -> tuple[Measure, int] | None:
        """Read “two-thirds of patients” as a share and “half an hour” as an amount."""
        at = (
            last
            + (self.norm(last) in ("a", "an"))
            + 2 * (self.norm(last) == "of" and self.norm(last + 1) in ("a", "an"))
        )
        found = self.unit(at)
        if found is not None and found[1][0] in TIMES:
            return self.made(group, found[0], found[1], "amount", floor)
        behind, before = self.norm(last), self.norm(group.first - 1)
        is_bounded = self.english.bound_before.before(self.norms, group.first) is not None
        is_share = behind in self.english.share_before or behind in self.english.people or is_bounded
        if not is_share or behind in self.english.no_share or before in self.english.no_share_after:
            return None
        values = tuple((value * HUNDRED).quantize(Decimal("0.01")) for value in group.values)
        return self.made(group._replace(values=values), last, ("%",), "share", floor)

    def age(self, group: Group) -> tuple[int, tuple[str, ...], Form] | None:
        at = group.last + (self.norm(group.last) == "+")
        at += self.norm(at) == "-"
        unit = self.english.age_units.at(self.norms, at)
        if unit is not None:
            return unit[0], ("a",), "age"
        lead = group.first - (self.norm(group.first - 1) in ("between", "from", "over", "under", "above", "below"))
        if (
            self.english.age_before.before(self.norms, lead)
            and max(group.values) < 120
            and self.unit(group.last) is None
        ):
            return group.last, ("a",), "age"
        behind = [self.norm(at + step) for step in range(2)]
        older = behind in (
            ["or", "older"],
            ["and", "older"],
            ["or", "younger"],
            ["and", "over"],
            ["or", "over"],
            ["and", "up"],
        )
        if older and max(group.values) < 120 and not group.code:
            return group.last, ("a",), "age"
        return None

    def is_named(self, group: Group) -> bool:
        """Say whether the number is the number of something (Phase 2, Schedule III, page 45, 10 a.m., 1st)."""
        if group.code:
            return False
        after = self.english.not_after.at(self.norms, group.last)
        if after and self.joined(group.last) and self.norm(group.last) in ("st", "nd", "rd", "th"):
            return True
        if self.english.named_before.before(self.norms, group.first):
            return True
        before = self.english.not_before.before(self.norms, group.first)
        return bool(before or after) and self.unit(group.last) is None and self.count_noun(group.last) is None

    def is_year(self, group: Group) -> bool:
        """Say whether four plain digits before a noun in the singular are a year (“a 2006 study”)."""
        if len(group.values) > 1 or group.code or not 1800 <= group.values[0] < 2100 or group.last - group.first > 1:
            return False
        noun = self.norm(group.last)
        printed = self.tokens[group.first].norm
        return len(printed) == 4 and printed.isdecimal() and not (noun.endswith("s") or noun in self.english.people)

    def is_mere_one(self, group: Group) -> bool:
        """Say whether “one” before a noun counts nothing (“one study found”): of units and sessions it does."""
        if self.norm(group.first) != "one" or group.last - group.first > 1 or group.is_share or len(group.values) > 1:
            return False
        unit = self.unit(group.last)
        return unit is None or not any(
            code in TIMES or code in ("%", "{session}", "{treatment}") or code.isupper() for code in unit[1]
        )

    def interval(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read “every 4–8 weeks”, “once every two weeks”, “every other day”, “every week”."""
        first = index
        if self.norm(index) in self.english.times and self.norm(index + 1) in ("every", "each", "in"):
            index += 1
            if self.norm(index) == "in" and self.norm(first) != "once":
                return None
        if self.norm(index) not in ("every", "each") and first == index:
            return None
        if self.norm(first) in ("twice", "thrice"):
            return None
        at = index + 1
        at += self.norm(at) in ("about", "approximately", "roughly", "few") and self.norm(at) != "few"
        if self.norm(at) == "other":
            unit = self.unit(at + 1)
            if unit and unit[1][0] in TIMES:
                return self.made(Group((Decimal(2),), first, at + 1), unit[0], unit[1], "interval", floor)
            return None
        if self.norm(at) == "few":
            unit = self.unit(at + 1)
            return self.loose(first, unit, floor, "interval") if unit and unit[1][0] in TIMES else None
        group = self.group(at)
        if group is None:
            unit = self.unit(at)
            if unit and unit[1][0] in TIMES and first != index:
                return self.made(Group((Decimal(1),), first, at), unit[0], unit[1], "interval", floor)
            return None
        unit = self.unit(group.last)
        if unit is None or unit[1][0] not in TIMES:
            return None
        return self.made(group._replace(first=first), unit[0], unit[1], "interval", floor)

    def rate(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read “twice a week”, “2–3 times per week”, “once daily”, “3x/week”, “two infusions per week”."""
        word = self.norm(index)
        if word in self.english.times:
            group = Group((self.english.times[word],), index, index + 1)
            joint = self.norm(index + 1)
            if joint in ("or", "to", "-") and self.norm(index + 2) in self.english.times:
                second = self.english.times[self.norm(index + 2)]
                group = Group(
                    (group.values[0], second), index, index + 3, joint != "or" or second - group.values[0] == 1
                )
        else:
            found = self.group(index)
            if found is None or found.code or found.is_share:
                return None
            at = found.last
            counted = self.norm(at) in ("times", "x", "time") or self.is_session(at)
            if not counted:
                return None
            session = self.units.at(self.norms, at)
            last = session[0] if session and self.norm(at) not in ("times", "x", "time") else at + 1
            group = found._replace(last=last)
        return self.per_time(group, floor)

    def is_session(self, index: int) -> bool:
        found = self.units.at(self.norms, index)
        return found is not None and any(code.startswith("{") for code in found[1])

    def per_time(self, group: Group, floor: int) -> tuple[Measure, int] | None:
        at = group.last + (self.norm(group.last) == "-")
        if self.norm(at) in self.english.rates:
            return self.made(group, at + 1, (f"/{self.english.rates[self.norm(at)]}",), "rate", floor)
        if self.norm(at) not in ("a", "an", "per", "each", "every", "/"):
            return None
        unit = self.units.at(self.norms, at + 1)
        code = next((code for code in unit[1] if code in TIMES), None) if unit else None
        if unit is None or code is None:
            return None
        return self.made(group, unit[0], (f"/{code}",), "rate", floor)

    def plain_rate(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read “weekly”, “daily”, “biweekly”: once in that time."""
        code = self.english.rates.get(self.norm(index))
        if code is None or code == "quarter" or self.norm(index + 1) in self.english.no_rate:
            return None
        return self.made(Group((Decimal(1),), index, index + 1), index + 1, (f"/{code}",), "rate", floor)

    def vague(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read “a few weeks”, “several months”, “a couple of sessions”."""
        crowd = self.english.crowds.at(self.norms, index)
        if crowd is not None:
            noun = self.count_noun(crowd[0])
            return self.loose(index, (noun[0], noun[1]), floor, "vague", noun[2]) if noun else None
        found = self.english.vague.at(self.norms, index)
        if found is not None and self.norm(found[0]) == "times":
            rate = self.per_time(Group((Decimal(1),), index, found[0] + 1), floor)
            return self.loose(index, (rate[1], rate[0].units), floor, "rate") if rate else None
        if found is None:
            return None
        at = found[0] + (self.norm(found[0]) in ("more", "short", "long", "consecutive", "to"))
        unit = self.unit(at) or self.described(at)
        many = self.norm(index) in ("some", "many", "multiple", "a number of")
        if unit is None or unit[1][0] in ("%", "{participant}", "{person}") or (many and unit[1][0] == "{trial}"):
            return None
        second = self.unit(unit[0] + 1) if self.norm(unit[0]) in ("to", "or") else None
        last = second[0] if second and second[1][0] in TIMES else unit[0]
        return self.loose(index, (last, unit[1]), floor, "vague")

    def described(self, index: int) -> tuple[int, tuple[str, ...]] | None:
        """Return a unit of the vocabulary behind words that describe it (“well-controlled trials”)."""
        noun = self.count_noun(index)
        return noun[:2] if noun and noun[1] else None

    def bare_units(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read “within hours”, “weeks to months”, “for days or weeks”: a plural without a number."""
        unit = self.units.at(self.norms, index)
        if unit is None or unit[1][0] not in PERIODS or not self.norm(index).endswith("s") or self.norm(index) == "s":
            return None
        before = self.norm(index - 1)
        if self.tokens[index - 1].is_number if index else False:
            return None
        joint = self.norm(unit[0])
        second = self.units.at(self.norms, unit[0] + 1) if joint in ("to", "or", "and", "-") else None
        if second and second[1][0] in TIMES and self.norm(unit[0] + 1).endswith("s"):
            return self.loose(index, (second[0], unit[1]), floor, "vague")
        if before == "the":
            before = self.norm(index - 2)
        is_amount = before in self.english.before_bare or (before == "of" and self.norm(index - 2) == "matter")
        if is_amount or (self.norm(unit[0]) == "of" and before not in ("the", "these", "those")):
            return self.loose(index, unit, floor, "vague")
        return None

    def single(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read “a single session”, “within an hour”, “hour-long”, “one infusion” is a number already."""
        word = self.norm(index)
        if word == "single":
            return self.single_session(index, floor)
        is_next = word == "the" and self.norm(index + 1) == "next" and self.norm(index - 1) == "within"
        if word in ("a", "an") or is_next or self.norm(index + 1) == "-":
            return self.one_unit(index, floor, word in ("a", "an", "the"))
        if word.endswith("fold") and word.removesuffix("fold") in self.english.numbers:
            times = Group((self.english.numbers[word.removesuffix("fold")],), index, index + 1)
            return self.made(times, index + 1, ("{fold}",), "amount", floor)
        return None

    def single_session(self, index: int, floor: int) -> tuple[Measure, int] | None:
        """Read “a single session”, also around its length: “a single 45-minute treatment”."""
        one = Group((Decimal(1),), index, index + 1)
        inner = self.amount(index + 1, index + 1)
        if inner and inner[0].units[:1] and inner[0].units[0] in TIMES and self.is_session(inner[1]):
            return self.made(one, index + 1, ("{session}",), "count", floor)
        unit = self.units.at(self.norms, index + 1)
        if unit is None and self.norm(index + 1) not in self.english.people:
            noun = self.count_noun(index + 1)
            unit = noun[:2] if noun else None
        if unit is None or not unit[1] or not unit[1][0].startswith("{session"):
            return None
        return self.made(one, unit[0], unit[1], "count", floor)

    def one_unit(self, index: int, floor: int, is_article: bool) -> tuple[Measure, int] | None:
        """Read “within an hour”, “an hour and a half”, “an hour-long”, “month-long”."""
        at = index + is_article
        at += is_article and self.norm(at) in ("full", "single", "next")
        unit = self.units.at(self.norms, at)
        if unit is None or unit[1][0] not in PERIODS or len(self.norm(at)) < 3 or self.norm(at).endswith("s"):
            return None
        is_long = self.norm(unit[0]) == "-" and self.norm(unit[0] + 1) == "long"
        is_more = [self.norm(unit[0] + step) for step in range(3)] == ["and", "a", "half"]
        if not is_long and self.norm(index - 1) not in self.english.before_article:
            return None
        value = Decimal("1.5") if is_more else Decimal(1)
        last = unit[0] + (2 if is_long else 3 if is_more else 0)
        return self.made(Group((value,), index, at), last, unit[1], "amount", floor)
