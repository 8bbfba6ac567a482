"""Synthetic claims over the vocabulary of a domain: skewed, of all three kinds, the same on every run.

The questions (kind, subject, property, object) are fixed by the vocabulary and do not grow with the number of
claims, so ten times the claims means ten times as many on every question: the worst case for comparison.
Questions are weighted by Zipf's law (the first is a hundred times as frequent as the hundredth). Values come
from a few typical ones of the question, and about three in ten from a continuous tail; scope is partly unknown.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

from kb.claims import claim_id, dump_claims
from kb.domain import Domain, Property
from kb.ids import sha256_text
from kb.model import (
    Attribution,
    Bound,
    Certainty,
    Claim,
    Duty,
    Interval,
    Kind,
    Locator,
    Ordinal,
    Polarity,
    Relation,
    Role,
    ScopeValue,
    State,
    Value,
    ValueSet,
)

QUESTIONS = 1000
CLAIMS_PER_SOURCE = 40
TYPICAL_VALUES = 8
TAIL = 0.3
"""Share of quantity claims whose value is drawn from a continuum."""

KNOWN, SOMETIMES_KNOWN, RARELY_KNOWN = 0.6, 0.2, 0.02
"""How often a claim gives a dimension that always, sometimes or never separates claims on its property."""

TIMES = ("<= 24 h", "24-72 h", "day 7", "day 28", "4 week", "6 month", "> 1 year")


@dataclass(frozen=True)
class Question:
    """What synthetic claims answer; the subject of a claim is one of ``subjects``, the other side of ``others``."""

    kind: Kind
    definition: Property
    subjects: tuple[str, ...]
    others: tuple[str, ...]
    object: str | None
    typical: tuple[Decimal, ...]
    denied: float


class Zipf:
    """Draws an index below ``size`` with a weight of one over its rank."""

    def __init__(self, size: int) -> None:
        self.indices = range(size)
        self.weights = list(accumulate(1 / (rank + 1) for rank in range(size)))

    def draw(self, rng: random.Random) -> int:
        return rng.choices(self.indices, cum_weights=self.weights)[0]


def generate(domain: Domain, count: int, seed: int = 1) -> tuple[Claim, ...]:
    """Return ``count`` claims in order of source and place."""
    rng = random.Random(seed)
    questions = make_questions(domain, rng)
    by_rank = Zipf(len(questions))
    sources = make_sources(count)
    names = list(sources)
    by_source = Zipf(len(names))
    schemes: dict[str, list[str]] = {}
    for concept in sorted(domain.concepts.values(), key=lambda c: c.id):
        schemes.setdefault(concept.scheme, []).append(concept.id)
    drawn = Drawn(domain, schemes, {name: Zipf(len(members)) for name, members in schemes.items()})
    claims = []
    for number in range(count):
        # half of the claims come from a few large sources, half from the long tail
        source = names[by_source.draw(rng) if rng.random() < 0.5 else rng.randrange(len(names))]
        claims.append(_claim(drawn, questions[by_rank.draw(rng)], number, source, sources[source], rng))
    return tuple(sorted(claims, key=lambda c: (c.source, c.locator.start if c.locator else 0, c.id)))


def make_sources(count: int) -> dict[str, Role]:
    """Return the sources of ``count`` claims and their roles: every second is a document, the others are works."""
    total = max(20, count // CLAIMS_PER_SOURCE)
    return {f"s{n:06d}": Role.CLAIM if n % 2 else Role.EVIDENCE for n in range(total)}


def make_questions(domain: Domain, rng: random.Random) -> list[Question]:
    """Return the questions of the benchmark, most frequent first; the three kinds alternate."""
    families: dict[str, list[str]] = {}
    for concept in sorted(domain.concepts):
        families.setdefault(min(domain.families(concept)), []).append(concept)
    tops = sorted(families, key=lambda top: (-len(families[top]), top))
    ordered = sorted(domain.properties.values(), key=lambda p: p.id)
    usable = {kind: [p for p in ordered if _fits(kind, p)] for kind in Kind}
    linked = {kind: [p for p in found if _linked(domain, p)] or found for kind, found in usable.items()}
    kinds = [Kind.QUANTITY, Kind.STATEMENT, Kind.QUANTITY, Kind.STATEMENT, Kind.COMPARISON]
    concepts = sorted(domain.concepts)
    by_family, by_concept = Zipf(len(tops)), Zipf(len(concepts))
    questions: dict[tuple[object, ...], Question] = {}
    while len(questions) < QUESTIONS:
        kind = kinds[len(questions) % len(kinds)]
        definition = rng.choice(linked[kind] if rng.random() < 0.5 else usable[kind])
        top = tops[by_family.draw(rng)]
        subjects = tuple(sorted(families[top], key=lambda c: (len(domain.ancestors(c)), c))[:8])
        other = tops[by_family.draw(rng)]
        others = tuple(c for c in sorted(families[other])[:4] if c not in subjects) or ("ketamine",)
        item = concepts[by_concept.draw(rng)] if kind is Kind.STATEMENT else None
        centre = 10 ** rng.uniform(0, 2.5)
        typical = tuple(sorted({_round(centre * factor) for factor in (0.25, 0.5, 0.8, 1, 1.25, 1.5, 2, 4)}))
        denied = rng.choice((0.0, 0.02, 0.05, 0.3))
        key = (kind, definition.id, top, item, other if kind is Kind.COMPARISON else "")
        questions.setdefault(key, Question(kind, definition, subjects, others, item, typical, denied))
    return list(questions.values())


def _fits(kind: Kind, definition: Property) -> bool:
    if kind is Kind.COMPARISON:
        return definition.kind == "scale"
    return definition.kind == ("quantity" if kind is Kind.QUANTITY else "statement")


def _linked(domain: Domain, definition: Property) -> bool:
    """Say whether claims on the property may clash with claims on another one."""
    measured = {p.measures for p in domain.properties.values()} | {p.absolute_of for p in domain.properties.values()}
    own = (definition.measures, definition.absolute_of, *definition.opposite_of)
    return any(own) or definition.id in measured


def _round(number: float) -> Decimal:
    return Decimal(f"{number:.3g}").quantize(Decimal("0.01")) if number < 100 else Decimal(round(number))


@dataclass(frozen=True)
class Drawn:
    """The domain, and what scope values are drawn from."""

    domain: Domain
    schemes: dict[str, list[str]]
    zipf: dict[str, Zipf]


def _claim(drawn: Drawn, question: Question, number: int, source: str, role: Role, rng: random.Random) -> Claim:
    subject = question.subjects[min(rng.randrange(len(question.subjects)), rng.randrange(len(question.subjects)))]
    than = rng.choice(question.others) if question.kind is Kind.COMPARISON else None
    quote = sha256_text(f"quote {number}") if role is Role.CLAIM else ""
    named = {"subject": subject, "property": question.definition.id, "object": question.object, "than": than}
    part = f"{number}"
    statement = question.kind is Kind.STATEMENT
    return Claim(
        id=claim_id(source, quote, named | {"part": part}),
        source=source,
        text=f"Synthetic claim {number} on {question.definition.label} of {subject}.",
        kind=question.kind,
        subject=subject,
        property=question.definition.id,
        object=question.object,
        value=_value(drawn.domain, question, rng) if question.kind is Kind.QUANTITY else None,
        relation=rng.choices(list(Relation), (60, 15, 15, 5, 5))[0] if than else None,
        than=than,
        scope=_scope(drawn, question.definition, rng),
        polarity=Polarity.NEGATED if statement and rng.random() < question.denied else Polarity.AFFIRMED,
        certainty=rng.choices(list(Certainty), (88, 3, 8, 1))[0],
        duty=rng.choices(list(Duty), (94, 1, 1, 1, 2, 1))[0] if statement else Duty.NONE,
        attribution=rng.choices(list(Attribution), (90, 8, 1, 1))[0],
        locator=Locator(start=number * 100, end=number * 100 + 80, quote_sha256=quote) if quote else None,
        part=part,
        role=role,
    )


def _value(domain: Domain, question: Question, rng: random.Random) -> Value:
    definition = question.definition
    if definition.scale or definition.unit is None:
        ranked = sorted(c.id for c in domain.concepts.values() if c.rank is not None)
        return Ordinal.model_validate({"class": rng.choice(ranked)})
    unit = definition.unit

    def draw() -> Decimal:
        if rng.random() < TAIL:
            return _round(float(question.typical[len(question.typical) // 2]) * 10 ** rng.gauss(0, 0.4))
        return question.typical[
            min(rng.randrange(TYPICAL_VALUES), rng.randrange(TYPICAL_VALUES)) % len(question.typical)
        ]

    form = rng.random()
    if form < 0.6:
        one = draw()
        return Interval(low=one, high=one, unit=unit, bound=rng.choice((Bound.EXACT, Bound.EXACT, Bound.ABOUT)))
    if form < 0.85:
        low, high = sorted((draw(), draw()))
        return Interval(low=low, high=high, unit=unit, bound=Bound.RANGE)
    if form < 0.98:
        up = rng.random() < 0.5
        return Interval(**{"high" if up else "low": draw()}, unit=unit, bound=Bound.UP_TO if up else Bound.AT_LEAST)
    return ValueSet(any_of=tuple(sorted({draw(), draw()})), unit=unit)


def _scope(drawn: Drawn, definition: Property, rng: random.Random) -> tuple[ScopeValue, ...]:
    found = []
    for dimension in sorted(drawn.domain.dimensions.values(), key=lambda d: d.id):
        share = RARELY_KNOWN
        if dimension.id in definition.separated_by:
            share = KNOWN
        elif dimension.id in definition.also_separated_by:
            share = SOMETIMES_KNOWN
        if rng.random() >= share:
            continue
        if not dimension.schemes:
            tail = rng.random() < TAIL
            value = f"{rng.randrange(1, 400)} day" if tail else rng.choice(TIMES)
        elif dimension.schemes[0] in drawn.schemes:
            value = drawn.schemes[dimension.schemes[0]][drawn.zipf[dimension.schemes[0]].draw(rng)]
        else:
            continue
        found.append(ScopeValue(dimension=dimension.id, values=(value,), state=State.STATED))
    return tuple(found)


def write(folder: Path, claims: Iterable[Claim]) -> int:
    """Write claims as canonical files, one for each source; return the number of files."""
    by_source: dict[str, list[Claim]] = {}
    for claim in claims:
        by_source.setdefault(claim.source, []).append(claim)
    for source, found in by_source.items():
        (folder / f"{source}.yaml").write_bytes(dump_claims(source, found))
    return len(by_source)
