"""What commands ask of a review: does anything remain that must fail, which finding is meant, what is recorded."""

from __future__ import annotations

from collections.abc import Iterable

from kb.build import KnowledgeBase
from kb.errors import InputError, Problem
from kb.model import Finding, FindingKind
from kb.policy import LEVELS, Level
from kb.standing import Fate, Review, Standing
from kb.verdicts import Ruling, Verdict, judged_members, make_verdict

KINDS = [kind.value for kind in FindingKind]


def level_of(kb: KnowledgeBase, finding: Finding) -> Level:
    """Return how much a finding counts: the level of its detector; what the scope explains is for information."""
    return "info" if finding.kind is FindingKind.EXPLAINED else kb.policy.level(finding.code)


def check_threshold(threshold: str | None) -> None:
    """Raise `InputError` if a threshold is neither a level nor a kind."""
    if threshold is not None and threshold not in (*LEVELS, *KINDS):
        names = ", ".join([*reversed(LEVELS), *KINDS])
        raise InputError([Problem(f"--fail-on {threshold}", 0, "is neither a level nor a kind", f"use one of {names}")])


def failing(kb: KnowledgeBase, standings: Iterable[Standing], threshold: str | None) -> list[Finding]:
    """Return what remains that is at least of the level, or at least as strong as the kind, given; in the given order.

    Without a threshold nothing fails.
    """
    left = [standing.finding for standing in standings if standing.remains]
    if threshold in KINDS:
        return [finding for finding in left if finding.kind in KINDS[: KINDS.index(threshold) + 1]]
    wanted = [level for level in LEVELS if threshold in LEVELS[: LEVELS.index(level) + 1]]
    return [finding for finding in left if level_of(kb, finding) in wanted]


def find_one(review: Review, name: str) -> Standing:
    """Return the finding whose id is or starts with ``name``; raise `InputError` if there is not exactly one."""
    return review.by_id[_one_id(name, review.by_id)]


def _one_id(name: str, ids: Iterable[str]) -> str:
    known = sorted(set(ids))
    hits = [found for found in known if found.startswith(name)]
    if not hits or not name.startswith("f-"):
        remedy = "list them with: kb findings"
        raise InputError([Problem(name, 0, "is not among the findings of this build", remedy)])
    if len(hits) > 1:
        raise InputError([Problem(name, 0, f"begins {len(hits)} findings", f"use one of {', '.join(hits[:9])}")])
    return hits[0]


def judge(kb: KnowledgeBase, review: Review, name: str, ruling: Ruling, reason: str, by: str, at: str) -> Verdict:
    """Return a verdict on the finding whose id is or starts with ``name``; a lapsed verdict can be withdrawn too.

    Raises `InputError` if there is nothing to judge or to withdraw, or if reason or name cannot be kept.
    """
    given = {"verdict": ruling, "reason": reason, "by": by, "at": at}
    lapsed = {v.finding: v for v, fate, _ in review.verdicts if fate is Fate.LAPSED}
    found = _one_id(name, [*review.by_id, *(lapsed if ruling is Ruling.WITHDRAWN else ())])
    if found in lapsed:
        return make_verdict(lapsed[found].model_dump() | given)
    standing = review.by_id[found]
    if ruling is Ruling.WITHDRAWN and standing.verdict is None:
        raise InputError([Problem(found, 0, "has no verdict to withdraw", "list them with: kb verdicts")])
    finding = standing.finding
    fields = {name: getattr(finding, name) for name in ("code", "question", "kind")}
    members = judged_members(finding, {claim.id: claim for claim in kb.claims})
    return make_verdict({"finding": finding.id, **fields, "members": members, **given})
