"""Recipes: for every detector, claims drawn from the shipped vocabulary that clash by its rule in one stated scope.

The kind of each clash is worked out here from the settings of the property alone, never by asking the detector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, TypeVar

from hypothesis import assume
from hypothesis import strategies as st
from kb.bibliography import Work
from kb.domain import Domain, Property
from kb.model import Appeal, Claim, Document, FindingKind, Kind, Role, State
from kb.quantities import Unit

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[Any]], Any]
Fits = Callable[[Property], object]

CONTRADICTION, DISCREPANCY, TENSION = FindingKind.CONTRADICTION, FindingKind.DISCREPANCY, FindingKind.TENSION
DOCUMENTS = ("almanac", "brochure", "leaflet", "zine")
THINGS, OBJECTS = ("treatment", "molecule"), ("effect", "target")
STUDY = "planted2031"
MEASURED = {"dose": "mg", "period": "calendar-year", "time": "h"}
TURNED = {"greater": "less", "less": "greater"}
STATED, INFERRED = {"basis": "described"}, {"basis": "inferred", "confidence": "0.5"}


@dataclass(frozen=True)
class Plant:
    """Claims that clash, each on a pole of its own; of what ``kind`` that is, and which dimensions bear on it.

    A difference ``apart_by`` explains the clash; one that the claim number ``silent`` lacks, of those it ``needs``,
    makes it possible only; those ``aside`` have no say.
    """

    claims: tuple[Claim, ...]
    kind: FindingKind
    apart_by: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()
    silent: int = 0
    works: tuple[Work, ...] = ()


@dataclass(frozen=True)
class Leaf:
    """A document with its claims and the works that it leans on."""

    document: Document
    claims: tuple[Claim, ...] = ()
    works: tuple[Work, ...] = ()


def separating(*definitions: Property) -> frozenset[str]:
    return frozenset(d for item in definitions for d in (*item.separated_by, *item.also_separated_by))


def above(domain: Domain, concept: str) -> set[str]:
    """Return a concept with all that is broader, by walking up."""
    return {concept}.union(*(above(domain, broader) for broader in domain.concepts[concept].broader))


def tops(domain: Domain, concept: str) -> set[str]:
    return {name for name in above(domain, concept) if not domain.concepts[name].broader}


def unrelated(domain: Domain, a: str, b: str) -> bool:
    ours, theirs = above(domain, a), above(domain, b)
    default = {domain.concepts[x].default_reading_of == y for x, y in ((a, b), (b, a))}
    return a not in theirs and b not in ours and True not in default


def work(design: str = "other", **fields: Any) -> Work:
    return Work(
        **{
            "key": STUDY,
            "entry_type": "article",
            "title": "Planted",
            "line": 1,
            "design": design,
            "year": 2031,
            **fields,
        }
    )


def with_scope(claim: Claim, dimension: str, value: str | None) -> Claim:
    """Return the claim with one dimension stated anew, or left out."""
    kept = [entry.model_dump() for entry in claim.scope if entry.dimension != dimension]
    stated = [{"dimension": dimension, "values": (value,), "state": State.STATED}] if value else []
    return Claim.model_validate(
        claim.model_dump() | {"scope": sorted((*kept, *stated), key=lambda e: str(e["dimension"]))}
    )


@dataclass
class Scene:
    """What a recipe draws from. ``prefer`` picks among the properties that fit those that a test has use for."""

    domain: Domain
    draw: Draw
    prefer: Fits = lambda _: True
    scope: dict[str, str] = field(default_factory=dict)
    things: list[str] = field(default_factory=list)
    count: int = 0

    def pick(self, options: Iterable[T]) -> T:
        found = list(options)
        assume(found)
        return self.draw(st.sampled_from(found))  # type: ignore[no-any-return]

    def number(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def often(self) -> bool:
        return bool(self.draw(st.booleans()))

    def property(self, fits: Fits) -> Property:
        found = [item for _, item in sorted(self.domain.properties.items()) if item.compared and fits(item)]
        return self.pick([item for item in found if self.prefer(item)] or found)

    def of(self, name: str) -> Property:
        return self.domain.properties[name]

    def concepts(self, *schemes: str) -> list[str]:
        return sorted(name for name, item in self.domain.concepts.items() if item.scheme in schemes)

    def thing(self, among: Sequence[str] = (), fits: Callable[[str], bool] = lambda _: True) -> str:
        """Return a subject that is no kind of an earlier one, nor the other way round."""
        options = among or self.concepts(*THINGS)
        found = self.pick(c for c in options if fits(c) and all(unrelated(self.domain, c, t) for t in self.things))
        self.things.append(found)
        return found

    def nested_objects(self) -> tuple[str, str]:
        """Return a broad object and a narrower one."""
        known = self.concepts(*OBJECTS)
        return self.pick((broad, narrow) for narrow in known for broad in sorted(above(self.domain, narrow) - {narrow}))

    def object(self) -> str:
        return self.pick(self.concepts(*OBJECTS))

    def settle(self, *definitions: Property) -> None:
        """State every dimension that separates claims on these properties and that naming the things does not imply."""
        for name in sorted(separating(*definitions) - self.implied()):
            self.scope[name] = self.value(name)

    def implied(self) -> frozenset[str]:
        return frozenset(dimension for thing in self.things for dimension in self.domain.implied(thing))

    def value(self, dimension: str, apart_from: str | None = None) -> str:
        if dimension in MEASURED:
            number = st.integers(1, 99).map(lambda n: f"{n} {MEASURED[dimension]}")
            return str(self.draw(number.filter(lambda value: value != apart_from)))
        options = self.concepts(*self.domain.dimensions[dimension].schemes)
        return self.pick(v for v in options if apart_from is None or unrelated(self.domain, v, apart_from))

    def aside(self, *definitions: Property) -> frozenset[str]:
        return frozenset(self.domain.dimensions) - separating(*definitions) - self.implied()

    def sources(self, number: int = 2) -> list[str]:
        return list(self.draw(st.permutations(DOCUMENTS)))[:number]

    def unit(self, definition: Property) -> Unit:
        target = self.domain.unit_of(definition.id)
        return self.pick(unit for _, unit in sorted(self.domain.units.items()) if target and unit.kind == target.kind)

    def say(self, source: str, definition: Property, subject: str, **fields: Any) -> Claim:
        self.count += 1
        kind = Kind.QUANTITY if "value" in fields else Kind.COMPARISON if "than" in fields else Kind.STATEMENT
        scope = {**self.scope, **fields.pop("scope", {})}
        raw = {
            "id": f"c-planted-{self.count}",
            "source": source,
            "role": Role.EVIDENCE if source == STUDY else Role.CLAIM,
            "text": f"planted {self.count}",
            "kind": kind,
            "subject": subject,
            "property": definition.id,
            "scope": [{"dimension": d, "values": (v,), "state": State.STATED} for d, v in sorted(scope.items()) if v],
        }
        return Claim.model_validate(raw | fields)


def canonical(number: Fraction | int, unit: Unit, target: Unit) -> Fraction:
    return Fraction(number) * Fraction(unit.factor) / Fraction(target.factor)


def exactly(number: int, unit: str) -> dict[str, Any]:
    return {"low": number, "high": number, "unit": unit}


def from_to(low: int | None, high: int | None, unit: str, bound: str = "range") -> dict[str, Any]:
    return {"low": low, "high": high, "unit": unit, "bound": bound}


def measured(item: Property) -> bool:
    return item.kind == "quantity" and item.unit is not None


def rankable(item: Property) -> bool:
    return item.kind in ("quantity", "scale")


def is_statement(item: Property) -> bool:
    return item.kind == "statement"


def by_scope(s: Scene, deciding: Property, *others: Property, ranked: bool = False) -> dict[str, Any]:
    """Return what the dimensions do to a clash that is decided on one property, for claims on these properties.

    Rankings set aside what naming a side implies, and an unknown dimension does not lower them.
    """
    stated = frozenset(s.scope)
    return {
        "apart_by": separating(deciding) & stated,
        "needs": frozenset() if ranked else frozenset(deciding.separated_by) & stated,
        "aside": s.aside(deciding, *others),
    }


# Values


def two_apart(s: Scene, p: Property, loose: bool) -> tuple[dict[str, Any], dict[str, Any], Fraction]:
    """Return two values in drawn units with a gap beyond every tolerance, and how many times the upper is the lower."""
    target, unit, other = s.domain.units[p.unit or ""], s.unit(p), s.unit(p)
    if target.interval_scale:
        year = s.number(1900, 2000)
        return exactly(year, unit.symbol), exactly(year + s.number(1, 30), unit.symbol), Fraction(1)
    low = s.number(1, 20)
    least = canonical(low, unit, target) * s.pick(
        [Fraction(2), Fraction(3)] if loose else [Fraction(7, 5), Fraction(3)]
    )
    high = ceil(least * Fraction(target.factor) / Fraction(other.factor))
    ratio = canonical(high, other, target) / canonical(low, unit, target)
    wide = s.often()
    lower = from_to(s.number(1, low), low, unit.symbol) if wide else exactly(low, unit.symbol)
    upper = from_to(high, high + s.number(1, 9), other.symbol) if wide else exactly(high, other.symbol)
    return lower, upper, ratio


def disjoint_quantity(s: Scene) -> Plant:
    p, thing, study = s.property(measured), s.thing(), s.often()
    s.settle(p)
    dated = s.domain.units[p.unit or ""].interval_scale
    rough = not dated and s.often()
    lower, upper, ratio = two_apart(s, p, rough)
    upper |= {"bound": s.pick(["about", "typical"])} if rough else {}
    a, b = s.sources()
    item = s.pick([None, s.object()])
    claims = (
        s.say(a, p, thing, value=lower, object=item),
        s.say(STUDY if study else b, p, thing, value=upper, object=item),
    )
    calm = dated or rough or study or ratio < Fraction(3, 2)
    kind = DISCREPANCY if p.varies and calm else CONTRADICTION
    return Plant(claims, kind, **by_scope(s, p))


def overlapping_range(s: Scene) -> Plant:
    p, thing = s.property(lambda p: measured(p) and not s.domain.units[p.unit or ""].interval_scale), s.thing()
    s.settle(p)
    unit, w, (a, b) = s.unit(p).symbol, s.number(1, 20), s.sources()
    values = (from_to(w, 3 * w, unit), from_to(2 * w, s.number(4, 6) * w, unit))
    if s.often():
        values = (from_to(None, w, unit, "up_to"), from_to(None, s.number(2, 5) * w, unit, "up_to"))
    claims = tuple(s.say(source, p, thing, value=value) for source, value in zip((a, b), values, strict=True))
    return Plant(claims, DISCREPANCY, **by_scope(s, p))


def bound_reversed(s: Scene) -> Plant:
    p, thing, number, (a, b) = s.property(measured), s.thing(), s.number(1, 99), s.sources()
    s.settle(p)
    unit = s.unit(p).symbol
    claims = (
        s.say(a, p, thing, value=from_to(None, number, unit, "up_to")),
        s.say(b, p, thing, value=from_to(number, None, unit, "at_least")),
    )
    return Plant(claims, DISCREPANCY if p.varies else CONTRADICTION, **by_scope(s, p))


def frequency_class_clash(s: Scene) -> Plant:
    p, thing, (a, b) = s.property(lambda p: p.scale), s.thing(), s.sources()
    s.settle(p)
    ranked = sorted(s.concepts(p.scale or ""), key=lambda c: s.domain.concepts[c].rank or 0)
    rarer, commoner = sorted(s.draw(st.permutations(ranked))[:2], key=ranked.index)
    whole, case = s.nested_objects() if s.often() else (s.object(),) * 2  # no case is commoner than the whole
    claims = (
        s.say(a, p, thing, object=case, value={"class": commoner}),
        s.say(b, p, thing, object=whole, value={"class": rarer}),
    )
    return Plant(claims, DISCREPANCY, **by_scope(s, p))


def set_or_range_narrowed(s: Scene) -> Plant:
    p, thing, (a, b) = (
        s.property(lambda p: measured(p) and not s.domain.units[p.unit or ""].interval_scale),
        s.thing(),
        s.sources(),
    )
    s.settle(p)
    unit = s.unit(p).symbol
    if s.often():
        numbers = sorted(s.draw(st.sets(st.integers(1, 99), min_size=3, max_size=5)))
        wide, narrow = {"any_of": numbers, "unit": unit}, {"any_of": numbers[: s.number(1, 2)], "unit": unit}
    else:  # from 2 w to 10 w: the half of its upper end lies near its middle
        w = s.number(1, 20)
        wide, narrow = from_to(2 * w, 10 * w, unit), exactly(s.number(4 * w + 1, 5 * w), unit)
    claims = (s.say(a, p, thing, value=wide), s.say(b, p, thing, value=narrow))
    return Plant(claims, DISCREPANCY, **by_scope(s, p))


def rate_complement(s: Scene) -> Plant:
    p = s.property(lambda p: p.unit == "%" and (p.complement_of or p.disjoint_with))
    other = s.of(s.pick({p.complement_of, *p.disjoint_with} - {None}) or "")
    thing, (a, b) = s.thing(), s.sources()
    s.settle(p, other)
    short = other.id == p.complement_of and s.often()
    x, y = (s.number(5, 40), s.number(5, 40)) if short else (s.number(60, 95), s.number(50, 95))
    claims = (s.say(a, p, thing, value=exactly(x, "%")), s.say(b, other, thing, value=exactly(y, "%")))
    return Plant(claims, DISCREPANCY, **by_scope(s, p, other) | {"apart_by": separating(p, other) & frozenset(s.scope)})


def arithmetic(s: Scene) -> Plant:
    p, thing, (a, b) = s.property(lambda p: p.product_of), s.thing(), s.sources()
    factors = [s.of(name) for name in p.product_of]
    s.settle(p, *factors)
    s.scope.update({d: v for d, v in p.factor_scope if d in s.scope})
    x, y, one, times = s.number(2, 9), s.number(2, 9), s.often(), s.number(2, 5)
    total, first, second = (
        s.say(
            source,
            item,
            thing,
            value=exactly(number, item.unit or ""),
            scope=dict.fromkeys(set(s.scope) - separating(item)),
        )
        for source, item, number in zip((a, *[a if one else b] * 2), (p, *factors), (x * y * times, x, y), strict=True)
    )
    scaled = {item.in_proportion_to for item in factors} | {d for d, _ in p.factor_scope}
    shared = separating(p) & separating(*factors) & frozenset(s.scope) - scaled
    dimensions = by_scope(s, p, *factors) | {"apart_by": shared}
    return Plant((total, first, second), CONTRADICTION if one else DISCREPANCY, **dimensions)


def impossible_percentage(s: Scene) -> Plant:
    p, thing, (a, b) = s.property(lambda p: p.unit == "%" and p.share_of), s.thing(), s.sources()
    part = s.pick([True, False])
    size = s.of(p.share_of[0] if part else s.of(p.share_of[0]).part_of or "")
    s.settle(p)
    people = s.number(3, 40)
    hit = {q for k in range(people + 1) for q in range(101) if -0.5 <= 100 * k / people - q < 1}
    percent = s.pick(sorted(set(range(101)) - hit))
    study = f"work:{STUDY}"
    claims = [
        s.say(a, p, thing, value=exactly(percent, "%"), cites=[STATED | {"work": STUDY}]),
        s.say(a, size, study, value=exactly(people, "participant"), scope=dict.fromkeys(s.scope)),
    ]
    fits = s.often()
    if fits:  # of a hundred people every whole percentage is possible
        claims.append(s.say(b, size, study, value=exactly(100, "participant"), scope=dict.fromkeys(s.scope)))
    kind = DISCREPANCY if fits else CONTRADICTION
    return Plant(tuple(claims), kind, aside=frozenset(s.domain.dimensions) - s.implied(), works=(work("survey"),))


def quantities_out_of_order(s: Scene) -> Plant:
    p, thing, (a, b) = s.property(lambda p: p.at_most), s.thing(), s.sources()
    limit = s.of(p.at_most or "")
    s.settle(p, limit)
    low = s.number(1, 40)
    start = 1950 if s.domain.units[p.unit or ""].interval_scale else 0
    claims = (
        s.say(a, p, thing, value=exactly(start + low + s.number(1, 40), p.unit or "")),
        s.say(b, limit, thing, value=exactly(start + low, p.unit or "")),
    )
    return Plant(claims, DISCREPANCY if p.varies else CONTRADICTION, **by_scope(s, p, limit))


# Comparisons


def opposing_comparison(s: Scene) -> Plant:
    p, one, other, (a, b) = s.property(rankable), s.thing(), s.thing(), s.sources()
    s.settle(p)
    ours, theirs = s.pick(
        [("greater", "less"), ("less", "equal"), ("differs", "equal"), ("unclear", "greater"), ("equal", "unclear")]
    )
    hedged = s.often()
    claims = [s.say(a, p, one, relation=ours, than=other, certainty="possible" if hedged else "asserted")]
    if s.often():
        claims.append(s.say(b, p, one, relation=theirs, than=other))
    else:
        claims.append(s.say(b, p, other, relation=TURNED.get(theirs, theirs), than=one))
    kind = TENSION if hedged or "unclear" in (ours, theirs) else CONTRADICTION
    return Plant(tuple(claims), kind, **by_scope(s, p, ranked=True))


def comparison_against_values(s: Scene) -> Plant:
    pairs = {m.id: [m.id, m.measures] for m in s.domain.properties.values() if measured(m) and m.compared}
    m = s.property(lambda p: p.id in pairs)
    p = s.pick(s.of(name) for name in pairs[m.id] if name and rankable(s.of(name)))
    one, (a, b) = s.thing(fits=lambda c: len(above(s.domain, c)) > 1), s.sources()
    other = s.thing(fits=lambda c: not tops(s.domain, c).isdisjoint(tops(s.domain, one)))
    s.settle(p, m)
    low, hedged = s.number(1, 40), s.often()
    more = s.number(1, 40)
    says = "greater" if m.direction == "more-is-greater" else "less"  # though the other has the higher figure
    claims = (
        s.say(a, p, one, relation=says, than=other, certainty="possible" if hedged else "asserted"),
        s.say(b, m, one, value=exactly(low, m.unit or "")),
        s.say(b, m, other, value=exactly(low + more, m.unit or "")),
    )
    return Plant(claims, TENSION if hedged else CONTRADICTION, **by_scope(s, p, m, ranked=True))


def comparison_against_affirmation(s: Scene) -> Plant:
    p = s.property(lambda p: p.absolute_of)
    scale, better, worse = s.of(p.absolute_of or ""), p.absolute_relation.value, TURNED[p.absolute_relation.value]
    behind, ahead, (a, b) = s.thing(), s.thing(), s.sources()
    s.settle(p, scale)
    sides = s.pick([(behind, worse, ahead), (ahead, better, behind)])
    claims = (
        s.say(a, scale, sides[0], relation=sides[1], than=sides[2]),
        s.say(b, p, behind, object=s.pick([None, s.object()])),
    )
    return Plant(claims, TENSION, **by_scope(s, scale, p, ranked=True))


def ordering_cycle(s: Scene) -> Plant:
    p, things, sources = s.property(rankable), [s.thing() for _ in range(s.number(3, 5))], s.sources(3)
    s.settle(p)
    soft = s.pick([{}, {"implied": True}, {"certainty": "possible"}])
    claims = []
    for number, (upper, lower) in enumerate(zip(things, [*things[1:], things[0]], strict=True)):
        sides = {"subject": upper, "relation": "greater", "than": lower}
        if s.often():
            sides = {"subject": lower, "relation": "less", "than": upper}
        claims.append(s.say(sources[number % 3], p, **sides, **(soft if number == 0 else {})))
    return Plant(tuple(claims), TENSION if soft else CONTRADICTION, **by_scope(s, p, ranked=True))


# Statements


def opposite_polarity(s: Scene) -> Plant:
    p, thing, (a, b), nested, hedged = s.property(is_statement), s.thing(), s.sources(), s.often(), s.often()
    s.settle(p)
    broad, narrow = s.nested_objects() if nested else (s.object(),) * 2
    claims = (
        s.say(a, p, thing, object=narrow, certainty="possible" if hedged else "asserted"),
        s.say(b, p, thing, object=broad, **s.pick([{"polarity": "negated"}, {"certainty": "denied"}])),
    )
    return Plant(claims, TENSION if hedged or nested else CONTRADICTION, **by_scope(s, p))


def declared_opposites(s: Scene) -> Plant:
    p, thing, sources, hedged = s.property(lambda p: p.opposite_of), s.thing(), s.sources(), s.often()
    other = s.of(s.pick(p.opposite_of))
    s.settle(p, other)
    broad, narrow = s.nested_objects() if s.often() else (s.object(),) * 2
    claims = (
        s.say(sources[0], p, thing, object=broad, certainty="possible" if hedged else "asserted"),
        s.say(sources[1], other, thing, object=narrow),
    )
    deciding = min(p, other, key=lambda item: item.id)
    return Plant(claims, TENSION if hedged else CONTRADICTION, **by_scope(s, deciding, p, other))


def duty_clash(s: Scene) -> Plant:
    p, thing, (a, b) = s.property(is_statement), s.thing(), s.sources()
    s.settle(p)
    strict, lax, kind = s.pick(
        [("never", lax, CONTRADICTION) for lax in ("required", "recommended", "may")]
        + [("never", lax, TENSION) for lax in ("caution", "none")]
        + [("caution", lax, TENSION) for lax in ("required", "recommended")]
        + [("required", lax, TENSION) for lax in ("recommended", "may")]
        + [("never", "never", TENSION)]  # if one bans the whole, the other a case
    )
    broad, narrow = s.nested_objects() if strict == lax or s.often() else (s.object(),) * 2
    claims = (s.say(a, p, thing, object=broad, duty=strict), s.say(b, p, thing, object=narrow, duty=lax))
    return Plant(claims, kind, **by_scope(s, p))


def exclusive_category(s: Scene) -> Plant:
    p, thing, (a, b), hedged = s.property(lambda p: p.exclusive), s.thing(), s.sources(), s.often()
    s.settle(p)
    one = s.object()
    other = s.pick(c for c in s.concepts(*OBJECTS) if unrelated(s.domain, c, one))
    assume(not set(s.domain.concepts[one].exact_match) & set(s.domain.concepts[other].exact_match))
    claims = (
        s.say(a, p, thing, object=one, certainty="possible" if hedged else "asserted"),
        s.say(b, p, thing, object=other),
    )
    return Plant(claims, TENSION if hedged else CONTRADICTION, **by_scope(s, p))


def certainty_gap(s: Scene) -> Plant:
    p, thing, (a, b) = s.property(lambda p: is_statement(p) and p.stakes > 1), s.thing(), s.sources()
    s.settle(p)
    denied = {"polarity": "negated"} if p.capacity or s.often() else {}
    strength = "plain" if p.stakes == 3 else s.pick(["universal", "superlative"])
    unsure = s.pick(["possible", "probable"] if denied else ["possible"])
    item = s.object()
    claims = (
        s.say(a, p, thing, object=item, strength=strength, **denied),
        s.say(b, p, thing, object=item, certainty=unsure, **denied),
    )
    return Plant(claims, TENSION, **by_scope(s, p))


def universal_against_exception(s: Scene) -> Plant:
    thing, (a, b), certainty = s.thing(), s.sources(), s.pick(["asserted", "probable"])
    universal = {"strength": "universal", "certainty": certainty}
    if s.often():
        p = s.property(lambda p: is_statement(p) and p.absolute_of)
        s.settle(p)
        broad, narrow = s.nested_objects()
        claims = s.say(a, p, thing, object=broad, **universal), s.say(b, p, thing, object=narrow, polarity="negated")
        return Plant(claims, TENSION, **by_scope(s, p))
    wholes = {p.complement_of for p in s.domain.properties.values()}
    p, share = s.pick(
        (p, m)
        for m in s.domain.properties.values()
        for p in s.domain.properties.values()
        if is_statement(p) and m.unit == "%" and p.topic == m.topic
        if m.measures == p.id or (m.measures and m.measures == p.absolute_of and (m.complement_of or m.id in wholes))
    )
    s.settle(p, share)
    item = s.object()
    claims = (
        s.say(a, p, thing, object=item, polarity=s.pick(["affirmed", "negated"]), **universal),
        s.say(b, share, thing, object=item, value=exactly(s.number(1, 99), "%")),
    )
    return Plant(claims, CONTRADICTION if certainty == "asserted" else TENSION, **by_scope(s, p, share))


def superlative_against_denial(s: Scene) -> Plant:
    (a, b), certainty, way = s.sources(), s.pick(["asserted", "probable"]), s.pick(["denial", "rival", "ranking"])
    first = {"strength": "superlative", "certainty": certainty}
    kind = CONTRADICTION if certainty == "asserted" else TENSION
    item = s.object()
    if way == "ranking":
        p = s.property(lambda p: p.absolute_of)
        scale, thing, other = s.of(p.absolute_of or ""), s.thing(), s.thing()
        s.settle(p, scale)
        worse, level = TURNED[p.absolute_relation.value], s.often()
        aim = s.scope.get("indication") if s.often() else None
        claims = (
            s.say(a, p, thing, object=aim or item, **first),
            s.say(b, scale, thing, relation="equal" if level else worse, than=other),
        )
        return Plant(claims, TENSION if level or not aim else kind, **by_scope(s, scale, p, ranked=True))
    p = s.property(is_statement)
    if way == "rival":
        thing, other = (s.thing(fits=lambda c: not s.domain.implied(c)) for _ in "ab")
        s.settle(p)
        claims = s.say(a, p, thing, object=item, **first), s.say(b, p, other, object=item, strength="superlative")
    else:
        thing = s.thing()
        s.settle(p)
        claims = s.say(a, p, thing, object=item, **first), s.say(b, p, thing, object=item, polarity="negated")
    return Plant(claims, kind, **by_scope(s, p))


def incompatible_statements(s: Scene) -> Plant:
    axioms = [axiom for _, axiom in sorted(s.domain.axioms.items()) if axiom.excludes]
    axiom = s.pick([x for x in axioms if any(s.prefer(s.of(e.property)) for e in x.excludes)] or axioms)
    definitions = [s.of(pattern.property) for pattern in axiom.excludes]
    thing, sources, shared = s.thing(), s.sources(), s.object()
    s.settle(*definitions)
    claims = []
    for source, pattern, item in zip(sources, axiom.excludes, definitions, strict=True):
        fields: dict[str, Any] = {"object": pattern.item or (shared if pattern.same_item else s.object())}
        if measured(item):
            fields["value"] = exactly(s.number(1, 9), item.unit or "")
        claims.append(s.say(source, item, thing, polarity="negated" if pattern.denied else "affirmed", **fields))
    deciding = max(definitions, key=lambda item: item.stakes)
    return Plant(tuple(claims), TENSION, **by_scope(s, deciding, *definitions))


# Against the cited work


def source_says_otherwise(s: Scene) -> Plant:
    way, link, thing, page = (
        s.pick(["quantity", "statement", "comparison"]),
        s.pick([STATED, INFERRED]),
        s.thing(),
        s.sources()[0],
    )
    cites = [link | {"work": STUDY}]
    kind = CONTRADICTION
    if way == "quantity":
        p = s.property(measured)
        s.settle(p)
        values = s.draw(st.permutations(two_apart(s, p, False)[:2]))
        claims = s.say(page, p, thing, value=values[0], cites=cites), s.say(STUDY, p, thing, value=values[1])
        kind = DISCREPANCY if p.varies else CONTRADICTION
    elif way == "statement":
        p, item, sides = s.property(is_statement), s.object(), s.draw(st.permutations(["affirmed", "negated"]))
        s.settle(p)
        claims = (
            s.say(page, p, thing, object=item, polarity=sides[0], cites=cites),
            s.say(STUDY, p, thing, object=item, polarity=sides[1]),
        )
    else:
        p, other = s.property(rankable), s.thing()
        s.settle(p)
        claims = (
            s.say(page, p, thing, relation="greater", than=other, cites=cites),
            s.say(STUDY, p, thing, relation=s.pick(["less", "equal"]), than=other),
        )
    dimensions = by_scope(s, p, ranked=way == "comparison")
    return Plant(claims, kind if link is STATED else TENSION, **dimensions, silent=1, works=(work(),))


def swapped(s: Scene) -> Plant:
    p, thing, page, link = (
        s.property(lambda p: measured(p) and separating(p)),
        s.thing(),
        s.sources()[0],
        s.pick([STATED, INFERRED]),
    )
    alike = [
        other
        for other in s.domain.properties.values()
        if p.denominator and other.denominator == p.denominator and other.id != p.id
        if (other.topic, other.unit) == (p.topic, p.unit) and other.compared
    ]
    s.settle(p, *alike)
    value, cites = exactly(s.number(1, 99), p.unit or ""), [link | {"work": STUDY}]
    if alike and s.often():
        fact = s.say(STUDY, s.pick(alike), thing, value=value)
    else:
        dimension = s.pick(sorted(separating(p) - s.implied() - {"jurisdiction"}))  # one country only is known
        fact = s.say(STUDY, p, thing, value=value, scope={dimension: s.value(dimension, s.scope[dimension])})
    claims = s.say(page, p, thing, value=value, cites=cites), fact
    aside = s.aside(p, *alike) - {p.denominator}
    return Plant(claims, DISCREPANCY if link is STATED else TENSION, aside=aside, works=(work(),))


def range_or_qualifier_dropped(s: Scene) -> Plant:
    way, page, thing = s.pick(["range", "hedge", "condition"]), s.sources()[0], s.thing()
    cites = [s.pick([STATED, INFERRED]) | {"work": STUDY}]
    if way == "range":
        p = s.property(lambda p: measured(p) and p.stakes > 1 and not s.domain.units[p.unit or ""].interval_scale)
        s.settle(p)
        low, unit = s.number(2, 20), s.unit(p).symbol
        own = s.say(page, p, thing, value=exactly(s.number(low, 2 * low), unit), cites=cites)
        fact = s.say(STUDY, p, thing, value=from_to(low, 2 * low, unit))
        return Plant((own, fact), TENSION, **by_scope(s, p) | {"needs": frozenset()}, works=(work(),))
    p = s.property(lambda p: is_statement(p) and p.stakes > 1)
    s.settle(p)
    said = {"object": s.object(), "polarity": "negated" if p.capacity else "affirmed"}
    scheme = s.domain.concepts[thing].scheme
    telling = [d for d in s.scope if d != "species" and scheme not in s.domain.dimensions[d].schemes]
    lost = s.pick(sorted(telling)) if way == "condition" and telling else ""
    fact = s.say(STUDY, p, thing, **said, certainty="asserted" if lost else "possible")
    own = s.say(page, p, thing, **said, cites=cites, scope={lost: ""} if lost else {})
    dimensions = by_scope(s, p)
    return Plant((own, fact), TENSION, dimensions["apart_by"] - {lost}, aside=dimensions["aside"], works=(work(),))


RECIPES: dict[str, Callable[[Scene], Plant]] = {
    "V001": disjoint_quantity,
    "V002": overlapping_range,
    "V003": bound_reversed,
    "V004": frequency_class_clash,
    "V005": set_or_range_narrowed,
    "V006": rate_complement,
    "V007": arithmetic,
    "V008": impossible_percentage,
    "V009": quantities_out_of_order,
    "C001": opposing_comparison,
    "C002": comparison_against_values,
    "C003": comparison_against_affirmation,
    "C004": ordering_cycle,
    "S001": opposite_polarity,
    "S002": declared_opposites,
    "S003": duty_clash,
    "S004": exclusive_category,
    "S005": certainty_gap,
    "S006": universal_against_exception,
    "S007": superlative_against_denial,
    "S008": incompatible_statements,
    "R001": source_says_otherwise,
    "R003": swapped,
    "R004": range_or_qualifier_dropped,
}


# Documents: each recipe gives a faulty one and the same one mended


def leaf(claims: Iterable[Claim] = (), works: Iterable[Work] = (), **fields: Any) -> Leaf:
    known = {"publisher": "nobody", "kind": "page", "captured": "never", "characters": 1000, "sha256": "0" * 64}
    name = {"id": "leaflet", "title": "Leaflet", "short": "Leaflet"}
    return Leaf(Document.model_validate({**known, **name, **fields}), tuple(claims), tuple(works))


def statement(s: Scene, fits: Fits = is_statement, **fields: Any) -> Claim:
    """Return a claim of the leaflet on any property that fits: a figure where that is measured."""
    p = s.property(fits)
    if measured(p):
        fields = {"value": exactly(s.number(1, 99), s.unit(p).symbol), **fields}
    return s.say("leaflet", p, s.thing(), **fields)


def but(claim: Claim, **fields: Any) -> Claim:
    return Claim.model_validate(claim.model_dump() | fields)


def cited(claim: Claim, **link: Any) -> Claim:
    return but(claim, cites=[{"basis": "marker", "marker": "[1]", "work": STUDY, **link}])


def needy(p: Property) -> bool:
    return p.needs_source and (measured(p) or is_statement(p))


def design_mismatch(s: Scene) -> tuple[Leaf, Leaf]:
    claim = cited(statement(s, lambda p: needy(p) and "species" not in separating(p)))
    design = s.pick(["trial-protocol", "animal-study", "narrative-review"])
    if design == "narrative-review":
        claim = but(claim, appeals_to=s.pick([Appeal.TRIAL, Appeal.TRIALS, Appeal.STUDY]))
    return leaf([claim], [work(design)]), leaf([claim], [work("other")])


def withdrawn_or_superseded(s: Scene) -> tuple[Leaf, Leaf]:
    fault = s.pick([{"retracted": "10.1000/1"}, {"erratum": "10.1000/2"}, {"superseded_by": "later2032"}])
    claims, fields = ([cited(statement(s))], {}) if s.often() else ([], {"lists": [STUDY]})
    return leaf(claims, [work(**fault)], **fields), leaf(claims, [work()], **fields)


def uncited_claim(s: Scene) -> tuple[Leaf, Leaf]:
    claim = statement(s, needy)
    return leaf([claim], [work()]), leaf([cited(claim)], [work()])


def marker_without_list(s: Scene) -> tuple[Leaf, Leaf]:
    claim = statement(s)
    return leaf([cited(claim, work=None)], [work()]), leaf([cited(claim)], [work()])


def list_without_markers(s: Scene) -> tuple[Leaf, Leaf]:
    claim = statement(s)
    lost = leaf([claim], [work()], lists=[STUDY], references="list without markers")
    return lost, leaf([cited(claim)], [work()], lists=[STUDY], references="list and markers")


def reference_never_used(s: Scene) -> tuple[Leaf, Leaf]:
    claim = statement(s)
    return leaf([claim], [work()], lists=[STUDY]), leaf([cited(claim)], [work()], lists=[STUDY])


def duplicate_reference(s: Scene) -> tuple[Leaf, Leaf]:
    return leaf([], [work()], lists=[STUDY] * s.number(2, 4)), leaf([], [work()], lists=[STUDY])


def described_not_cited(s: Scene) -> tuple[Leaf, Leaf]:
    claim = cited(statement(s), marker="", basis="described")
    return leaf([claim], [work()]), leaf([claim], [work()], lists=[STUDY])


def second_hand(s: Scene) -> tuple[Leaf, Leaf]:
    claims = [cited(statement(s, needy), marker="", basis="described")]
    retold = work(s.pick(["narrative-review", "consensus-statement", "web-page"]))
    return leaf(claims, [retold]), leaf(claims, [work("randomized-trial")])


def bibliography_fault(s: Scene) -> tuple[Leaf, Leaf]:
    known = work(authors=("Planter, Ada",), doi="10.1000/3", pages="101--109")
    right = {"first_author": "Planter", "year": 2031, "title": "Planted", "doi": "10.1000/3", "pages": "101-9"}
    wrong = {"first_author": "Painter", "year": 2013, "title": "Painted", "doi": "10.1000/4", "pages": "11-19"}
    name = s.pick(sorted(wrong))
    faulty = right | {name: wrong[name]}
    return leaf([], [known], lists=[faulty | {"work": STUDY}]), leaf([], [known], lists=[right | {"work": STUDY}])


def absolute_without_support(s: Scene) -> tuple[Leaf, Leaf]:
    claim = statement(s, lambda p: is_statement(p) and p.stakes > 1, strength=s.pick(["universal", "superlative"]))
    mended = s.pick([but(claim, strength="plain"), but(claim, certainty="possible"), cited(claim)])
    return leaf([claim], [work()]), leaf([mended], [work()])


def missing_comparator(s: Scene) -> tuple[Leaf, Leaf]:
    claim = s.say("leaflet", s.property(rankable), s.thing(), relation="greater", than=s.thing(), implied=True)
    return leaf([claim]), leaf([but(claim, implied=False)])


def missing_denominator(s: Scene) -> tuple[Leaf, Leaf]:
    claim = statement(s, lambda p: p.denominator and measured(p))
    name = s.of(claim.property).denominator or ""
    return leaf([claim]), leaf([with_scope(claim, name, s.value(name))])


def vague_authority(s: Scene) -> tuple[Leaf, Leaf]:
    claim = statement(s, appeals_to=s.pick(a for a in Appeal if a is not Appeal.REPORTS))
    return leaf([claim], [work()]), leaf([cited(claim)], [work()])


def list_lost(s: Scene) -> tuple[Leaf, Leaf]:
    claims = [statement(s)]
    return leaf(claims, damage=[f"{s.number(1, 50)}-{s.number(51, 99)}"]), leaf(claims)


PAGE_RECIPES: dict[str, Callable[[Scene], tuple[Leaf, Leaf]]] = {
    "R002": design_mismatch,
    "R005": withdrawn_or_superseded,
    "K001": uncited_claim,
    "K002": marker_without_list,
    "K003": list_without_markers,
    "K004": reference_never_used,
    "K005": duplicate_reference,
    "K006": described_not_cited,
    "K007": second_hand,
    "K008": bibliography_fault,
    "L001": absolute_without_support,
    "L002": missing_comparator,
    "L003": missing_denominator,
    "L004": vague_authority,
    "D001": list_lost,
}
