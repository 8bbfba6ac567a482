"""P001 unused-waiver: a waiver of the policy that hides no finding any more.

A waiver says that a kind of finding is known and accepted. Once nothing fits it, it only waits to hide something that
nobody has looked at; so it is reported until it is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.build import KnowledgeBase
from kb.ids import derive
from kb.model import Finding, FindingKind
from kb.policy import Policy, Waiver
from kb.wording import join

CODE = "P001"
NAME = "unused-waiver"
SUMMARY = "A waiver in the policy that hides no finding any more"


def fits(waiver: Waiver, finding: Finding) -> bool:
    """Say whether every selector of the waiver fits the finding."""
    return (
        waiver.code == finding.code
        and set(waiver.claims) <= {member.claim for member in finding.members}
        and set(waiver.sources) <= {member.source for member in finding.members}
        and waiver.property in (None, finding.property)
        and waiver.topic in (None, finding.topic)
        and waiver.finding in (None, finding.id)
    )


def waiver_of(policy: Policy, finding: Finding) -> Waiver | None:
    """Return the first waiver that hides the finding, or None."""
    return next((waiver for waiver in policy.waivers if fits(waiver, finding)), None)


def unused_waivers(kb: KnowledgeBase, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield a finding for every waiver that hides none of ``findings``; none if the policy turns P001 off."""
    found = list(findings)
    for waiver in kb.policy.waivers if kb.policy.level(CODE) != "off" else ():
        if not any(fits(waiver, finding) for finding in found):
            yield _unused(kb, waiver)


def _unused(kb: KnowledgeBase, waiver: Waiver) -> Finding:
    question = f"waiver {waiver.code} {waiver.selected()}"
    identity = {"code": CODE, "question": question, "outcome": str(FindingKind.FAULT), "members": ""}
    return Finding(
        id=derive("f", identity),
        code=CODE,
        kind=FindingKind.FAULT,
        severity=1,
        topic="",
        property="",
        question=question,
        members=(),
        claims=0,
        title=f"The waiver of {waiver.code} for {_aim(waiver)}",
        sentence=(
            f"The waiver of {waiver.code} for {_aim(waiver)} (by {waiver.by}, {waiver.date}) matches nothing any more: "
            f"{_why(kb, waiver)}; remove it."
        ),
    )


def _aim(waiver: Waiver) -> str:
    parts = []
    for one, many, given in (("claim", "claims", waiver.claims), ("source", "sources", waiver.sources)):
        if given:
            parts.append(f"{one if len(given) == 1 else many} {join(given)}")
    for name, value in (("property", waiver.property), ("topic", waiver.topic), ("finding", waiver.finding)):
        if value:
            parts.append(f"{name} {value}")
    return join(parts)


def _why(kb: KnowledgeBase, waiver: Waiver) -> str:
    """Return why nothing fits: a selector that names nothing, where there is one."""
    if kb.policy.level(waiver.code) == "off":
        return f"{waiver.code} is off in this policy"
    recorded = {claim.id for claim in kb.claims}
    for what, given, known in (
        ("claim", waiver.claims, recorded),
        ("source", waiver.sources, set(kb.names)),
        ("property", (waiver.property,), set(kb.domain.properties)),
        ("topic", (waiver.topic,), set(kb.domain.topics)),
    ):
        for name in given:
            if name is not None and name not in known:
                return f"there is no {what} {name}"
    return f"no finding of {waiver.code} fits it"
