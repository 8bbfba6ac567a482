"""Numbers that share a unit: one, the ends of a range, alternatives, a share of so many."""

from __future__ import annotations

from decimal import Decimal

from kb.propose.figures import Figure, figure
from kb.propose.measure import Group
from kb.propose.sentence_reader import SentenceReader
from kb.propose.tokens import singular
from kb.propose.units import PERIODS, TIMES

HUNDRED = Decimal(100)
MOST_ALTERNATIVES = 20  # "1, 2, 3, 4 …" is a list of numbers
_RANGE = ("-", "to", "through")


class GroupReader(SentenceReader):
    """Reads the numbers of a quantity, without its unit."""

    def group(self, index: int) -> Group | None:
        """Return the numbers that begin at ``index`` and share a unit: a range, alternatives, a share, or one."""
        sign = self.english.signs.get(self.norm(index), "")
        if self.norm(index) == "us" and self.norm(index + 1) == "$":
            sign, index = "USD", index + 1
        first = self.number(index + 1 if sign else index)
        if first is None:
            return None
        start = index
        ratio = self.ratio(first) if not sign else None
        if ratio:
            return ratio
        restated = self.restated(first)
        group = Group((first.value,), start, restated, is_share=first.is_share, code=sign)
        return self.other_end(group, sign) or self.alternatives(group, sign) or group

    def number(self, index: int) -> Figure | None:
        """Return the figure at ``index`` unless it is part of a name (5-HT2A, COVID-19) or of a place without facts."""
        found = figure(self.text, self.tokens, index, self.english) if index < len(self.tokens) else None
        if found is None or self.is_barred(index):
            return None
        if self.tokens[index].is_number:
            before, after = self.norm(index - 1), self.norm(found.last)
            if self.joined(index) and (before[:1].isalpha() or before in ("#", "№", ".", "/", "_", "^")):
                return None
            if self.joined(index) and before == "-" and self.joined(index - 1) and self.norm(index - 2)[:1].isalpha():
                return None
            if self.joined(found.last) and after[:1].isalpha() and not self.is_unit_here(found.last):
                return None
            if after == "-" and self.joined(found.last) and self.is_name_behind(found.last + 1):
                return None
        return found

    def is_unit_here(self, index: int) -> bool:
        """Say whether a unit begins at ``index``."""
        return self.units.at(self.norms, index) is not None or self.norm(index) in ("x", "k")

    def is_name_behind(self, index: int) -> bool:
        """Say whether a hyphen leads to capitals or to digits and hyphens again (5-HT, 1-800-…)."""
        if not self.joined(index) or index >= len(self.tokens):
            return False
        token = self.tokens[index]
        printed = self.text[token.start : token.end]
        if token.is_number:
            return False  # a range, or a telephone number, which is barred
        return printed.isupper() and self.units.at(self.norms, index) is None

    def restated(self, number: Figure) -> int:
        """Return the index behind “(6)” in “six (6)”, else behind the number."""
        inner = figure(self.text, self.tokens, number.last + 1, self.english) if self.norm(number.last) == "(" else None
        same = inner is not None and inner.value == number.value and self.norm(inner.last) == ")"
        return inner.last + 1 if inner is not None and same else number.last

    def ratio(self, top: Figure) -> Group | None:
        """Read “5 out of 7”, “one in five”, “3 of every 4” as a share in per cent."""
        at = top.last
        words = [self.norm(at + step) for step in range(3)]
        skip = 2 if words[:2] == ["out", "of"] else 1 if words[0] in ("in", "of") else 0
        if not skip:
            return None
        at += skip + (self.norm(at + skip) in ("every", "the", "each"))
        below = self.number(at)
        if below is None or below.value <= top.value or top.value != int(top.value) or below.is_share:
            return None
        behind = self.unit(below.last)
        if behind is not None and any(code in TIMES or code == "%" for code in behind[1]):
            return None
        if (
            skip == 1
            and words[0] == "of"
            and not (self.norm(below.last) in self.english.people or words[1] in ("every", "the", "each"))
        ):
            return None
        if words[0] == "in" and (
            below.value > 10_000 or 1900 <= below.value < 2100 or self.norm(top.last - 1) in self.english.months
        ):
            return None
        share = (top.value * HUNDRED / below.value).quantize(Decimal("0.01"))
        return Group((share,), top.first, below.last, code="%")

    def other_end(self, group: Group, sign: str) -> Group | None:
        """Read the second end of a range: 4–8, 4 to 8, between 4 and 8, 30 minutes to 2 hours, $5–$10."""
        between = self.norm(group.first - 1) in ("between", "from") or self.norm(group.first - 2) in ("between", "from")
        at, code = group.last, ""
        inner = self.unit(at)
        if inner and not sign and (self.norm(inner[0]) in _RANGE or (between and self.norm(inner[0]) == "and")):
            at, code = inner[0], inner[1][0]
        if self.norm(at) not in _RANGE and not (between and self.norm(at) == "and"):
            return None
        at += 3 if [self.norm(at + step) for step in range(3)] == ["-", "to", "-"] else 1
        at += self.norm(at) in ("approximately", "about", "as", "up")
        at += (self.norm(at) == "us") + (self.english.signs.get(self.norm(at), "-") == sign)
        second = self.number(at) or self.one_of(at)
        if second is None or second.is_share != group.is_share:
            return None
        outer = self.unit(self.restated(second))
        low: Decimal | None = group.values[0]
        if code and outer and outer[1][0] != code:
            low = self.in_unit(group.values[0], code, outer[1][0])
        if low is None or low >= second.value:
            return None
        low = self.same_scale(second, low)
        return Group((low, second.value), group.first, self.restated(second), True, group.is_share, sign)

    def one_of(self, index: int) -> Figure | None:
        """Read the article in “30 minutes to an hour” as one."""
        unit = self.units.at(self.norms, index + 1) if self.norm(index) in ("a", "an") else None
        return Figure(Decimal(1), index, index + 1, in_words=True) if unit and unit[1][0] in PERIODS else None

    def same_scale(self, second: Figure, low: Decimal) -> Decimal:
        """In “2 to 3 million” the scale belongs to both ends."""
        scale = self.english.scales.get(self.norm(second.last - 1))
        is_shared = scale is not None and scale >= 1000 and low < 1000 and second.last - second.first > 1
        return low * scale if scale is not None and is_shared else low

    def in_unit(self, value: Decimal, code: str, target: str) -> Decimal | None:
        """Return a number of one unit in another of its kind; None if that is not known to go."""
        if code in TIMES and target in TIMES:
            return (value * TIMES[code] / TIMES[target]).quantize(Decimal("0.000001")).normalize() + 0
        if (code, target) in (("ug", "mg"), ("mg", "g"), ("ng", "ug")):
            return value / 1000
        return None

    def alternatives(self, group: Group, sign: str) -> Group | None:
        """Read “56 or 84”, “one or two”, “0.5 and 1.0”, “1, 2, or 3” before one unit."""
        values, at = list(group.values), group.last
        while True:
            step, word = at, self.norm(at)
            if word == "," and self.norm(at + 1) in ("or", "and"):
                step, word = at + 1, self.norm(at + 1)
            if word not in ("or", "and", ",", "/"):
                break
            nxt = step + 1 + (self.english.signs.get(self.norm(step + 1), "-") == sign)
            following = self.number(nxt)
            if following is None or following.is_share or (word == "/" and not self.joined(step)):
                break
            if following.value <= values[-1] or len(values) == MOST_ALTERNATIVES:
                return None  # no alternatives but a list of numbers
            values.append(following.value)
            at = following.last
            if word in ("or", "and"):
                break
        if len(values) == 1 or not (sign or self.unit(at) or self.count_noun(at)):
            return None
        return Group(tuple(values), group.first, at, False, group.is_share, sign)

    def count_noun(self, index: int) -> tuple[int, tuple[str, ...], str] | None:
        """Return a counted noun at ``index`` (behind at most two words that describe it): index behind, codes, noun."""
        at = index + (self.norm(index) == "-" and self.joined(index + 1))
        for _ in range(4):
            word = self.norm(at)
            while self.norm(at + 1) == "-" and self.joined(at + 1) and self.joined(at + 2):
                at += 2  # state-of-the-art is one word
            if not word[:1].isalpha() or word in self.english.no_count or len(word) < 3:
                return None
            own = self.units.at(self.norms, at)
            if own is not None and not any(code in PERIODS for code in own[1]):
                return own[0], own[1], ""
            word = self.norm(at)
            is_plural = singular(word) != word and not word.endswith("ous") and word not in self.english.no_count
            if word in self.english.people or is_plural:
                return at + 1, (), singular(word)
            at += 1
        return None
