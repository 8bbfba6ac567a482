"""One source states flatly what another only calls possible, on a point that decides what a reader does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import Clash
from kb.domain import Property
from kb.findings import assemble
from kb.groups import Group
from kb.model import Attribution, Certainty, Claim, Duty, Finding, FindingKind, Kind, Polarity, Role, State, Strength
from kb.stances import Stance, effective_polarity
from kb.subjects import same_thing

CODE = "S005"
NAME = "certainty-gap"
SUMMARY = "one source states flatly what another only calls possible"

Answer = tuple[str, str | None, tuple[str, ...]]


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every decisive statement that one source makes flatly and another holds open.

    A gap that scope explains, or might, is none: everybody is surer of one case than of another.
    """
    yield from (found for found in assemble(group, CODE, _clashes(group)) if found.kind is FindingKind.TENSION)


def _clashes(group: Group) -> Iterator[Clash]:
    answers: dict[Answer, list[Stance]] = defaultdict(list)
    for (name, item), stances in group.of(Kind.STATEMENT).items():
        for stance in stances:
            answers[(name, item, stance.position)].append(stance)
    for (name, item, _), stances in sorted(answers.items(), key=lambda answer: repr(answer[0])):
        definition = group.domain.properties[name]
        flat = [part for s in stances if (part := s.only(lambda claim: _flat(definition, claim)))]  # noqa: B023
        sure = {source for stance in flat for source in stance.sources}
        open_ = [part for s in stances if (part := s.only(lambda c: _open(c) and c.source not in sure))]  # noqa: B023
        for firm in flat:
            for hedged in open_:
                if same_thing(group.domain, firm.subject, hedged.subject) and not _special(definition, firm, hedged):
                    reason = "the one states as certain what the other leaves open"
                    a, b = firm.told_apart("certain"), hedged.told_apart("open")
                    yield Clash(a, b, FindingKind.TENSION, (name, item or ""), name, reason)


def _flat(definition: Property, claim: Claim) -> bool:
    """Say whether a document itself states as certain what matters; "can cause" is certain of nothing."""
    denied = effective_polarity(claim) is Polarity.NEGATED
    grave = definition.stakes == 3 or (definition.stakes == 2 and claim.strength is not Strength.PLAIN)
    return (
        grave
        and (denied or not definition.capacity)
        and claim.duty is Duty.NONE
        and claim.role is Role.CLAIM
        and claim.certainty is Certainty.ASSERTED
        and claim.attribution is Attribution.AUTHOR
    )


def _special(definition: Property, firm: Stance, hedged: Stance) -> bool:
    """Say whether the careful side speaks of a special case (long-term use) that the certain side does not name."""
    separating = {*definition.separated_by, *definition.also_separated_by}
    return any(
        entry.dimension in separating and entry.state is State.STATED and not firm.scope.get(entry.dimension)
        for entry in hedged.first.scope
    )


def _open(claim: Claim) -> bool:
    """Say whether the source leaves the answer open: "may", and for a denial "unlikely" too."""
    if claim.attribution is Attribution.SUPERSEDED:
        return False
    unlikely = claim.certainty is Certainty.PROBABLE and claim.polarity is Polarity.NEGATED
    return claim.certainty is Certainty.POSSIBLE or unlikely
