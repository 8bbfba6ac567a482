"""Where sources disagree, in what kind and how gravely, what scope explains, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.catalogue import KIND_ORDER
from kb.model import FindingKind
from kb.reports.desk import Desk, code, count, kind_words, members, refer, strong, verdict_words
from kb.reports.parts import Block, Items, Line, Paragraph, Section, words
from kb.standing import Standing

APART = (FindingKind.CONTRADICTION, FindingKind.DISCREPANCY, FindingKind.TENSION, FindingKind.POSSIBLE)
MOST = 200
"""Findings that a list holds; a reader of more is led to the command line."""

MEANING = {
    FindingKind.CONTRADICTION: "cannot both hold as recorded",
    FindingKind.DISCREPANCY: "different figures for the same thing",
    FindingKind.TENSION: "framing, certainty or an unnamed comparison differ",
    FindingKind.POSSIBLE: "a disagreement only if both mean the same; a source does not say",
}


def section(desk: Desk, standings: Sequence[Standing]) -> Section:
    """Return the section on disagreement; nothing in it can be left out by an option."""
    left = [s for s in standings if not s.settled]
    apart = in_order(s for s in left if s.finding.kind in APART)
    explained = in_order(s for s in left if s.finding.kind is FindingKind.EXPLAINED)
    settled = in_order(s for s in standings if s.settled)
    blocks: list[Block] = [Paragraph(words(_told(apart, explained)))]
    kinds = [kind for kind in MEANING if any(s.finding.kind is kind for s in apart)]
    if kinds:
        meanings = "; ".join(f"{kind}: {MEANING[kind]}" for kind in kinds)
        blocks.append(Paragraph(words(f"What the words mean. {meanings[:1].upper()}{meanings[1:]}.")))
    blocks += listed(desk, apart)
    sections = []
    if explained:
        told = "The sources say different things here, but about different things, so both can hold."
        sections.append(
            Section("Differences that the scope explains", (Paragraph(words(told)), *listed(desk, explained)))
        )
    if settled:
        told = "People have looked at these and found them explained, or no disagreement."
        sections.append(Section("Already judged", (Paragraph(words(told)), *listed(desk, settled))))
    return Section("Where they disagree", tuple(blocks), tuple(sections))


def in_order(standings: Iterable[Standing]) -> list[Standing]:
    """Return findings in order: the gravest first, then the strongest kind, then those of most sources and claims."""
    return sorted(standings, key=_rank)


def _rank(standing: Standing) -> tuple[int, int, int, int, str]:
    finding = standing.finding
    sources = {member.source for member in finding.members}
    kind = KIND_ORDER.index(finding.kind)
    return (-finding.severity, kind, -len(sources), -len(finding.members), finding.id)


def _told(apart: Sequence[Standing], explained: Sequence[Standing]) -> str:
    if not apart and not explained:
        return "No disagreement was found. That is no proof of agreement: see what is not known, below."
    grave = sum(s.finding.severity == 3 for s in apart)
    told = f"{count(len(apart), 'disagreement')} found"
    share = f", {'all' if grave == len(apart) > 1 else grave} of which could mislead a decision"
    told += share if grave else ""
    told += f"; {count(len(explained), 'further difference')} that the scope explains" if explained else ""
    return f"{told}. A finding is a reason to look, not a verdict on who is right."


def listed(desk: Desk, standings: Sequence[Standing]) -> list[Block]:
    """Return findings as a list, each with its sentence, claims, verdict and id."""
    if not standings:
        return []
    shown = standings[:MOST]
    lines = tuple(line(desk, standing) for standing in shown)
    made: list[Block] = [Items(lines, tuple(standing.finding.id for standing in shown))]
    if len(shown) < len(standings):
        told = f"{len(standings) - len(shown):,} more are not printed here; all are listed by "
        made.append(Paragraph(words(told, code("kb findings"), ".")))
    return made


def line(desk: Desk, standing: Standing) -> Line:
    """Return a finding as a line."""
    finding = standing.finding
    numbers = refer(desk, members(desk, finding))
    verdict = "" if standing.verdict is None else f" {verdict_words(standing)}"
    head = strong(f"{kind_words(finding)}. ")
    return words(head, finding.sentence, " " if numbers else "", numbers, verdict, " ", code(finding.id))


def sentence(text: str) -> str:
    """Return a clause as a sentence."""
    return text[:1].upper() + text[1:]
