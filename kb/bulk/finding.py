"""From a table of claims to findings: the filter says where to look, the same detectors look there.

Claims are read in batches of parts, so that memory is bounded by a batch (or by the largest part, if that is more).
What concerns one document is streamed, a document at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kb.audit import fold, judge_pages, order_findings
from kb.bibliography import Work
from kb.build import Progress
from kb.bulk.engines import Engine
from kb.bulk.filtering import LEANING, Candidates, Part, candidates, prepare
from kb.bulk.rows import trusted_claims
from kb.bulk.terms import clusters
from kb.detectors import DETECTORS, RULES
from kb.domain import Domain
from kb.groups import Group, make_groups
from kb.model import Claim, Document, Finding
from kb.pages import make_pages
from kb.policy import Policy

BATCH = 200_000
"""How many claims (counted once for each of their groups) are read at once."""

ORDER = {detector.CODE: number for number, detector in enumerate(DETECTORS)}
RANKED = "ranked"
GroupKey = tuple[str, str]
Found = tuple[str, str, int, Finding]
"""Topic, family and number of the detector of a finding: the order in which the small path meets it."""


@dataclass(frozen=True)
class World:
    """What detectors need beside claims."""

    domain: Domain
    documents: Sequence[Document]
    works: Mapping[str, Work]
    names: Mapping[str, str]
    codes: frozenset[str] = field(default_factory=lambda: frozenset(rule.CODE for rule in RULES))


def codes_in(policy: Policy) -> frozenset[str]:
    """Return the codes of the detectors that a policy does not turn off."""
    return frozenset(rule.CODE for rule in RULES if policy.level(rule.CODE) != "off")


def find_in(engine: Engine, world: World, progress: Progress | None = None, batch: int = BATCH) -> tuple[Finding, ...]:
    """Return every finding in the claims of an engine, as `kb.audit.find_all` would."""
    prepare(engine, world.domain)
    where = candidates(engine, world.codes)
    return _settle(engine, world, where, batch, progress)


def find_gravest(
    engine: Engine, world: World, top: int, progress: Progress | None = None, batch: int = BATCH
) -> tuple[tuple[Finding, ...], int]:
    """Return the findings of the ``top`` gravest parts, and how many parts there are; pages are left out.

    Gravest are those of the highest stakes, then those for which most rules pass, then those with most claims.
    """
    prepare(engine, world.domain)
    where = candidates(engine, world.codes)
    counts = _counts(engine)
    stakes: dict[int, int] = defaultdict(int)
    for name, cluster in clusters(world.domain).items():
        stakes[cluster] = max(stakes[cluster], world.domain.properties[name].stakes)

    def gravity(part: Part) -> tuple[object, ...]:
        return (-stakes[part[2]], -len(where.parts[part]), -counts[(part[2], part[1])], part)

    chosen = sorted(where.parts, key=gravity)[:top]
    groups = {part[:2] for part in chosen}
    fewer = Candidates(
        {part: where.parts[part] for part in sorted(chosen)},
        {key: names for key, names in where.leaning.items() if key in groups},
        {},
    )
    return _settle(engine, world, fewer, batch, progress, pages=False), len(where.parts)


def _settle(
    engine: Engine, world: World, where: Candidates, batch: int, progress: Progress | None, *, pages: bool = True
) -> tuple[Finding, ...]:
    found = [*_in_parts(engine, world, where, batch, progress), *_leaning(engine, world, where, batch)]
    found += [*_percentages(engine, world, where), *_ranked(engine, world, where)]
    found.sort(key=lambda item: item[:3])
    on_pages = _on_pages(engine, world) if pages else ()
    return order_findings(fold([*(finding for *_, finding in found), *on_pages]))


def _in_parts(engine: Engine, world: World, where: Candidates, size: int, progress: Progress | None) -> Iterator[Found]:
    wanted = {part: set(codes) - {"V008"} for part, codes in where.parts.items()}
    units: dict[tuple[int, str], dict[GroupKey, set[str]]] = defaultdict(dict)
    for (topic, family, cluster), codes in wanted.items():
        if codes:
            units[(cluster, family)][(topic, family)] = codes
    batches = list(_batches(engine, sorted(units), size))
    for number, batch in enumerate(batches):
        if progress:
            progress(f"{len(batch):,} parts", number, len(batches))
        engine.load("wanted", ("cluster whole", "family text"), batch)
        pools: dict[int, list[Claim]] = defaultdict(list)
        inside = clusters(world.domain)
        for claim in _claims(engine, UNITS):
            pools[inside[claim.property]].append(claim)
        for cluster, pool in sorted(pools.items()):
            keys = {key: codes for unit in batch if unit[0] == cluster for key, codes in units[unit].items()}
            yield from _judge(world, pool, keys)


UNITS = """c.id IN (SELECT m.id FROM members m JOIN wanted w ON w.family = m.family
JOIN kb_property p ON p.cluster = w.cluster WHERE p.property = c.property)"""


def _claims(engine: Engine, condition: str) -> Iterator[Claim]:
    return trusted_claims(engine.stream(f"SELECT c.* FROM claims c WHERE {condition}"))  # noqa: S608 - our own text


def _batches(engine: Engine, units: Sequence[tuple[int, str]], size: int) -> Iterator[list[tuple[int, str]]]:
    """Yield the units in batches of about ``size`` claims; a unit is never split."""
    counts = _counts(engine)
    batch: list[tuple[int, str]] = []
    held = 0
    for unit in units:
        if batch and held + counts[unit] > size:
            yield batch
            batch, held = [], 0
        batch.append(unit)
        held += counts[unit]
    if batch:
        yield batch


def _counts(engine: Engine) -> dict[tuple[int, str], int]:
    """Return how many claims there are on each cluster and family."""
    counted = engine.ask(
        "SELECT p.cluster, m.family, COUNT(*) FROM members m JOIN claims c ON c.id = m.id "
        "JOIN kb_property p ON p.property = c.property GROUP BY p.cluster, m.family"
    )
    return {(cluster, family): number for cluster, family, number in counted}


def _judge(world: World, pool: Iterable[Claim], keys: Mapping[GroupKey, Iterable[str]]) -> Iterator[Found]:
    for group in make_groups(world.domain, pool, world.names, world.works):
        yield from _look(group, keys.get((group.topic, group.family), ()))


def _look(group: Group, codes: Iterable[str]) -> Iterator[Found]:
    wanted = set(codes)
    for detector in DETECTORS:
        if detector.CODE in wanted:
            for finding in detector.find(group):
                yield group.topic, group.family, ORDER[detector.CODE], finding


def _leaning(engine: Engine, world: World, where: Candidates, size: int) -> Iterator[Found]:
    """Look at what documents lean on: in each group only the claims that lean, and those on the works leant on."""
    codes = world.codes & set(LEANING)
    batch: dict[GroupKey, tuple[str, ...]] = {}
    for key, names in where.leaning.items():
        if batch and sum(map(len, batch.values())) + len(names) > size:
            yield from _lean(engine, world, batch, codes)
            batch = {}
        batch[key] = names
    if batch:
        yield from _lean(engine, world, batch, codes)


def _lean(
    engine: Engine, world: World, batch: Mapping[GroupKey, tuple[str, ...]], codes: Iterable[str]
) -> Iterator[Found]:
    engine.load(
        "wanted", ("id text",), ((name,) for name in sorted({name for names in batch.values() for name in names}))
    )
    claims = {claim.id: claim for claim in _claims(engine, "c.id IN (SELECT id FROM wanted)")}
    for (topic, family), names in batch.items():
        own = tuple(claims[name] for name in names)
        yield from _look(Group(topic, family, world.domain, own, world.names, world.works), codes)


def _percentages(engine: Engine, world: World, where: Candidates) -> Iterator[Found]:
    """Look at shares with the numbers of people in all studies, which belong to groups of their own."""
    keys: dict[GroupKey, tuple[str, ...]] = {
        (topic, family): ("V008",) for (topic, family, _), codes in where.parts.items() if "V008" in codes
    }
    if not keys:
        return
    domain = world.domain
    shares = [name for name in sorted(domain.properties) if domain.counts_of(name)]
    counts = {count for name in shares for count in domain.counts_of(name)}
    rows = [(name, family) for name in shares for family in sorted({family for _, family in keys})]
    engine.load("wanted", ("property text", "family text"), rows)
    engine.load("counts", ("property text",), ((name,) for name in sorted(counts)))
    condition = (
        "c.property IN (SELECT property FROM counts) OR c.id IN (SELECT m.id FROM members m JOIN wanted w "
        "ON w.family = m.family WHERE w.property = c.property)"
    )
    yield from _judge(world, _claims(engine, condition), keys)


def _ranked(engine: Engine, world: World, where: Candidates) -> Iterator[Found]:
    """Look at the rankings that may run in a circle through several families."""
    codes = sorted(world.codes & set(ORDER))
    for topic, families in where.circular.items():
        engine.load("wanted", ("family text",), ((family,) for family in sorted(families)))
        engine.load("topic", ("topic text",), [(topic,)])
        condition = (
            "c.relation IN ('greater', 'less') AND c.property IN (SELECT p.property FROM kb_property p "
            "JOIN topic t ON t.topic = p.topic) AND c.id IN (SELECT m.id FROM members m JOIN wanted w "
            "ON w.family = m.family)"
        )
        for group in make_groups(world.domain, _claims(engine, condition), world.names, world.works):
            if group.family.endswith(f", {RANKED}"):
                yield from _look(group, codes)


def _on_pages(engine: Engine, world: World) -> Iterator[Finding]:
    """Yield what is found on single documents, read one after another."""
    by_id = {document.id: document for document in world.documents}
    rows = engine.stream("SELECT c.* FROM claims c WHERE c.role = 'claim' ORDER BY c.source")
    for source, claims in groupby(trusted_claims(rows), key=lambda claim: claim.source):
        document = by_id.pop(source, None)
        if document is not None:
            yield from _of_document(world, document, list(claims))
    for document in by_id.values():
        yield from _of_document(world, document, [])


def _of_document(world: World, document: Document, claims: Sequence[Claim]) -> Iterable[Finding]:
    pages = make_pages(world.domain, [document], claims, world.works, world.names)
    return judge_pages(pages, world.codes)
