"""Whom or what a sentence speaks of: named in it before the object, else the subject of the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kb.propose.page import Line

OFTEN = 5  # claims that make a concept a likely subject even of a property never said of it


class Subjects:
    """Chooses subjects on one page, by what was said of which subject in reviewed claims.

    Without reviewed claims the first concept that a sentence names is taken, else the one named most on the page.
    """

    def __init__(self, usual: Mapping[str, Counter[str]], lines: Sequence[Line]) -> None:
        self._usual = usual
        self._ever: Counter[str] = Counter()
        for counts in usual.values():
            self._ever.update(counts)
        named = Counter(c for line in lines for mention in line.mentions for c in mention.concepts)
        known = [(named[concept] * (concept in self._ever or not self._ever), concept) for concept in named]
        weighed = sorted(known, key=lambda pair: (-pair[0], -self._ever[pair[1]], pair[1]))
        self.main = weighed[0][1] if weighed else None

    def of(self, property_id: str, line: Line, before: int, taken: Iterable[str]) -> str | None:
        """Return the subject of what a sentence says at token ``before``; ``taken`` cannot be it."""
        barred = frozenset(taken)
        usual = self._usual.get(property_id, Counter())
        best: tuple[float, int, str] | None = None
        for mention in line.mentions:
            for concept in mention.concepts:
                if concept in barred or (self._ever and concept not in self._ever):
                    continue
                weight = usual[concept] + 0.1 * (self._ever[concept] > 0) + (0.5 if not self._ever else 0)
                weight += 1.0 if mention.last <= before else -0.5
                rank = (weight, -mention.first, concept)
                best = max(best, rank) if best else rank
        if best is not None and best[0] > 0:
            return best[2]
        for context in line.contexts:
            for concept in context.concepts:
                if concept not in barred and (usual[concept] or self._ever[concept] >= OFTEN):
                    return concept
        return self.main if self.main not in barred else None
