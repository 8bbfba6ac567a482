"""How well the claims are supported: the works behind them, and the claims that name no source."""

from __future__ import annotations

from collections.abc import Sequence

from kb.citations import citation_state
from kb.model import Claim, FindingKind, Role
from kb.reports.desk import Desk, count, design, refer, work_link, works_of
from kb.reports.disagreeing import in_order, listed
from kb.reports.parts import Block, Items, Line, Paragraph, Section, Table, join, words
from kb.standing import Standing
from kb.wording import join as in_words

COLUMNS = ("Work", "Design", "People", "Studied", "Who leans on it")
TOLD = {"printed": "cited", "described": "described", "ours": "our inference"}


def section(desk: Desk, claims: Sequence[Claim], standings: Sequence[Standing]) -> Section:
    """Return the section on support: works with design, size and population, then what names no source."""
    made = [claim for claim in claims if claim.role is Role.CLAIM]
    works = works_of(desk, claims)
    blocks: list[Block] = [Paragraph(words(_told(made, works)))]
    if works:
        table = Table("The works behind the claims", COLUMNS, tuple(_work(desk, key, claims) for key in works))
        blocks.append(table)
    uncited = _uncited(desk, made)
    if uncited:
        blocks += [Paragraph(words("Claims that name no source:")), Items(tuple(uncited))]
    faults = in_order(s for s in standings if s.finding.kind is FindingKind.FAULT and not s.settled)
    told = Paragraph(words("These are of whole pages; the numbers lead to the claims that belong to this question."))
    sections = (Section("Faults of citing and wording", (told, *listed(desk, faults))),) if faults else ()
    return Section("How well it is supported", tuple(blocks), sections)


def _told(made: Sequence[Claim], works: Sequence[str]) -> str:
    if not made:
        return f"No document makes a claim here; what follows was found by {count(len(works), 'work')}."
    stated = sum(any(link.work and link.basis != "inferred" for link in claim.cites) for claim in made)
    ours = sum(bool(claim.cites) and all(link.basis == "inferred" for link in claim.cites) for claim in made)
    lost = sum(any(link.work is None for link in claim.cites) for claim in made)
    bare = sum(not claim.cites for claim in made)
    parts = [
        (stated, "names or describes the work behind it", "name or describe the work behind them"),
        (ours, "is tied to a work by our inference only", "are tied to a work by our inference only"),
        (lost, "carries a marker whose list is lost", "carry a marker whose list is lost"),
        (bare, "names no source", "name no source"),
    ]
    told = [f"{number:,} {one if number == 1 else many}" for number, one, many in parts if number]
    none = "" if stated else ", none of which names or describes the work behind it"
    return f"Documents make {count(len(made), 'claim')} here{none}: {in_words(told)}."


def _work(desk: Desk, key: str, claims: Sequence[Claim]) -> tuple[Line, ...]:
    work = desk.catalogue.works[key]
    notes = [
        "an erratum was published" if work.erratum else "",
        "retracted" if work.retracted else "",
    ]
    notes += [f"superseded by {desk.name(work.superseded_by)}" if work.superseded_by else ""]
    told = "; ".join(filter(None, [design(desk, key), *notes]))
    studied = "; ".join(filter(None, [work.population, work.species])) or "not recorded"
    size = f"{work.sample_size:,}" if work.sample_size else "not recorded"
    return (work_link(desk, key), words(told), words(size), words(studied), _users(desk, key, claims))


def _users(desk: Desk, key: str, claims: Sequence[Claim]) -> Line:
    """Return which sources lean on a work and on whose word, then what it is recorded to have found."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        for link in claim.cites:
            if link.work == key:
                found.setdefault((claim.source, TOLD[citation_state(link)]), []).append(claim)
    lines = [words(f"{desk.name(source)} ({how}) ", refer(desk, those)) for (source, how), those in found.items()]
    own = [claim for claim in claims if claim.source == key]
    if own:
        lines.append(words("its own statements ", refer(desk, own)))
    return join(lines, "; ")


def _uncited(desk: Desk, made: Sequence[Claim]) -> list[Line]:
    lines = []
    for document in desk.documents:
        those = [claim for claim in made if claim.source == document]
        bare = [claim for claim in those if not claim.cites]
        if bare:
            of = "its only claim" if len(those) == 1 else f"{len(bare)} of {len(those)} claims"
            lines.append(words(f"{desk.name(document)}: {of} ", refer(desk, bare)))
    return lines
