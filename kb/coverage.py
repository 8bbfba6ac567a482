"""What was read and compared: topics by document, and the sentences from which no claim was taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from kb.build import KnowledgeBase
from kb.model import Document, Finding, FindingKind, Record
from kb.passages import blocks, sentences

State = Literal["disagrees", "stated", "silent"]
DISAGREE = (FindingKind.CONTRADICTION, FindingKind.DISCREPANCY, FindingKind.TENSION)
SKIPPED = ("heading", "reference")


class Cell(Record):
    """What one document says on one topic: ``claims`` on it, and ``findings`` in which they disagree with anything.

    ``lost`` counts the lists that the capture of the document lost: its silence may be theirs.
    """

    topic: str
    document: str
    state: State
    claims: int
    findings: int
    lost: int


class Unread(Record):
    """A sentence (code points ``start`` to ``end``) that no claim touches."""

    document: str
    start: int
    end: int
    text: str


def matrix(kb: KnowledgeBase, findings: Iterable[Finding]) -> list[Cell]:
    """Return a cell for every topic and document, in order of topic and document."""
    claims = Counter((kb.domain.properties[c.property].topic, c.source) for c in kb.claims)
    opposed: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        if finding.kind in DISAGREE:
            opposed.update((finding.topic, source) for source in {member.source for member in finding.members})
    topics = sorted(kb.domain.topics.values(), key=lambda topic: (topic.order, topic.id))
    return [
        Cell(
            topic=topic.id,
            document=document.id,
            state=_state(claims[topic.id, document.id], opposed[topic.id, document.id]),
            claims=claims[topic.id, document.id],
            findings=opposed[topic.id, document.id],
            lost=len(document.damage),
        )
        for topic in topics
        for document in kb.documents
    ]


def _state(claims: int, findings: int) -> State:
    if findings:
        return "disagrees"
    return "stated" if claims else "silent"


def unread_sentences(kb: KnowledgeBase, document: Document) -> list[Unread]:
    """Return the sentences of an attached text that no claim touches; headings and references are not counted."""
    text = kb.texts[document.id]
    located = [c.locator for c in kb.claims if c.source == document.id and c.locator]
    read = sorted((at.start, at.end) for at in located)
    return [
        Unread(document=document.id, start=start, end=end, text=" ".join(text[start:end].split()))
        for start, end in _sentences(text)
        if not any(first < end and start < last for first, last in read)
    ]


def sentences_read(kb: KnowledgeBase, document: Document) -> tuple[int, int]:
    """Return how many sentences of an attached text a claim touches, and how many there are."""
    total = len(_sentences(kb.texts[document.id]))
    return total - len(unread_sentences(kb, document)), total


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentences that hold ``start`` to ``end`` of a text begin and end."""
    touched = [(a, b) for a, b in _sentences(text) if a < end and start < b]
    return min([start, *(a for a, _ in touched)]), max([end, *(b for _, b in touched)])


def _sentences(text: str) -> list[tuple[int, int]]:
    parts = blocks(text)
    return [(s.start, s.end) for s in sentences(text, parts) if parts[s.block].kind not in SKIPPED]
