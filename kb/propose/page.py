"""A page read for proposing: its sentences with tokens, concepts and quantities, and the context each stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from kb.domain import Domain
from kb.passages import Block, Sentence, blocks, sentences
from kb.propose.lexicon import Lexicon, Mention, PropertyCues
from kb.propose.measure import Measure
from kb.propose.measures import measures
from kb.propose.tokens import Token, tokens
from kb.propose.units import Units

Span = tuple[int, int]
Basis = Literal["heading", "list-lead", "table-header", "earlier-sentence", "title", "page"]
MOST_CELLS = 40  # of a table's header
LONGEST = 2000  # code points of a sentence that are read; longer ones are cut there


class Context(NamedTuple):
    """A text above or before a sentence whose concepts the sentence inherits, nearest first."""

    basis: Basis
    start: int
    end: int
    concepts: tuple[str, ...]
    cues: tuple[str, ...] = ()


class Line(NamedTuple):
    """A sentence with what was found in it; ``contexts`` are ordered from the nearest to the farthest."""

    sentence: Sentence
    block: Block
    tokens: tuple[Token, ...]
    norms: tuple[str, ...]
    mentions: tuple[Mention, ...]
    measures: tuple[Measure, ...]
    contexts: tuple[Context, ...]
    cues: tuple[tuple[int, tuple[str, ...]], ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the indices of the tokens that lie in ``start:end``."""
        inside = [i for i, token in enumerate(self.tokens) if token.start < end and start < token.end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


class Reader:
    """Reads pages of one domain; holds the tries that all of them share."""

    def __init__(self, domain: Domain, units: Units) -> None:
        self.domain = domain
        self.units = units
        self.lexicon = Lexicon(domain)
        self.cues = PropertyCues(domain)

    def lines(self, text: str, excluded: Iterable[Span] = (), title: str = "") -> list[Line]:
        """Return the sentences of a page outside its reference list and the ``excluded`` spans, in order."""
        parts = blocks(text)
        shut = frozenset(touched(parts, excluded))
        above = _headings(parts)
        headings = [i for i, block in enumerate(parts) if block.kind == "heading"]
        named = {i: self._context("heading", text, parts[i].start, parts[i].end) for i in headings}
        shared: dict[Span, Context] = {}
        title_concepts = self._concepts(title, 0, len(title))
        found: list[Line] = []
        for sentence in sentences(text, parts):
            block = parts[sentence.block]
            if sentence.block in shut or block.kind == "reference":
                continue
            end = min(sentence.end, sentence.start + LONGEST)
            words = tuple(tokens(text, sentence.start, end))
            previous = found[-1] if found and found[-1].sentence.block == sentence.block else None
            contexts = self._contexts(text, parts, sentence, previous, above, named, shared)
            if title_concepts:
                contexts = (*contexts, Context("title", 0, 0, title_concepts))
            found.append(
                Line(
                    sentence,
                    block,
                    words,
                    tuple(word.norm for word in words),
                    self.lexicon.mentions(words),
                    measures(text, sentence.start, end, self.units),
                    contexts,
                    self.cues.found([word.norm for word in words]),
                )
            )
        return found

    def _concepts(self, text: str, start: int, end: int) -> tuple[str, ...]:
        mentions = self.lexicon.mentions(tokens(text, start, end))
        return tuple(dict.fromkeys(concept for mention in mentions for concept in mention.concepts))

    def _context(self, basis: Basis, text: str, start: int, end: int) -> Context:
        stop = min(end, start + LONGEST)
        cues = self.cues.found([token.norm for token in tokens(text, start, stop)])
        return Context(
            basis, start, end, self._concepts(text, start, stop), tuple(n for _, names in cues for n in names)
        )

    def _contexts(
        self,
        text: str,
        parts: tuple[Block, ...],
        sentence: Sentence,
        previous: Line | None,
        above: Mapping[int, tuple[int, ...]],
        named: Mapping[int, Context],
        shared: dict[Span, Context],
    ) -> tuple[Context, ...]:
        block = parts[sentence.block]
        found: list[Context] = []
        if previous is not None:
            concepts = tuple(dict.fromkeys(c for mention in previous.mentions for c in mention.concepts))
            found.append(Context("earlier-sentence", previous.sentence.start, previous.sentence.end, concepts))
        for span in block.header[:MOST_CELLS]:
            if span not in shared:
                shared[span] = self._context("table-header", text, *span)
            found.append(shared[span])
        if block.lead_in is not None and parts[block.lead_in].kind != "heading":
            lead = parts[block.lead_in]
            span = (lead.start, lead.end)
            if span not in shared:
                shared[span] = self._context("list-lead", text, *span)
            found.append(shared[span])
        for index in above.get(sentence.block, ()):
            found.append(named[index])
        return tuple(found)


def touched(parts: tuple[Block, ...], excluded: Iterable[Span]) -> Iterable[int]:
    """Return the indices of the blocks that lie in an excluded span; both are in order of place."""
    spans = sorted(excluded)
    at = 0
    for index, block in enumerate(parts):
        while at < len(spans) and spans[at][1] <= block.start:
            at += 1
        if at < len(spans) and spans[at][0] < block.end:
            yield index


def _headings(parts: tuple[Block, ...]) -> Mapping[int, tuple[int, ...]]:
    """Return for each block the headings above it, nearest first: one of each level, those without a mark last."""
    found: dict[int, tuple[int, ...]] = {}
    stack: list[int] = []
    for index, block in enumerate(parts):
        if block.kind == "heading":
            level = block.level or 6
            stack = [i for i in stack if (parts[i].level or 6) < level]
            found[index] = tuple(reversed(stack))
            stack.append(index)
        else:
            found[index] = tuple(reversed(stack))
    return found
