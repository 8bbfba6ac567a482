"""A row of a model's answer becomes a proposal only if page and vocabulary vouch for all of it; else a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from kb.claims import check_against
from kb.domain import Domain
from kb.errors import Problems
from kb.model import (
    DECIMAL,
    Attribution,
    Citation,
    Interval,
    Kind,
    Made,
    Ordinal,
    Relation,
    Role,
    ScopeValue,
    Value,
    ValueSet,
)
from kb.propose.amounts import Amounts
from kb.propose.english import english
from kb.propose.making import LONGEST, Desk, Said, proposal
from kb.propose.manner import Manner, manner
from kb.propose.measure import Measure
from kb.propose.page import Line
from kb.propose.parts import Piece
from kb.propose.phrasing import amount, comparison, statement
from kb.propose.records import Proposal
from kb.propose.scoping import scope_of
from kb.propose.tokens import tokens

CONFIDENCE = 0.5  # not measured: what a model says of its own sureness is not asked for
_VALUE: TypeAdapter[Any] = TypeAdapter(Value)
_SHORTEST = 3  # characters of a quote


class UnvouchedError(Exception):
    """Raised for a row that is refused; the message is the reason, in words of ours only."""


class Voucher(NamedTuple):
    """What rows are checked against."""

    desk: Desk
    domain: Domain
    amounts: Amounts
    sources: Mapping[str, Role]
    cited: Callable[[int, int], tuple[Citation, ...]]
    model: str

    def proposal(self, row: Mapping[str, Any], part: Sequence[Piece]) -> Proposal:
        """Return the proposal that a row amounts to; raise `UnvouchedError`. Its place is found here, never taken."""
        piece = part[_block(row, len(part))]
        start, end = _place(row, self.desk.text, piece)
        line = next(line for line in reversed(piece.lines) if line.sentence.start <= start)
        try:
            said, measure = self._said(row, line, start, end)
            if measure is not None:
                start, end = measure.start, measure.end
            measured = self.amounts.measured(self.desk, measure) if measure else None
            reasons = (f"{self.model} proposed it; the page holds its words, the vocabulary its terms",)
            made = proposal(self.desk, said, start, end, CONFIDENCE, reasons, measured)
        except ValidationError:
            raise UnvouchedError("malformed") from None
        assert made.claim is not None  # noqa: S101 - `proposal` always makes one
        claim = made.claim.model_copy(update={"made": Made.MODEL, "note": f"proposed by {self.model}"})
        problems = Problems("")
        check_against(self.domain, self.sources, claim, (), {(): 0}, problems)
        if problems.found:
            raise UnvouchedError("the vocabulary does not allow it")
        return made.model_copy(update={"claim": claim})

    def _said(self, row: Mapping[str, Any], line: Line, start: int, end: int) -> tuple[Said, Measure | None]:
        kind = _choice(Kind, row, "kind", None)
        subject, name = self._term(row, "subject"), _name(row, "property")
        if subject is None or name is None or name not in self.domain.properties:
            raise UnvouchedError("unknown property" if subject else "unknown concept")
        item, than = self._term(row, "object"), self._term(row, "than") if kind is Kind.COMPARISON else None
        value, measure = self._value(row, start, end) if kind is Kind.QUANTITY else (None, None)
        relation = _choice(Relation, row, "relation", None) if kind is Kind.COMPARISON else None
        how = _manner(row, line, start, end)
        if value is not None:
            words = amount(self.domain, subject, name, item, value, how)
        elif relation is not None and than is not None:
            words = comparison(self.domain, subject, name, relation, than, how)
        else:
            words = statement(self.domain, subject, name, item, how)
        taken = tuple(term for term in (subject, item, than) if term)
        scope: tuple[ScopeValue, ...] = scope_of(
            self.domain, self.domain.properties[name], line, taken, self.desk.page_scope
        )
        cites = self.cited(line.sentence.start, line.sentence.end)
        said = Said(kind, subject, name, words, how, item, value, than, relation, scope=scope, cites=cites)
        return said, measure

    def _term(self, row: Mapping[str, Any], key: str) -> str | None:
        """Return a concept that the vocabulary has, or nothing where none is given."""
        name = _name(row, key)
        if name is not None and name not in self.domain.concepts:
            raise UnvouchedError("unknown concept")
        return name

    def _value(self, row: Mapping[str, Any], start: int, end: int) -> tuple[Any, Measure | None]:
        raw = row.get("value")
        if not isinstance(raw, dict):
            raise UnvouchedError("malformed")
        value = _read_value(raw, self.desk.text[start:end])
        if isinstance(value, Ordinal):
            if value.class_ not in self.domain.concepts:
                raise UnvouchedError("unknown concept")
            return value, None
        if not isinstance(value, Interval | ValueSet) or value.unit not in self.domain.units:
            raise UnvouchedError("unknown unit")
        return self._measured(value, start, end)

    def _measured(self, value: Interval | ValueSet, start: int, end: int) -> tuple[Any, Measure | None]:
        """Return the value with what is printed of it; its numbers must stand in the quote, in a unit of its kind."""
        kind = self.domain.units[value.unit].kind
        wanted = set(value.any_of) if isinstance(value, ValueSet) else {value.low, value.high} - {None}
        found = self.amounts.measures(self.desk.text, start, end)
        same = [m for m in found if ({*m.any_of} or {m.low, m.high} - {None}) == wanted]
        fitting = [m for m in same if any(unit.kind == kind for unit in self.amounts.declared(m))]
        if same and not fitting and all(self.amounts.declared(m) for m in same):
            raise UnvouchedError("a unit that the quote does not state")
        if not same and not wanted <= _numbers(self.desk.text, start, end):
            raise UnvouchedError("a number that the quote does not state")
        measure = fitting[0] if len(fitting) == 1 else None
        printed = self.desk.text[measure.start : measure.end] if measure else self.desk.text[start:end]
        return value.model_copy(update={"printed": " ".join(printed.split())[:200]}), measure


def _block(row: Mapping[str, Any], count: int) -> int:
    number = row.get("block")
    if not isinstance(number, Decimal) or number not in range(1, count + 1):
        raise UnvouchedError("no such block")
    return int(number) - 1


def _place(row: Mapping[str, Any], text: str, piece: Piece) -> tuple[int, int]:
    """Return where the quote stands in its block, without outer white space."""
    quote = row.get("quote")
    if not isinstance(quote, str):
        raise UnvouchedError("malformed")
    quote = quote.strip()
    if not _SHORTEST <= len(quote) <= LONGEST or not any(char.isalnum() for char in quote):
        raise UnvouchedError("no quote")
    at = text.find(quote, piece.start, piece.end)
    if at < 0:
        raise UnvouchedError("its quote is not in the text")
    return at, at + len(quote)


def _name(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise UnvouchedError("malformed")
    return value or None


def _choice(kind: Any, row: Mapping[str, Any], key: str, default: Any) -> Any:
    name = _name(row, key)
    if name is None and default is not None:
        return default
    try:
        return kind(name)
    except ValueError:
        raise UnvouchedError("malformed") from None


def _manner(row: Mapping[str, Any], line: Line, start: int, end: int) -> Manner:
    """Return the manner that the row gives; what it leaves out is read from the sentence."""
    first, last = line.place(start, end)
    read = manner(line.norms, max(first, last - 1), last)
    given = {
        key: _choice(type(getattr(read, key)), row, key, getattr(read, key))
        for key in ("polarity", "certainty", "duty", "strength")
    }
    return read._replace(**given, attribution=_choice(Attribution, row, "attribution", read.attribution))


def _read_value(raw: Mapping[str, Any], printed: str) -> Any:
    """Return the value of a row; its numbers are plain decimals within bounds, or it is malformed."""
    given = {key: raw[key] for key in ("low", "high", "any_of", "class", "unit", "bound") if raw.get(key) is not None}
    if "class" in given:
        given = {"class": given["class"]}
    for key in ("low", "high"):
        if key in given:
            given[key] = _number(given[key])
    if "any_of" in given:
        listed = given.pop("any_of")
        if not isinstance(listed, list) or len(listed) > 100:
            raise UnvouchedError("malformed")
        if listed:
            given = {key: given[key] for key in ("unit", "bound") if key in given}
            given["any_of"] = tuple(sorted({_number(number) for number in listed}))
    try:
        return _VALUE.validate_python({**given, "printed": " ".join(printed.split())[:200]})
    except ValidationError:
        raise UnvouchedError("malformed") from None


def _number(given: object) -> Decimal:
    """Return a number given as text or as a JSON number; exponents are not spelt out, so that none can be huge."""
    printed = str(given) if isinstance(given, Decimal) else given
    if not isinstance(printed, str) or len(printed) > 62 or not DECIMAL.fullmatch(printed):
        raise UnvouchedError("malformed")
    return Decimal(printed)


def _numbers(text: str, start: int, end: int) -> set[Decimal]:
    """Return the numbers that stand in a text in digits or as single words."""
    words = english().numbers
    found = set()
    for token in tokens(text, start, end):
        plain = "".join(char for char in token.norm if char in "0123456789.")
        if token.is_number and DECIMAL.fullmatch(plain):
            found.add(Decimal(plain))
        elif token.norm in words:
            found.add(words[token.norm])
    return found
