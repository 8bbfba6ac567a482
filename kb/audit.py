"""The pipeline from a knowledge base to its findings: a short list of calls, nothing hidden."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from kb.build import KnowledgeBase, Progress
from kb.condensing import condense
from kb.detectors import DETECTORS, LEANING, ON_CITED_WORKS, PAGE_DETECTORS, RULES
from kb.groups import Group, make_groups
from kb.model import Finding, FindingKind
from kb.pages import Page, make_pages

KIND_ORDER = list(FindingKind)
CODE_ORDER = {rule.CODE: number for number, rule in enumerate(RULES)}


def find_all(kb: KnowledgeBase, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Return every finding of the knowledge base, most serious first; the same input gives the same order."""
    works = {work.key: work for work in kb.works}
    codes = {rule.CODE for rule in RULES if kb.policy.level(rule.CODE) != "off"}
    with _settled():
        claims, counted = condense(kb.domain, kb.claims)
        groups = make_groups(kb.domain, claims, kb.names, works, counted)
        whole = make_groups(kb.domain, kb.claims, kb.names, works) if counted.totals else groups
        pages = make_pages(kb.domain, kb.documents, kb.claims, works, kb.names)
        found = fold([*judge(groups, codes, progress, whole), *judge_pages(pages, codes)])
    return order_findings(found)


@contextmanager
def _settled() -> Iterator[None]:
    """Leave the records on hand out of garbage collection: none of them is garbage, and there are very many."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def judge(
    groups: Sequence[Group],
    codes: Iterable[str],
    progress: Progress | None = None,
    whole: Sequence[Group] | None = None,
) -> Iterable[Finding]:
    """Run the detectors named by ``codes`` on each group; groups are independent of one another.

    The detectors on cited works look at the groups of ``whole``, if those were condensed: which claim leans on a work
    is a matter of the single claim.
    """
    wanted = set(codes)
    condensed = {(group.topic, group.family): group for group in groups}
    uncut = {(group.topic, group.family): group for group in whole or groups}
    keys = sorted({*condensed, *uncut})
    for number, key in enumerate(keys):
        if progress:
            progress(f"{key[0]}, {key[1]}", number, len(keys))
        own = (replace(known) if (known := found.get(key)) else None for found in (condensed, uncut))
        group, full = own  # what a group works out about itself goes with it
        for detector in DETECTORS:
            looked = full if detector.CODE in LEANING else group
            if detector.CODE in wanted and looked is not None:
                yield from detector.find(looked)


def judge_pages(pages: Iterable[Page], codes: Iterable[str]) -> Iterable[Finding]:
    """Run the page detectors named by ``codes`` on each page; pages are independent of one another."""
    wanted = set(codes)
    for page in pages:
        for detector in PAGE_DETECTORS:
            if detector.CODE in wanted:
                yield from detector.find(page)


def fold(findings: Iterable[Finding]) -> list[Finding]:
    """Drop every finding that another implies: all its claims stand in one that is as strong, on opposing poles.

    Of two that hold the same claims the stronger stays, then the one whose detector is more particular (the later
    in the registry). Faults are about one page each and imply nothing. That a source leans on the very work that
    stands against it is told by the detectors on cited works alone, so no other finding implies theirs.
    """
    found = list({finding.id: finding for finding in findings}.values())
    holders: dict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        for member in finding.members if finding.kind is not FindingKind.FAULT else ():
            holders[member.claim].append(finding)
    return [finding for finding in found if not any(_implies(other, finding) for other in _sharing(finding, holders))]


def _sharing(finding: Finding, holders: dict[str, list[Finding]]) -> Iterable[Finding]:
    if finding.kind is FindingKind.FAULT:
        return []
    return min((holders[member.claim] for member in finding.members), key=len)


def _implies(strong: Finding, weak: Finding) -> bool:
    """Say whether ``weak`` adds nothing to ``strong``: its poles lie on different poles there."""
    if weak.code in ON_CITED_WORKS and strong.code not in ON_CITED_WORKS:
        return False
    if strong.id == weak.id or KIND_ORDER.index(strong.kind) > KIND_ORDER.index(weak.kind):
        return False
    where = {member.claim: member.pole for member in strong.members}
    if any(member.claim not in where for member in weak.members):
        return False
    if len({where[member.claim] for member in weak.members}) < len({member.pole for member in weak.members}):
        return False
    equal = len(strong.members) == len(weak.members) and strong.kind is weak.kind
    return not equal or CODE_ORDER[strong.code] > CODE_ORDER[weak.code]


def order_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without repeats: what documents say first, then graver, then stronger."""
    unique = {finding.id: finding for finding in findings}
    return tuple(sorted(unique.values(), key=_rank))


def _rank(finding: Finding) -> tuple[object, ...]:
    weak = finding.kind in (FindingKind.FAULT, FindingKind.POSSIBLE, FindingKind.EXPLAINED)
    paged = any(member.start is not None for member in finding.members)
    return (
        weak,
        KIND_ORDER.index(finding.kind) if weak else 0,
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
