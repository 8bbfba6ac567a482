"""One source affirms a property of a thing, another its declared opposite."""

from __future__ import annotations

from collections.abc import Iterator

from kb.clashes import POSSIBLE, Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Duty, Finding, FindingKind, Kind, Polarity
from kb.oppositions import opposed
from kb.stances import Stance, effective_polarity

CODE = "S002"
NAME = "declared-opposites"
SUMMARY = "opposite properties are affirmed of the same thing"

REASONS = {
    (False, False): "the two are opposites",
    (True, False): f"the two are opposites, and {POSSIBLE}",
    (False, True): f"the two are opposites, and {POSSIBLE}",
    (True, True): "the two are opposites, and both only call it possible",
}


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every pair of opposites that sources of the group affirm of one thing."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    domain = group.domain
    affirmed: dict[str, list[Stance]] = {}
    for (name, _), stances in group.of(Kind.STATEMENT).items():
        kept = [s for s in stances if s.first.duty is Duty.NONE and effective_polarity(s.first) is Polarity.AFFIRMED]
        affirmed.setdefault(name, []).extend(kept)
    for name, ours in sorted(affirmed.items()):
        definition = domain.properties[name]
        for opposite in definition.opposite_of:
            if opposite < name and name in domain.properties[opposite].opposite_of:
                continue  # the pair was met from the other side
            for a in ours:
                for b in affirmed.get(opposite, []):
                    if a.hedged and b.hedged and a.sources == b.sources:
                        continue  # one author weighs two possibilities
                    if opposed(domain, a, b):
                        yield _clash(group, a, b)


def _clash(group: Group, a: Stance, b: Stance) -> Clash:
    hedged = a.hedged or b.hedged
    kind = FindingKind.TENSION if hedged else FindingKind.CONTRADICTION
    rests = tuple(x.id for x in group.domain.axioms.values() if {a.property_id, b.property_id} <= set(x.about))
    reason = REASONS[(a.hedged, b.hedged)]
    return Clash(a, b, kind, (a.property_id, b.property_id, a.object or ""), a.property_id, reason, rests)
