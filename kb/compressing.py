"""Of a question with very many stances the most telling ones, because pairs of stances are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from kb.counting import cell_of
from kb.stances import Stance

STANCES_COMPARED = 100
LEAST_PER_SUBJECT = 5
"""A question with more stances than the first, and than the second for each subject, is compressed to that many."""


def compress(stances: list[Stance], separating: Sequence[str] = ()) -> list[Stance]:
    """Return the most telling stances of a question, in their order; all of them unless they are very many.

    Pairs of stances are compared, so a question with thousands of them (a tail of continuous values) would cost
    millions of comparisons. The subjects (with than) take turns. Of each are kept the ends: of all its stances, then
    of each class of scopes that are alike in the ``separating`` dimensions, classes with most claims first; then
    what most claims say. The ends are the value that ends lowest and the one that starts highest: where any two
    values share no point, these two share none.
    """
    cells: dict[Hashable, list[Stance]] = defaultdict(list)
    for stance in stances:
        cells[(stance.subject, stance.than)].append(stance)
    limit = max(STANCES_COMPARED, LEAST_PER_SUBJECT * len(cells))
    sampled = _left_out(stances)
    if len(stances) <= limit:
        return [replace(stance, sampled=sampled) for stance in stances] if sampled else stances
    turns = zip_longest(*(_telling(cell, separating) for cell in cells.values()))
    order = [id(stance) for turn in turns for stance in turn if stance is not None]
    kept = set(order[:limit])
    sampled = sampled or (len(stances), sum(stance.weight for stance in stances))
    return [replace(stance, sampled=sampled) for stance in stances if id(stance) in kept]


def _left_out(stances: Iterable[Stance]) -> tuple[int, ...]:
    """Return how many stances and claims a question had before cells of it were condensed; () if none was.

    Of a condensed cell its variants are counted, which also tell apart how sure a source is.
    """
    known: dict[Hashable, tuple[int, int]] = {}
    rest: dict[Hashable, tuple[int, int]] = {}
    for stance in stances:
        cell = cell_of(stance.first)
        if cell in stance.counted.totals:
            known[cell] = stance.counted.totals[cell]
        else:
            before = rest.get(cell, (0, 0))
            rest[cell] = (before[0] + 1, before[1] + stance.weight)
    both = [*known.values(), *rest.values()]
    return (sum(n for n, _ in both), sum(n for _, n in both)) if known else ()


def _telling(cell: list[Stance], separating: Sequence[str]) -> list[Stance]:
    """Return the stances on one subject, the most telling first: ends of all and of each scope class, then the rest."""
    classes: dict[Hashable, list[Stance]] = defaultdict(list)
    for stance in cell:
        classes[(stance.hedged, *(stance.scope.get(name) for name in separating))].append(stance)
    by_support = sorted(classes.values(), key=lambda found: -sum(stance.weight for stance in found))
    firm = [stance for stance in cell if not stance.hedged] or cell
    ends = [stance for found in (firm, *by_support) for stance in _ends(found)]
    return _once([*ends, *sorted(cell, key=lambda stance: -stance.weight)])


def _ends(stances: list[Stance]) -> list[Stance]:
    """Return the lowest, the highest and the most supported value; without numbers the main stance of each answer."""
    by_support = sorted(stances, key=lambda stance: -stance.weight)
    numbers = [stance for stance in by_support if stance.spans]
    if numbers:
        lowest = min(numbers, key=lambda stance: max(span.high for span in stance.spans))
        highest = max(numbers, key=lambda stance: min(span.low for span in stance.spans))
        return _once([lowest, highest, numbers[0]])
    return list({stance.position: stance for stance in reversed(by_support)}.values())[::-1]


def _once(stances: Iterable[Stance]) -> list[Stance]:
    return list({id(stance): stance for stance in stances}.values())
