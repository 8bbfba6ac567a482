"""What reviewed claims teach about wording: which property a sentence is likely to speak of, and of which subject.

A multinomial naive Bayes model over word stems, objects and their schemes, with counts only: no training run, no
weights to ship. The labels of the vocabulary count as examples, so a domain without claims can propose, too.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kb.domain import Domain
from kb.model import Claim
from kb.propose.stemming import stems

SMOOTHING = 0.3
LABEL_WEIGHT = 6  # a label of the vocabulary weighs as much as so many claims


class Learnt:
    """Counts of stems and objects by property, ready to be asked for the likeliest property.

    ``examples`` are (property, features) pairs; see `features_of` for what a feature is.
    """

    def __init__(self, examples: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._features: dict[str, Counter[str]] = defaultdict(Counter)
        self._classes: Counter[str] = Counter()
        for name, features in examples:
            self._classes[name] += 1
            self._features[name].update(features)
        self._totals = {name: sum(counts.values()) for name, counts in self._features.items()}
        self._known = len({feature for counts in self._features.values() for feature in counts}) + 1
        self._everywhere: Counter[str] = Counter()
        for counts in self._features.values():
            self._everywhere.update(counts)
        self._sum = sum(self._everywhere.values()) or 1

    @property
    def classes(self) -> tuple[str, ...]:
        """The properties of which anything is known, in order."""
        return tuple(sorted(self._classes))

    def scores(self, features: Sequence[str], among: Iterable[str] | None = None) -> list[tuple[float, str]]:
        """Return (share of the probability, property), likeliest first; unknown features tell nothing."""
        names = sorted(set(among) & set(self._classes)) if among is not None else list(self.classes)
        known = [feature for feature in features if feature in self._everywhere]
        all_classes = sum(self._classes.values())
        logs = []
        for name in names:
            counts, total = self._features[name], self._totals[name]
            score = math.log(self._classes[name] / all_classes)
            floor = SMOOTHING * self._known
            for feature in known:
                score += math.log((counts[feature] + SMOOTHING) / (total + floor))
            logs.append((score, name))
        if not logs:
            return []
        top = max(score for score, _ in logs)
        weights = [(math.exp(score - top), name) for score, name in logs]
        whole = sum(weight for weight, _ in weights)
        return sorted(((weight / whole, name) for weight, name in weights), key=lambda pair: (-pair[0], pair[1]))


def label_examples(domain: Domain, kinds: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the labels of the properties of these kinds as examples."""
    wanted = frozenset(kinds)
    return [
        (item.id, ["w:" + word for word in stems(label)] + [f"q:{item.id}"] * 2)
        for item in domain.properties.values()
        if item.kind in wanted
        for label in (item.label, *item.words)
        for _ in range(LABEL_WEIGHT)
    ]


def object_features(domain: Domain, concept: str) -> list[str]:
    """Return the features of an object: itself, twice as heavy as its scheme and its broader concepts."""
    known = domain.concepts.get(concept)
    if known is None:
        return []
    return [f"o:{concept}", f"o:{concept}", f"s:{known.scheme}", *(f"b:{above}" for above in sorted(known.broader))]


def usual(claims: Iterable[Claim]) -> Mapping[str, Counter[str]]:
    """Return how often each property was said of each subject."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in claims:
        found[claim.property][claim.subject] += 1
    return found
