"""One source ranks a thing last of two, another affirms without a comparator that it does well.

The two do not exclude each other: a slower route may still be rapid. But a reader of either page alone leaves
with the opposite impression, and the comparator that would reconcile them is not named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.clashes import Clash, fits_purpose, implied_by
from kb.findings import assemble
from kb.groups import Group
from kb.model import Duty, Finding, FindingKind, Kind, Polarity, Relation
from kb.stances import Stance, effective_polarity
from kb.subjects import same_thing

CODE = "C003"
NAME = "comparison-against-affirmation"
SUMMARY = "one source ranks it behind, another affirms it without naming a comparator"

WORSE = {Relation.GREATER: Relation.LESS, Relation.LESS: Relation.GREATER}


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding where a thing ranked behind by one source is plainly affirmed by another."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    domain = group.domain
    affirmations: dict[str | None, list[Stance]] = defaultdict(list)
    for (affirming, _), stances in group.of(Kind.STATEMENT).items():
        affirmations[domain.properties[affirming].absolute_of].extend(
            s for s in stances if effective_polarity(s.first) is Polarity.AFFIRMED and s.first.duty is Duty.NONE
        )
    for (name, _), stances in group.of(Kind.COMPARISON).items():
        for comparison in stances:
            for affirmed in affirmations[name]:
                definition = domain.properties[affirmed.property_id]
                if not comparison.sources.isdisjoint(affirmed.sources):
                    continue
                behind = _behind(comparison, definition.absolute_relation)
                if behind and _about(group, behind, affirmed, comparison):
                    rests = tuple(a.id for a in domain.axioms.values() if {affirmed.property_id, name} <= set(a.about))
                    reason = (
                        "both can be true, but one ranks it behind, and the other affirms it without that comparison"
                    )
                    question = (name, behind)
                    ignored = implied_by(group, comparison.subject, comparison.than, affirmed.subject)
                    yield Clash(
                        comparison, affirmed, FindingKind.TENSION, question, name, reason, rests, ignored, False
                    )


def _behind(comparison: Stance, better: Relation) -> str | None:
    """Return which side of a comparison comes off worse, or None."""
    relation = comparison.first.relation
    if relation is better:
        return comparison.than
    return comparison.subject if relation is WORSE[better] else None


def _about(group: Group, behind: str, affirmed: Stance, comparison: Stance) -> bool:
    """Say whether the affirmation names the very thing ranked behind, to the end for which it was ranked."""
    named = same_thing(group.domain, affirmed.subject, behind)
    return named and fits_purpose(group, affirmed.object, comparison.scope)
