"""Proposals and scores as flat rows, an interface for outsiders: names and meanings stay, new columns go at the end."""

from __future__ import annotations

from typing import Any

from kb.domain import Domain
from kb.model import Interval, Ordinal, ValueSet
from kb.propose.drafts import Draft
from kb.propose.evaluating import MEASURES, Score
from kb.propose.records import Proposal
from kb.quantities import shown

Row = dict[str, Any]


def proposal_row(domain: Domain, draft: Draft, proposal: Proposal) -> Row:
    """Return a proposal as a row; offsets are code points of the snapshot, an open end is null."""
    claim, measured = proposal.claim, proposal.measured
    decision = draft.decided().get(proposal.id)
    value = claim.value if claim else None
    return {
        "id": proposal.id,
        "document": proposal.source,
        "sha256": draft.page.sha256,
        "start": proposal.start,
        "end": proposal.end,
        "kind": proposal.kind.value,
        "property": claim.property if claim else None,
        "topic": domain.properties[claim.property].topic if claim else None,
        "subject": claim.subject if claim else None,
        "object": claim.object if claim else None,
        "relation": claim.relation.value if claim and claim.relation else None,
        "than": claim.than if claim else None,
        "value": measured.printed if measured else None,
        "value_start": measured.start if measured else None,
        "value_end": measured.end if measured else None,
        "low": shown(measured.low) if measured and measured.low is not None else None,
        "high": shown(measured.high) if measured and measured.high is not None else None,
        "any_of": [shown(number) for number in measured.any_of] if measured and measured.any_of else _set(value),
        "class": value.class_ if isinstance(value, Ordinal) else None,
        "unit": measured.unit if measured else getattr(value, "unit", None),
        "bound": measured.bound.value if measured else value.bound.value if isinstance(value, Interval) else None,
        "per": measured.per or None if measured else None,
        "polarity": claim.polarity.value if claim else None,
        "certainty": claim.certainty.value if claim else None,
        "duty": claim.duty.value if claim else None,
        "strength": claim.strength.value if claim else None,
        "attribution": claim.attribution.value if claim else None,
        "scope": {
            e.dimension: {"values": list(e.values), "state": e.state.value, "basis": e.basis} for e in claim.scope
        }
        if claim
        else {},
        "cites": [
            {"marker": c.marker, "work": c.work, "basis": c.basis, "confidence": shown(c.confidence)}
            for c in claim.cites
        ]
        if claim
        else [],
        "confidence": shown(proposal.confidence),
        "text": claim.text if claim else None,
        "state": decision.state if decision else "pending",
        "reasons": list(proposal.reasons),
        "made": claim.made.value if claim else None,
    }


def _set(value: object) -> list[str] | None:
    return [shown(number) for number in value.any_of] if isinstance(value, ValueSet) else None


def score_row(score: Score) -> Row:
    """Return a score as a row: counts, and for each point the share of the claims that have it (null if none has)."""
    shares = {name: round(score.agreed[name] / score.of[name], 3) if score.of[name] else None for name in MEASURES}
    return {
        "document": score.document,
        "kind": score.kind,
        "claims": score.claims,
        "proposals": score.proposals,
        "matched": score.agreed["property"],
        "precision": round(score.precision, 3) if score.proposals else None,
        **shares,
    }
