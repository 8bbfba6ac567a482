"""A synthetic knowledge base over the vocabulary of a domain: skewed, and the same on every run.

The questions (kind, subject, property, object) are fixed by the vocabulary and do not grow with the number of
claims, so ten times the claims means ten times as many on every question: the worst case for comparison.
Questions are weighted by Zipf's law (the first is a hundred times as frequent as the hundredth). Values come
from a few typical ones of the question, and about three in ten from a continuous tail; scope is partly unknown.

Every family of detectors meets what it looks for: properties that the vocabulary links (complements, totals and
factors, opposites, axioms) are asked for more often than others; rankings cross families, so that they run in
circles; half of the sources are works with a design, some withdrawn, and of each how many people took part is told
by itself and by others; documents cite them by marker, by description or not, appeal to studies, and have reference
lists with unused and repeated entries.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.claims import claim_id, dump_claims, load_claims
from kb.designs import DESIGNS
from kb.domain import Domain, Property
from kb.ids import sha256_text
from kb.model import (
    Appeal,
    Attribution,
    Bound,
    Certainty,
    Checked,
    Citation,
    Claim,
    Document,
    Duty,
    Interval,
    Kind,
    Locator,
    Ordinal,
    Polarity,
    Reference,
    Relation,
    Role,
    ScopeValue,
    State,
    Strength,
    Vague,
    Value,
    ValueSet,
)
from kb.policy import load_policy
from pydantic import TypeAdapter

QUESTIONS = 1000
CLAIMS_PER_SOURCE, MOST_PER_SOURCE = 40, 400
"""How many claims a source makes, on average and at most: a few are ten times as long as the others."""
TYPICAL_VALUES = 8
TAIL = 0.3
"""Share of quantity claims whose value is drawn from a continuum."""

KNOWN, SOMETIMES_KNOWN, RARELY_KNOWN = 0.6, 0.2, 0.02
"""How often a claim gives a dimension that always, sometimes or never separates claims on its property."""

LINKED, BY_AXIOM = 0.5, 0.15
"""Share of questions on properties that the vocabulary links, and of statements that an axiom names."""

CITING, APPEALING = 0.3, 0.06
"""How often a document cites a work, and how often it appeals to studies or experts."""

TIMES = ("<= 24 h", "24-72 h", "day 7", "day 28", "4 week", "6 month", "> 1 year")
PERCENT, YEARS = "%", "calendar year"
DOCUMENTS, WORKS = TypeAdapter(tuple[Document, ...]), TypeAdapter(tuple[Work, ...])
LISTS = ("list and markers", "list without markers", "markers without list", "none")


@dataclass(frozen=True)
class World:
    """What a data folder holds, but for its vocabulary and policy."""

    claims: tuple[Claim, ...]
    documents: tuple[Document, ...]
    works: tuple[Work, ...]

    def base(self, folder: Path, domain: Domain, claims: Sequence[Claim] | None = None) -> KnowledgeBase:
        """Return the knowledge base of this world, or of some ``claims`` of it, with the policy in ``folder``."""
        policy = load_policy(folder / "policy.yaml", "policy.yaml")
        ordered = tuple(sorted(self.claims if claims is None else claims, key=lambda claim: claim.id))
        return KnowledgeBase(folder, domain, policy, self.documents, self.works, ordered, {})


@dataclass(frozen=True)
class Question:
    """What synthetic claims answer; the subject of a claim is one of ``subjects``, the other side of ``others``.

    Of a ``counted`` question the subject is a work: how many people took part in it.
    """

    kind: Kind
    definition: Property
    subjects: tuple[str, ...]
    others: tuple[str, ...]
    object: str | None
    typical: tuple[Decimal, ...]
    denied: float
    counted: bool


class Zipf:
    """Draws an index below ``size`` with a weight of one over its rank."""

    def __init__(self, size: int) -> None:
        self.indices = range(size)
        self.weights = list(accumulate(1 / (rank + 1) for rank in range(size)))

    def draw(self, rng: random.Random) -> int:
        return rng.choices(self.indices, cum_weights=self.weights)[0]


@dataclass(frozen=True)
class Drawn:
    """The domain, and what scope values and cited works are drawn from."""

    domain: Domain
    schemes: dict[str, list[str]]
    zipf: dict[str, Zipf]
    works: list[str]
    by_work: Zipf


def generate(domain: Domain, count: int, seed: int = 1) -> World:
    """Return a world of ``count`` claims in order of source and place."""
    rng = random.Random(seed)
    questions = make_questions(domain, rng)
    by_rank = Zipf(len(questions))
    sources = make_sources(count)
    names = list(sources)
    by_source = Zipf(len(names))
    schemes: dict[str, list[str]] = {}
    for concept in sorted(domain.concepts.values(), key=lambda c: c.id):
        schemes.setdefault(concept.scheme, []).append(concept.id)
    zipf = {name: Zipf(len(members)) for name, members in schemes.items()}
    works = [name for name, role in sources.items() if role is Role.EVIDENCE]
    drawn = Drawn(domain, schemes, zipf, works, Zipf(len(works)))
    claims = []
    made = dict.fromkeys(names, 0)
    for number in range(count):
        # half of the claims come from a few large sources, half from the long tail
        source = names[by_source.draw(rng) if rng.random() < 0.5 else rng.randrange(len(names))]
        if made[source] >= MOST_PER_SOURCE:
            source = names[rng.randrange(len(names))]
        made[source] += 1
        claims.append(_claim(drawn, questions[by_rank.draw(rng)], number, source, sources[source], rng))
    papers = tuple(_work(number, works, rng) for number in range(len(works)))
    cited: dict[str, list[str]] = {name: [] for name, role in sources.items() if role is Role.CLAIM}
    for claim in claims:
        for link in claim.cites:
            if link.work is not None and link.basis == "marker" and link.work not in cited[claim.source]:
                cited[claim.source].append(link.work)
    by_key = {work.key: work for work in papers}
    documents = tuple(_document(name, count, found, by_key, rng) for name, found in cited.items())
    ordered = sorted(claims, key=lambda c: (c.source, c.locator.start if c.locator else 0, c.id))
    return World(tuple(ordered), documents, papers)


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
    patterns = [p for a in sorted(domain.axioms.values(), key=lambda a: a.id) for p in a.excludes]
    patterns = [p for p in patterns if _fits(Kind.STATEMENT, domain.properties[p.property])]
    counts = {name for p in ordered for name in domain.counts_of(p.id)}
    kinds = [Kind.QUANTITY, Kind.STATEMENT, Kind.QUANTITY, Kind.STATEMENT, Kind.COMPARISON]
    items = [concept for top in tops for concept in families[top]]
    by_family, by_item = Zipf(len(tops)), Zipf(len(items))
    questions: dict[tuple[object, ...], Question] = {}
    while len(questions) < QUESTIONS:
        kind = kinds[len(questions) % len(kinds)]
        definition = rng.choice(linked[kind] if rng.random() < LINKED else usable[kind])
        top = tops[by_family.draw(rng)]
        subjects = tuple(sorted(families[top], key=lambda c: (len(domain.ancestors(c)), c))[:8])
        other = tops[by_family.draw(rng)]
        others = tuple(c for c in sorted(families[other])[:4] if c not in subjects) or (items[-1],)
        item = items[by_item.draw(rng)] if kind is Kind.STATEMENT or _by_item(domain, definition) else None
        denied = rng.choice((0.0, 0.02, 0.05, 0.3))
        if kind is Kind.STATEMENT and patterns and rng.random() < BY_AXIOM:
            pattern = rng.choice(patterns)
            definition = domain.properties[pattern.property]
            item, denied = pattern.item or item, 0.5 if pattern.denied else 0.02
        typical = _typical(domain, definition, rng)
        key = (kind, definition.id, top, item, other if kind is Kind.COMPARISON else "")
        counted = definition.id in counts
        question = Question(kind, definition, subjects, others, item, typical, denied, counted)
        questions.setdefault(key, question)
        for name in _partners(domain, definition) if rng.random() < LINKED else ():
            partner = domain.properties[name]
            form = Kind.STATEMENT if partner.kind == "statement" else kind
            other_typical = _typical(domain, partner, rng)
            added = replace(question, kind=form, definition=partner, typical=other_typical)
            questions.setdefault((form, name, *key[2:]), added)
    return list(questions.values())[:QUESTIONS]


def _partners(domain: Domain, definition: Property) -> tuple[str, ...]:
    """Return the properties whose answers on the same subject and object may not go with those on this one."""
    stated = definition.measures if _by_item(domain, definition) else None
    named = (stated, definition.complement_of, definition.at_most)
    return (*(n for n in named if n), *definition.opposite_of, *definition.disjoint_with, *definition.product_of)


def _fits(kind: Kind, definition: Property) -> bool:
    if kind is Kind.COMPARISON:
        return definition.kind == "scale"
    return definition.kind == ("quantity" if kind is Kind.QUANTITY else "statement")


def _linked(domain: Domain, definition: Property) -> bool:
    """Say whether claims on the property may clash with claims on another one, or have one answer only."""
    others = domain.properties.values()
    measured = {p.measures for p in others} | {p.absolute_of for p in others} | {p.at_most for p in others}
    own = (definition.measures, definition.absolute_of, definition.complement_of, definition.at_most)
    named = definition.id in measured | domain.reckoned
    return any((*own, *definition.opposite_of, *definition.disjoint_with, definition.exclusive)) or named


def _by_item(domain: Domain, definition: Property) -> bool:
    """Say whether a quantity is told of cases: a class, or the share in whom a statement holds."""
    measured = domain.properties.get(definition.measures or "")
    return bool(definition.scale) or (measured is not None and measured.kind == "statement")


def _typical(domain: Domain, definition: Property, rng: random.Random) -> tuple[Decimal, ...]:
    factors = (0.25, 0.5, 0.8, 1, 1.25, 1.5, 2, 4)
    unit = domain.unit_of(definition.id)
    if unit is not None and unit.kind == YEARS:
        first = rng.randrange(1950, 2015)
        return tuple(Decimal(first + step) for step in range(len(factors)))
    centre = rng.uniform(10, 40) if definition.unit == PERCENT else 10 ** rng.uniform(0, 2.5)
    found = {_round(centre * factor) for factor in factors}
    return tuple(sorted(min(value, Decimal(98)) if definition.unit == PERCENT else value for value in found))


def _round(number: float) -> Decimal:
    return Decimal(f"{number:.3g}").quantize(Decimal("0.01")) if number < 100 else Decimal(round(number))


def _claim(drawn: Drawn, question: Question, number: int, source: str, role: Role, rng: random.Random) -> Claim:
    subject = question.subjects[min(rng.randrange(len(question.subjects)), rng.randrange(len(question.subjects)))]
    definition = question.definition
    cites = _cites(drawn, question, rng) if role is Role.CLAIM else ()
    if question.counted:
        cited = next((link.work for link in cites if link.work), None)
        subject = f"work:{source if role is Role.EVIDENCE else cited or drawn.works[drawn.by_work.draw(rng)]}"
    than = rng.choice(question.others) if question.kind is Kind.COMPARISON else None
    quote = sha256_text(f"quote {number}") if role is Role.CLAIM else ""
    named = {"subject": subject, "property": definition.id, "object": question.object, "than": than}
    part = f"{number}"
    statement = question.kind is Kind.STATEMENT
    return Claim(
        id=claim_id(source, quote, named | {"part": part}),
        source=source,
        text=f"Synthetic claim {number} on {definition.label} of {subject}.",
        kind=question.kind,
        subject=subject,
        property=definition.id,
        object=question.object,
        value=_value(drawn.domain, question, subject, rng) if question.kind is Kind.QUANTITY else None,
        relation=rng.choices(list(Relation), (60, 15, 15, 5, 5))[0] if than else None,
        than=than,
        implied=than is not None and rng.random() < 0.05,
        scope=_scope(drawn, definition, rng),
        polarity=Polarity.NEGATED if statement and rng.random() < question.denied else Polarity.AFFIRMED,
        certainty=rng.choices(list(Certainty), (88, 3, 8, 1))[0],
        duty=rng.choices(list(Duty), (94, 1, 1, 1, 2, 1))[0] if statement else Duty.NONE,
        strength=rng.choices(list(Strength), (93, 5, 2))[0] if statement else Strength.PLAIN,
        attribution=rng.choices(list(Attribution), (90, 8, 1, 1))[0],
        appeals_to=rng.choice(list(Appeal)) if role is Role.CLAIM and rng.random() < APPEALING else None,
        locator=Locator(start=number * 40, end=number * 40 + 30, quote_sha256=quote) if quote else None,
        cites=cites,
        part=part,
        role=role,
        checked=rng.choices((Checked.READ_TWICE, Checked.VERIFIED, Checked.UNVERIFIED), (80, 17, 3))[0],
    )


def _cites(drawn: Drawn, question: Question, rng: random.Random) -> tuple[Citation, ...]:
    """Return what a document cites for an answer: shares and numbers of people rest on a work more often than not."""
    definition = question.definition
    share = 0.6 if question.counted or definition.share_of else CITING
    if rng.random() >= share:
        return ()
    place = drawn.by_work.draw(rng)
    marker = f"[{place + 1}]"
    form = rng.random()
    if form < 0.05:
        return (Citation(marker=marker, basis="marker"),)
    if form < 0.65:
        return (Citation(marker=marker, work=drawn.works[place], basis="marker"),)
    if form < 0.85:
        return (Citation(work=drawn.works[place], basis="described"),)
    return (Citation(work=drawn.works[place], basis="inferred", confidence=Decimal("0.6")),)


def _value(domain: Domain, question: Question, subject: str, rng: random.Random) -> Value:
    definition = question.definition
    if definition.scale or definition.unit is None:
        ranked = sorted(c.id for c in domain.concepts.values() if c.rank is not None and c.scheme == definition.scale)
        return Ordinal.model_validate({"class": rng.choice(ranked)})
    unit = definition.unit
    if question.counted:
        people = 20 + int(sha256_text(subject)[:4], 16) % 180 + (rng.randrange(9) if rng.random() < 0.2 else 0)
        return Interval(low=Decimal(people), high=Decimal(people), unit=unit)

    def draw() -> Decimal:
        middle = question.typical[len(question.typical) // 2]
        if rng.random() < TAIL:
            if domain.units[unit].kind == YEARS:
                return middle + rng.randrange(-20, 20)
            drawn = _round(float(middle) * 10 ** rng.gauss(0, 0.4))
            return min(drawn, Decimal("99.5")) if unit == PERCENT else drawn
        return question.typical[
            min(rng.randrange(TYPICAL_VALUES), rng.randrange(TYPICAL_VALUES)) % len(question.typical)
        ]

    form = rng.random()
    if form < 0.57:
        one = draw()
        return Interval(low=one, high=one, unit=unit, bound=rng.choice((Bound.EXACT, Bound.EXACT, Bound.ABOUT)))
    if form < 0.82:
        low, high = sorted((draw(), draw()))
        return Interval(low=low, high=high, unit=unit, bound=Bound.RANGE)
    if form < 0.95:
        up = rng.random() < 0.5
        return Interval(**{"high" if up else "low": draw()}, unit=unit, bound=Bound.UP_TO if up else Bound.AT_LEAST)
    if form < 0.98:
        bound = rng.choice((Bound.ABOUT, Bound.UP_TO))
        return Vague(vague=True, unit=unit, bound=bound, printed=rng.choice(("a few", "several", "many")))
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
        inherited = rng.random() < 0.2
        state, basis = (State.INHERITED, "page") if inherited else (State.STATED, "")
        found.append(
            ScopeValue.model_validate({"dimension": dimension.id, "values": (value,), "state": state, "basis": basis})
        )
    return tuple(found)


def _work(number: int, keys: list[str], rng: random.Random) -> Work:
    return Work(
        key=keys[number],
        entry_type="article",
        title=f"Synthetic work {number}",
        authors=(f"Author{number}, A.",),
        year=1970 + number % 50,
        doi=f"10.1000/{number}",
        design=rng.choice(sorted(DESIGNS)),
        retracted="withdrawn" if rng.random() < 0.02 else None,
        erratum="corrected" if rng.random() < 0.02 else None,
        superseded_by=rng.choice(keys) if rng.random() < 0.03 else None,
        line=number + 1,
    )


def _document(name: str, count: int, cited: Sequence[str], works: dict[str, Work], rng: random.Random) -> Document:
    """Return a document that lists what it cites by marker, something that it does not, and some works twice."""
    kept = rng.choices(LISTS, (70, 10, 10, 10))[0]
    listed = [*cited, rng.choice(list(works)), *(work for work in cited if rng.random() < 0.02)]
    return Document.model_validate(
        {
            "id": name,
            "title": f"Synthetic document {name}",
            "publisher": "nobody",
            "kind": "page",
            "captured": "2026-01-01",
            "characters": count * 40 + 100,
            "sha256": sha256_text(name),
            "short": f"Page {int(name[1:])}",
            "references": kept,
            "lists": [_entry(works[work], rng) for work in listed] if kept.startswith("list") else [],
            "damage": ["0-80"] if int(name[1:]) % 20 == 1 else [],
        }
    )


def _entry(work: Work, rng: random.Random) -> Reference:
    slip = rng.random() < 0.02
    return Reference(work=work.key, title=work.title, year=(work.year or 0) + slip, doi=work.doi or "")


def write(folder: Path, world: World) -> int:
    """Write claims as canonical files, one for each source, documents and works as JSON; return the number of files."""
    by_source: dict[str, list[Claim]] = {}
    for claim in world.claims:
        by_source.setdefault(claim.source, []).append(claim)
    (folder / "claims").mkdir()
    for source, found in by_source.items():
        (folder / "claims" / f"{source}.yaml").write_bytes(dump_claims(source, found))
    (folder / "documents.json").write_bytes(DOCUMENTS.dump_json(world.documents))
    (folder / "works.json").write_bytes(WORKS.dump_json(world.works))
    return len(by_source)


def read(folder: Path, domain: Domain) -> World:
    """Read what `write` wrote: claims as the program reads them, and the records about their sources."""
    documents = DOCUMENTS.validate_json((folder / "documents.json").read_bytes())
    works = WORKS.validate_json((folder / "works.json").read_bytes())
    roles = {d.id: Role.CLAIM for d in documents} | {w.key: Role.EVIDENCE for w in works}
    paths = sorted((folder / "claims").glob("*.yaml"))
    claims = tuple(claim for path in paths for claim in load_claims(path, path.name, domain, roles))
    return World(claims, documents, works)
