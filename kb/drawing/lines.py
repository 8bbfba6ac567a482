"""What a number line shows, before it is drawn: a row for each claim, the axis, and where most claims overlap."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kb.build import KnowledgeBase
from kb.domain import Domain, Property
from kb.model import Attribution, Bound, Certainty, Claim, Interval, Polarity, Role, Vague, ValueSet
from kb.quantities import Unit
from kb.scopes import describe_scope, effective_scope
from kb.stances import claim_spans, effective_polarity
from kb.wording import claim_value

MOST_GROUPS = 6
LOG_FROM = 200
TICKS = 5
LEAST_FOR_BAND = 3
NOT_STATED = "not stated"
BOUNDS = {
    Bound.EXACT: "exact",
    Bound.TYPICAL: "typical",
    Bound.ABOUT: "about",
    Bound.RANGE: "range",
    Bound.AT_LEAST: "at least",
    Bound.UP_TO: "up to",
}


class Ends(NamedTuple):
    """A stretch in the unit of the axis; an infinite end is open."""

    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """A claim on the line. ``ends`` is empty without a number, and has more than one entry for a set."""

    claim: str
    source: str
    address: str
    work: bool
    said: str
    bound: str
    note: str
    group: str
    text: str
    ends: tuple[Ends, ...]


class Band(NamedTuple):
    """Where ``claims`` of the ``of`` claims with numbers overlap."""

    low: float
    high: float
    claims: int
    of: int


@dataclass(frozen=True)
class Axis:
    """The stretch that is drawn, with its ticks; a logarithmic one steps by factors of ten."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False

    @property
    def points_back(self) -> bool:
        """Whether an open lower end gets an arrow; where the axis begins at nothing, it ends there."""
        return self.log or self.low != 0

    def place(self, number: float) -> float:
        """Return where a number stands, in per cent of the width; what lies outside stands at the edge."""
        if self.log:
            if number <= 0:
                return 0.0
            share = math.log(number / self.low) / math.log(self.high / self.low) if math.isfinite(number) else 1.0
        else:
            share = (number - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 3)


@dataclass(frozen=True)
class Lines:
    """All quantity claims on one property, in order; ``axis`` is None where no claim gives a number."""

    title: str
    unit: Unit | None
    rows: tuple[Row, ...]
    axis: Axis | None
    band: Band | None

    @property
    def measured(self) -> list[Row]:
        """The rows with a number."""
        return [row for row in self.rows if row.ends]

    @property
    def years(self) -> bool:
        """Whether zero is arbitrary on this axis, as for years of the calendar."""
        return self.unit is not None and self.unit.interval_scale

    def number(self, number: float) -> str:
        """Return a number as people write it, without its unit."""
        return figure(number, self.years)

    def quantity(self, number: float) -> str:
        """Return a number with its unit in words."""
        return self.number(number) + (self.unit.behind(number == 1) if self.unit else "")

    def stretch(self, low: float, high: float) -> str:
        """Return a stretch in words: both ends, the one that is closed, or the point that it is."""
        if not math.isfinite(low):
            return f"up to {self.quantity(high)}"
        if not math.isfinite(high):
            return f"from {self.quantity(low)} on"
        return self.quantity(low) if low == high else f"{self.number(low)}–{self.quantity(high)}"


def concept_label(kb: KnowledgeBase, concept: str) -> str:
    """Return what a concept is called; a work that a claim is about by its short name."""
    work = concept.removeprefix("work:")
    return kb.names.get(work, work) if work != concept else kb.domain.label(concept)


def rows(kb: KnowledgeBase, claims: Iterable[Claim], link: Callable[[Claim], str] = lambda _: "") -> Lines:
    """Return the number line of the quantity claims on one property, each in the unit of that property.

    ``link`` gives the address at which a claim is read, "" where there is none.
    """
    chosen = [claim for claim in claims if isinstance(claim.value, Interval | ValueSet | Vague)]
    if not chosen:
        return Lines("", None, (), None, None)
    domain = kb.domain
    definition = domain.properties[chosen[0].property]
    unit = domain.unit_of(definition.id)
    heads = _groups(domain, definition, chosen)
    varied = _varied(chosen)
    made = [_row(kb, definition, claim, link(claim), heads.get(claim.id, ""), varied) for claim in chosen]
    sizes = Counter(row.group for row in made)
    made.sort(key=lambda row: (row.group.endswith(NOT_STATED), -sizes[row.group], row.group, *_order(row)))
    band = _band(made) if _about_one_thing(domain, chosen) else None
    return Lines(definition.label, unit, tuple(made), _axis(made, unit), band)


def _order(row: Row) -> tuple[bool, float, float, str]:
    """Order rows by their lower end; those without a number come last."""
    if not row.ends:
        return True, 0.0, 0.0, row.source
    return False, row.ends[0].low, row.ends[-1].high, row.source


def _row(
    kb: KnowledgeBase, definition: Property, claim: Claim, address: str, group: str, varied: frozenset[str]
) -> Row:
    found = () if isinstance(claim.value, Vague) else claim_spans(kb.domain, claim)
    bound = BOUNDS[claim.value.bound] if isinstance(claim.value, Interval | ValueSet) else "in words"
    return Row(
        claim=claim.id,
        source=kb.names.get(claim.source, claim.source),
        address=address,
        work=claim.role is Role.EVIDENCE,
        said=claim_value(kb.domain, claim),
        bound=bound,
        note=_note(kb, definition, claim, bool(group), varied),
        group=group,
        text=claim.text,
        ends=tuple(Ends(float(span.low), float(span.high)) for span in found),
    )


def _varied(claims: Sequence[Claim]) -> frozenset[str]:
    """Return which of subject and object are not the same in all claims, and so have to be named in each."""
    return frozenset(name for name in ("subject", "object") if len({getattr(c, name) for c in claims}) > 1)


def _note(kb: KnowledgeBase, definition: Property, claim: Claim, grouped: bool, varied: frozenset[str]) -> str:
    """Return in a few words what the number is about, as far as that sets it apart from the others."""
    domain, scope = kb.domain, effective_scope(kb.domain, claim)
    about = [name for name in (claim.subject, claim.object) if name and _names(claim, name, varied)]
    parts = [concept_label(kb, name) for name in about if name != f"work:{claim.source}"]
    told = domain.implied(claim.subject) if "subject" in varied else {}
    untold = [d for d in definition.separated_by if not grouped and scope.get(d) != (told.get(d),)]
    parts += [_value(domain, scope, dimension) for dimension in untold]
    also = [d for d in definition.also_separated_by if d in scope and scope[d] != (told.get(d),)]
    own = domain.concepts[claim.subject].scheme if claim.subject in domain.concepts else ""
    for name in also:
        another = own in domain.dimensions[name].schemes  # could be taken for the subject: say what it is
        parts.append(f"{domain.dimensions[name].label} " * another + describe_scope(domain, name, scope[name]))
    if effective_polarity(claim) is Polarity.NEGATED:
        parts.append("says that it is not so")
    if claim.attribution is Attribution.HYPOTHETICAL:
        parts.append("only supposed")
    if claim.certainty is Certainty.POSSIBLE:
        parts.append("only called possible")
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _names(claim: Claim, name: str, varied: frozenset[str]) -> bool:
    return (name == claim.subject and "subject" in varied) or (name == claim.object and "object" in varied)


def _value(domain: Domain, scope: dict[str, tuple[str, ...]], dimension: str) -> str:
    if dimension in scope:
        return describe_scope(domain, dimension, scope[dimension])
    return f"{domain.dimensions[dimension].label} {NOT_STATED}"


def _groups(domain: Domain, definition: Property, claims: Sequence[Claim]) -> dict[str, str]:
    """Return the heading under which each claim stands: the scope that separates them; {} if that helps nobody."""
    found: dict[str, str] = {}
    for claim in claims:
        scope = effective_scope(domain, claim)
        found[claim.id] = " · ".join(_value(domain, scope, dimension) for dimension in definition.separated_by)
    sizes = Counter(found.values())
    helps = 1 < len(sizes) <= MOST_GROUPS and len(sizes) < len(claims)
    return found if helps and definition.separated_by else {}


def _about_one_thing(domain: Domain, claims: Sequence[Claim]) -> bool:
    """Say whether the numbers are of one family of subjects and one object, so that an overlap means something."""
    families = {domain.families(claim.subject) for claim in claims}
    return len(families) == 1 and len({claim.object for claim in claims}) == 1


def _band(made: Sequence[Row]) -> Band | None:
    """Return where most claims with numbers overlap, if at least half of them do."""
    measured = [row.ends for row in made if row.ends]
    if len(measured) < LEAST_FOR_BAND:
        return None
    steps: dict[tuple[float, int], int] = defaultdict(int)
    for ends in measured:
        for end in ends:
            steps[end.low, 0] += 1
            steps[end.high, 1] -= 1
    depth, most, low, high = 0, 0, 0.0, 0.0
    for (number, closes), change in sorted(steps.items()):
        if closes and depth == most and math.isnan(high):  # the deepest stretch ends here
            high = number
        depth += change
        if depth > most:
            most, low, high = depth, number, math.nan
    return Band(low, high, most, len(measured)) if 2 * most >= len(measured) and most > 1 else None


def _axis(made: Sequence[Row], unit: Unit | None) -> Axis | None:
    numbers = [n for row in made for end in row.ends for n in end if math.isfinite(n)]
    if not numbers:
        return None
    low, high = min(numbers), max(numbers)
    arbitrary = unit is not None and unit.interval_scale
    positive = [n for n in numbers if n > 0]
    if not arbitrary and low >= 0 and positive and high > LOG_FROM * min(positive):
        return _log_axis(min(positive), high)
    if not arbitrary:
        low, high = min(low, 0.0), max(high, 0.0)
    return _linear_axis(low, high, whole=arbitrary and low == int(low))


def _log_axis(low: float, high: float) -> Axis:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    step = -(-(last - first) // TICKS)
    return Axis(10.0**first, 10.0**last, tuple(10.0**n for n in range(first, last + 1, step)), log=True)


def _linear_axis(low: float, high: float, whole: bool) -> Axis:
    step = nice((high - low) / TICKS or max(abs(high), 1.0) / TICKS)
    if whole:
        step = max(step, 1.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if first == last:
        first, last = first - 1, last + 1
    return Axis(first * step, last * step, tuple(round(n * step, 10) for n in range(first, last + 1)))


def nice(step: float) -> float:
    """Return the next step that people count in: 1, 2 or 5 times a power of ten."""
    size = 10.0 ** math.floor(math.log10(step))
    return float(next(factor * size for factor in (1, 2, 5, 10) if factor * size >= step * (1 - 1e-9)))


def figure(number: float, years: bool = False) -> str:
    """Return a number as people write it, of four digits at most where it is not whole."""
    if years:
        return f"{number:g}" if abs(number) < 1e5 else f"{number:.0f}"
    if abs(number) >= 1e6:
        return f"{number / 1e6:,.4g} million"
    if abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{number:.10f}".rstrip("0").rstrip(".") if 0 < abs(number) < 1e-3 else f"{number:.4g}"
