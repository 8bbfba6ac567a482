"""Where findings of a table stand: only those that a verdict speaks of are looked up; all others are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kb.bulk.asking import Asking, Where
from kb.model import Finding
from kb.standing import Review, Standing, StandingState, review
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


def judged_findings(asking: Asking, verdicts: Iterable[Verdict]) -> Judged:
    """Return the findings that verdicts speak of: those of the same id, or on the same question by the same rule."""
    verdicts = tuple(verdicts)
    if not verdicts:
        return Judged(Review((), ()), {})
    places = _mentioned(asking, verdicts)
    findings = list(asking.findings_at(places.values()).values())
    members = {(m.claim, m.source) for finding in findings for m in finding.members}
    members |= {(m.claim, m.source) for verdict in verdicts for m in verdict.members}
    claims = asking.claims_by_id({claim for claim, _ in members} - {""}) if members else []
    kb = replace(asking.base(claims, {source for _, source in members}), verdicts=verdicts)
    found = review(kb, findings)
    standings = tuple(s for s in found.standings if s.finding.id in places)  # no waiver is in vain among so few
    return Judged(Review(standings, found.verdicts), places)


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
        return where.among("place", "state", judged.judged if state == "judged" else judged.reopened)
    if state == "open":
        known = sorted({*judged.judged, *judged.reopened})
        return where.also("NOT list_contains($known, place)", known=known) if known else where
    return where
