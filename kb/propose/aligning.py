"""A reference list whose markers were lost, laid beside the sentences of the page in the order of both.

Lists are numbered by first mention, so entry and place rise together. Of all such alignments the share that
ties an entry to a place is its probability: forward and backward sums, time in entries times places.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kb.propose.links import content_words, cues

LEAST = 0.30  # a link that is less probable is left out
MOST = Decimal("0.85")  # it stays ours, however probable
CARRIED = 0.8  # for the sentences of a passage beside the likeliest
MOST_CELLS = 2_000_000
SKIP = 1.6  # what an entry must earn by likeness to be placed
_SHARPNESS = 1.4


class Placed(NamedTuple):
    """Entry and place, both as indexes, and how probable it is that they belong together."""

    entry: int
    place: int
    confidence: Decimal
    carried: bool = False  # beside the likeliest place of its passage


def align(
    entries: Sequence[str],
    places: Sequence[str],
    contexts: Sequence[str],
    groups: Sequence[int],
    fixed: Mapping[int, int],
) -> tuple[Placed, ...]:
    """Return the probable pairs, a pair for each place of a probable passage.

    ``contexts`` are the headings and neighbours of the places, which count half; ``groups`` are the passages
    that places belong to; ``fixed`` says of some entries (indexes) for sure which place is theirs.
    """
    if not entries or not places or len(entries) * len(places) > MOST_CELLS:
        return ()
    table = _weights(entries, places, contexts)
    for i, row in enumerate(table):
        for j in range(len(row)):
            if (i in fixed and fixed[i] != j) or (i not in fixed and j in fixed.values()):
                row[j] = 0.0
    forward = _sums(table)
    backward = [row[::-1] for row in _sums([row[::-1] for row in table[::-1]])][::-1]
    flat = [1.0] * len(places)
    found = []
    for i, row in enumerate(table):
        before = forward[i - 1] if i else flat
        after = backward[i + 1] if i + 1 < len(table) else flat
        masses = [weight * b * a for weight, b, a in zip(row, before, after, strict=True)]
        skipped = before[0] * after[0] + sum((before[j] - before[j - 1]) * after[j] for j in range(1, len(row)))
        found += _spread(i, [mass / (sum(masses) + skipped) for mass in masses], groups)
    likeliest = {pair.place for pair in found if not pair.carried}
    return tuple(pair for pair in found if not (pair.carried and pair.place in likeliest))


def _spread(entry: int, shares: Sequence[float], groups: Sequence[int]) -> list[Placed]:
    """Return the places of the passage that most speaks for an entry, from the first likely one on."""
    totals: dict[int, float] = {}
    for share, group in zip(shares, groups, strict=True):
        totals[group] = totals.get(group, 0.0) + share
    group = max(totals, key=lambda g: (totals[g], -g))
    inside = [j for j, other in enumerate(groups) if other == group]
    best = max(inside, key=lambda j: (shares[j], -j))
    found = []
    for j in inside:
        sure = totals[group] * float(MOST) * (1.0 if j == best else CARRIED)
        if sure >= LEAST and (shares[j] >= 0.05 or j > best):
            found.append(Placed(entry, j, min(MOST, Decimal(str(round(sure, 2)))), j != best))
    return found


def _weights(entries: Sequence[str], places: Sequence[str], contexts: Sequence[str]) -> list[list[float]]:
    titles = [content_words(entry) for entry in entries]
    said, around = [content_words(place) for place in places], [content_words(context) for context in contexts]
    spread = Counter(word for words in (*titles, *said) for word in words)
    count = len(titles) + len(said)

    def worth(words: frozenset[str]) -> float:
        return sum(math.log(count / spread[word]) for word in words if word in spread)

    rows = []
    for entry, title in zip(entries, titles, strict=True):
        row = []
        for place, words, context in zip(places, said, around, strict=True):
            near = worth(title & words) + 0.5 * worth(title & (context - words))
            near += 1.5 * any(len(w) == 4 and w.isdigit() and w in entry for w in place.replace(",", " ").split())
            near += 0.5 * bool(cues().study.search(place))
            row.append(math.exp(_SHARPNESS * min(near - SKIP, 12.0)) if near > 0.5 else 0.0)
        rows.append(row)
    return rows


def _sums(table: list[list[float]]) -> list[list[float]]:
    """Return for each entry and place the weight of all alignments of the entries up to it that end by it."""
    sums: list[list[float]] = []
    for row in table:
        before = sums[-1] if sums else [1.0] * len(row)
        running, line = 0.0, []
        for weight, reached in zip(row, before, strict=True):
            running += weight * reached
            line.append(reached + running)
        sums.append([value / line[-1] for value in line])  # only shares within a row matter, and weights multiply up
    return sums
