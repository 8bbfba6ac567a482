"""A claim to start editing from, where a quantity is stated that no property of the vocabulary fits."""

from __future__ import annotations

from kb.claims import claim_id
from kb.domain import Domain
from kb.errors import InputError, Problem
from kb.ids import sha256_text
from kb.model import Checked, Claim, Kind, Locator, Made
from kb.propose.making import value_of
from kb.propose.records import Proposal


def blank_claim(domain: Domain, source: str, proposal: Proposal, text: str) -> Claim:
    """Return a draft claim with the first property of the vocabulary that takes such a unit, and the first concept.

    Raises `InputError` where the vocabulary has no property for the unit.
    """
    measured = proposal.measured
    unit = domain.units.get(measured.unit) if measured else None
    fitting = [p.id for p in domain.properties.values() if unit and (u := domain.unit_of(p.id)) and u.kind == unit.kind]
    if measured is None or not fitting:
        what = measured.unit if measured else "such a statement"
        remedy = "add a property (and its unit) to vocabulary.ttl, then propose the page again"
        raise InputError([Problem(proposal.id, 0, f"no property of the vocabulary takes {what}", remedy)])
    quote = sha256_text(text[proposal.start : proposal.end])
    raw = {"subject": min(domain.concepts), "property": min(fitting)}
    return Claim(
        id=claim_id(source, quote, raw),
        source=source,
        text="Say in your own words what the page claims.",
        kind=Kind.QUANTITY,
        value=value_of(measured, measured.unit),
        locator=Locator(start=proposal.start, end=proposal.end, quote_sha256=quote),
        checked=Checked.DRAFT,
        made=Made.RULE,
        **raw,
    )
