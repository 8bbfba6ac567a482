"""The evidence summary: what the sources say on a question, how well supported, where they part, what is not known."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.model import Claim, FindingKind, Role
from kb.reports import disagreeing, method, overview, pictures, positions, supporting, unknown
from kb.reports.desk import Desk, capital, count, members, numbered, refer, strong, works_of
from kb.reports.parts import Block, Items, Jump, Line, Paragraph, Report, Section, words
from kb.reports.question import Question, answer, left_out, title
from kb.standing import Standing
from kb.wording import join as in_words

OVERVIEW = (
    "Each cell names who says so; a dash stands where nobody does. “Possible” is what a source itself leaves open, "
    "“denied” what it denies."
)
GRAVEST = 3
"""Disagreements that a summary tells before everything else."""


@dataclass(frozen=True)
class Include:
    """What a summary holds beside its fixed parts; disagreements, references and method are always in."""

    positions: bool = True
    pictures: bool = True
    silent: bool = True


def summary(desk: Desk, question: Question, style: str = "apa", include: Include | None = None) -> Report:
    """Return the summary of a question. An unknown style raises `InputError`."""
    include = include or Include()
    found = answer(desk.kb, desk.catalogue.claims.values(), question)
    standings = _standings(desk, found.claims, question)
    apart = [s.finding for s in standings if s.finding.kind is not FindingKind.FAULT]
    met = [claim for finding in apart for claim in members(desk, finding)]
    everything = {claim.id: claim for claim in (*found.claims, *met, *found.unsure)}
    desk = numbered(desk, everything.values())
    asked = title(desk.kb.domain, question)
    sections: list[Section] = []
    if include.positions:
        sections.append(_positions(desk, found.claims, question))
    sections.append(supporting.section(desk, found.claims, standings))
    sections.append(disagreeing.section(desk, standings))
    if include.silent:
        sections.append(unknown.section(desk, found.claims, found.unsure, question.sources))
    if include.pictures and found.claims:
        sections.append(Section("Pictures", tuple(pictures.figures(desk, found.claims))))
    sections.append(method.claims_section(desk))
    sections.append(method.references(desk, works_of(desk, list(everything.values())), style))
    facts = [f"Claims on the question: {len(found.claims):,}; findings on them: {len(standings):,}."]
    sections.append(method.section(desk, command(question, style), facts))
    lead = _lead(desk, found.claims, question, standings)
    return Report(
        f"What the sources say on {asked}" if asked else "What the sources say",
        desk.kb.domain.title,
        lead,
        tuple(sections),
    )


def _standings(desk: Desk, claims: Sequence[Claim], question: Question) -> list[Standing]:
    """Return the findings in which a claim of the question takes part, and those on its whole topic."""
    found = {s.finding.id: s for claim in claims for s in desk.inbox.by_claim.get(claim.id, ())}
    narrow = question.properties or question.concepts or question.scope or question.sources
    for topic in () if narrow else question.topics:
        found |= {s.finding.id: s for s in desk.inbox.by_topic.get(topic, ())}
    return disagreeing.in_order(found.values())


def _lead(desk: Desk, claims: Sequence[Claim], question: Question, standings: Sequence[Standing]) -> tuple[Block, ...]:
    made = [claim for claim in claims if claim.role is Role.CLAIM]
    documents = len({claim.source for claim in made})
    works = len({claim.source for claim in claims if claim.role is Role.EVIDENCE})
    asked = f"Question: {question.words or title(desk.kb.domain, question)}."
    if beside := left_out(desk.kb.domain, desk.catalogue.claims.values(), question):
        about = desk.kb.domain.topics[desk.kb.domain.properties[question.properties[0]].topic].label
        asked += f" It leaves out {in_words(beside)}, which the topic “{about}” has as well."
    if not claims:
        return (Paragraph(words(asked)), Paragraph(words("No source on record says anything on this question.")))
    told = f"On record are {count(len(made), 'claim')} of {count(documents, 'document')}"
    told += f" and {count(len(claims) - len(made), 'statement')} of {count(works, 'work')}." if works else "."
    how = "Documents make claims; works are what they cite. Numbers in brackets lead to the claims."
    short = Items(tuple(_short(desk, claims, question, standings)))
    return (Paragraph(words(asked)), Paragraph(words(f"{told} {how}")), Paragraph(words(strong("In short"))), short)


def _short(desk: Desk, claims: Sequence[Claim], question: Question, standings: Sequence[Standing]) -> Iterator[Line]:
    """Yield what a reader should take along: the gravest disputes, then how much is supported and by whom."""
    answers = len(positions.positions(desk, claims, question.by))
    if named := overview.first(overview.tables(desk, claims, answers)):
        yield words(f"Several sources speak of {named}; the first table says who.")
    apart = [s for s in standings if s.finding.kind in disagreeing.APART and not s.settled]
    grave = [s for s in apart if s.finding.severity == 3]
    for standing in grave[:GRAVEST]:
        finding = standing.finding
        yield words(
            Jump(capital(finding.kind), finding.id), f". {finding.sentence} ", refer(desk, members(desk, finding))
        )
    more = len(apart) - min(len(grave), GRAVEST)
    if more or not apart:
        left = count(more, "further disagreement" if grave else "disagreement") if apart else "No disagreement"
        yield words(f"{left} found" + (", listed under “Where they disagree”." if apart else "; that is no agreement."))
    made = [claim for claim in claims if claim.role is Role.CLAIM]
    if made:
        bare = sum(not claim.cites for claim in made)
        yield words(
            f"{bare:,} of {count(len(made), 'claim')} of documents {'names' if bare == 1 else 'name'} no source."
        )
    asked = [d for d in desk.kb.documents if not question.sources or d.id in question.sources]
    silent = [d.short for d in asked if d.id not in {claim.source for claim in claims}]
    if silent:
        yield words(f"{in_words(silent)} {'say' if len(silent) > 1 else 'says'} nothing on it.")


def _positions(desk: Desk, claims: Sequence[Claim], question: Question) -> Section:
    found = positions.positions(desk, claims, question.by)
    if not found:
        return Section("What the sources say", (Paragraph(words("Nothing is on record.")),))
    told = (
        "Each row is one answer, in our words after its first source. Where “also” follows, others give the same "
        "answer in other words; what their scope adds stands in brackets. The most gravely disputed come first. "
        "“None found” is no agreement: often nobody else speaks of it."
    )
    seen: list[Block] = [*overview.tables(desk, claims, len(found))]
    if seen:
        seen.insert(0, Paragraph(words(OVERVIEW)))
    answers = positions.tables(desk, found, question.by)
    return Section("What the sources say", (*seen, Paragraph(words(told)), *answers))


def command(question: Question, style: str) -> str:
    """Return the command that rebuilds a summary."""
    parts = ["kb", "summary", question.words]
    parts += [part for name in question.asked for part in ("--property", name)]
    parts += [part for d, value in question.scope for part in ("--scope", f"{d}={value}")]
    parts += [part for name in question.sources for part in ("--source", name)]
    parts += ["--style", style]
    return shlex.join(parts)
