"""Proposals on screen: the page with each of them marked by what was decided, and the card of the one in hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from kb.build import KnowledgeBase
from kb.model import Certainty, Citation, Claim, Duty, Polarity, Strength
from kb.passages import Span, blocks
from kb.propose.drafts import Draft
from kb.propose.records import Proposal
from kb.quantities import shown
from kb.scopes import describe_scope
from kb.ui.components import reader
from kb.ui.components.scope_table import BASIS
from kb.ui.markup import Child, Html, join, tag
from kb.wording import claim_value

TO_DO = "proposed"
GLYPHS = {"accepted": "✓", "rejected": "⊘", "skipped": "»"}
WORDS = {TO_DO: "to do", "accepted": "accepted", "rejected": "rejected", "skipped": "skipped"}
AROUND = 90  # code points of the page shown before and behind the place


def state_of(draft: Draft, proposal: str) -> str:
    """Return what was decided on a proposal, `TO_DO` if nothing was."""
    decision = draft.decided().get(proposal)
    return decision.state if decision else TO_DO


def page(text: str, draft: Draft, proposals: Sequence[Proposal], focus: str) -> reader.Payload:
    """Return what the reader is given: the text with the proposals marked, what was left out dimmed."""
    decided = {name: decision.state for name, decision in draft.decided().items()}
    marks = [reader.Mark(each.id, each.start, each.end, None) for each in proposals]
    omitted: list[Span] = [(span.start, span.end) for span in draft.omitted]
    headings = [(block.start, block.end) for block in blocks(text) if block.kind == "heading"]
    pieces = [_piece(piece, decided, focus) for piece in reader.segments(text, marks, omitted, headings)]
    notes = [_note(each) for each in proposals]
    given: reader.Payload = {"pieces": pieces, "notes": notes}
    given["version"] = hashlib.sha256(json.dumps(given).encode()).hexdigest()[:16]
    return given | {"showUnread": False, "focus": focus, "boxed": True}


def _piece(piece: reader.Segment, decided: Mapping[str, str], focus: str) -> reader.Payload:
    ended = list(dict.fromkeys(state for name in piece.ends if (state := decided.get(name))))
    first = focus if focus in piece.claims else piece.claims[0] if piece.claims else ""
    look = decided.get(first, TO_DO) if first else ""
    given = {
        "text": piece.text,
        "claims": list(piece.claims),
        "look": look,
        "word": f"proposal, {WORDS[look]}" if look else "",
        "ends": [{"look": state, "glyph": GLYPHS[state]} for state in ended],
        "heading": piece.heading,
        "omitted": piece.unread,
    }
    return {name: value for name, value in given.items() if value}


def _note(proposal: Proposal) -> reader.Payload:
    """Return a note that is never shown: it ties the marks of a proposal to its tick on the strip."""
    return {"claim": proposal.id, "look": TO_DO, "glyph": "", "word": "", "text": "", "cited": "", "links": []}


# The card


def card(kb: KnowledgeBase, proposal: Proposal, state: str, accepted: Claim | None, text: str) -> Html:
    """Return what a proposal claims and what it rests on; an accepted one as it was accepted, edits and all."""
    claim = accepted or proposal.claim
    glyph = f"{GLYPHS[state]} " if state in GLYPHS else ""
    told = [f"{glyph}{WORDS[state]}", proposal.kind.value, f"confidence {proposal.confidence:.2f}"]
    return tag(
        "div",
        tag("p", " · ".join(told), cls="kb-muted kb-small"),
        tag("p", claim.text if claim else _bare(proposal), cls="kb-says"),
        _quote(proposal, text),
        _fields(kb, claim) if claim else None,
        tag("div", tag("strong", "Why it is proposed"), cls="kb-small"),
        tag("ul", *(tag("li", reason) for reason in proposal.reasons), cls="kb-small"),
        cls="kb-proposal",
        data_proposal=proposal.id,
        data_state=state,
    )


def _bare(proposal: Proposal) -> str:
    printed = proposal.measured.printed if proposal.measured else ""
    return f"Quantity “{printed}”: no property of the vocabulary fits well enough. Edit it to name one, or reject it."


def _quote(proposal: Proposal, text: str) -> Html | None:
    """Return the words of the page, with a little of what stands round them."""
    here = text[proposal.start : proposal.end]
    if not here:
        return None
    before = text[max(0, proposal.start - AROUND) : proposal.start].replace("\n", " ")
    more = ["…"] if proposal.end + AROUND < len(text) else []
    behind = text[proposal.end : proposal.end + AROUND].replace("\n", " ")
    return tag("blockquote", *(["…"] if proposal.start > AROUND else []), before, tag("mark", here), behind, *more)


def _fields(kb: KnowledgeBase, claim: Claim) -> Html:
    label = kb.domain.label
    definition = kb.domain.properties.get(claim.property)
    rows: list[tuple[str, Child]] = [
        ("property", definition.label if definition else claim.property),
        ("subject", label(claim.subject)),
        ("object", label(claim.object) if claim.object else ""),
        ("value", claim_value(kb.domain, claim)),
        ("relation", f"{claim.relation.value} than {label(claim.than)}" if claim.relation and claim.than else ""),
        ("manner", ", ".join(_manner(claim))),
        ("cites", "; ".join(_cited(kb, citation) for citation in claim.cites)),
        ("scope", _scope(kb, claim)),
    ]
    return tag("dl", *(part for name, told in rows if told for part in (tag("dt", name), tag("dd", told))))


def _manner(claim: Claim) -> list[str]:
    """Return how a claim is put, where that is not the usual way."""
    return [
        *(["negated"] if claim.polarity is Polarity.NEGATED else []),
        *([claim.certainty.value] if claim.certainty is not Certainty.ASSERTED else []),
        *([f"duty: {claim.duty.value}"] if claim.duty is not Duty.NONE else []),
        *([claim.strength.value] if claim.strength is not Strength.PLAIN else []),
        *([claim.attribution.value] if claim.attribution.value != "author" else []),
    ]


def _cited(kb: KnowledgeBase, citation: Citation) -> str:
    name = kb.names.get(citation.work, citation.work) if citation.work else "a work that cannot be told"
    how = f"inferred, {shown(citation.confidence)}" if citation.basis == "inferred" else citation.basis
    return f"{name} ({' '.join(filter(None, [how, citation.marker]))})"


def _scope(kb: KnowledgeBase, claim: Claim) -> Html | None:
    """Return what the claim is about, each entry with its state in words; the rest is not stated."""
    lines = []
    for entry in claim.scope:
        dimension = kb.domain.dimensions[entry.dimension]
        value = describe_scope(kb.domain, entry.dimension, entry.values)
        state = " ".join(filter(None, [entry.state.value, BASIS.get(entry.basis, entry.basis)]))
        lines.append(tag("div", f"{dimension.label}: {value} ", tag("span", f"({state})", cls="kb-muted kb-small")))
    return join(lines) if lines else None
