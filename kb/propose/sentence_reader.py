"""A sentence as tokens, with the questions that the grammar of quantities asks of it."""

from __future__ import annotations

from kb.propose.barred import barred
from kb.propose.english import English
from kb.propose.tokens import tokens
from kb.propose.units import Units

_LONE_LETTERS = ("m", "l", "w", "v", "g", "h", "d", "s")
_DIVIDED = ("mg", "ug", "g", "ng", "mL", "mg/kg", "ug/kg", "W")
_DIVISORS = ("kg", "mL", "L", "dL", "h", "min", "m2")


class SentenceReader:
    """Holds the tokens of ``text[start:end]``; an index past either end reads as an empty token."""

    def __init__(self, text: str, start: int, end: int, units: Units) -> None:
        self.text = text
        self.units = units
        self.english: English = units.english
        self.tokens = tokens(text, start, end)
        self.norms = [token.norm for token in self.tokens]
        self.barred = barred(text, start, end)

    def norm(self, index: int) -> str:
        """Return the token at ``index`` as it is looked up; empty outside the sentence."""
        return self.norms[index] if 0 <= index < len(self.norms) else ""

    def is_barred(self, index: int) -> bool:
        """Say whether the token lies in a place without quantities (an address, a date)."""
        token = self.tokens[index]
        return any(start < token.end and token.start < end for start, end in self.barred)

    def joined(self, index: int) -> bool:
        """Say whether the token stands right behind the one before it, with no blank."""
        return 0 < index < len(self.tokens) and self.tokens[index].start == self.tokens[index - 1].end

    def raw(self, first: int, last: int) -> str:
        """Return the text of the tokens ``first`` up to ``last`` as printed."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def unit(self, index: int) -> tuple[int, tuple[str, ...]] | None:
        """Return the unit at ``index``, also behind a hyphen, with a second unit behind “per” or “/”."""
        at = index + (self.norm(index) == "-" and self.joined(index + 1))
        found = self.units.at(self.norms, at)
        if found is None:
            return None
        last, codes = found
        if self.norm(at) in _LONE_LETTERS and not self.is_symbol(at):
            return None
        divisor = self.divisor(last, codes)
        return (divisor[0], (divisor[1],)) if divisor else found

    def is_symbol(self, index: int) -> bool:
        """Say whether a lone letter can be a unit: it follows a number, and no letter or full stop follows it."""
        return self.tokens[index - 1].is_number and not self.joined(index + 1)

    def divisor(self, index: int, codes: tuple[str, ...]) -> tuple[int, str] | None:
        """Read the second half of mg/kg, mg per kg, mg/kg/h, ng/mL."""
        top = next((code for code in codes if code in _DIVIDED), None)
        if top is None or self.norm(index) not in ("per", "/"):
            return None
        found = self.units.at(self.norms, index + 1)
        code = next((code for code in found[1] if code in _DIVISORS), None) if found else None
        if found is None or code is None:
            return None
        both = f"{top}/{code}"
        return self.divisor(found[0], (both,)) or (found[0], both)
