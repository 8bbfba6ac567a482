"""The words around a number that bound it (“up to”, “or more”) and its basis (“per infusion”)."""

from __future__ import annotations

from decimal import Decimal

from kb.model import Bound
from kb.propose.measure import Form, Group, Measure
from kb.propose.number_groups import GroupReader
from kb.propose.units import TIMES


class BoundReader(GroupReader):
    """Finishes a quantity: bound, basis and spans."""

    def loose(
        self, first: int, unit: tuple[int, tuple[str, ...]], floor: int, form: Form, noun: str = ""
    ) -> tuple[Measure, int]:
        """Return an amount without a number, from token ``first`` to the end of its ``unit``."""
        last, codes = unit
        start, bound = self.bounded(first, codes, floor)
        span = (self.tokens[start].start, self.tokens[last - 1].end)
        bound = bound if bound in (Bound.AT_LEAST, Bound.UP_TO) else Bound.ABOUT
        return Measure(*span, self.tokens[first].start, span[1], None, None, (), codes, bound, form, noun), last

    def made(
        self, group: Group, last: int, codes: tuple[str, ...], form: Form, floor: int, noun: str = ""
    ) -> tuple[Measure, int] | None:
        """Return the finished quantity whose unit ends before token ``last``, and the index behind all of it."""
        start, bound = self.bounded(group.first, codes, floor)
        after = self.english.bound_after.at(self.norms, last) or self.english.bound_after.at(self.norms, group.last)
        plus = self.norm(group.last) == "+" or (self.norm(group.last) == "%" and self.norm(group.last + 1) == "+")
        end = last
        if after and after[1][0] in (Bound.AT_LEAST, Bound.UP_TO, Bound.ABOUT):
            bound, end = after[1][0], max(after[0], last)
        elif plus:
            bound = Bound.AT_LEAST
        per, end_per = self.basis(end, codes, form)
        low, high, any_of = self.ends(group, bound)
        if bound is Bound.EXACT and low != high and not any_of:
            bound = Bound.RANGE
        first, stop = self.tokens[start].start, self.tokens[end - 1].end
        value = self.tokens[group.first].start
        return Measure(
            first, stop, value, self.tokens[last - 1].end, low, high, any_of, codes, bound, form, noun, per
        ), max(end, end_per)

    def ends(self, group: Group, bound: Bound) -> tuple[Decimal | None, Decimal | None, tuple[Decimal, ...]]:
        """Return low, high and alternatives as the bound leaves them."""
        low, high = group.values[0], group.values[-1]
        if len(group.values) > 1 and not group.is_range:
            if len(group.values) == 2 and high - low == 1 and low == int(low):
                return low, high, ()  # "one or two" is as good as a range
            return low, high, group.values
        if len(group.values) == 1 and bound is Bound.AT_LEAST:
            return low, None, ()
        if len(group.values) == 1 and bound is Bound.UP_TO:
            return None, high, ()
        return low, high, ()

    def basis(self, index: int, codes: tuple[str, ...], form: Form) -> tuple[str, int]:
        """Return the printed basis behind a unit (“per infusion”, “each”, “a session”) and the index behind it."""
        if form not in ("amount", "count", "share"):
            return "", index
        joint = self.english.per.at(self.norms, index)
        word = self.norm(joint[0]) if joint else ""
        last = joint[0] + 1 if joint else 0
        if joint is None or not word[:1].isalpha() or word in self.english.no_count:
            return ("each", index + 1) if self.norm(index) in ("each", "apiece") else ("", index)
        if joint[1][0] in ("a", "an") and not any(code in ("USD", "EUR", "GBP", "mg") for code in codes):
            return "", index
        while last - joint[0] < 3 and self.norm(last)[:1].isalpha() and self.norm(last) not in self.english.no_count:
            last += 1
        return self.raw(joint[0], last), joint[0] + 1

    def bounded(self, first: int, codes: tuple[str, ...], floor: int) -> tuple[int, Bound]:
        """Return where the words of the bound before a number begin, and the bound."""
        at = first
        for _ in range(3):
            found = self.english.bound_before.before(self.norms, at)
            if found is not None and found[0] >= floor:
                bound = found[1][0]
                if self.norm(found[0]) == "over" and (
                    "the" in self.norms[at:first] or not self.is_longer(found[0], codes)
                ):
                    return first, Bound.EXACT
                if self.norm(found[0]) == "some" and found[0] == at - 1 and not self.tokens[first].is_number:
                    return first, Bound.EXACT
                if bound is Bound.AT_LEAST and not self.english.negations.isdisjoint(
                    self.norms[max(floor, found[0] - 4) : found[0]]
                ):
                    bound = Bound.UP_TO
                if bound is Bound.TYPICAL:
                    return (found[0] if at == first else first), bound
                outer = self.english.bound_before.before(self.norms, found[0])
                if (
                    outer
                    and outer[0] >= floor
                    and outer[1][0] in (Bound.AT_LEAST, Bound.UP_TO)
                    and bound is Bound.ABOUT
                ):
                    return outer[0], outer[1][0]
                return found[0], bound
            if self.norm(at - 1) not in self.english.passed_over or at - 1 < floor:
                break
            at -= 1
        return first, Bound.EXACT

    def is_longer(self, index: int, codes: tuple[str, ...]) -> bool:
        """Say whether “over” before a number means more than it: not before a time in which something is given."""
        if not codes or codes[0] not in TIMES or codes[0] == "a":
            return True
        return self.norm(index - 1) in self.english.longer_after
