"""One source leaves a choice or a range, another flatly gives only a part of it."""

from __future__ import annotations

from collections.abc import Iterator

from kb.clashes import Clash
from kb.findings import assemble
from kb.groups import Group
from kb.model import Attribution, Bound, Certainty, Claim, Duty, Finding, FindingKind, Interval, Kind, Role, ValueSet
from kb.quantities import Span, off_centre
from kb.stances import Stance
from kb.subjects import one_figure

CODE = "V005"
NAME = "set-or-range-narrowed"
SUMMARY = "a choice or range of one source is narrowed to a part of it"

MATERIAL = 2
"""A range is narrowed only if it reaches this many times beyond the narrower one: practice varies by less anyway."""

INSTRUCTIONS = ("label", "consensus-statement", "regulation")
"""What works of these designs give is what ought to be done; a range in any other is a range of results."""


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every question on which a part of what one source allows is all that another gives."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for (name, item), stances in group.of(Kind.QUANTITY).items():
        unit = group.domain.unit_of(name)
        scaled = unit is not None and not unit.interval_scale
        known = [stance for stance in stances if stance.spans and not stance.hedged and not stance.reading]
        wide = [stance for stance in known if _leaves_room(group, stance)]
        flat = [part for stance in known if (part := stance.only(_flat))]
        for a in wide:
            for b in flat:
                narrow = b.only(lambda claim: claim.source not in a.sources)  # noqa: B023 - used at once
                if narrow is None or not one_figure(group.domain, a.subject, b.subject):
                    continue
                if _fewer(a, narrow) or (scaled and _shorter(a, narrow)):
                    reason = f"the one leaves {_room(a)}, the other gives only a part of it"
                    yield Clash(a, narrow, FindingKind.DISCREPANCY, (name, item or ""), name, reason)


def _room(wide: Stance) -> str:
    return "a choice" if len(wide.spans) > 1 else "a range"


def _leaves_room(group: Group, stance: Stance) -> bool:
    """Say whether a stance gives alternatives or a bounded range, and not only the results of studies."""
    if len(stance.spans) > 1:
        return True
    span = stance.spans[0]
    return span.bounded and span.low < span.high and any(_allows(group, claim) for claim in stance.claims)


def _allows(group: Group, claim: Claim) -> bool:
    """Say whether a claim gives a range as what is done, not as a rule of thumb or as what studies found."""
    if not isinstance(claim.value, Interval) or claim.value.bound in (Bound.TYPICAL, Bound.ABOUT):
        return False
    work = group.works.get(claim.source)
    return claim.role is Role.CLAIM or (work is not None and work.design in INSTRUCTIONS)


def _flat(claim: Claim) -> bool:
    """Say whether a document itself gives a value as the one that holds, neither roughly nor as one that may do."""
    return (
        claim.role is Role.CLAIM
        and claim.attribution is Attribution.AUTHOR
        and claim.certainty is Certainty.ASSERTED
        and claim.duty not in (Duty.MAY, Duty.CAUTION)
        and isinstance(claim.value, Interval | ValueSet)
        and claim.value.bound in (Bound.EXACT, Bound.RANGE)
    )


def _fewer(wide: Stance, narrow: Stance) -> bool:
    """Say whether the narrower side gives some of the alternatives only."""
    return len(wide.spans) > 1 and set(narrow.spans) < set(wide.spans)


def _shorter(wide: Stance, narrow: Stance) -> bool:
    """Say whether a range reaches materially beyond a value inside it that is not off its middle, which is V002."""
    if len(wide.spans) > 1 or len(narrow.spans) > 1:
        return False
    (outer,), (inner,) = wide.spans, narrow.spans
    return outer.holds(inner) and not off_centre(outer, inner) and _beyond(outer, inner)


def _beyond(outer: Span, inner: Span) -> bool:
    above = inner.high > 0 and outer.high >= inner.high * MATERIAL
    return above or (outer.low > 0 and inner.low >= outer.low * MATERIAL)
