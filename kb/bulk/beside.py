"""A quick look: what the claims of one more document clash with, beside the most telling claims on record.

Each new claim is set beside at most twelve claims that it most likely clashes with, chosen by SQL from what
`kb index` keeps of the comparison (``found/opponents.parquet``), and what is recorded of the works cited.
The same detectors decide. `kb.bulk.adding` compares with everything on record instead, and takes far longer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kb.audit import LEANING, fold, judge, judge_pages, order_findings
from kb.bibliography import Work
from kb.bulk.asking import Asking, Where
from kb.bulk.filtering import text
from kb.bulk.looking import RANKED, held
from kb.bulk.rows import claim_row
from kb.bulk.terms import clusters, pairs
from kb.condensing import rough_ends
from kb.counting import WHOLE, Counted
from kb.domain import Domain
from kb.groups import Group, make_groups
from kb.model import Claim, Document, Finding
from kb.pages import make_pages

COLUMNS = {
    "fresh": {
        "own": "BIGINT",
        "source": "TEXT",
        "low": "DOUBLE",
        "high": "DOUBLE",
        "class": "TEXT",
        "duty": "TEXT",
        "strength": "TEXT",
        "setting": "BIGINT",
    },
    "fresh_property": {"own": "BIGINT", "property": "TEXT", "far": "BIGINT"},
    "fresh_subject": {"own": "BIGINT", "subject": "TEXT", "far": "BIGINT"},
    "fresh_object": {"own": "BIGINT", "object": "TEXT", "far": "BIGINT"},
}
Rows = list[tuple[Any, ...]]


class Near:
    """What stands near what in a domain: worked out once, for many documents."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.properties: dict[str, set[str]] = defaultdict(set)
        for _, first, second in pairs(domain):
            self.properties[first].add(second)
            self.properties[second].add(first)
        for axiom in domain.axioms.values():
            if axiom.excludes:
                first, second = (pattern.property for pattern in axiom.excludes)
                self.properties[first].add(second)
                self.properties[second].add(first)
        self.taken = clusters(domain, taken=True)
        self.members: dict[str, set[str]] = defaultdict(set)
        for concept in domain.concepts:
            for family in domain.families(concept):
                self.members[family].add(concept)

    def concepts(self, concept: str) -> set[str]:
        """Return the concepts that share a family with one, and that one."""
        families = self.domain.families(concept) | self.domain.families(self.domain.read_as(concept))
        return {concept}.union(*(self.members[family] for family in families))

    def rows(self, claims: Sequence[Claim]) -> dict[str, Rows]:
        """Return the new claims as small tables: what each says, and which properties, subjects, objects are near."""
        found: dict[str, Rows] = {name: [] for name in COLUMNS}
        for own, claim in enumerate(claims):
            row = claim_row(claim)
            low, high = rough_ends(self.domain, claim)
            what = (row["class"] or "", row["duty"], row["strength"], row["setting"])
            found["fresh"].append((own, claim.source, low, high, *what))
            others = self.properties[claim.property] - {claim.property}
            found["fresh_property"] += [(own, claim.property, 0), *((own, other, 4) for other in sorted(others))]
            sides = {claim.subject, claim.than or claim.subject}
            near = set().union(*(self.concepts(side) for side in sides))
            found["fresh_subject"] += [(own, name, 0 if name in sides else 2) for name in sorted(near)]
            items = self.concepts(claim.object) | {""} if claim.object else {""}
            found["fresh_object"] += [(own, name, int(name != (claim.object or ""))) for name in sorted(items)]
        return found


def look_beside(
    asking: Asking, near: Near, claims: Sequence[Claim], codes: frozenset[str], document: Document | None = None
) -> tuple[Finding, ...]:
    """Return what the claims of one document clash with; their faults of citing and wording, too, with ``document``.

    ``near`` is that of the vocabulary of ``asking``. Findings name only clashes in which a new claim takes part.
    """
    chosen, counted = held(_opponents(asking, near, claims))
    works = sorted({link.work for claim in claims for link in claim.cites if link.work})
    facts = _facts(asking, near, claims, works)
    known = asking.base([*chosen, *facts], [*works, *_listed(document)])
    names, by_key = dict(known.names), {work.key: work for work in known.works}
    if document:
        names[document.id] = document.short
    new = frozenset(claim.id for claim in claims)
    found: list[Finding] = []
    for pool, wanted in (([*chosen, *claims], codes - set(LEANING)), ([*facts, *claims], codes & set(LEANING))):
        groups = _groups(near.domain, pool, names, by_key, counted if wanted - set(LEANING) else WHOLE, new)
        found += judge(groups, wanted)
    pages = make_pages(near.domain, [document] if document else [], claims, by_key, names)
    kept = [finding for finding in found if any(member.claim in new for member in finding.members)]
    return order_findings(fold([*kept, *judge_pages(pages, codes)]))


def _listed(document: Document | None) -> list[str]:
    """Return a document and the works in its reference lists."""
    return [document.id, *(entry.work for entry in document.lists if entry.work)] if document else []


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


def _opponents(asking: Asking, near: Near, claims: Sequence[Claim]) -> list[dict[str, Any]]:
    tables = near.rows(claims)
    with asking.connection.cursor() as cursor:
        for name, rows in tables.items():
            columns = ", ".join(f'"{column}" {kind}' for column, kind in COLUMNS[name].items())
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
            marks = ", ".join("?" * len(COLUMNS[name]))
            for first in range(0, len(rows), 500):
                part = rows[first : first + 500]
                values = ", ".join([f"({marks})"] * len(part))
                flat = [value for row in part for value in row]
                cursor.execute(f"INSERT INTO {name} VALUES {values}", flat)  # noqa: S608 - our own names
        found = cursor.execute(text("opponents")).fetchall()
    names = {row[1] for row in found}
    if not names:
        return []
    properties = {name for _, name, _ in tables["fresh_property"]}
    where = Where().among("property", "p", properties).among("id", "id", names)
    return asking.rows(f"SELECT * FROM opponents WHERE {where.sql} ORDER BY id", where.given)  # noqa: S608


def _facts(asking: Asking, near: Near, claims: Sequence[Claim], works: Sequence[str]) -> list[Claim]:
    """Return what is recorded of the cited works on properties that could be taken for those of the new claims."""
    if not works:
        return []
    wanted = {near.taken[claim.property] for claim in claims if claim.cites}
    properties = [name for name, number in near.taken.items() if number in wanted]
    where = Where("role = 'evidence'").among("source", "source", works).among("property", "property", properties)
    return asking.claims(f"SELECT * FROM claims WHERE {where.sql} ORDER BY id", where.given)  # noqa: S608
