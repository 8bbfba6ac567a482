"""The words of a source in a report: whole sentences, so that no fragment is read without what stands around it."""

from __future__ import annotations

from collections.abc import Sequence

from kb.build import KnowledgeBase
from kb.coverage import sentence_at
from kb.model import Member

LONGEST = 600
"""Characters of a sentence that is printed whole; of a longer one the words that bear the claim."""


def quoted(kb: KnowledgeBase, members: Sequence[Member]) -> list[str]:
    """Return the sentences in which claims stand, each once, in order of ``members``."""
    found: dict[str, None] = {}
    for member in members:
        text = kb.texts.get(member.source)
        if text and member.start is not None and member.end is not None:
            start, end = sentence_at(text, member.start, member.end)
            whole = end - start <= LONGEST
            found[text[start:end] if whole else text[member.start : member.end]] = None
    return list(found)
