"""What reviewed claims teach about wording: which property a sentence is likely to speak of, and of which subject.

A multinomial naive Bayes model over word stems, objects and their schemes, with counts only: no training run, no
weights to ship. The labels of the vocabulary count as examples, so a domain without claims can propose, too.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kb.domain import Domain
from kb.propose.stemming import stems

SMOOTHING = 0.1
TEMPER = 4.0  # words of a sentence are not independent: undivided, nearly every share would be close to 1
NONE = ""  # the class of what no claim was made of
NONE_SHARE = 0.05  # its prior is cut to this: a missed claim costs more than a proposal to reject
LABEL_WEIGHT = 20  # a label of the vocabulary weighs as much as so many claims


class Learnt:
    """Counts of stems and objects by property, ready to be asked for the likeliest property.

    ``examples`` are (property, features) pairs; see `features_of` for what a feature is.
    """

    def __init__(self, examples: Iterable[tuple[str, Sequence[str]]]) -> None:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        classes: Counter[str] = Counter()
        for name, features in examples:
            classes[name] += 1
            counts[name].update(features)
        known = {feature for found in counts.values() for feature in found}
        floor = SMOOTHING * (len(known) + 1)
        examples_in_all = sum(classes.values())
        self._prior = {name: math.log(number / examples_in_all) for name, number in sorted(classes.items())}
        if NONE in self._prior:
            self._prior[NONE] += math.log(NONE_SHARE)
        self._unseen = {name: math.log(SMOOTHING / (sum(counts[name].values()) + floor)) for name in classes}
        self._gain: dict[str, dict[str, float]] = {feature: {} for feature in sorted(known)}
        for name, found in sorted(counts.items()):
            for feature, number in found.items():
                self._gain[feature][name] = math.log((number + SMOOTHING) / SMOOTHING)

    @property
    def classes(self) -> tuple[str, ...]:
        """The properties of which anything is known, in order."""
        return tuple(self._prior)

    def scores(self, features: Sequence[str], among: Iterable[str] | None = None) -> list[tuple[float, str]]:
        """Return (share of the probability, property), likeliest first; unknown features tell nothing."""
        gains = [self._gain[feature] for feature in features if feature in self._gain]
        names = self._prior if among is None else {name for name in among if name in self._prior}
        logs = {name: self._prior[name] + len(gains) * self._unseen[name] for name in names}
        for gain in gains:
            for name, amount in gain.items():
                if name in logs:
                    logs[name] += amount
        if not logs:
            return []
        top = max(logs.values())
        weights = {name: math.exp((score - top) / TEMPER) for name, score in logs.items()}
        whole = math.fsum(weights.values())
        return sorted(
            ((weight / whole, name) for name, weight in weights.items()), key=lambda pair: (-pair[0], pair[1])
        )


def label_examples(domain: Domain, kinds: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the labels of the properties of these kinds as examples, as many for each property."""
    wanted = frozenset(kinds)
    found = []
    for item in domain.properties.values():
        if item.kind in wanted:
            labels = (item.label, *item.words)
            for number in range(max(LABEL_WEIGHT, len(labels))):
                label = labels[number % len(labels)]
                found.append((item.id, ["w:" + word for word in stems(label)] + [f"q:{item.id}"] * 2))
    return found


def object_features(domain: Domain, concept: str) -> list[str]:
    """Return the features of an object: itself, twice as heavy as its scheme and its broader concepts."""
    known = domain.concepts.get(concept)
    if known is None:
        return []
    return [f"o:{concept}", f"o:{concept}", f"s:{known.scheme}", *(f"b:{above}" for above in sorted(known.broader))]
