"""One source affirms what another denies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import LIKELY, POSSIBLE, Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Attribution, Certainty, Claim, Duty, Finding, FindingKind, Kind, Polarity, Strength
from kb.oppositions import denies
from kb.stances import Stance, effective_polarity

CODE = "S001"
NAME = "opposite-polarity"
SUMMARY = "one source affirms what another denies"


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every statement that sources of the group both affirm and deny."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    by_property: dict[str, list[Stance]] = defaultdict(list)
    for (name, _), stances in group.of(Kind.STATEMENT).items():
        by_property[name].extend(
            p for s in stances if s.first.duty is Duty.NONE and (p := s.only(_of_the_thing_itself))
        )
    for name, stances in sorted(by_property.items()):
        denials = [s for s in stances if effective_polarity(s.first) is Polarity.NEGATED]
        for denied in denials:
            for affirmed in stances:
                if effective_polarity(affirmed.first) is Polarity.NEGATED or not denies(group.domain, denied, affirmed):
                    continue
                unsure = any(stance.hedged or _only_likely(stance) for stance in (denied, affirmed))
                soft = unsure or denied.object != affirmed.object
                kind = FindingKind.TENSION if soft else FindingKind.CONTRADICTION
                reason = _reason(group, affirmed, denied)
                yield Clash(affirmed, denied, kind, (name, denied.object or ""), name, reason)


def _only_likely(stance: Stance) -> bool:
    """Say whether every claim of the stance stops at "appears" or "is unlikely"."""
    return all(claim.certainty is Certainty.PROBABLE for claim in stance.claims)


def _of_the_thing_itself(claim: Claim) -> bool:
    """Say whether the claim affirms or denies the thing: to deny that it comes first is not to deny it."""
    return claim.strength is not Strength.SUPERLATIVE or effective_polarity(claim) is Polarity.AFFIRMED


def _reason(group: Group, affirmed: Stance, denied: Stance) -> str:
    for stance in (denied, affirmed):
        if stance.first.attribution is Attribution.SUPERSEDED:
            return "one side tells it as an earlier belief, now doubted"
    if affirmed.hedged or denied.hedged:
        return POSSIBLE
    if _only_likely(affirmed) or _only_likely(denied):
        return LIKELY
    if affirmed.object != denied.object:
        form, of = group.domain.label(affirmed.object or ""), group.domain.label(denied.object or "")
        return f"one denies it of {of} altogether, the other affirms it of {form}"
    return "one affirms what the other denies"
