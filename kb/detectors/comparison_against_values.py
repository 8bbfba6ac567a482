"""A source ranks two things, but the values that another source measured for both rank them otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import Clash, implied_by
from kb.findings import assemble
from kb.groups import Group
from kb.model import Finding, FindingKind, Kind, Relation
from kb.quantities import Span
from kb.scopes import compare_scopes
from kb.stances import Stance
from kb.subjects import same_thing

CODE = "C002"
NAME = "comparison-against-values"
SUMMARY = "a ranking goes against the values measured for both sides"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every comparison that a pair of values from one source turns round."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    values: dict[tuple[str, str], list[Stance]] = defaultdict(list)
    for (name, _), stances in group.of(Kind.QUANTITY).items():
        for stance in stances:
            for source in stance.sources if stance.spans else ():
                values[(name, source)].append(stance)
    pools: dict[str, list[tuple[str, list[Stance]]]] = defaultdict(list)
    for (measured, _), pool in sorted(values.items()):
        if len({stance.subject for stance in pool}) > 1:
            for scale in {measured, group.domain.properties[measured].measures or measured}:
                pools[scale].append((measured, pool))
    for (name, _), stances in group.of(Kind.COMPARISON).items():
        for comparison in stances:
            for measured, pool in pools[name]:
                yield from _against(group, comparison, measured, pool)


def _against(group: Group, claim: Stance, measured: str, pool: list[Stance]) -> Iterator[Clash]:
    relation = claim.first.relation
    if relation not in (Relation.GREATER, Relation.LESS) or claim.than is None:
        return
    domain = group.domain
    for ours in (s for s in pool if same_thing(domain, s.subject, claim.subject)):
        for theirs in (s for s in pool if same_thing(domain, s.subject, claim.than)):
            if ours.subject == theirs.subject or not _paired(group, measured, ours, theirs):
                continue
            found = _order(ours.spans, theirs.spans)
            if found and domain.properties[measured].direction == "more-is-less":
                found = Relation.LESS if found is Relation.GREATER else Relation.GREATER
            if found and found is not relation:
                kind = FindingKind.TENSION if claim.hedged else FindingKind.CONTRADICTION
                question = (claim.property_id, *sorted([claim.subject, claim.than]))
                ignored = implied_by(group, claim.subject, claim.than)
                reason = "the values rank them the other way"
                for side in (ours, theirs):
                    yield Clash(
                        claim, side, kind, question, claim.property_id, reason, ignored=ignored, needs_scope=False
                    )


def _paired(group: Group, measured: str, a: Stance, b: Stance) -> bool:
    """Say whether two values were taken alike: they differ only in what the two subjects themselves imply."""
    domain = group.domain
    implied = {*domain.implied(a.subject), *domain.implied(b.subject)}
    differing = compare_scopes(domain, domain.properties[measured], a.scope, b.scope).differing
    return set(differing) <= implied


def _order(a: tuple[Span, ...], b: tuple[Span, ...]) -> Relation | None:
    if all(x.below(y) for x in a for y in b):
        return Relation.LESS
    if all(y.below(x) for x in a for y in b):
        return Relation.GREATER
    return None
