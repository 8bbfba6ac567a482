"""One source requires, advises or allows what another advises against, or only leaves open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Duty, Finding, FindingKind, Kind, Polarity
from kb.stances import Stance, effective_polarity
from kb.subjects import comparable

CODE = "S003"
NAME = "duty-clash"
SUMMARY = "one source requires, advises or allows what another rules out or leaves open"

DENIED = {Duty.MAY: Duty.NEVER, Duty.RECOMMENDED: Duty.CAUTION, Duty.REQUIRED: Duty.MAY, Duty.NEVER: Duty.MAY}
"""What a duty means when it is denied: "not recommended" is a caution, "not required" a permission."""

CLASHES = {
    (Duty.NEVER, Duty.REQUIRED): FindingKind.CONTRADICTION,
    (Duty.NEVER, Duty.RECOMMENDED): FindingKind.CONTRADICTION,
    (Duty.NEVER, Duty.MAY): FindingKind.CONTRADICTION,
    (Duty.NEVER, Duty.CAUTION): FindingKind.TENSION,
    (Duty.NEVER, Duty.NONE): FindingKind.TENSION,
    (Duty.CAUTION, Duty.REQUIRED): FindingKind.TENSION,
    (Duty.CAUTION, Duty.RECOMMENDED): FindingKind.TENSION,
    (Duty.REQUIRED, Duty.RECOMMENDED): FindingKind.TENSION,
    (Duty.REQUIRED, Duty.MAY): FindingKind.TENSION,
}
"""(The stricter norm, the laxer one) → kind. ``NONE`` is a plain practice: somebody does it."""

REASONS = {
    (Duty.NEVER, Duty.CAUTION): "one rules out what the other leaves to caution",
    (Duty.NEVER, Duty.NONE): "one rules out what the other reports as practice",
    (Duty.CAUTION, Duty.REQUIRED): "one requires what the other wants caution for",
    (Duty.CAUTION, Duty.RECOMMENDED): "one advises what the other wants caution for",
    (Duty.REQUIRED, Duty.RECOMMENDED): "one requires what the other only advises",
    (Duty.REQUIRED, Duty.MAY): "one requires what the other leaves open",
}


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for everything that sources of the group both advise against and advise, allow or do."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    by_property: dict[str, list[tuple[Stance, Duty]]] = defaultdict(list)
    for (name, _), stances in group.of(Kind.STATEMENT).items():
        by_property[name].extend((stance, _norm(stance)) for stance in stances)
    for name, normed in sorted(by_property.items()):
        definition = group.domain.properties[name]
        for strict, duty in normed:
            for lax, other in normed:
                kind = CLASHES.get((duty, other))
                if kind is None or not _covers(group, strict, lax):
                    continue
                if other is Duty.NONE and effective_polarity(lax.first) is Polarity.NEGATED:
                    continue  # "is not done" agrees with "must not be done"
                if comparable(group.domain, definition, strict.subject, lax.subject):
                    reason = REASONS.get((duty, other), "one rules out what the other allows")
                    yield Clash(strict, lax, kind, (name, strict.object or ""), name, reason)
        yield from _breadth(group, name, [stance for stance, duty in normed if duty is Duty.NEVER])


def _breadth(group: Group, name: str, bans: list[Stance]) -> Iterator[Clash]:
    """Yield a clash where one source rules out the whole of what another rules out only in a case."""
    banned: dict[str, set[str | None]] = defaultdict(set)
    for ban in bans:
        for source in ban.sources:
            banned[source].add(ban.object)
    for broad in bans:
        for narrow in bans:
            if broad.object == narrow.object or not _covers(group, broad, narrow):
                continue
            if any(
                banned[source] & {broad.object, *group.domain.ancestors(broad.object or "")}
                for source in narrow.sources
            ):
                continue  # it rules out the whole as well
            if comparable(group.domain, group.domain.properties[name], broad.subject, narrow.subject):
                all_of, part = group.domain.label(broad.object or ""), group.domain.label(narrow.object or "")
                reason = f"one rules out {all_of} altogether, the other only {part}"
                whole, case = broad.told_apart("whole"), narrow.told_apart("case")
                yield Clash(whole, case, FindingKind.TENSION, (name, broad.object or ""), name, reason)


def _norm(stance: Stance) -> Duty:
    duty = stance.first.duty
    denied = effective_polarity(stance.first) is Polarity.NEGATED
    return DENIED.get(duty, duty) if denied else duty


def _covers(group: Group, strict: Stance, lax: Stance) -> bool:
    """Say whether the stricter norm reaches the laxer one: the same object, or a broader one that includes it."""
    if strict.object == lax.object:
        return True
    return strict.object is not None and lax.object is not None and strict.object in group.domain.ancestors(lax.object)
