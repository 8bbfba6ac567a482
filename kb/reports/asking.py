"""What would settle a point of an audit: what the publisher of the source could say, name or change."""

from __future__ import annotations

from kb.designs import SPECIES
from kb.explaining import what_would_change
from kb.model import Finding, FindingKind
from kb.reports.desk import Desk, capital, members
from kb.reports.sides import parted
from kb.scopes import effective_scope
from kb.wording import join

ASK = {
    "K001": "Name the source, or say that it is the experience of the publisher.",
    "K002": "If the page has the list, send it to us: our copy may have lost it. If not, add it, or name the works.",
    "K003": "Mark in the text which reference backs which sentence.",
    "K004": "Say where the reference is used, or take it off the list.",
    "K005": "List the work once.",
    "K006": "Name the work that is described.",
    "K007": "Cite the study that found the result, not one that retells it.",
    "K008": "Correct the entry in the reference list.",
    "L001": "Name the source, or word the statement less absolutely.",
    "L002": "Say what the comparison is with.",
    "L003": "Say of whom the share is.",
    "L004": "Name the studies or experts that are meant.",
    "D001": "There is nothing to correct. Send us what the lists say, and it will be read and compared, too.",
    "V008": "Say of how many the percentage is.",
    "R001": "Change the claim to what the work says, or name the work that it rests on.",
    "R002": "Say what kind of study it is, or cite one that can carry the claim.",
    "R003": "Check the figure against the cited work.",
    "R004": "Give the range, the doubt or the condition that the cited work gives.",
    "R005": "Check the claim against the correction or the newer work.",
}
"""What the publisher of a page can do about a finding of a detector, in words to a person outside."""


def settling(desk: Desk, finding: Finding, source: str) -> str:
    """Return what the publisher of a source could say or change, so that a point is settled."""
    if finding.code in ASK:
        return ASK[finding.code]
    if finding.kind is FindingKind.POSSIBLE:
        what = join([desk.kb.domain.dimensions[name].label for name in finding.unknown])
        return f"Say which {what} is meant. If it differs between the sides, both can hold; if not, they disagree."
    definition = desk.kb.domain.properties.get(finding.property)
    if finding.kind is FindingKind.FAULT or definition is None:
        return capital(what_would_change(desk.kb, finding, desk.catalogue.claims))
    if {claim.source for claim in members(desk, finding)} == {source}:
        return "All of it stands in this source: say which holds, or of what each is said."
    some = _left_open(desk, finding, source)
    apart = f"If this is said of a certain {some} only, say which: then both may hold. Otherwise " if some else ""
    backed = _backed(desk, finding, source)
    if finding.kind is FindingKind.TENSION:
        return capital(f"{apart}say what the claim rests on{backed}, or add a word on the other view.")
    return capital(f"{apart}name what the claim rests on{backed}; if that does not bear it out, change it.")


def _backed(desk: Desk, finding: Finding, source: str) -> str:
    """Return in brackets the works that say the like, which the publisher could name; "" if it clashes with itself."""
    sides = parted(finding, source)
    works = sorted({desk.name(m.source) for m in sides.like if not desk.catalogue.is_document(m.source)})
    if sides.torn or not works:
        return ""
    return f" ({join(works)} {'says' if len(works) == 1 else 'say'} the like)"


def _left_open(desk: Desk, finding: Finding, source: str) -> str:
    """Return the dimensions of scope that the claims of a source leave open, and that could part the sides.

    Of people or of animals is asked only where a side says so: else a page for patients need not say whom it means.
    """
    definition = desk.kb.domain.properties[finding.property]
    scopes = [effective_scope(desk.kb.domain, c) for c in members(desk, finding) if c.source == source]
    said = dict(finding.scope)
    every = dict.fromkeys((*definition.separated_by, *definition.also_separated_by))
    names = [name for name in every if name != SPECIES or name in said]
    labels = [desk.kb.domain.dimensions[n].label for n in names if not all(scope.get(n) for scope in scopes)]
    return " or ".join(filter(None, [", ".join(labels[:-1]), *labels[-1:]]))
