"""What a report is built from: records by id, findings with their verdicts, and the numbers that claims get in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kb.build import KnowledgeBase
from kb.catalogue import Catalogue, Inbox
from kb.citations import citation_state
from kb.designs import DESIGNS
from kb.look import KINDS, STAKES
from kb.model import Checked, Citation, Claim, Finding, FindingKind, Role
from kb.reports.parts import Jump, Line, Words, join, words
from kb.scopes import describe_scope, effective_scope
from kb.standing import Review, Standing, StandingState

FEW = 6
"""Claims that a sentence leads to; the others are in the table of claims."""

DOUBT = {
    Checked.INFERRED: "inferred from the source",
    Checked.UNVERIFIED: "not checked at the source",
}


@dataclass(frozen=True)
class Desk:
    """The records and the review that a report tells of; ``numbers`` are those of its table of claims."""

    catalogue: Catalogue
    inbox: Inbox
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge base."""
        return self.catalogue.kb

    @cached_property
    def documents(self) -> list[str]:
        """The ids of the documents."""
        return [document.id for document in self.kb.documents]

    def name(self, source: str) -> str:
        """Return the short name of a source."""
        return self.kb.names.get(source, source)

    def topic(self, claim: Claim) -> str:
        """Return the topic of a claim."""
        return self.catalogue.topic(claim)


def open_desk(kb: KnowledgeBase, review: Review) -> Desk:
    """Return the desk of a build, no claim numbered yet."""
    return Desk(Catalogue(kb), Inbox(review))


def numbered(desk: Desk, claims: Iterable[Claim]) -> Desk:
    """Return the desk with numbers for ``claims``: documents first, each in order of place."""
    wanted = {claim.id for claim in claims}
    ordered = [name for name in desk.catalogue.claims if name in wanted]
    return Desk(desk.catalogue, desk.inbox, {name: number for number, name in enumerate(ordered, 1)})


def refer(desk: Desk, claims: Iterable[Claim | str]) -> Line:
    """Return the numbers of claims in brackets, each leading to its row; of many the first, and how many more."""
    ids = [claim if isinstance(claim, str) else claim.id for claim in claims]
    known = sorted({name for name in ids if name in desk.numbers}, key=desk.numbers.__getitem__)
    shown: list[Line] = [(Jump(f"[{desk.numbers[name]}]", name),) for name in known[:FEW]]
    more = len(known) - FEW
    return words(join(shown, " "), f" and {more} more" if more > 0 else "")


def work_link(desk: Desk, key: str) -> Line:
    """Return the name of a work, leading to its entry in the bibliography."""
    return (Jump(desk.name(key), f"work-{key}"),)


def source_line(desk: Desk, source: str) -> Line:
    """Return the name of a source; a work leads to its entry."""
    return work_link(desk, source) if source in desk.catalogue.works else words(desk.name(source))


def design(desk: Desk, key: str) -> str:
    """Return the design of a work in words, without an article."""
    known = desk.catalogue.works[key].design
    if known is None:
        return "design not recorded"
    return "design not classed" if known == "other" else DESIGNS[known].label.split(" ", 1)[1]


def study(desk: Desk, key: str) -> str:
    """Return design, size and population of a work in words."""
    work = desk.catalogue.works.get(key)
    if work is None:
        return ""
    size = f"n = {work.sample_size:,}" if work.sample_size else ""
    return ", ".join(filter(None, [design(desk, key), size]))


def cited(desk: Desk, claim: Claim) -> Line:
    """Return what a claim rests on: the works and on whose word, or that no source is named."""
    if claim.role is Role.EVIDENCE:
        return words("; ".join(filter(None, [study(desk, claim.source), DOUBT.get(claim.checked, "")])))
    if not claim.cites:
        return words("no source named")
    return join([_citation(desk, link) for link in claim.cites], "; ")


def _citation(desk: Desk, link: Citation) -> Line:
    if link.work is None:
        return words(f"marker {link.marker}, whose list is lost")
    state = citation_state(link)
    note = {"described": ", described, not cited", "ours": ", our inference"}.get(state, "")
    told = study(desk, link.work)
    return words(work_link(desk, link.work), f" ({told}{note})")


def scope_words(desk: Desk, claim: Claim) -> str:
    """Return the scope of a claim in words, "not stated" where nothing is known."""
    scope = effective_scope(desk.kb.domain, claim)
    return "; ".join(describe_scope(desk.kb.domain, name, values) for name, values in scope.items()) or "not stated"


def kind_words(finding: Finding) -> str:
    """Return kind and severity of a finding in words; what scope explains misleads nobody."""
    look = KINDS[finding.kind]
    stake = "" if finding.kind is FindingKind.EXPLAINED else f", {STAKES[finding.severity]}"
    return f"{look.glyph} {look.word}{stake}"


def verdict_words(standing: Standing) -> str:
    """Return what people decided about a finding: who, when and why."""
    verdict = standing.verdict
    if verdict is None:
        return "Nobody has judged it yet."
    judged = f"{verdict.verdict} by {verdict.by} on {verdict.at[:10]}: {verdict.reason.rstrip('.')}"
    if standing.state is StandingState.REOPENED:
        return f"Open again, because {standing.because}. Before, it was judged {judged}."
    return f"Judged {judged}."


def members(desk: Desk, finding: Finding) -> list[Claim]:
    """Return the claims that take part in a finding."""
    found = desk.catalogue.claims
    return [found[member.claim] for member in finding.members if member.claim in found]


def works_of(desk: Desk, claims: Iterable[Claim]) -> list[str]:
    """Return the works that claims cite or are findings of, in order of name."""
    keys = {link.work for claim in claims for link in claim.cites if link.work}
    keys |= {claim.source for claim in claims if claim.role is Role.EVIDENCE}
    return sorted(keys & set(desk.catalogue.works), key=lambda key: (desk.name(key).casefold(), key))


def count(number: int, noun: str, more: str = "") -> str:
    """Return a number with its noun: *1 claim*, *2 claims*."""
    return f"{number:,} {noun if number == 1 else more or noun + 's'}"


def capital(text: str) -> str:
    """Return text with its first letter large."""
    return text[:1].upper() + text[1:]


def strong(text: str) -> Line:
    """Return text that stands out."""
    return (Words(text, "strong"),)


def code(text: str) -> Line:
    """Return an identifier, hash or command."""
    return (Words(text, "code"),)


def cut(lines: Sequence[Line], most: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the first lines and the rest."""
    return tuple(lines[:most]), tuple(lines[most:])
