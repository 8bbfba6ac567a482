"""The evidence summary: what the sources say on a question, how well supported, where they part, what is not known."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from kb.model import Claim, FindingKind, Role
from kb.reports import disagreeing, method, pictures, positions, supporting, unknown
from kb.reports.desk import Desk, count, members, numbered, works_of
from kb.reports.parts import Block, Paragraph, Report, Section, words
from kb.reports.question import Question, answer, title
from kb.standing import Standing


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
    lead = _lead(desk, found.claims, question)
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


def _lead(desk: Desk, claims: Sequence[Claim], question: Question) -> tuple[Block, ...]:
    made = [claim for claim in claims if claim.role is Role.CLAIM]
    documents = len({claim.source for claim in made})
    works = len({claim.source for claim in claims if claim.role is Role.EVIDENCE})
    asked = f"Question: {question.words or title(desk.kb.domain, question)}."
    if not claims:
        return (Paragraph(words(asked)), Paragraph(words("No source on record says anything on this question.")))
    told = f"It rests on {count(len(made), 'claim')} of {count(documents, 'document')}"
    told += f" and {count(len(claims) - len(made), 'recorded fact')} of {count(works, 'work')}."
    how = "Documents make claims; works are what they cite. Numbers in brackets lead to the claims."
    return (Paragraph(words(asked)), Paragraph(words(f"{told} {how}")))


def _positions(desk: Desk, claims: Sequence[Claim], question: Question) -> Section:
    found = positions.positions(desk, claims, question.by)
    if not found:
        return Section("What the sources say", (Paragraph(words("Nothing is on record.")),))
    told = (
        "Each row is one answer in one scope, worded as its first source words it; the answers that are most gravely "
        "disputed come first. “None found” is no agreement: often nobody else speaks of it."
    )
    return Section("What the sources say", (Paragraph(words(told)), *positions.tables(desk, found, question.by)))


def command(question: Question, style: str) -> str:
    """Return the command that rebuilds a summary."""
    parts = ["kb", "summary", question.words]
    parts += [part for name in question.asked for part in ("--property", name)]
    parts += [part for d, value in question.scope for part in ("--scope", f"{d}={value}")]
    parts += [part for name in question.sources for part in ("--source", name)]
    parts += ["--style", style]
    return shlex.join(parts)
