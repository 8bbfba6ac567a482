"""A percentage of so many people that no whole number of them is (the GRIM test, for shares).

Brown and Heathers, Social Psychological and Personality Science 2017, 8(4), 363-369, doi:10.1177/1948550616673876.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from kb.clashes import Clash
from kb.companions import studies
from kb.findings import assemble
from kb.groups import Group
from kb.model import Bound, Claim, Finding, FindingKind, Interval
from kb.stances import Stance
from kb.wording import number_text, quantity_text

CODE = "V008"
NAME = "impossible-percentage"
SUMMARY = "a percentage that no whole number of the people counted gives"

PERCENT, WHOLE = "%", Decimal(100)
PARALLEL = ("randomized-trial",)
"""Where a trial of these designs is told with its whole size only, its shares are of arms whose sizes are not told."""


def find(group: Group) -> Iterator[Finding]:
    """Yield a finding for every printed percentage that no number of people out of those counted gives."""
    yield from assemble(group, CODE, _clashes(group))


def _clashes(group: Group) -> Iterator[Clash]:
    for name in sorted(group.figures):
        definition = group.domain.properties[name]
        if definition.unit != PERCENT or not definition.share_of:
            continue
        for share in (stance for stance in group.figures[name] if not stance.hedged):
            for claim in share.claims:
                told = studies(claim)
                if len(told) == 1 and (step := _step(claim)):
                    only = share.only(lambda other: other is claim)  # noqa: B023 - used at once
                    yield from _judge(group, only or share, told[0], step)


def _judge(group: Group, share: Stance, study: str, step: Decimal) -> Iterator[Clash]:
    """Yield the clash of a share with the numbers of people that its source gives for the study, if none fits it."""
    claim, name = share.first, share.property_id
    percent = share.spans[0].low
    own, others = _sizes(group, name, study, claim.source)
    sizes = [_whole(stance.first) for stance in own]
    if not sizes or any(size is None or _possible(percent, size, step) for size in sizes):
        return
    fitting = [s for s in others if (size := _whole(s.first)) and _possible(percent, size, step)]
    work = group.works.get(study.removeprefix("work:"))
    parts = any(stance.property_id in group.domain.properties[name].share_of for stance in own)
    if not fitting and not parts and work is not None and work.design in PARALLEL:
        return
    steps = [_nearest(group, stance, percent, step) for stance in own]
    steps += [_explained(group, stance, percent, step) for stance in fitting[:1]]
    # where the share is explained, it is the number of people that is at stake
    at_stake = own[0].property_id if fitting else name
    yield Clash(
        share,
        own[0],
        FindingKind.DISCREPANCY if fitting else FindingKind.CONTRADICTION,
        (name, study, claim.source),
        at_stake,
        "; ".join(steps),
        ignored=frozenset(group.domain.dimensions),
        needs_scope=False,
        working=tuple(steps),
        others=(*own[1:], *fitting[:1]),
        one_account=True,
    )


def _sizes(group: Group, name: str, study: str, source: str) -> tuple[list[Stance], list[Stance]]:
    """Return the numbers of people in a study as ``source`` gives them, and as other sources do."""
    counts = group.domain.counts_of(name)
    found = [stance for count in counts for stance in group.figures.get(count, ()) if stance.subject == study]
    own = (stance.only(lambda claim: claim.source == source) for stance in found)
    others = (stance.only(lambda claim: claim.source != source) for stance in found)
    return [stance for stance in own if stance], [stance for stance in others if stance]


def _whole(claim: Claim) -> int | None:
    """Return a number of people that is given exactly."""
    value = claim.value
    exact = isinstance(value, Interval) and value.bound is Bound.EXACT and value.low == value.high
    if not exact or not isinstance(value, Interval) or value.low is None or value.low < 1:
        return None
    return int(value.low) if value.low == value.low.to_integral_value() else None


def _step(claim: Claim) -> Decimal | None:
    """Return the last place of a percentage as printed (1 for “71 %”, 0.1 for “69.3 %”), else as recorded.

    None where it is not exact, or was printed in words ("two thirds").
    """
    value = claim.value
    if (
        not isinstance(value, Interval)
        or value.bound is not Bound.EXACT
        or value.low is None
        or value.low != value.high
    ):
        return None
    printed = [Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", value.printed)]
    shown = next((number for number in printed if number == value.low), None if value.printed else value.low)
    return None if shown is None else Decimal(1).scaleb(min(int(shown.as_tuple().exponent), 0))


def _possible(percent: Decimal, size: int, step: Decimal) -> bool:
    """Say whether some whole number of people is the percentage when rounded, or cut off, at its last place."""
    return any(-step / 2 <= _share(count, size) - percent < step for count in _counts(percent, size))


def _counts(percent: Decimal, size: int) -> tuple[int, ...]:
    """Return the whole numbers of people next to a percentage of ``size``."""
    below = int((percent * size / WHOLE).to_integral_value(ROUND_FLOOR))
    return tuple(count for count in (below, below + 1) if 0 <= count <= size)


def _share(count: int, size: int) -> Decimal:
    return WHOLE * count / size


def _nearest(group: Group, stance: Stance, percent: Decimal, step: Decimal) -> str:
    """Return why no number of people fits: the shares that the nearest ones are."""
    size, unit = _whole(stance.first) or 0, group.domain.units[PERCENT]
    shares = (f"{count} would be {_rounded(group, count, size, step)}" for count in _counts(percent, size))
    whole = quantity_text(Decimal(size), group.domain.units[stance.first.value.unit])  # type: ignore[union-attr]
    return f"of {whole}, {' and '.join(shares)}, so no number of them is {number_text(percent, unit)} %"


def _explained(group: Group, stance: Stance, percent: Decimal, step: Decimal) -> str:
    """Return by what number of people, on record from another source, the percentage can be explained."""
    size = _whole(stance.first) or 0
    fits = next(c for c in _counts(percent, size) if -step / 2 <= _share(c, size) - percent < step)
    source = group.names.get(stance.first.source, stance.first.source)
    return f"of the {size} that {source} gives, {fits} are {_rounded(group, fits, size, step)}"


def _rounded(group: Group, count: int, size: int, step: Decimal) -> str:
    """Return a share with one decimal more than the percentage was printed with."""
    share = _share(count, size).quantize(step / 10)
    return f"{number_text(share, group.domain.units[PERCENT])} %"
