"""Findings about one document: what its citing or wording leaves a reader unable to check."""

from __future__ import annotations

from collections.abc import Sequence

from kb.ids import derive
from kb.model import Claim, Finding, FindingKind, Member
from kb.pages import Page

MEMBERS_SHOWN = 50


def fault(
    page: Page,
    code: str,
    question: tuple[str, ...],
    claims: Sequence[Claim],
    *,
    title: str,
    sentence: str,
    severity: int = 1,
    topic: str = "",
    kind: FindingKind = FindingKind.FAULT,
    works: Sequence[str] = (),
    working: Sequence[str] = (),
) -> Finding:
    """Return a finding about ``page``: ``claims`` stand on pole A, ``works`` (their keys) on pole B.

    With no claim the document itself is the member. ``question`` (without the document, which is added) tells
    this finding from others of the same detector; it must not hold what a correction of the claims would change.
    """
    shown = list(claims)[:MEMBERS_SHOWN]
    members = [_member(claim) for claim in shown] or [
        Member(claim="", source=page.document.id, start=None, end=None, pole="A")
    ]
    members += [Member(claim="", source=work, start=None, end=None, pole="B") for work in works]
    asked = "|".join((page.document.id, *question))
    identity = {
        "code": code,
        "question": asked,
        "outcome": str(kind),
        "members": "|".join(sorted(member.claim or member.source for member in members)),
    }
    properties = {claim.property for claim in claims}
    return Finding(
        id=derive("f", identity),
        code=code,
        kind=kind,
        severity=severity,
        topic=topic,
        property=properties.pop() if len(properties) == 1 else "",
        question=asked,
        members=tuple(members),
        claims=len(claims),
        same_source=not works,
        working=tuple(working),
        title=title,
        sentence=sentence,
    )


def _member(claim: Claim) -> Member:
    at = claim.locator
    return Member(
        claim=claim.id, source=claim.source, start=at.start if at else None, end=at.end if at else None, pole="A"
    )


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 claim``, ``12 claims``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def quoted(claim: Claim) -> str:
    """Return the wording of a claim in quotation marks, without its full stop."""
    return f"“{claim.text.rstrip('.')}”"
