"""What a recapture does to the findings: which it opens and which it settles, worked out in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from kb.audit import find_all
from kb.build import KnowledgeBase
from kb.model import Claim, Finding
from kb.propose.recapturing import ORDER, Recapture, placed


class Changes(NamedTuple):
    """Findings that are there only after, and only before."""

    opened: tuple[Finding, ...]
    settled: tuple[Finding, ...]


def after_recapture(kb: KnowledgeBase, plan: Recapture) -> KnowledgeBase:
    """Return the knowledge base as it would be: claims at their new places under their old ids, lost ones left out."""
    documents = tuple(plan.after if d.id == plan.after.id else d for d in kb.documents)
    claims: list[Claim] = []
    for claim in kb.claims:
        answer = plan.anchored.get(claim.id)
        found = claim if answer is None else placed(claim, answer)
        if found is not None:
            claims.append(found)
    return replace(kb, documents=documents, claims=tuple(claims), texts={**kb.texts, plan.after.id: plan.text})


def changes(kb: KnowledgeBase, plan: Recapture) -> Changes:
    """Return the findings that a recapture opens and settles; one that lost or won a member counts as both."""
    before, after = find_all(kb), find_all(after_recapture(kb, plan))
    known, still = {f.id for f in before}, {f.id for f in after}
    return Changes(tuple(f for f in after if f.id not in known), tuple(f for f in before if f.id not in still))


def rows(kb: KnowledgeBase, plan: Recapture, changed: Changes) -> list[dict[str, Any]]:
    """Return a row for each claim, what needs a person first, then for each finding opened or settled."""
    claims = {claim.id: claim for claim in kb.claims}
    ordered = sorted(plan.anchored.values(), key=lambda found: (ORDER.index(found.state), _start(claims[found.claim])))
    told = [_claim_row(claims[found.claim], plan, found.claim) for found in ordered]
    for state, findings in (("opened", changed.opened), ("settled", changed.settled)):
        told += _finding_rows(plan, state, findings)
    return told


def _start(claim: Claim) -> tuple[int, str]:
    return (claim.locator.start if claim.locator else 0, claim.id)


def _claim_row(claim: Claim, plan: Recapture, key: str) -> dict[str, Any]:
    found = plan.anchored[key]
    return {
        "what": "claim",
        "id": claim.id,
        "document": claim.source,
        "state": found.state,
        "start": claim.locator.start if claim.locator else None,
        "end": claim.locator.end if claim.locator else None,
        "new_start": found.start,
        "new_end": found.end,
        "property": claim.property,
        "reason": found.reason,
        "text": claim.text,
    }


def _finding_rows(plan: Recapture, state: str, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    nowhere = dict.fromkeys(("start", "end", "new_start", "new_end"))
    return [
        {
            "what": "finding",
            "id": finding.id,
            "document": plan.after.id,
            "state": state,
            **nowhere,
            "property": finding.property or None,
            "reason": f"{finding.kind} ({finding.code})",
            "text": finding.sentence,
        }
        for finding in findings
    ]
