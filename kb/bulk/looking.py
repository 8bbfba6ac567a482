"""The work of one batch: rows of claims to findings, by the same detectors as on the small path.

A batch is independent of every other, so that batches may be worked on in processes of their own.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from multiprocessing import get_context

from kb.audit import judge_pages
from kb.bibliography import Work
from kb.bulk.rows import Row, trusted_claims
from kb.bulk.terms import clusters
from kb.counting import Counted, cell_of
from kb.detectors import DETECTORS, LEANING, RULES
from kb.domain import Domain
from kb.groups import Group, make_groups
from kb.model import Claim, Document, Finding
from kb.pages import make_pages

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


@dataclass(frozen=True)
class Parts:
    """Condensed claims of whole parts; ``codes`` says by cluster and group which detectors may fire there."""

    rows: Sequence[Row]
    codes: Mapping[int, Mapping[GroupKey, frozenset[str]]]

    def look(self, world: World) -> Iterator[Found]:
        """Yield what those detectors find; nothing outside a part changes it."""
        inside = clusters(world.domain)
        claims, counted = held(self.rows)
        pools: dict[int, list[Claim]] = {}
        for claim in claims:
            pools.setdefault(inside[claim.property], []).append(claim)
        for cluster, pool in sorted(pools.items()):
            keys = self.codes.get(cluster, {})
            for group in make_groups(world.domain, pool, world.names, world.works, counted):
                yield from _look(group, keys.get((group.topic, group.family), ()))


@dataclass(frozen=True)
class Shares:
    """Condensed claims on shares and on the numbers of people in studies, which belong to groups of their own."""

    rows: Sequence[Row]
    keys: frozenset[GroupKey]

    def look(self, world: World) -> Iterator[Found]:
        """Yield what is found of the groups in ``keys`` when their shares meet the numbers of people."""
        claims, counted = held(self.rows)
        for group in make_groups(world.domain, claims, world.names, world.works, counted):
            if (group.topic, group.family) in self.keys:
                yield from _look(group, ("V008",))


@dataclass(frozen=True)
class Rankings:
    """Condensed rankings of one topic, which may run in a circle through several families."""

    rows: Sequence[Row]

    def look(self, world: World) -> Iterator[Found]:
        """Yield what is found in the groups of rankings that run in a circle."""
        claims, counted = held(self.rows)
        for group in make_groups(world.domain, claims, world.names, world.works, counted):
            if group.family.endswith(f", {RANKED}"):
                yield from _look(group, world.codes & set(ORDER))


@dataclass(frozen=True)
class Leaners:
    """By group, the claims by which documents lean on works, and those on the works leant on."""

    rows: Sequence[Row]
    names: Mapping[GroupKey, Sequence[str]]

    def look(self, world: World) -> Iterator[Found]:
        """Yield where a document says other than the work that it cites."""
        claims = {claim.id: claim for claim in trusted_claims(self.rows)}
        for (topic, family), names in self.names.items():
            own = tuple(claims[name] for name in names)
            group = Group(topic, family, world.domain, own, world.names, world.works)
            yield from _look(group, world.codes & set(LEANING))


@dataclass(frozen=True)
class Pages:
    """The claims of whole documents, in order of document, and the documents."""

    rows: Sequence[Row]
    documents: Sequence[Document]

    def look(self, world: World) -> Iterator[Found]:
        """Yield what is found on each document alone."""
        by_source = {source: list(rows) for source, rows in groupby(self.rows, key=lambda row: row["source"])}
        for document in self.documents:
            claims = list(trusted_claims(by_source.get(document.id, ())))
            pages = make_pages(world.domain, [document], claims, world.works, world.names)
            for finding in judge_pages(pages, world.codes):
                yield document.id, "", 0, finding


Batch = Parts | Shares | Rankings | Leaners | Pages


def held(rows: Sequence[Row]) -> tuple[list[Claim], Counted]:
    """Return the claims of rows of the table ``held``, and how many claims stand behind them."""
    weights: dict[str, int] = {}
    totals = {}
    claims = list(trusted_claims(rows))
    for claim, row in zip(claims, rows, strict=True):
        if row["weight"] > 1:
            weights[claim.id] = int(row["weight"])
        if row["of_claims"]:
            totals[cell_of(claim)] = (int(row["of_variants"]), int(row["of_claims"]))
    return claims, Counted(weights, totals)


def _look(group: Group, codes: Iterable[str]) -> Iterator[Found]:
    wanted = set(codes)
    for detector in DETECTORS:
        if detector.CODE in wanted:
            for finding in detector.find(group):
                yield group.topic, group.family, ORDER[detector.CODE], finding


def look(world: World, batch: Batch) -> list[Found]:
    """Return what is found in one batch."""
    return list(batch.look(world))


def look_in_all(
    world: World, batches: Iterable[Batch], jobs: int = 1, done: Callable[[int], None] | None = None
) -> Iterator[Found]:
    """Yield what is found in all batches, in their order, with up to ``jobs`` processes; few batches wait at a time."""
    if jobs < 2:
        for number, batch in enumerate(batches, 1):
            yield from look(world, batch)
            if done:
                done(number)
        return
    context = get_context("spawn")  # a copy of a process with the threads of an engine may hang
    with ProcessPoolExecutor(jobs, context, _begin, (world,)) as crew:
        waiting: deque[Future[list[Found]]] = deque()
        number = 0
        for batch in batches:
            waiting.append(crew.submit(_work, batch))
            if len(waiting) > 2 * jobs:
                yield from waiting.popleft().result()
                number += 1
                if done:
                    done(number)
        while waiting:
            yield from waiting.popleft().result()
            number += 1
            if done:
                done(number)


_present: list[Callable[[Batch], list[Found]]] = []
"""In a process of its own: how to look at a batch, in the world that came with its start."""


def _begin(world: World) -> None:
    gc.freeze()
    _present[:] = [partial(look, world)]


def _work(batch: Batch) -> list[Found]:
    return _present[0](batch)
