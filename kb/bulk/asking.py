"""One DuckDB over the files of ``found/``: every question is a query with parameters, and nothing is read whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.bulk.findings_table import FILES, FOLDER, Mark, read_mark
from kb.bulk.rows import Row, trusted_claims
from kb.domain import Domain
from kb.errors import InputError, Problem
from kb.model import Claim, Document, Finding
from kb.policy import Policy, load_policy
from kb.vocabulary import load_domain

Given = dict[str, Any]
"""The parameters of a query by name."""


class Where(NamedTuple):
    """A condition of a query and the parameters in it; "TRUE" holds for every row."""

    sql: str = "TRUE"
    given: Mapping[str, Any] = {}

    def also(self, sql: str, **given: object) -> Where:
        """Return this condition and one more."""
        return Where(sql if self.sql == "TRUE" else f"{self.sql} AND {sql}", {**self.given, **given})

    def among(self, column: str, name: str, values: Iterable[object]) -> Where:
        """Return this condition and that a column has one of some values, which Parquet's bounds can answer."""
        given = {f"{name}{number}": value for number, value in enumerate(sorted(set(values), key=str))}
        return self.also(f"{column} IN ({', '.join(f'${key}' for key in given)})" if given else "FALSE", **given)


class Asking:
    """The findings of a table folder with the claims that they are about, as they were when they were made.

    Raises `InputError` where they cannot be read. Threads may ask at once: each question has a cursor of its own.
    """

    def __init__(self, table: Path) -> None:
        self.path = table
        self.mark: Mark = read_mark(table)
        folder = table / FOLDER
        self.domain: Domain = load_domain(folder / "vocabulary.ttl", f"{FOLDER}/vocabulary.ttl")
        self.policy: Policy = load_policy(folder / "policy.yaml", f"{FOLDER}/policy.yaml")
        try:
            import duckdb
        except ImportError:
            remedy = "python -m pip install 'claims-kb[scale]'"
            raise InputError([Problem(str(table), 0, "needs the package duckdb", remedy)]) from None
        self.connection = duckdb.connect(":memory:")
        for setting in ("enable_progress_bar = false", "autoinstall_known_extensions = false"):
            self.connection.execute(f"SET {setting}")
        self.connection.execute("SET parquet_metadata_cache = true")
        for name in FILES:
            file = str(folder / name).replace("'", "''")
            self.connection.execute(f"CREATE VIEW {Path(name).stem} AS SELECT * FROM read_parquet('{file}')")  # noqa: S608

    def ask(self, query: str, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query; ``$name`` in it stands for what is given under that name."""
        with self.connection.cursor() as cursor:
            found: list[tuple[Any, ...]] = cursor.execute(query, dict(given or {})).fetchall()
        return found

    def rows(self, query: str, given: Mapping[str, Any] | None = None) -> list[Row]:
        """Return the rows of a query by column."""
        with self.connection.cursor() as cursor:
            done = cursor.execute(query, dict(given or {}))
            names = [column[0] for column in done.description or ()]
            return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    def claims(self, query: str, given: Mapping[str, Any] | None = None) -> list[Claim]:
        """Return the claims of a query for whole rows."""
        return list(trusted_claims(self.rows(query, given)))

    # Records by id

    def places_of(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the source of each claim that there is."""
        where = Where().among("id", "id", ids)
        return dict(self.ask(f"SELECT id, source FROM ids WHERE {where.sql}", where.given))  # noqa: S608 - parameters

    def claims_by_id(self, ids: Iterable[str], sources: Iterable[str] = ()) -> list[Claim]:
        """Return the claims with these ids, by id; who knows their sources spares a question."""
        wanted = sorted(set(ids))
        if not wanted:
            return []
        known = sorted(set(sources)) or list(self.places_of(wanted).values())
        where = Where().among("source", "source", known).among("id", "id", wanted)
        return self.claims(f"SELECT * FROM claims WHERE {where.sql} ORDER BY id", where.given)  # noqa: S608

    def sources(self, ids: Iterable[str]) -> tuple[tuple[Document, ...], tuple[Work, ...]]:
        """Return the documents and works with these ids, each by id."""
        where = Where().among("source", "source", ids)
        query = f"SELECT role, record FROM sources WHERE {where.sql} ORDER BY source"  # noqa: S608 - parameters
        found = self.ask(query, where.given)
        documents = tuple(Document.model_validate_json(text) for role, text in found if role == "document")
        return documents, tuple(Work.model_validate_json(text) for role, text in found if role == "work")

    def findings_at(self, places: Iterable[int]) -> dict[int, Finding]:
        """Return the findings at these places of the list, in order."""
        where = Where().among("place", "place", places)
        query = f"SELECT place, record FROM findings WHERE {where.sql} ORDER BY place"  # noqa: S608 - parameters
        return {place: Finding.model_validate_json(text) for place, text in self.ask(query, where.given)}

    def taken(self, places: Iterable[int]) -> list[Claim]:
        """Return the claims in the findings at these places; one in several of them comes as often."""
        where = Where().among("place", "place", places)
        return self.claims(f"SELECT * FROM taken WHERE {where.sql} ORDER BY place, source, number", where.given)  # noqa: S608

    def place_of(self, finding: str) -> int | None:
        """Return the place of a finding in the list, None if there is no such finding."""
        found = self.ask("SELECT place FROM findings WHERE id = $id", {"id": finding})
        return int(found[0][0]) if found else None

    # A knowledge base of only what a screen shows

    def base(self, claims: Sequence[Claim], also: Iterable[str] = ()) -> KnowledgeBase:
        """Return a knowledge base of some claims, with their sources, the works that they cite and other sources."""
        wanted = {claim.source for claim in claims}.union(also)
        wanted |= {link.work for claim in claims for link in claim.cites if link.work}
        wanted |= {concept.removeprefix("work:") for claim in claims for concept in _concepts(claim)}
        documents, works = self.sources(wanted)
        ordered = tuple(sorted(claims, key=lambda claim: claim.id))
        return KnowledgeBase(self.path, self.domain, self.policy, documents, works, ordered, {})


def _concepts(claim: Claim) -> list[str]:
    return [c for c in (claim.subject, claim.object, claim.than) if c and c.startswith("work:")]
