"""Where each finding stands once people have judged it: findings, overlaid with verdicts and waivers.

A verdict holds as long as the members of its finding say what they said. It is looked for by the id of the finding,
which derives from its members and its outcome; where the id is gone, by the detector, the question and the members
that are still there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from kb.audit import order_findings
from kb.build import KnowledgeBase
from kb.ids import sha256_text
from kb.model import Finding, FindingKind
from kb.policy import Waiver
from kb.verdicts import JudgedMember, Ruling, Verdict, content_hash
from kb.waivers import unused_waivers, waiver_of
from kb.wording import join

SETTLING = (Ruling.EXPLAINED, Ruling.DISMISSED)


USUAL = (FindingKind.CONTRADICTION, FindingKind.DISCREPANCY, FindingKind.TENSION, FindingKind.POSSIBLE)
"""The kinds that an inbox begins with."""


class StandingState(StrEnum):
    """Whether a finding waits for a verdict, has one, or has one that no longer applies."""

    OPEN = "open"
    JUDGED = "judged"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Standing:
    """A finding with its current verdict, why that is no longer held to apply, and the waiver that hides it."""

    finding: Finding
    state: StandingState = StandingState.OPEN
    verdict: Verdict | None = None
    because: str = ""
    waiver: Waiver | None = None
    history: tuple[Verdict, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether a verdict that still applies says that nothing is left to do."""
        return self.state is StandingState.JUDGED and self.verdict is not None and self.verdict.verdict in SETTLING

    @property
    def remains(self) -> bool:
        """Whether the finding counts: neither waived nor settled by a verdict."""
        return self.waiver is None and not self.settled


class Fate(StrEnum):
    """What has become of a verdict."""

    JUDGED = "judged"
    REOPENED = "reopened"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


Outcome = tuple[Fate, str]
"""What has become of a verdict, and why."""

FATES = list(Fate)
"""Where a verdict speaks of two findings, the first of its fates counts."""


@dataclass(frozen=True)
class Review:
    """All findings of a build with where they stand, and all verdicts with what has become of them and why."""

    standings: tuple[Standing, ...]
    verdicts: tuple[tuple[Verdict, Fate, str], ...]

    @cached_property
    def by_id(self) -> dict[str, Standing]:
        """The standing of each finding."""
        return {standing.finding.id: standing for standing in self.standings}


def review(kb: KnowledgeBase, findings: Iterable[Finding]) -> Review:
    """Overlay verdicts and waivers on the findings of a build; what the policy waives in vain is added to them."""
    found = list(findings)
    found = list(order_findings([*found, *unused_waivers(kb, found)]))
    threads, gone = _threads(kb.verdicts, found)
    now = _Present(kb)
    standings = tuple(_standing(now, finding, threads.get(finding.id, ())) for finding in found)
    fates: dict[int, Outcome] = {}
    for standing in standings:
        for number, fate in _fates_of(standing).items():
            fates[number] = min(fates.get(number, fate), fate, key=lambda known: FATES.index(known[0]))
    for verdicts in gone.values():
        fates.update(_fates_of_gone(now, verdicts))
    return Review(standings, tuple((verdict, *fates[id(verdict)]) for verdict in kb.verdicts))


# Which verdicts speak of which finding

Thread = tuple[Verdict, ...]
"""The verdicts on one finding, in order of time."""


def _threads(verdicts: Iterable[Verdict], findings: Sequence[Finding]) -> tuple[dict[str, Thread], dict[str, Thread]]:
    """Return the verdicts on each finding, and those on findings that are gone, both by finding id."""
    known = {finding.id for finding in findings}
    asked: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        asked[(finding.code, finding.question)].append(finding)
    threads: dict[str, list[Verdict]] = defaultdict(list)
    gone: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        heirs = [verdict.finding]
        if verdict.finding not in known:
            heirs = [f.id for f in asked[(verdict.code, verdict.question)] if _much_the_same(verdict, f)]
        for heir in heirs:
            threads[heir].append(verdict)
        if not heirs:
            gone[verdict.finding].append(verdict)
    return {name: tuple(found) for name, found in threads.items()}, {name: tuple(found) for name, found in gone.items()}


def _much_the_same(verdict: Verdict, finding: Finding) -> bool:
    """Say whether at least half of the members that either has are members of both."""
    old, new = {member.key for member in verdict.members}, set(_poles(finding))
    return 2 * len(old & new) >= len(old | new)


def _poles(finding: Finding) -> dict[str, str]:
    return {member.claim or member.source: member.pole for member in finding.members}


def _in_force(thread: Sequence[Verdict]) -> Sequence[Verdict]:
    """Return the verdicts after the last withdrawal."""
    cut = max((number for number, verdict in enumerate(thread, 1) if verdict.withdraws), default=0)
    return thread[cut:]


# What the claims say now


class _Present:
    """The claims of this build, asked how they compare with what a verdict remembers."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self.claims = {claim.id: claim for claim in kb.claims}
        self.hashes: dict[str, str] = {}

    def name(self, source: str) -> str:
        """Return the short name of a source, its id if it is gone."""
        return self.kb.names.get(source, source)

    def recorded(self, member: JudgedMember) -> bool:
        """Say whether the claim, or the source where that is meant as a whole, is still there."""
        return member.claim in self.claims if member.claim else member.source in self.kb.names

    def differs(self, member: JudgedMember) -> bool:
        """Say whether a member that is still recorded means something else than when it was judged."""
        if not member.claim:
            return member.hash != sha256_text("")
        if member.claim not in self.hashes:
            self.hashes[member.claim] = content_hash(self.claims[member.claim])
        return member.hash != self.hashes[member.claim]

    def changes(self, members: Iterable[JudgedMember]) -> list[str]:
        """Return a clause for each member that is gone from the records or says something else."""
        clauses = []
        for member in members:
            if not self.recorded(member):
                what = f"“{member.text}” ({self.name(member.source)})" if member.claim else self.name(member.source)
                clauses.append(f"{what} is no longer recorded")
            elif self.differs(member):
                text = self.claims[member.claim].text if member.claim else member.text
                where = f"“{member.text}” ({self.name(member.source)})"
                typed = f"the typed content or scope of {where} changed"
                clauses.append(typed if text == member.text else f"{where} now reads “{text}”")
        return clauses


def _standing(now: _Present, finding: Finding, thread: Thread) -> Standing:
    waiver = waiver_of(now.kb.policy, finding)
    in_force = _in_force(thread)
    if not in_force:
        return Standing(finding, waiver=waiver, history=thread)
    holding = [verdict for verdict in in_force if _holds(now, verdict, finding)]
    if holding:
        return Standing(finding, StandingState.JUDGED, holding[-1], waiver=waiver, history=thread)
    latest = in_force[-1]
    because = "; ".join(_differences(now, latest, finding))
    return Standing(finding, StandingState.REOPENED, latest, because, waiver, thread)


def _holds(now: _Present, verdict: Verdict, finding: Finding) -> bool:
    same = verdict.finding == finding.id and verdict.kind is finding.kind
    members = {member.key for member in verdict.members} == set(_poles(finding))
    return same and members and not any(now.differs(member) for member in verdict.members)


def _differences(now: _Present, verdict: Verdict, finding: Finding) -> list[str]:
    """Return what sets the finding apart from the one that was judged, each difference as a clause."""
    poles, old = _poles(finding), {member.key for member in verdict.members}
    clauses = now.changes(verdict.members)
    for member in verdict.members:
        if member.key not in poles and now.recorded(member):
            clauses.append(f"{now.name(member.source)} left pole {member.pole}")
    for joined in finding.members:
        if (joined.claim or joined.source) not in old:
            clauses.append(f"{now.name(joined.source)} joined pole {joined.pole}")
    why = _deciding(now.kb, finding)
    if verdict.kind is not finding.kind:
        clauses.append(f"the kind changed from {verdict.kind} to {finding.kind}{why}")
    return clauses or [f"it is {finding.kind} for another reason now{why}"]


def _deciding(kb: KnowledgeBase, finding: Finding) -> str:
    """Return the scope that decides the kind, as a clause that follows it; "" where none does."""

    def labels(names: Iterable[str]) -> str:
        return join([kb.domain.dimensions[n].label if n in kb.domain.dimensions else n for n in names])

    if finding.explained_by:
        return f", because the {labels(finding.explained_by)} is now known to differ"
    if finding.unknown:
        return f", because the {labels(finding.unknown)} is not known on every side"
    return ""


# What has become of each verdict


def _fates_of(standing: Standing) -> dict[int, Outcome]:
    fate = Fate.JUDGED if standing.state is StandingState.JUDGED else Fate.REOPENED
    return _fates(standing.history, standing.verdict, (fate, standing.because))


def _fates_of_gone(now: _Present, thread: Thread) -> dict[int, Outcome]:
    last = next(iter(_in_force(thread)[-1:]), None)
    return _fates(thread, last, (Fate.LAPSED, _why_gone(now, last) if last else ""))


def _fates(thread: Thread, current: Verdict | None, outcome: Outcome) -> dict[int, Outcome]:
    """Return what has become of each verdict of a thread, by identity, given the one that counts."""
    in_force = {id(verdict) for verdict in _in_force(thread)}
    fates: dict[int, Outcome] = {}
    for number, verdict in enumerate(thread):
        if verdict is current:
            fates[id(verdict)] = outcome
        elif id(verdict) in in_force:
            fates[id(verdict)] = (Fate.SUPERSEDED, _named(current))
        else:
            taker = next(later for later in thread[number:] if later.withdraws)
            fates[id(verdict)] = (Fate.WITHDRAWN, _named(taker) if taker is not verdict else "")
    return fates


def _named(verdict: Verdict | None) -> str:
    return f"{verdict.verdict} by {verdict.by} on {verdict.at[:10]}" if verdict else ""


def _why_gone(now: _Present, verdict: Verdict) -> str:
    clauses = now.changes(verdict.members)
    if not clauses:
        off = now.kb.policy.level(verdict.code) == "off"
        clauses = [f"{verdict.code} is off in the policy" if off else "its members no longer stand against one another"]
    return f"the finding is gone: {'; '.join(clauses)}"
