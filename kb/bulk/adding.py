"""What one more document would open: only what its claims touch is read, nothing is built anew.

One thing is left out: that a number of people in the new document explains a percentage of another one (V008).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kb.audit import fold, judge, judge_pages, order_findings
from kb.bulk.engines import Engine
from kb.bulk.looking import RANKED, World
from kb.bulk.rows import trusted_claims
from kb.bulk.terms import clusters
from kb.condensing import condense
from kb.detectors import LEANING
from kb.domain import Domain
from kb.groups import make_groups
from kb.model import Claim, Document, Finding, Relation, Strength
from kb.pages import make_pages

RANKING = (Relation.GREATER, Relation.LESS)


def opened_by(
    engine: Engine, world: World, claims: Sequence[Claim], document: Document | None = None
) -> tuple[Finding, ...]:
    """Return the findings that take in a claim of ``claims``, all of one document, were they on record.

    What the table holds of that document is left out, so that a new version replaces the old one. With ``document``
    its faults of citing and wording are among them. The engine needs no tables but the claims.
    """
    found: dict[str, Finding] = {}
    for finding in (
        *_in_parts(engine, world, claims),
        *_leaning(engine, world, claims),
        *_ranked(engine, world, claims),
    ):
        found[finding.id] = finding
    new = {claim.id for claim in claims}
    kept = [finding for finding in found.values() if any(member.claim in new for member in finding.members)]
    pages = make_pages(world.domain, [document] if document else [], claims, world.works, world.names)
    return order_findings(fold([*kept, *judge_pages(pages, world.codes)]))


def _families(domain: Domain, claim: Claim) -> frozenset[str]:
    purpose = {claim.object} if claim.object and claim.strength is Strength.SUPERLATIVE else set()
    return domain.families(claim.subject).union(domain.families(claim.than or claim.subject), purpose)


def _in_parts(engine: Engine, world: World, claims: Sequence[Claim]) -> Iterator[Finding]:
    domain = world.domain
    where = clusters(domain)
    touched: dict[int, set[str]] = defaultdict(set)
    for claim in claims:
        touched[where[claim.property]] |= _families(domain, claim)
    counts = {count for name in domain.properties for count in domain.counts_of(name)}
    pools: dict[int, list[Claim]] = defaultdict(list)
    for claim in _on_record(engine, claims, _condition(domain, where, touched)):
        pools[where[claim.property]].append(claim)
    for claim in claims:
        pools[where[claim.property]].append(claim)
    for cluster, families in sorted(touched.items()):
        held, counted = condense(domain, pools[cluster])
        near = [c for c in held if c.property in counts or not families.isdisjoint(_families(domain, c))]
        groups = make_groups(domain, near, world.names, world.works, counted)
        yield from judge([group for group in groups if group.family in families], world.codes - set(LEANING))


def _condition(domain: Domain, where: Mapping[str, int], touched: Mapping[int, set[str]]) -> str:
    """Return SQL that holds for every claim of a touched part, and for the numbers of people in studies."""
    below: dict[str, set[str]] = defaultdict(set)
    for concept in domain.concepts:
        for family in domain.families(concept):
            below[family].add(concept)
    parts = []
    for cluster, families in sorted(touched.items()):
        names = [name for name, number in where.items() if number == cluster]
        things = families.union(*(below[family] for family in families))
        listed = _listed(things)
        about = f"subject IN {listed} OR than IN {listed} OR object IN {_listed(families)}"  # superlatives, whole cells
        counts = {count for name in names for count in domain.counts_of(name)}
        counted = f" OR property IN {_listed(counts)}" if counts else ""
        parts.append(f"(property IN {_listed(names)} AND ({about}{counted}))")
    return " OR ".join(parts)


def _listed(names: Iterable[str]) -> str:
    """Return names as an SQL list; quotes in them are doubled."""
    return "(" + ", ".join("'" + name.replace("'", "''") + "'" for name in sorted(names)) + ")"


def _on_record(engine: Engine, claims: Sequence[Claim], condition: str) -> list[Claim]:
    """Return the claims of other sources that meet a condition."""
    if not claims or not condition:
        return []
    query = f"SELECT * FROM claims WHERE source <> {_listed([claims[0].source])[1:-1]} AND ({condition})"  # noqa: S608
    return list(trusted_claims(engine.stream(query)))


def _leaning(engine: Engine, world: World, claims: Sequence[Claim]) -> Iterator[Finding]:
    works = {link.work for claim in claims for link in claim.cites if link.work}
    if works:
        facts = _on_record(engine, claims, f"role = 'evidence' AND source IN {_listed(works)}")
        groups = make_groups(world.domain, [*facts, *claims], world.names, world.works)
        family_groups = [group for group in groups if not group.family.endswith(f", {RANKED}")]
        yield from judge(family_groups, world.codes & set(LEANING))


def _ranked(engine: Engine, world: World, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Look at circles through several families where the document ranks anything."""
    domain = world.domain
    ranked = [claim for claim in claims if claim.relation in RANKING]
    topics = {domain.properties[claim.property].topic for claim in ranked}
    names = [name for name, item in domain.properties.items() if item.topic in topics]
    if names:
        own = [claim for claim in claims if claim.than is not None and claim.property in names]
        every = _on_record(engine, claims, f"than IS NOT NULL AND property IN {_listed(names)}")
        held, counted = condense(domain, [*every, *own])
        circular = [claim for claim in held if claim.relation in RANKING]
        groups = make_groups(domain, circular, world.names, world.works, counted)
        yield from judge([group for group in groups if group.family.endswith(f", {RANKED}")], world.codes)
