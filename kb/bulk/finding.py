"""From a table of claims to findings: the filter says where to look, the same detectors look there.

Claims are read in batches of parts, so that memory is bounded by a batch (or by the largest part, if that is more).
What concerns one document is streamed, a batch of documents at a time.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from kb.audit import fold, order_findings
from kb.build import Progress
from kb.bulk.engines import Engine
from kb.bulk.filtering import Candidates, Part, candidates, leaning, prepare
from kb.bulk.looking import Batch, GroupKey, Leaners, Pages, Parts, Rankings, Shares, World, look_in_all
from kb.bulk.rows import Row
from kb.bulk.terms import clusters
from kb.detectors import LEANING, RULES
from kb.model import Document, Finding
from kb.policy import Policy

MANY = 50_000
"""From so many claims on, the time to start processes of their own is well spent."""

BATCH = 5_000
"""About how many claims (counted once for each of their groups) are read at once."""

Unit = tuple[int, str]
"""Cluster and family: the parts of all topics that share them are read together."""


def usual_jobs(claims: int) -> int:
    """Return how many processes are worth while for so many claims: as many as there are processors, or one."""
    return (os.cpu_count() or 1) if claims >= MANY else 1


def codes_in(policy: Policy) -> frozenset[str]:
    """Return the codes of the detectors that a policy does not turn off."""
    return frozenset(rule.CODE for rule in RULES if policy.level(rule.CODE) != "off")


def find_in(
    engine: Engine, world: World, progress: Progress | None = None, batch: int = BATCH, jobs: int = 1
) -> tuple[Finding, ...]:
    """Return every finding in the claims of an engine, as `kb.audit.find_all` would; ``jobs`` processes may work."""
    say = progress or _silent
    say("condensing", 0, 1)
    prepare(engine, world.domain)
    where = candidates(engine, world.codes)
    lean = _leaning(engine, world, {item.topic for item in world.domain.properties.values()})
    return _settle(engine, world, where, lean, batch, jobs, say, pages=True)


def find_gravest(
    engine: Engine, world: World, top: int, progress: Progress | None = None, batch: int = BATCH, jobs: int = 1
) -> tuple[tuple[Finding, ...], int]:
    """Return the findings of the ``top`` gravest parts, and how many parts there are; pages are left out.

    Gravest are those of the highest stakes, then those for which most rules pass, then those with most claims.
    """
    say = progress or _silent
    say("condensing", 0, 1)
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
    fewer = Candidates({part: where.parts[part] for part in sorted(chosen)}, {})
    lean = _leaning(engine, world, {topic for topic, _ in groups})
    lean = {key: names for key, names in lean.items() if key in groups}
    return _settle(engine, world, fewer, lean, batch, jobs, say, pages=False), len(where.parts)


def _silent(name: str, done: int, total: int) -> None:
    """Tell nobody how far it is."""


def _leaning(engine: Engine, world: World, topics: Iterable[str]) -> Mapping[GroupKey, tuple[str, ...]]:
    return leaning(engine, topics) if world.codes & set(LEANING) else {}


def _settle(
    engine: Engine,
    world: World,
    where: Candidates,
    lean: Mapping[GroupKey, tuple[str, ...]],
    batch: int,
    jobs: int,
    say: Progress,
    *,
    pages: bool,
) -> tuple[Finding, ...]:
    units = _units(where)
    split = list(_batches(engine, sorted(units), batch))
    kinds: list[tuple[int, Iterator[Batch]]] = [
        (len(split), _in_parts(engine, units, split)),
        (_count_of(lean, batch), _lent(engine, lean, batch)),
        (1, _percentages(engine, world, where)),
        (1, _ranked(engine, where)),
    ]
    if pages:
        ordered = sorted(world.documents, key=lambda document: document.id)
        kinds.append((len(ordered) // (batch // 40 or 1) + 1, _on_pages(engine, ordered, batch)))
    total = sum(number for number, _ in kinds)
    every = (one for _, found in kinds for one in found)
    found = list(look_in_all(world, every, jobs, lambda done: say("batches", min(done, total), total)))
    # the small path meets groups before pages, and those in order
    found.sort(key=lambda item: (item[1] == "", *item[:3]))
    say("folding", total, total)
    return order_findings(fold([finding for *_, finding in found]))


def _units(where: Candidates) -> Mapping[Unit, Mapping[GroupKey, frozenset[str]]]:
    units: dict[Unit, dict[GroupKey, frozenset[str]]] = defaultdict(dict)
    for (topic, family, cluster), codes in where.parts.items():
        if own := frozenset(codes) - {"V008"}:
            units[(cluster, family)][(topic, family)] = own
    return units


def _in_parts(
    engine: Engine, units: Mapping[Unit, Mapping[GroupKey, frozenset[str]]], split: Iterable[Sequence[Unit]]
) -> Iterator[Batch]:
    for batch in split:
        engine.load("wanted", ("cluster whole", "family text"), batch)
        codes: dict[int, dict[GroupKey, frozenset[str]]] = defaultdict(dict)
        for unit in batch:
            codes[unit[0]].update(units[unit])
        yield Parts(_held(engine, UNITS), codes)


UNITS = """c.id IN (SELECT m.id FROM members m JOIN wanted w ON w.family = m.family
JOIN kb_property p ON p.cluster = w.cluster WHERE p.property = c.property)"""


def _held(engine: Engine, condition: str) -> list[Row]:
    """Return the condensed claims that meet a condition."""
    return list(engine.stream(f"SELECT c.* FROM held c WHERE {condition}"))  # noqa: S608 - our own text


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
        "SELECT p.cluster, m.family, COUNT(*) FROM members m JOIN held c ON c.id = m.id "
        "JOIN kb_property p ON p.property = c.property GROUP BY p.cluster, m.family"
    )
    return {(cluster, family): number for cluster, family, number in counted}


def _count_of(lean: Mapping[GroupKey, Sequence[str]], size: int) -> int:
    return sum(1 for _ in _split(lean, size))


def _split(lean: Mapping[GroupKey, Sequence[str]], size: int) -> Iterator[dict[GroupKey, Sequence[str]]]:
    """Yield the groups in batches of about ``size`` claims; a group is never split."""
    batch: dict[GroupKey, Sequence[str]] = {}
    held = 0
    for key, names in lean.items():
        if batch and held + len(names) > size:
            yield batch
            batch, held = {}, 0
        batch[key] = names
        held += len(names)
    if batch:
        yield batch


def _lent(engine: Engine, lean: Mapping[GroupKey, Sequence[str]], size: int) -> Iterator[Batch]:
    """Look at what documents lean on: in each group only the claims that lean, and those on the works leant on."""
    for batch in _split(lean, size):
        names = sorted({name for names in batch.values() for name in names})
        engine.load("wanted", ("id text",), ((name,) for name in names))
        rows = engine.stream("SELECT c.* FROM claims c WHERE c.id IN (SELECT id FROM wanted)")
        yield Leaners(list(rows), batch)


def _percentages(engine: Engine, world: World, where: Candidates) -> Iterator[Batch]:
    """Look at shares with the numbers of people in all studies, which belong to groups of their own."""
    keys = frozenset((topic, family) for (topic, family, _), codes in where.parts.items() if "V008" in codes)
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
    yield Shares(_held(engine, condition), keys)


def _ranked(engine: Engine, where: Candidates) -> Iterator[Batch]:
    """Look at the rankings that may run in a circle through several families."""
    for topic, families in where.circular.items():
        engine.load("wanted", ("family text",), ((family,) for family in sorted(families)))
        engine.load("topic", ("topic text",), [(topic,)])
        condition = (
            "c.relation IN ('greater', 'less') AND c.property IN (SELECT p.property FROM kb_property p "
            "JOIN topic t ON t.topic = p.topic) AND c.id IN (SELECT m.id FROM members m JOIN wanted w "
            "ON w.family = m.family)"
        )
        yield Rankings(_held(engine, condition))


def _on_pages(engine: Engine, documents: Sequence[Document], size: int) -> Iterator[Batch]:
    """Look at single documents, in order of id; those without claims, too."""
    waiting = {document.id: document for document in documents}
    rows: list[Row] = []
    held: list[Document] = []
    stream = engine.stream("SELECT c.* FROM claims c WHERE c.role = 'claim' ORDER BY c.source")
    for source, own in groupby(stream, key=lambda row: row["source"]):
        document = waiting.pop(source, None)
        if document is not None:
            rows += own
            held.append(document)
        if len(rows) > size:
            yield Pages(rows, held)
            rows, held = [], []
    yield Pages(rows, [*held, *waiting.values()])
