"""The distinct statements on a property: what is said, by whom, how it is supported, and what stands against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.catalogue import KIND_ORDER
from kb.model import Attribution, Certainty, Citation, Claim, Duty, FindingKind, Polarity, Role
from kb.scopes import describe_scope, effective_scope
from kb.stances import effective_polarity
from kb.ui import url
from kb.ui.components.card import CHECKED_WORDS, design_words, glyph
from kb.ui.components.lines import claim_link, concept_label
from kb.ui.desk import Desk
from kb.ui.markup import Child, Html, join, tag

PAGE = 25
HOLDERS = 8
DUTY = {
    Duty.NEVER: "says never",
    Duty.CAUTION: "asks for caution",
    Duty.MAY: "allows it",
    Duty.RECOMMENDED: "recommends it",
    Duty.REQUIRED: "requires it",
}
CERTAINTY = {
    Certainty.PROBABLE: "called likely",
    Certainty.POSSIBLE: "called possible",
    Certainty.DENIED: "denied",
}
ATTRIBUTION = {
    Attribution.REPORTED: "told as the view of others",
    Attribution.SUPERSEDED: "told as an older view",
    Attribution.HYPOTHETICAL: "only supposed",
}


@dataclass(frozen=True)
class Position:
    """One statement with the claims that make it, and the strongest finding that stands against any of them."""

    subject: str
    object: str | None
    negated: bool
    claims: tuple[Claim, ...]
    worst: FindingKind | None

    @property
    def holders(self) -> int:
        """How many sources make it."""
        return len({claim.source for claim in self.claims})


def positions(desk: Desk, claims: Iterable[Claim]) -> list[Position]:
    """Return the distinct statements, the most contested first, then those of most sources."""
    found: dict[tuple[str, str | None, bool], list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.subject, claim.object, effective_polarity(claim) is Polarity.NEGATED].append(claim)
    made = [Position(*key, tuple(members), _worst(desk, members)) for key, members in found.items()]
    return sorted(made, key=lambda p: (_rank(p.worst), -p.holders, title(desk, p), p.negated))


def _worst(desk: Desk, claims: Sequence[Claim]) -> FindingKind | None:
    kinds = [kind for claim in claims if (kind := desk.inbox.worst.get(claim.id)) is not None]
    return min(kinds, key=KIND_ORDER.index, default=None)


def _rank(kind: FindingKind | None) -> int:
    return len(KIND_ORDER) if kind is None else KIND_ORDER.index(kind)


def build(desk: Desk, shown: Sequence[Position]) -> Html:
    """Return positions as a list."""
    return tag("ul", *(_position(desk, position) for position in shown), cls="kb-t-positions")


def title(desk: Desk, position: Position) -> str:
    """Return what a position says, from its parts."""
    kb = desk.kb
    label = kb.domain.properties[position.claims[0].property].label
    parts = [concept_label(kb, position.subject), label, concept_label(kb, position.object) if position.object else ""]
    return " · ".join(filter(None, parts)) + (": denied" if position.negated else "")


def _position(desk: Desk, position: Position) -> Html:
    holders = [_holder(desk, claim) for claim in position.claims]
    more = len(holders) - HOLDERS
    folded = tag("details", tag("summary", f"{more} more"), tag("ul", *holders[HOLDERS:])) if more > 0 else None
    count = position.holders
    return tag(
        "li",
        tag(
            "div",
            glyph(position.worst) if position.worst else None,
            " " if position.worst else None,
            tag("b", title(desk, position)),
            tag("span", f" {count} source{'s' if count != 1 else ''}", cls="kb-muted kb-small"),
        ),
        tag("ul", *holders[:HOLDERS]),
        folded,
        cls=f"kb-t-position kb-{position.worst}" if position.worst else "kb-t-position",
    )


def _holder(desk: Desk, claim: Claim) -> Html:
    words = [CERTAINTY.get(claim.certainty), DUTY.get(claim.duty), ATTRIBUTION.get(claim.attribution)]
    scope = effective_scope(desk.kb.domain, claim)
    words += [describe_scope(desk.kb.domain, name, values) for name, values in scope.items()]
    note = " · ".join(word for word in words if word)
    name = desk.kb.names.get(claim.source, claim.source)
    return tag(
        "li",
        tag("a", name, href=claim_link(claim)),
        ": ",
        claim.text,
        tag("span", f" {note}", cls="kb-t-note") if note else None,
        tag("div", *support(desk, claim), cls="kb-muted kb-small"),
    )


def support(desk: Desk, claim: Claim) -> list[Child]:
    """Return in words what a claim rests on, with design and size of each work."""
    if claim.role is Role.EVIDENCE:
        work = desk.catalogue.works.get(claim.source)
        words = [design_words(work) if work else "", CHECKED_WORDS.get(claim.checked, "")]
        return ["; ".join(filter(None, words)) or None]
    if not claim.cites:
        return ["no source named"]
    parts = [_citation(desk, citation) for citation in claim.cites]
    return ["rests on ", join(parts, "; ")]


def _citation(desk: Desk, citation: Citation) -> Html:
    if citation.work is None:
        return tag("span", f"{citation.marker} (its list is lost, so the work cannot be told)")
    work = desk.catalogue.works.get(citation.work)
    basis = {"marker": "", "described": "identified by its description"}.get(
        citation.basis, f"our guess, {citation.confidence:g}: the document does not say so"
    )
    note = ", ".join(filter(None, [design_words(work) if work else "", basis]))
    name = desk.kb.names.get(citation.work, citation.work)
    link = tag("a", name, href=url.to("works", work=citation.work))
    return join([link, f" ({note})" if note else None])
