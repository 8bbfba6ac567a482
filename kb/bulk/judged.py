"""Where findings of a table stand: only those that a verdict speaks of are looked up; all others are open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from kb.bulk.asking import Asking, Where
from kb.model import Finding
from kb.standing import Fate, Review, Standing, StandingState, review
from kb.verdicts import Verdict
from kb.waivers import waiver_of

MENTIONED = """
SELECT place, id, code, question FROM findings
WHERE list_contains($ids, id) OR list_contains($questions, question)
"""


@dataclass(frozen=True)
class Judged:
    """The findings that verdicts speak of, with their places in the list, and what has become of each verdict."""

    review: Review
    places: Mapping[str, int]

    def places_where(self, *, settled: bool = False, state: StandingState | None = None) -> list[int]:
        """Return the places of findings in a state, or of those that a verdict settles; waived ones too."""
        found = (s for s in self.review.standings if (s.settled if settled else s.state is state))
        return sorted(self.places[standing.finding.id] for standing in found)

    @cached_property
    def reopened(self) -> list[int]:
        """The places of the findings whose verdict no longer applies."""
        return self.places_where(state=StandingState.REOPENED)

    @cached_property
    def judged(self) -> list[int]:
        """The places of the findings whose verdict applies."""
        return self.places_where(state=StandingState.JUDGED)

    @cached_property
    def settled(self) -> list[int]:
        """The places of the findings that a verdict says nothing is left to do of."""
        return self.places_where(settled=True)

    def standing(self, asking: Asking, finding: Finding) -> Standing:
        """Return where a finding stands."""
        known = self.review.by_id.get(finding.id)
        return known or Standing(finding, waiver=waiver_of(asking.policy, finding))


Question = tuple[str, str]
"""Rule and question: verdicts on one never bear on findings of another."""


class Part(NamedTuple):
    """The verdicts on one question, where the findings on it stand with their places, what became of each verdict."""

    verdicts: tuple[Verdict, ...]
    standings: list[tuple[int, Standing]]
    fates: list[tuple[Verdict, Fate, str]]


def judged_findings(asking: Asking, verdicts: Sequence[Verdict], known: dict[Question, Part] | None = None) -> Judged:
    """Return the findings that verdicts speak of: those of the same id, or on the same question by the same rule.

    What is ``known`` of a question is taken from there as long as its verdicts are the same, and what is new is added:
    one more verdict costs the claims of one question, not of all that were ever judged.
    """
    known = {} if known is None else known
    asked: dict[Question, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        asked[verdict.code, verdict.question].append(verdict)
    fresh = {key: tuple(v) for key, v in asked.items() if key not in known or known[key].verdicts != tuple(v)}
    known |= _parts(asking, fresh)
    parts = {key: known[key] for key in asked}
    standings = sorted((each for part in parts.values() for each in part.standings), key=lambda each: each[0])
    fates = {key: iter(part.fates) for key, part in parts.items()}
    told = tuple(next(fates[verdict.code, verdict.question]) for verdict in verdicts)
    places = {standing.finding.id: place for place, standing in standings}
    return Judged(Review(tuple(standing for _, standing in standings), told), places)


def _parts(asking: Asking, asked: Mapping[Question, tuple[Verdict, ...]]) -> dict[Question, Part]:
    """Look at some questions at once."""
    verdicts = [verdict for found in asked.values() for verdict in found]
    if not verdicts:
        return {}
    places = _mentioned(asking, verdicts)
    findings = list(asking.findings_at(places.values()).values())
    claims = {claim.id: claim for claim in asking.taken(places.values())} if places else {}
    members = {(m.claim, m.source) for verdict in verdicts for m in verdict.members}
    gone = {(claim, source) for claim, source in members if claim and claim not in claims}
    more = asking.claims_by_id((claim for claim, _ in gone), (source for _, source in gone)) if gone else []
    sources = {m.source for finding in findings for m in finding.members} | {source for _, source in members}
    kb = replace(asking.base([*claims.values(), *more], sources), verdicts=tuple(verdicts))
    found = review(kb, findings)
    parts = {key: Part(own, [], []) for key, own in asked.items()}
    named = {verdict.finding: (verdict.code, verdict.question) for verdict in verdicts}
    for standing in found.standings:
        finding = standing.finding
        if finding.id in places:  # no waiver is in vain among so few
            key = named.get(finding.id, (finding.code, finding.question))
            parts[key].standings.append((places[finding.id], standing))
    for verdict, fate, why in found.verdicts:
        parts[verdict.code, verdict.question].fates.append((verdict, fate, why))
    return parts


def _mentioned(asking: Asking, verdicts: Iterable[Verdict]) -> dict[str, int]:
    ids = sorted({verdict.finding for verdict in verdicts})
    asked = {(verdict.code, verdict.question) for verdict in verdicts}
    given = {"ids": ids, "questions": sorted({question for _, question in asked})}
    rows = asking.ask(MENTIONED, given)
    return {name: place for place, name, code, question in rows if name in ids or (code, question) in asked}


def open_to(where: Where, judged: Judged, state: str) -> Where:
    """Return a condition and that findings are in a state: as `kb.ui.filters.Filter` names them."""
    if state == "remaining" and judged.settled:
        return where.also("NOT list_contains($settled, place)", settled=judged.settled)
    if state == "" and judged.judged:
        return where.also("NOT list_contains($judged, place)", judged=judged.judged)
    if state in ("judged", "reopened"):
        wanted = judged.judged if state == "judged" else judged.reopened
        return where.also("list_contains($state, place)", state=wanted)
    if state == "open":
        known = sorted({*judged.judged, *judged.reopened})
        return where.also("NOT list_contains($known, place)", known=known) if known else where
    return where
