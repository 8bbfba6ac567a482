"""A table folder opened for searching: the small records, the engine, and the few claims that people's files name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from kb.build import KnowledgeBase
from kb.bulk.claims_table import Table
from kb.bulk.engines import DuckEngine, Engine
from kb.bulk.finding import codes_in, usual_jobs
from kb.bulk.looking import World
from kb.bulk.rows import trusted_claims
from kb.verdicts import FILE, load_verdicts

E = TypeVar("E", bound=Engine)


class Opened(NamedTuple, Generic[E]):
    """A knowledge base that holds only the claims that verdicts and waivers name, what detectors need, the engine.

    ``jobs`` is how many processes are worth while for so many claims.
    """

    kb: KnowledgeBase
    world: World
    engine: E
    jobs: int


def duck(table: Table) -> DuckEngine:
    """Return DuckDB over the files of a table."""
    return DuckEngine(table.parts, table.links)


def open_table(path: Path, start: Callable[[Table], E]) -> Opened[E]:
    """Open a table folder on the engine that ``start`` makes.

    Raises `InputError` if it is none, or if its verdicts cannot be read.
    """
    table = Table(path)
    documents, works = table.documents(), table.works()
    engine = start(table)
    verdicts = load_verdicts(path / FILE, FILE)
    judged = {member.claim for verdict in verdicts for member in verdict.members}
    named = sorted(judged.union(*(waiver.claims for waiver in table.policy.waivers)))
    engine.load("named", ("id text",), ((name,) for name in named))
    rows = engine.stream("SELECT * FROM claims WHERE id IN (SELECT id FROM named)") if named else ()
    kb = KnowledgeBase(path, table.domain, table.policy, documents, works, tuple(trusted_claims(rows)), {}, verdicts)
    world = World(kb.domain, documents, {work.key: work for work in works}, kb.names, codes_in(kb.policy))
    return Opened(kb, world, engine, usual_jobs(table.count))
