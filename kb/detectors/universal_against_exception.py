"""One source says always, all or never, another names a case or a share of patients in which it is not so.

A plain denial of the same thing belongs to opposite polarity; here the exception is only a part of what was said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import Clash
from kb.domain import Property
from kb.findings import assemble
from kb.groups import Group
from kb.model import Attribution, Certainty, Claim, Duty, Finding, FindingKind, Kind, Polarity, Relation, Strength
from kb.stances import Stance, effective_polarity
from kb.subjects import same_thing

CODE = "S006"
NAME = "universal-against-exception"
SUMMARY = "one source says always or never, another names an exception"

PERCENT, WHOLE = "%", 100
"""Shares are recorded in percent; "all" means the whole."""


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every "always" or "never" to which a source of the group names an exception."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    stances: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), found in group.of(Kind.STATEMENT).items():
        stances[name].extend(stance for stance in found if stance.first.duty is Duty.NONE)
    shares: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), found in group.of(Kind.QUANTITY).items():
        shares[_share_of(group, name)].extend(stance for stance in found if stance.spans and not stance.hedged)
    for name, found in sorted(stances.items()):
        scale = group.domain.properties[name].absolute_of
        for universal in filter(None, (stance.only(_absolute) for stance in found)):
            for denied in found if scale else ():
                if _denied_in_part(group, universal, denied):
                    doubt = "doubts" if denied.hedged else "denies"
                    reason = f"one says it of every case, the other {doubt} it of one kind"
                    yield _clash(universal, denied, FindingKind.TENSION, reason)
            for share in (*shares[name], *(shares[scale] if scale else ())):
                if same_thing(group.domain, universal.subject, share.subject) and _exceeds(group, universal, share):
                    yield _against_share(group, universal, share)


def _clash(universal: Stance, other: Stance, kind: FindingKind, reason: str) -> Clash:
    name = universal.property_id
    return Clash(universal, other, kind, (name, universal.object or ""), name, reason)


def _absolute(claim: Claim) -> bool:
    certain = claim.certainty not in (Certainty.POSSIBLE, Certainty.DENIED)
    return claim.strength is Strength.UNIVERSAL and certain and claim.attribution is not Attribution.SUPERSEDED


def _share_of(group: Group, name: str) -> str:
    """Return what a quantity is the share of: a statement, or a scale of which it counts those who do well; else "".

    Of the quantities that measure a scale only a rate with a complement counts people in whom a thing holds or not;
    a mean change or a stricter outcome may fall short of the whole without any exception.
    """
    properties = group.domain.properties
    definition = properties[name]
    measured = properties.get(definition.measures or "")
    if measured is None or definition.unit != PERCENT:
        return ""
    halves = {definition.complement_of, *(other.id for other in properties.values() if other.complement_of == name)}
    return measured.id if measured.kind == "statement" or halves - {None} else ""


def _denied_in_part(group: Group, universal: Stance, denied: Stance) -> bool:
    """Say whether what is affirmed of all is denied of one kind of its object."""
    return (
        effective_polarity(universal.first) is Polarity.AFFIRMED
        and effective_polarity(denied.first) is Polarity.NEGATED
        and denied.object is not None
        and universal.object in group.domain.ancestors(denied.object)
        and same_thing(group.domain, universal.subject, denied.subject)
    )


def _exceeds(group: Group, universal: Stance, share: Stance) -> bool:
    """Say whether a share leaves somebody out of "all", or counts somebody in whom "never" is not so."""
    never = effective_polarity(universal.first) is Polarity.NEGATED
    counted = share.object if share.object is not None else _purpose(group, universal, share)
    narrower = universal.object in group.domain.ancestors(counted or "")
    if counted != universal.object and not (narrower and (never or share.object is None)):
        return False
    definition = group.domain.properties[universal.property_id]
    some = _counts_success(definition, group.domain.properties[share.property_id]) is never
    if some:
        return all(span.low > 0 for span in share.spans)
    return all(span.high < WHOLE for span in share.spans)


def _counts_success(definition: Property, share: Property) -> bool:
    return (share.direction == "more-is-greater") is (definition.absolute_relation is Relation.GREATER)


def _purpose(group: Group, universal: Stance, share: Stance) -> str | None:
    """Return the value of the share's scope that is of the sort of the universal's object (the illness), if one is."""
    concepts = group.domain.concepts
    own = concepts.get(universal.object or "")
    known = (concepts.get(values[0]) for values in share.scope.values() if len(values) == 1)
    return next((c.id for c in known if c is not None and own is not None and c.scheme == own.scheme), None)


def _against_share(group: Group, universal: Stance, share: Stance) -> Clash:
    domain = group.domain
    counted = share.object if share.object is not None else _purpose(group, universal, share)
    alike = counted == universal.object and domain.read_as(share.subject) == domain.read_as(universal.subject)
    kind = FindingKind.CONTRADICTION if alike and _flat(universal) else FindingKind.TENSION
    never = effective_polarity(universal.first) is Polarity.NEGATED
    reason = "“never” does not fit a share above none" if never else "“all” does not fit a share below the whole"
    return _clash(universal, share, kind, reason)


def _flat(stance: Stance) -> bool:
    return any(claim.certainty is Certainty.ASSERTED for claim in stance.claims)
