"""Finds the vocabulary's concepts in a text by their labels, whatever the number of the noun or the sort of dash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.domain import Domain
from kb.propose.stemming import stem
from kb.propose.tokens import Phrases, Token, singular, tokens


class Mention(NamedTuple):
    """A concept named by the tokens ``first`` up to ``last``; ``concepts`` are all that bear the label, in order."""

    first: int
    last: int
    concepts: tuple[str, ...]


class Lexicon:
    """The labels of a domain's concepts as a token trie; the longest label at a place wins."""

    def __init__(self, domain: Domain) -> None:
        entries = [
            (label, concept.id)
            for concept in sorted(domain.concepts.values(), key=lambda concept: concept.id)
            for label in (concept.label, *concept.other_labels, *concept.hidden_labels)
        ]
        self._phrases: Phrases[str] = Phrases(((_keyed(label), concept) for label, concept in entries))

    def mentions(self, tokens: Sequence[Token]) -> tuple[Mention, ...]:
        """Return the concepts that the tokens name, in order, none within another."""
        norms = [singular(token.norm) for token in tokens]
        return tuple(Mention(*match) for match in self._phrases.all_in(norms))


def _keyed(label: str) -> str:
    return " ".join(singular(token.norm) for token in tokens(label))


class PropertyCues:
    """The labels of a domain's properties as phrases of stems: “depending on” is found by “depends on”.

    A label that begins with “is” or “are” is found without it, too.
    """

    def __init__(self, domain: Domain) -> None:
        entries: list[tuple[str, str]] = []
        for item in sorted(domain.properties.values(), key=lambda item: item.id):
            for label in (item.label, *item.words):
                words = [stem(token.norm) for token in tokens(label) if token.is_word]
                entries.append((" ".join(words), item.id))
                if len(words) > 2 and words[0] in ("is", "are", "be"):
                    entries.append((" ".join(words[1:]), item.id))
        self._phrases: Phrases[str] = Phrases(entries)

    def found(self, norms: Sequence[str]) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Return (index of the last token, properties) for each label in a sentence, the longest at each place."""
        keys = [stem(norm) if norm[:1].isalpha() else norm for norm in norms]
        return tuple((last - 1, names) for _, last, names in self._phrases.all_in(keys))
