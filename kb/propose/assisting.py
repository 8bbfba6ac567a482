"""Optional help of a language model: the same record, the same checks, and nothing without being asked for.

The page goes out in parts, the answer comes back as rows, and each row must be vouched for by page and vocabulary. What
the rules proposed stays; of two proposals of one thing at one place the rules' is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from kb.build import KnowledgeBase
from kb.model import Role
from kb.propose.answers import MOST_ROWS, UnreadableAnswerError, rows_of
from kb.propose.drafting import cited_in
from kb.propose.drafts import Draft
from kb.propose.endpoint import Endpoint, RefusedError, UnansweredError
from kb.propose.instructions import INSTRUCTION, question_for, schema_for, terms_for
from kb.propose.making import Desk, told_apart
from kb.propose.parts import MOST_PARTS, Piece, parts_of
from kb.propose.proposing import Proposer
from kb.propose.records import Proposal
from kb.propose.vouching import UnvouchedError, Voucher


class Asks(Protocol):
    """Whoever asks a model: `kb.propose.endpoint.Asker`, or a stand-in."""

    @property
    def endpoint(self) -> Endpoint:
        """Where is asked."""

    def begin(self) -> None:
        """Start the time of a page."""

    def ask(self, instruction: str, question: str, schema: Mapping[str, object]) -> str:
        """Return the text of an answer; raise `UnansweredError`."""


class Assisted(NamedTuple):
    """A draft with what the model added; ``refused`` counts rows by reason, ``unanswered`` parts by reason."""

    draft: Draft
    parts: int
    added: int
    known: int
    refused: Counter[str]
    unanswered: Counter[str]

    def told(self, model: str) -> str:
        """Return in a line what came of it, in words of ours and counts only."""
        said = f"{model}: {self.added} added, {self.known} there already"
        for what, counts in (("refused", self.refused), ("parts without an answer", self.unanswered)):
            if counts:
                reasons = "; ".join(f"{reason}: {number}" for reason, number in sorted(counts.items()))
                said += f", {counts.total()} {what} ({reasons})"
        return said


def assist(
    kb: KnowledgeBase,
    proposer: Proposer,
    draft: Draft,
    text: str,
    asker: Asks,
    advance: Callable[[int, int], None] | None = None,
) -> Assisted:
    """Ask a model about a page and add what is vouched for to its draft. Parts without an answer are counted."""
    shut = [(item.start, item.end) for item in draft.omitted]
    parts = parts_of(text, proposer.reader.lines(text, shut, draft.page.title))
    voucher = _voucher(kb, proposer, draft, text, asker.endpoint.model)
    refused: Counter[str] = Counter()
    unanswered: Counter[str] = Counter({"not sent, as the page is too long": max(0, len(parts) - MOST_PARTS)})
    found: list[tuple[Proposal, Piece]] = []
    asker.begin()
    for number, part in enumerate(parts[:MOST_PARTS], 1):
        try:
            found += _of_part(proposer, voucher, part, asker, refused)
        except RefusedError as error:
            unanswered[str(error)] += len(parts[:MOST_PARTS]) - number + 1
            break
        except (UnansweredError, UnreadableAnswerError) as error:
            unanswered[str(error)] += 1
        if advance:
            advance(number, len(parts[:MOST_PARTS]))
    merged, added = _merged(voucher.desk, draft.proposals, found)
    changed = draft.model_copy(update={"proposals": merged})
    return Assisted(changed, len(parts), added, len(found) - added, refused, +unanswered)


def _voucher(kb: KnowledgeBase, proposer: Proposer, draft: Draft, text: str, model: str) -> Voucher:
    source = draft.page.id
    scope = next((document.scope for document in kb.documents if document.id == source), ())
    sources = {work.key: Role.EVIDENCE for work in kb.works} | {d.id: Role.CLAIM for d in kb.documents}
    return Voucher(
        Desk(kb.domain, source, text, scope),
        kb.domain,
        proposer.amounts,
        sources | {source: Role.CLAIM},
        cited_in(kb, source, text, [(item.start, item.end) for item in draft.omitted]),
        model,
    )


def _of_part(
    proposer: Proposer, voucher: Voucher, part: Sequence[Piece], asker: Asks, refused: Counter[str]
) -> list[tuple[Proposal, Piece]]:
    terms = terms_for(proposer.domain, proposer.lessons, proposer.amounts, part)
    question = question_for(proposer.domain, voucher.desk.text, part, terms)
    rows = rows_of(asker.ask(INSTRUCTION, question, schema_for(terms)))
    if len(rows) > MOST_ROWS:
        refused[f"beyond the first {MOST_ROWS} of a part"] += len(rows) - MOST_ROWS
    found = []
    for row in rows[:MOST_ROWS]:
        try:
            made = voucher.proposal(row, part)
        except UnvouchedError as error:
            refused[str(error)] += 1
        else:
            piece = next(piece for piece in part if piece.start <= made.start < piece.end)
            found.append((made, piece))
    return found


def _merged(
    desk: Desk, rules: Sequence[Proposal], found: Iterable[tuple[Proposal, Piece]]
) -> tuple[tuple[Proposal, ...], int]:
    """Return all proposals in order of place, and how many are new. A bare quantity makes room for a claim of it."""
    merged = {proposal.id: proposal for proposal in rules}
    places: dict[tuple[str, str | None], list[tuple[int, int]]] = {}
    for proposal in rules:
        places.setdefault(_question(proposal), []).append((proposal.start, proposal.end))
    added = 0
    parts: Counter[str] = Counter()
    filled: set[tuple[int, int]] = set()
    for proposal, piece in found:
        spans = places.setdefault(_question(proposal), [])
        if any(start < proposal.end and proposal.start < end for start, end in spans):
            continue
        added += 1
        spans.append((proposal.start, proposal.end))
        sentence = next(line.sentence for line in reversed(piece.lines) if line.sentence.start <= proposal.start)
        apart = told_apart(desk, proposal, sentence, merged, parts)
        merged[apart.id] = apart
        if proposal.measured:
            filled.add((proposal.measured.start, proposal.measured.end))
    ordered = sorted(merged.values(), key=lambda p: (p.start, p.end, p.kind, p.id))
    return tuple(p for p in ordered if p.claim or (p.start, p.end) not in filled), added


def _question(proposal: Proposal) -> tuple[str, str | None]:
    claim = proposal.claim
    return (claim.property, claim.object) if claim else ("", None)
