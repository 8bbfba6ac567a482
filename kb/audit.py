"""The pipeline from a knowledge base to its findings: a short list of calls, nothing hidden."""

from __future__ import annotations

from collections.abc import Iterable

from kb.build import KnowledgeBase, Progress
from kb.detectors import DETECTORS
from kb.groups import Group, make_groups
from kb.model import Finding, FindingKind

KIND_ORDER = list(FindingKind)


def find_all(kb: KnowledgeBase, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Return every finding of the knowledge base, most serious first; the same input gives the same order."""
    groups = make_groups(kb.domain, kb.claims, kb.names)
    codes = {detector.CODE for detector in DETECTORS if kb.policy.level(detector.CODE) != "off"}
    return order_findings(judge(groups, codes, progress))


def judge(groups: list[Group], codes: Iterable[str], progress: Progress | None = None) -> Iterable[Finding]:
    """Run the detectors named by ``codes`` on each group; groups are independent of one another."""
    wanted = set(codes)
    for number, group in enumerate(groups):
        if progress:
            progress(f"{group.topic}, {group.family}", number, len(groups))
        for detector in DETECTORS:
            if detector.CODE in wanted:
                yield from detector.find(group)


def order_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without repeats: what documents say first, then graver, then stronger."""
    unique = {finding.id: finding for finding in findings}
    return tuple(sorted(unique.values(), key=_rank))


def _rank(finding: Finding) -> tuple[object, ...]:
    weak = finding.kind in (FindingKind.POSSIBLE, FindingKind.EXPLAINED)
    paged = any(member.start is not None for member in finding.members)
    return (
        weak,
        not paged,
        -finding.severity,
        KIND_ORDER.index(finding.kind),
        finding.same_source,
        finding.topic,
        finding.id,
    )


def findings_about(findings: Iterable[Finding], source: str) -> tuple[Finding, ...]:
    """Return the findings that have a member from ``source``."""
    return tuple(f for f in findings if any(member.source == source for member in f.members))
