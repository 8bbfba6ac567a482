"""A claim as a row of strings: everything that the mapping writes, computed once, ready to be put in its place.

In a row a plain string is content (escaped, or a path below the root of the domain), a `Term` or None is shape. Two
rows of one shape differ only in strings, so that what was written for one can be filled in for the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from kb.citations import citation_state
from kb.domain import Domain
from kb.model import Citation, Claim, Interval, Ordinal, Role, ScopeValue, Vague, ValueSet
from kb.quantities import Unit
from kb.rdf.terms import CKB, Term, individual
from kb.rdf.tokens import lexical, number, path, root_of
from kb.scopes import effective_scope
from kb.stances import claim_spans

QUDT_UNITS = {
    "s": "SEC",
    "min": "MIN",
    "h": "HR",
    "d": "DAY",
    "wk": "WK",
    "mo": "MO",
    "a": "YR",
    "%": "PERCENT",
    "g": "GM",
    "mg": "MilliGM",
    "kg": "KiloGM",
    "mL": "MilliL",
    "mm": "MilliM",
    "km": "KiloM",
    "m": "M",
    "bar": "BAR",
    "mg/kg": "MilliGM-PER-KiloGM",
}
"""UCUM code → local name in http://qudt.org/vocab/unit/, only where it is sure that they are one unit."""


class SpanRow(NamedTuple):
    """Bounds in the canonical unit."""

    low: str | None
    high: str | None


class UnitRow(NamedTuple):
    """``path`` below the root; ``qudt`` is QUDT's unit where that is known."""

    path: str
    qudt: Term | None


class ValueRow(NamedTuple):
    """A value as printed."""

    form: Term
    low: str | None
    high: str | None
    any_of: tuple[str, ...]
    class_: str | None
    unit: UnitRow | None
    bound: Term | None
    printed: str | None


class ScopeRow(NamedTuple):
    """One scope value: of a concept its path, of a measured one its text."""

    position: str
    dimension: str
    concept: str | None
    measured: str | None
    state: Term
    basis: Term | None


class CiteRow(NamedTuple):
    """A link to a work; ``cites`` is a term where the document itself cites."""

    position: str
    work: str | None
    marker: str | None
    basis: Term
    confidence: str
    state: Term
    cites: Term | None


class PropositionRow(NamedTuple):
    """What a claim means."""

    id: str
    kind: Term
    subject: str
    property: str
    object: str | None
    than: str | None
    relation: Term | None
    polarity: Term
    duty: Term
    strength: Term
    bound: Term | None
    unit: UnitRow | None
    spans: tuple[SpanRow, ...]
    class_: str | None
    vague: str | None
    scope: tuple[tuple[str, str | None, str | None], ...]


class ClaimRow(NamedTuple):
    """A claim with its proposition."""

    id: str
    name: str
    source: str
    text: str
    role: Term
    proposition: PropositionRow
    certainty: Term
    attribution: Term
    appeals_to: Term | None
    value: ValueRow | None
    scope: tuple[ScopeRow, ...]
    unknown: tuple[str, ...]
    start: str | None
    end: str | None
    sha256: str | None
    quote: str | None
    cites: tuple[CiteRow, ...]
    implied: Term | None
    part: str | None
    checked: Term
    made: Term
    seen_at: str | None
    note: str | None


def concept_path(name: str) -> str:
    """Return where a concept, or a work that a claim is about, stands below the root."""
    return f"work/{path(name[5:])}" if name.startswith("work:") else f"concept#{path(name)}"


def unit_path(unit: Unit) -> str:
    """Return where a unit stands below the root."""
    return f"unit#{path(unit.id or unit.symbol)}"


def qudt_unit(unit: Unit) -> Term | None:
    """Return QUDT's unit for a UCUM code, if it is sure which."""
    found = QUDT_UNITS.get(unit.code)
    return Term(f"<http://qudt.org/vocab/unit/{found}>") if found and unit.kind != "effect size" else None


class Rows:
    """Turns records of one domain into rows; remembers paths of names that come again and again."""

    def __init__(self, domain: Domain, texts: Mapping[str, str] | None = None) -> None:
        """``texts`` are those that may be quoted; none of them, if it is None."""
        self.domain = domain
        self.root = root_of(domain.base)
        self.texts = texts or {}
        self._paths: dict[str, str] = {}
        self._units: dict[str, UnitRow] = {}

    def concept(self, name: str) -> str:
        """Return the path of a concept."""
        found = self._paths.get(name)
        if found is None:
            if len(self._paths) > 100_000:
                self._paths.clear()
            found = self._paths[name] = concept_path(name)
        return found

    def unit(self, symbol: str) -> UnitRow:
        """Return the row of a unit by its symbol."""
        found = self._units.get(symbol)
        if found is None:
            known = self.domain.units.get(symbol)
            known = known or Unit(symbol, "", Decimal(1))
            found = self._units[symbol] = UnitRow(unit_path(known), qudt_unit(known))
        return found

    def claim(self, claim: Claim) -> ClaimRow:
        """Return the row of a claim."""
        at = claim.locator
        evidence = claim.role is Role.EVIDENCE
        quoted = self.texts.get(claim.source) if at else None
        return ClaimRow(
            path(claim.id),
            lexical(claim.id),
            f"{'work' if evidence else 'document'}/{path(claim.source)}",
            lexical(claim.text),
            individual("role", claim.role),
            self.proposition(claim),
            individual("certainty", claim.certainty),
            individual("attribution", claim.attribution),
            individual("appeal", claim.appeals_to) if claim.appeals_to else None,
            self.value(claim) if claim.value is not None else None,
            self.scope(claim.scope) if claim.scope else (),
            tuple([f"dimension#{path(name)}" for name in claim.unknown]),
            str(at.start) if at else None,
            str(at.end) if at else None,
            at.quote_sha256 if at else None,
            lexical(quoted[at.start : at.end]) if at and quoted is not None else None,
            tuple([self._cite(n, c) for n, c in enumerate(claim.cites, 1)]) if claim.cites else (),
            CKB.impliedComparator if claim.implied else None,
            lexical(claim.part) if claim.part else None,
            individual("checked", claim.checked),
            individual("made", claim.made),
            lexical(claim.seen_at) if claim.seen_at else None,
            lexical(claim.note) if claim.note else None,
        )

    def scope(self, entries: tuple[ScopeValue, ...]) -> tuple[ScopeRow, ...]:
        """Return one row for each value of each dimension, in order."""
        rows: list[ScopeRow] = []
        for entry in entries:
            for value in entry.values:
                dimension = self.domain.dimensions.get(entry.dimension)
                measured = dimension is None or not dimension.schemes
                rows.append(
                    ScopeRow(
                        str(len(rows) + 1),
                        f"dimension#{path(entry.dimension)}",
                        None if measured else self.concept(value),
                        lexical(value) if measured else None,
                        individual("scope", entry.state),
                        individual("from", entry.basis) if entry.basis else None,
                    )
                )
        return tuple(rows)

    def value(self, claim: Claim) -> ValueRow:
        """Return the row of a value as printed."""
        value = claim.value
        assert value is not None  # noqa: S101 - asked for by the caller
        printed = lexical(value.printed) if value.printed else None
        if isinstance(value, Ordinal):
            return ValueRow(CKB.ClassValue, None, None, (), self.concept(value.class_), None, None, printed)
        unit, bound = self.unit(value.unit), individual("bound", value.bound)
        if isinstance(value, Interval):
            low = number(value.low) if value.low is not None else None
            high = number(value.high) if value.high is not None else None
            return ValueRow(CKB.IntervalValue, low, high, (), None, unit, bound, printed)
        if isinstance(value, ValueSet):
            numbers = tuple(number(item) for item in value.any_of)
            return ValueRow(CKB.SetValue, None, None, numbers, None, unit, bound, printed)
        return ValueRow(CKB.VagueValue, None, None, (), None, unit, bound, printed)

    def _cite(self, position: int, link: Citation) -> CiteRow:
        return CiteRow(
            str(position),
            f"work/{path(link.work)}" if link.work else None,
            lexical(link.marker) if link.marker else None,
            individual("basis", link.basis),
            number(link.confidence),
            individual("link", citation_state(link)),
            CKB.CitationLink if link.basis != "inferred" else None,
        )

    def proposition(self, claim: Claim) -> PropositionRow:
        """Return what a claim means; its id derives from everything else in the row."""
        value = claim.value
        spans: tuple[SpanRow, ...] = ()
        target = self.domain.unit_of(claim.property)
        if value is not None and target is not None:
            spans = tuple(
                [
                    SpanRow(
                        number(s.low) if s.low.is_finite() else None, number(s.high) if s.high.is_finite() else None
                    )
                    for s in claim_spans(self.domain, claim)
                ]
            )
        scope: list[tuple[str, str | None, str | None]] = []
        for name, values in effective_scope(self.domain, claim).items():
            dimension = self.domain.dimensions.get(name)
            for item in sorted(set(values)):
                if dimension is None or not dimension.schemes:
                    scope.append((f"dimension#{path(name)}", None, lexical(item)))
                else:
                    scope.append((f"dimension#{path(name)}", self.concept(item), None))
        row = PropositionRow(
            "",
            individual("kind", claim.kind),
            self.concept(claim.subject),
            f"property#{path(claim.property)}",
            self.concept(claim.object) if claim.object is not None else None,
            self.concept(claim.than) if claim.than is not None else None,
            individual("relation", claim.relation) if claim.relation is not None else None,
            individual("polarity", claim.polarity),
            individual("duty", claim.duty),
            individual("strength", claim.strength),
            individual("bound", value.bound) if value is not None and not isinstance(value, Ordinal) else None,
            self.unit(target.symbol) if spans and target is not None else None,
            spans,
            self.concept(value.class_) if isinstance(value, Ordinal) else None,
            lexical(value.printed) if isinstance(value, Vague) else None,
            tuple(scope),
        )
        digest = hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).hexdigest()
        return row._replace(id=f"p-{digest[:16]}")
