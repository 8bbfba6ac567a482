"""Puts the parts of a proposed claim together and gives it its id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from kb.claims import claim_id
from kb.domain import Domain
from kb.ids import derive, sha256_text
from kb.model import (
    Bound,
    Checked,
    Citation,
    Claim,
    Interval,
    Kind,
    Locator,
    Made,
    ScopeValue,
    Vague,
    Value,
    ValueSet,
)
from kb.passages import Sentence
from kb.propose.manner import Manner
from kb.propose.records import Measured, Proposal

LONGEST = 2000  # code points of a quote


class Desk(NamedTuple):
    """What every proposal of one page needs: the domain, the page's id, its text, and what holds for all of it."""

    domain: Domain
    source: str
    text: str
    page_scope: tuple[ScopeValue, ...] = ()


class Said(NamedTuple):
    """The content of a claim before it has a place."""

    kind: Kind
    subject: str
    property: str
    words: str
    manner: Manner
    object: str | None = None
    value: Value | None = None
    than: str | None = None
    relation: str | None = None
    implied: bool = False
    scope: tuple[ScopeValue, ...] = ()
    cites: tuple[Citation, ...] = ()


def proposal(
    desk: Desk,
    said: Said,
    start: int,
    end: int,
    confidence: float,
    reasons: tuple[str, ...],
    measured: Measured | None = None,
) -> Proposal:
    """Return a proposal with a draft claim at ``start:end`` of the page."""
    quote = sha256_text(desk.text[start:end])
    raw: dict[str, Any] = {
        "subject": said.subject,
        "property": said.property,
        "object": said.object,
        "than": said.than,
    }
    claim = Claim(
        id=claim_id(desk.source, quote, raw),
        source=desk.source,
        text=said.words[:2000],
        locator=Locator(start=start, end=end, quote_sha256=quote),
        kind=said.kind,
        value=said.value,
        relation=said.relation,
        implied=said.implied,
        scope=said.scope,
        cites=said.cites,
        checked=Checked.DRAFT,
        made=Made.RULE,
        **raw,
        **said.manner._asdict(),
    )
    return Proposal(
        id="p" + claim.id[1:],
        source=desk.source,
        kind=said.kind,
        start=start,
        end=end,
        claim=claim,
        measured=measured,
        confidence=rounded(confidence),
        reasons=reasons,
    )


def bare(desk: Desk, measured: Measured, start: int, end: int) -> Proposal:
    """Return a stated quantity for which the vocabulary has no property, or none that fits well enough."""
    quote = sha256_text(desk.text[start:end])
    named = {"source": desk.source, "quote": quote, "at": str(start), "unit": measured.unit}
    return Proposal(
        id=derive("p", named),
        source=desk.source,
        kind=Kind.QUANTITY,
        start=start,
        end=end,
        measured=measured,
        confidence=Decimal(0),
        reasons=("a quantity is stated; no property of the vocabulary fits it well enough",),
    )


def rounded(share: float) -> Decimal:
    """Return a share in two places."""
    return Decimal(str(min(max(share, 0.0), 1.0))).quantize(Decimal("0.01"))


def told_apart(
    desk: Desk, proposed: Proposal, sentence: Sentence, known: Mapping[str, Proposal], parts: Counter[str]
) -> Proposal:
    """Return the proposal with an id of its own: a quote that the page repeats is widened, then numbered.

    ``parts`` keeps the last number of each, so that a sentence on a page ten thousand times is counted, not searched.
    """
    if proposed.id not in known:
        return proposed
    end = min(sentence.end, sentence.start + LONGEST)
    wider = _placed(desk, proposed, sentence.start, end, "")
    first = wider.id
    while wider.id in known:
        parts[first] += 1
        wider = _placed(desk, proposed, sentence.start, end, str(parts[first] + 1))
    return wider


def _placed(desk: Desk, proposed: Proposal, start: int, end: int, part: str) -> Proposal:
    quote = sha256_text(desk.text[start:end])
    if proposed.claim is None:
        named = {"source": desk.source, "quote": quote, "at": str(proposed.start), "part": part}
        return proposed.model_copy(update={"id": derive("p", named)})
    claim = proposed.claim
    raw = {
        "subject": claim.subject,
        "property": claim.property,
        "object": claim.object,
        "than": claim.than,
        "part": part,
    }
    locator = Locator(start=start, end=end, quote_sha256=quote)
    placed = claim.model_copy(update={"id": claim_id(desk.source, quote, raw), "locator": locator, "part": part})
    return proposed.model_copy(update={"id": "p" + placed.id[1:], "claim": placed, "start": start, "end": end})


def value_of(measured: Measured, unit: str) -> Value:
    """Return a measured quantity as the value of a claim, in a unit of the vocabulary by its symbol."""
    printed = measured.printed[:200]
    if measured.any_of:
        return ValueSet(any_of=measured.any_of, unit=unit, bound=measured.bound, printed=printed)
    if measured.low is None and measured.high is None:
        return Vague(vague=True, unit=unit, bound=measured.bound, printed=printed)
    ends = {Bound.UP_TO: measured.high, Bound.AT_LEAST: measured.low}
    bound = Bound.EXACT if measured.bound in ends and ends[measured.bound] is None else measured.bound
    return Interval(low=measured.low, high=measured.high, unit=unit, bound=bound, printed=printed)
