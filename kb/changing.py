"""What a recapture does to the findings: which it opens and which it settles, worked out in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from kb.audit import find_all
from kb.build import KnowledgeBase
from kb.model import Claim, Finding
from kb.propose.recapturing import ORDER, Recapture, placed


class Changes(NamedTuple):
    """Findings that are there only after, only before, and those that stay but changed members or outcome."""

    opened: tuple[Finding, ...]
    settled: tuple[Finding, ...]
    changed: tuple[tuple[Finding, Finding], ...]

    def told(self) -> str:
        """Return the counts in words."""
        counts = (("opened", self.opened), ("settled", self.settled), ("changed", self.changed))
        return "findings: " + ", ".join(f"{len(found)} {what}" for what, found in counts)


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
    """Return what a recapture does to the findings; two with one code and question are one that changed."""
    before, after = find_all(kb), find_all(after_recapture(kb, plan))
    known, still = {f.id for f in before}, {f.id for f in after}
    gone: dict[tuple[str, str], list[Finding]] = {}
    for finding in (f for f in before if f.id not in still):
        gone.setdefault((finding.code, finding.question), []).append(finding)
    opened: list[Finding] = []
    changed: list[tuple[Finding, Finding]] = []
    for finding in (f for f in after if f.id not in known):
        same = gone.get((finding.code, finding.question))
        if same:
            changed.append((same.pop(0), finding))
        else:
            opened.append(finding)
    left = {finding.id for found in gone.values() for finding in found}
    return Changes(tuple(opened), tuple(f for f in before if f.id in left), tuple(changed))


def rows(kb: KnowledgeBase, plan: Recapture, changed: Changes) -> list[dict[str, Any]]:
    """Return a row for each claim, what needs a person first, then for each finding."""
    told = claim_rows(kb, plan)
    for state, findings in (("opened", changed.opened), ("settled", changed.settled)):
        told += [_finding_row(plan, state, f"{finding.kind} ({finding.code})", finding) for finding in findings]
    for old, new in changed.changed:
        told.append(_finding_row(plan, "changed", f"{_difference(old, new)} ({new.code})", new))
    return told


def claim_rows(kb: KnowledgeBase, plan: Recapture) -> list[dict[str, Any]]:
    """Return a row for each claim of the page, what needs a person first."""
    claims = {claim.id: claim for claim in kb.claims}
    ordered = sorted(plan.anchored.values(), key=lambda found: (ORDER.index(found.state), _start(claims[found.claim])))
    return [_claim_row(claims[found.claim], plan, found.claim) for found in ordered]


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


def _difference(old: Finding, new: Finding) -> str:
    if old.kind is not new.kind:
        return f"{old.kind} became {new.kind}"
    before, after = ({member.claim for member in finding.members} for finding in (old, new))
    counts = ((len(before - after), "fewer"), (len(after - before), "more"))
    told = [f"{count} {'claim' if count == 1 else 'claims'} {what}" for count, what in counts if count]
    return f"{new.kind}, {' and '.join(told) or 'other scope'}"


def _finding_row(plan: Recapture, state: str, reason: str, finding: Finding) -> dict[str, Any]:
    return {
        "what": "finding",
        "id": finding.id,
        "document": plan.after.id,
        "state": state,
        **dict.fromkeys(("start", "end", "new_start", "new_end")),
        "property": finding.property or None,
        "reason": reason,
        "text": finding.sentence,
    }
