"""A quantity exceeds another that it never can: more sessions before a response than before giving up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Finding, FindingKind, Kind
from kb.scopes import compare_scopes
from kb.stances import Stance, only_evidence
from kb.subjects import one_figure

CODE = "V009"
NAME = "quantities-out-of-order"
SUMMARY = "a quantity exceeds one that it never can"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding where values of two ordered quantities stand the wrong way round."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    by_property: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), stances in group.of(Kind.QUANTITY).items():
        by_property[name].extend(s for s in stances if s.spans and not s.hedged)
    for name, stances in sorted(by_property.items()):
        definition = group.domain.properties[name]
        larger = definition.at_most
        for small in stances if larger else ():
            for large in by_property.get(larger or "", []):
                if small.object != large.object or not one_figure(group.domain, small.subject, large.subject):
                    continue
                if only_evidence(small, large) or not _exceeds(small, large):
                    continue
                if compare_scopes(group.domain, definition, small.scope, large.scope).differing:
                    continue  # of two different things the one may well exceed the other
                kind = FindingKind.DISCREPANCY if definition.varies else FindingKind.CONTRADICTION
                label = group.domain.properties[large.property_id].label
                calendar = (unit := group.domain.unit_of(name)) is not None and unit.interval_scale
                verb = "cannot be later than" if calendar else "cannot exceed"
                reason = f"the value of “{definition.label}” {verb} that of “{label}”"
                yield Clash(small, large, kind, (name, larger or "", small.object or ""), name, reason)


def _exceeds(small: Stance, large: Stance) -> bool:
    return all(y.below(x) for x in small.spans for y in large.spans)
