"""A quick look: what the claims of one more document clash with, beside the most telling claims on record.

Each new claim is set beside at most eight claims that it most likely clashes with, chosen by SQL from what
`kb index` keeps of the comparison (``found/opponents.parquet``), and what is recorded of the works cited.
The same detectors decide. `kb.bulk.adding` compares with everything on record instead, and takes far longer.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kb.audit import fold, judge, judge_pages, order_findings
from kb.bibliography import Work
from kb.bulk.asking import Asking
from kb.bulk.filtering import text
from kb.bulk.findings_table import FOLDER
from kb.bulk.looking import RANKED, held
from kb.bulk.rows import Row, claim_row, trusted_claims
from kb.bulk.terms import clusters, pairs
from kb.condensing import rough_ends
from kb.counting import WHOLE, Counted
from kb.detectors import LEANING
from kb.domain import Domain
from kb.groups import Group, make_groups
from kb.model import Claim, Document, Finding
from kb.pages import make_pages

FRESH = {
    "fresh": (
        *("own whole", "source text", "object text", "low real", "high real", "class text", "duty text"),
        *("strength text", "certainty text", "setting whole"),
    ),
    "fresh_property": ("own whole", "property text", "far whole", "loose whole"),
    "fresh_subject": ("own whole", "subject text", "far whole"),
    "fresh_object": ("own whole", "object text"),
}
"""The tables of new claims that opponents.sql reads, and their columns with types."""
LOOSE = frozenset({"measures", "absolute", "factor", "count"})
"""Links between properties of which only one may have an object."""
MOST_IN_MEMORY = 400_000
"""So many opponents are kept in memory, about 1 kB each; more are read from their file at every look."""
Rows = list[tuple[Any, ...]]


class Near:
    """What stands near what in a domain; worked out once, for many documents."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.properties: dict[str, set[str]] = defaultdict(set)
        self.loose: dict[str, set[str]] = defaultdict(set)
        for kind, first, second in pairs(domain):
            self._link(first, second, loose=kind in LOOSE)
        for axiom in domain.axioms.values():
            if axiom.excludes:
                self._link(*(pattern.property for pattern in axiom.excludes), loose=True)
        taken = clusters(domain, taken=True)
        together: dict[int, set[str]] = defaultdict(set)
        for name, number in taken.items():
            together[number].add(name)
        self._taken = {name: together[number] for name, number in taken.items()}
        self.members: dict[str, set[str]] = defaultdict(set)
        for concept in domain.concepts:
            for family in domain.families(concept):
                self.members[family].add(concept)

    def _link(self, first: str, second: str, *, loose: bool) -> None:
        for one, other in ((first, second), (second, first)):
            self.properties[one].add(other)
            if loose:
                self.loose[one].add(other)

    def taken_for(self, name: str) -> set[str]:
        """Return the properties that a reader could take for one when a work is cited, and that one."""
        return self._taken[name]

    def concepts(self, concept: str) -> set[str]:
        """Return the concepts that share a family with one, and that one."""
        families = self.domain.families(concept) | self.domain.families(self.domain.read_as(concept))
        return {concept}.union(*(self.members[family] for family in families))

    def rows(self, claims: Sequence[Claim]) -> dict[str, Rows]:
        """Return the new claims as small tables: what each says, and which properties, subjects, objects are near."""
        found: dict[str, Rows] = {name: [] for name in FRESH}
        for own, claim in enumerate(claims):
            row = claim_row(claim)
            low, high = rough_ends(self.domain, claim)
            answer = (row["class"] or "", row["duty"], row["strength"], row["certainty"], row["setting"])
            found["fresh"].append((own, claim.source, claim.object or "", low, high, *answer))
            own_only = self.domain.properties[claim.property].exclusive  # one answer only: any other object clashes
            others = self.properties[claim.property] - {claim.property}
            links = [(other, 4, int(other in self.loose[claim.property])) for other in sorted(others)]
            found["fresh_property"] += [(own, *link) for link in [(claim.property, 0, int(own_only)), *links]]
            sides = {claim.subject, claim.than or claim.subject}
            near = set().union(*(self.concepts(side) for side in sides))
            found["fresh_subject"] += [(own, name, 0 if name in sides else 2) for name in sorted(near)]
            items = self.concepts(claim.object) | {""} if claim.object else {""}
            found["fresh_object"] += [(own, name) for name in sorted(items)]
        return found


class Record:
    """What `kb index` kept beside a table, opened for many looks; raises `InputError` where that cannot be read."""

    def __init__(self, asking: Asking) -> None:
        import pyarrow.parquet as pq

        self.asking = asking
        self.near = Near(asking.domain)
        self.facts = pq.ParquetFile(asking.path / FOLDER / "facts.parquet")
        bounds = [self.facts.metadata.row_group(n).column(0).statistics for n in range(self.facts.num_row_groups)]
        self.bounds = [(each.min, each.max) if each is not None else ("", "\U0010ffff") for each in bounds]
        self.names: dict[str, str] = dict(asking.ask("SELECT source, name FROM sources"))
        count = asking.ask("SELECT COUNT(*) FROM opponents")[0][0]
        self.table = "opponents"
        if count <= MOST_IN_MEMORY:
            self.table = "near_opponents"
            asking.connection.execute(f"CREATE OR REPLACE TABLE {self.table} AS SELECT * FROM opponents")  # noqa: S608

    def opponents(self, claims: Sequence[Claim]) -> list[Row]:
        """Return as rows of ``held`` the claims that the new ones most likely clash with."""
        import pyarrow as pa

        types = {"text": pa.string(), "whole": pa.int64(), "real": pa.float64()}
        with self.asking.connection.cursor() as cursor:
            for name, rows in self.near.rows(claims).items():
                fields = [tuple(column.split()) for column in FRESH[name]]
                data = [pa.array([row[n] for row in rows], types[kind]) for n, (_, kind) in enumerate(fields)]
                cursor.register(name, pa.table(data, names=[field for field, _ in fields]))
            query = text("opponents").replace("JOIN opponents h", f"JOIN {self.table} h")
            names = sorted({row[1] for row in cursor.execute(query).fetchall()})
            cursor.register("chosen", pa.table({"id": pa.array(names, pa.string())}))
            wanted = f"SELECT record FROM {self.table} WHERE id IN (SELECT id FROM chosen) ORDER BY id"  # noqa: S608
            return [json.loads(record) for (record,) in cursor.execute(wanted).fetchall()]

    def recorded(self, claims: Sequence[Claim]) -> list[Claim]:
        """Return what is recorded of the works that claims cite, on properties that could be taken for theirs."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for claim in claims:
            for link in claim.cites:
                if link.work:
                    wanted[link.work] |= self.near.taken_for(claim.property)
        groups = [n for n, (low, high) in enumerate(self.bounds) if any(low <= work <= high for work in wanted)]
        if not groups:
            return []
        table = self.facts.read_row_groups(groups, columns=["source", "property", "record"], use_threads=False)
        sources, properties = (table.column(name).to_pylist() for name in ("source", "property"))
        places = [
            n for n, pair in enumerate(zip(sources, properties, strict=True)) if pair[1] in wanted.get(pair[0], ())
        ]
        return list(trusted_claims(json.loads(record) for record in table.column("record").take(places).to_pylist()))


def look_beside(
    record: Record, claims: Sequence[Claim], codes: frozenset[str], document: Document | None = None
) -> tuple[Finding, ...]:
    """Return what the claims of one document clash with; their faults of citing and wording, too, with ``document``.

    Findings name only clashes in which a new claim takes part.
    """
    domain = record.near.domain
    chosen, counted = held(record.opponents(claims))
    facts = record.recorded(claims)
    cited = {link.work for claim in claims for link in claim.cites if link.work}
    _, works = record.asking.sources(cited.union(document.listed if document else ()))
    by_key = {work.key: work for work in works}
    names = record.names | ({document.id: document.short} if document else {})
    new = frozenset(claim.id for claim in claims)
    found: list[Finding] = []
    for pool, wanted, counts in (
        ([*chosen, *claims], codes - set(LEANING), counted),
        ([*facts, *claims], codes & set(LEANING), WHOLE),
    ):
        found += judge(_groups(domain, pool, names, by_key, counts, new), wanted)
    pages = make_pages(domain, [document] if document else [], claims, by_key, names)
    kept = [finding for finding in found if any(member.claim in new for member in finding.members)]
    return order_findings(fold([*kept, *judge_pages(pages, codes)]))


def _groups(
    domain: Domain,
    pool: Sequence[Claim],
    names: Mapping[str, str],
    works: Mapping[str, Work],
    counted: Counted,
    new: frozenset[str],
) -> list[Group]:
    """Return the groups in which a new claim stands, but for rankings through several families."""
    groups = make_groups(domain, pool, names, works, counted)
    return [
        replace(group, focus=new)
        for group in groups
        if not group.family.endswith(f", {RANKED}") and any(claim.id in new for claim in group.claims)
    ]
