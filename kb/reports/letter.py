"""The audit report of one source: numbered points that its publisher can answer one by one."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence

from kb.citations import STATES, citation_rows
from kb.comparing import REACHES, reaches
from kb.coverage import sentences_read
from kb.detectors import RULES
from kb.explaining import what_would_change
from kb.look import KINDS, STAKES
from kb.model import Claim, Document, Finding, FindingKind, Member
from kb.reports import disagreeing, method
from kb.reports.desk import (
    Desk,
    code,
    count,
    members,
    numbered,
    refer,
    strong,
    study,
    verdict_words,
    work_link,
    works_of,
)
from kb.reports.parts import Block, Items, Line, Paragraph, Quote, Report, Section, Table, join, words
from kb.standing import Standing
from kb.wording import join as listed

FACTS = 4
SIDES = 6
SOME = 300
"""Points that are printed; of more, the gravest."""

ASK = {
    "K001": "Name the source of each of these claims, or say that it is the experience of the publisher.",
    "K002": "Restore the reference list, or name the works behind the markers.",
    "K003": "Mark in the text which reference backs which sentence.",
    "K004": "Say where the reference is used, or take it off the list.",
    "K005": "List the work once.",
    "K006": "Name the study that is described.",
    "K007": "Cite the study that found the result, not one that retells it.",
    "K008": "Correct the entry in the reference list.",
    "L001": "Name the source, or word the statement less absolutely.",
    "L002": "Say what the comparison is with.",
    "L003": "Say of whom the share is.",
    "L004": "Name the studies or experts that are meant.",
    "D001": "Restore the list, or send us what it said.",
    "R001": "Change the claim to what the work says, or name the work that it rests on.",
    "R002": "Say what kind of study it is, or cite one that can carry the claim.",
    "R003": "Check the figure against the cited work.",
    "R004": "Give the range, the doubt or the condition that the cited work gives.",
    "R005": "Check the claim against the correction or the newer work.",
}
"""What the publisher of a page can do about a finding of a detector, in words to a person outside."""


def letter(desk: Desk, source: str, style: str = "apa", quotes: bool = False) -> Report:
    """Return the audit report of a document or work. Words of the source are quoted only with ``quotes``."""
    standings = desk.inbox.by_source.get(source, [])
    left = disagreeing.in_order(s for s in standings if not s.settled)
    points = [s for s in left if s.finding.kind is not FindingKind.EXPLAINED]
    explained = [s for s in left if s.finding.kind is FindingKind.EXPLAINED]
    settled = disagreeing.in_order(s for s in standings if s.settled)
    shown = points[:SOME]
    met = {c.id: c for s in (*shown, *explained[:SOME], *settled[:SOME]) for c in members(desk, s.finding)}
    desk = numbered(desk, met.values())
    title = (
        desk.catalogue.documents[source].title
        if desk.catalogue.is_document(source)
        else desk.catalogue.works[source].title
    )
    sections = [_coverage(desk, source), *_points(desk, source, shown, len(points), quotes)]
    if explained:
        told = "These would be disagreements, but the sources speak of different things. They need no answer."
        blocks = (Paragraph(words(told)), *disagreeing.listed(desk, explained))
        sections.append(Section("Differences that the scope explains", blocks))
    if settled:
        told = "People have looked at these and found them explained, or no finding."
        sections.append(Section("Already judged", (Paragraph(words(told)), *disagreeing.listed(desk, settled))))
    if desk.catalogue.is_document(source):
        sections.append(_citations(desk, desk.catalogue.documents[source]))
    sections.append(method.claims_section(desk))
    own = desk.catalogue.by_source.get(source, [])
    sections.append(method.references(desk, works_of(desk, [*met.values(), *own]), style))
    facts = [_texts(desk, source, quotes), f"Findings with this source: {len(standings):,}."]
    told_by = shlex.join(["kb", "audit", source, "--style", style, *(["--quotes"] if quotes else [])])
    sections.append(method.section(desk, told_by, facts))
    return Report(f"Audit of {title}", _who(desk, source), _lead(points, explained, settled), tuple(sections))


def _who(desk: Desk, source: str) -> str:
    document = desk.catalogue.documents.get(source)
    if document is None:
        return study(desk, source)
    return f"{document.short}; publisher: {document.publisher}; as captured: {document.captured}"


def _lead(points: Sequence[Standing], explained: Sequence[Standing], settled: Sequence[Standing]) -> tuple[Block, ...]:
    levels = Counter(standing.finding.severity for standing in points)
    told = [f"{levels[level]} that {_stake(level, levels[level])}" for level in (3, 2, 1) if levels[level]]
    first = f"{count(len(points), 'point')} to answer{': ' + listed(told) if told else ''}."
    more = f" {count(len(explained), 'further difference')} that the scope explains." if explained else ""
    more += f" {count(len(settled), 'finding')} already judged." if settled else ""
    how = (
        "Each point is numbered, says where it stands and what would settle it, and can be answered on its own. "
        "A point is a reason to look, not a verdict on who is right: the page may be right and the other source wrong."
    )
    return (Paragraph(words(strong(first), more)), Paragraph(words(how)))


def _stake(level: int, number: int) -> str:
    if level == 1:
        return "is cosmetic" if number == 1 else "are cosmetic"
    return STAKES[level] if level == 3 or number == 1 else STAKES[level].replace("changes", "change", 1)


# How far the source was read and compared


def _coverage(desk: Desk, source: str) -> Section:
    claims = desk.catalogue.by_source.get(source, [])
    found = Counter(reaches(desk.kb, source).values())
    rows = [(words("Sentences read"), words(_sentences(desk, source)))]
    rows.append((words("Claims recorded"), words(f"{len(claims):,}")))
    rows += [(words(f"… {meaning}"), words(f"{found[name]:,}")) for name, meaning in REACHES.items()]
    taking = {c.id for c in claims} & set(desk.inbox.by_claim)
    rows.append((words("Claims that take part in a finding"), words(f"{len(taking):,}")))
    told = (
        f"{count(found['compared'], 'claim')} of {len(claims):,} could be set beside another source. For the others "
        "no finding means that there was nothing to compare them with, not that they are right."
    )
    return Section(
        "What was read and compared", (Paragraph(words(told)), Table("Coverage", ("What", "How many"), tuple(rows)))
    )


def _sentences(desk: Desk, source: str) -> str:
    document = desk.catalogue.documents.get(source)
    if document is None or source not in desk.kb.texts:
        return "not counted: the text is not attached"
    read, total = sentences_read(desk.kb, document)
    return f"{total:,}; {read:,} of them bear a recorded claim, {total - read:,} do not"


# Points


def _points(desk: Desk, source: str, points: Sequence[Standing], total: int, quotes: bool) -> list[Section]:
    sections = []
    for level in (3, 2, 1):
        those = [(n, s) for n, s in enumerate(points, 1) if s.finding.severity == level]
        if those:
            title = f"Points that {_stake(level, 2)}"
            sections.append(Section(title, (), tuple(_point(desk, source, n, s, quotes) for n, s in those)))
    if not points:
        sections.append(Section("Points", (Paragraph(words("No point was found in what could be compared.")),)))
    if total > len(points):
        told = f"{total - len(points):,} more points are not printed; all are listed by "
        sections.append(Section("More points", (Paragraph(words(told, code(f"kb findings {source}"), ".")),)))
    return sections


def _point(desk: Desk, source: str, number: int, standing: Standing, quotes: bool) -> Section:
    finding = standing.finding
    blocks: list[Block] = [Paragraph(words(strong(f"{KINDS[finding.kind].word}. "), finding.sentence))]
    sides = [member for member in finding.members if member.claim]
    own = [member for member in sides if member.source == source]
    poles = {member.pole for member in own}
    likewise = [member for member in sides if member.source != source and member.pole in poles]
    other = [member for member in sides if member.pole not in poles]
    if own:
        blocks.append(
            Paragraph(words(strong("Where: "), join([_side(desk, m) for m in own[:SIDES]], "; "), _more(own)))
        )
        blocks += [Quote(text) for m in own[:SIDES] if quotes and (text := _quote(desk, m))]
    for name, those in (("Says the like: ", likewise), ("Other side: ", other)):
        if own and those:
            told = join([_side(desk, m) for m in those[:SIDES]], "; ")
            blocks.append(Paragraph(words(strong(name), told, _more(those))))
    if finding.working:
        blocks += [Paragraph(words(strong("Working:"))), Items(tuple(words(step) for step in finding.working))]
    for axiom in (desk.kb.domain.axioms[name] for name in finding.rests_on if name in desk.kb.domain.axioms):
        assumed = f"{axiom.label.rstrip('.')} ({axiom.source})."
        blocks.append(Paragraph(words(strong("It rests on an assumption of ours: "), assumed)))
    blocks += _found(desk, finding, source)
    blocks.append(Paragraph(words(strong("What would settle it: "), _settling(desk, finding))))
    rule = next((rule for rule in RULES if finding.code == rule.CODE), None)
    name = f"rule {finding.code}{f', {rule.SUMMARY}' if rule else ''}"
    blocks.append(Paragraph(words(code(finding.id), f", {name}. {verdict_words(standing)}")))
    return Section(f"{number}. {_short(finding.title)}", tuple(blocks), anchor=finding.id)


def _short(title: str) -> str:
    return title if len(title) <= 160 else title[:159].rstrip() + "…"


def _more(found: Sequence[Member]) -> str:
    return f"; and {len(found) - SIDES} more" if len(found) > SIDES else "."


def _side(desk: Desk, member: Member) -> Line:
    claim = desk.catalogue.claims[member.claim]
    at = claim.locator
    place = f", characters {at.start:,} to {at.end:,}" if at else ""
    return words(f"{desk.name(claim.source)}{place}: {claim.text.rstrip('.')} ", refer(desk, [claim]))


def _quote(desk: Desk, member: Member) -> str:
    text = desk.kb.texts.get(member.source)
    return text[member.start : member.end] if text and member.start is not None and member.end is not None else ""


def _found(desk: Desk, finding: Finding, source: str) -> list[Block]:
    """Return what the works that the source leans on are recorded to have found on the matter."""
    own = [claim for claim in members(desk, finding) if claim.source == source]
    blocks: list[Block] = []
    lines = []
    for key in works_of(desk, own):
        known: list[Claim] = desk.catalogue.by_source.get(key, [])
        facts = [c for c in known if finding.property and c.property == finding.property]
        facts += [c for c in known if c not in facts and desk.topic(c) == finding.topic]
        if facts and key != source:
            told = "; ".join(fact.text.rstrip(".") for fact in facts[:FACTS])
            more = f"; {len(facts) - FACTS} more on record" if len(facts) > FACTS else ""
            links = [link for claim in own for link in claim.cites if link.work == key]
            ours = ", our inference" if all(link.basis == "inferred" for link in links) else ""
            lines.append(words(work_link(desk, key), f" ({study(desk, key)}{ours}): {told}{more}."))
    if lines:
        blocks += [Paragraph(words(strong("What the works behind it found:"))), Items(tuple(lines))]
    return blocks


def _settling(desk: Desk, finding: Finding) -> str:
    """Return what its publisher could say or change, so that the point is settled."""
    if finding.code in ASK:
        return ASK[finding.code]
    if finding.kind is FindingKind.POSSIBLE:
        what = listed([desk.kb.domain.dimensions[name].label for name in finding.unknown])
        return f"Say which {what} is meant. If it differs between the sides, both can hold; if not, they disagree."
    definition = desk.kb.domain.properties.get(finding.property)
    if finding.kind is FindingKind.FAULT or definition is None:
        return disagreeing.sentence(what_would_change(desk.kb, finding, desk.catalogue.claims))
    names = dict.fromkeys((*definition.separated_by, *definition.also_separated_by))
    labels = [desk.kb.domain.dimensions[name].label for name in names]
    some = " or ".join(filter(None, [", ".join(labels[:-1]), *labels[-1:]]))
    apart = f"If the text means another {some}, say so: then both can hold. Otherwise " if labels else ""
    if finding.kind is FindingKind.TENSION:
        return disagreeing.sentence(f"{apart}say what the claim rests on, or add a word on the other view.")
    return disagreeing.sentence(f"{apart}name the source that carries the claim, or correct it.")


# Citations


def _citations(desk: Desk, document: Document) -> Section:
    rows = citation_rows([document], desk.catalogue.by_source.get(document.id, []))
    states = Counter(row.state for row in rows)
    table = tuple((words(meaning), words(f"{states[state]:,}")) for state, meaning in STATES.items())
    claims = desk.catalogue.by_source.get(document.id, [])
    bare = sum(not claim.cites for claim in claims)
    printed, works = len(document.listed), len(set(document.listed))
    has = {
        "none": "The page has neither references nor markers in the stored copy.",
        "list without markers": f"The page lists {printed} references ({works} works); the copy has no markers.",
        "markers without list": "The page prints markers, but the stored copy has no reference list.",
        "list and markers": f"The page lists {printed} references ({works} works) with markers.",
    }[document.references]
    told = f"{has} {bare:,} of {count(len(claims), 'claim')} name no source."
    blocks: list[Block] = [Paragraph(words(told)), Table("Links from claims to works", ("Link", "How many"), table)]
    if document.damage:
        lists = count(len(document.damage), "list")
        blocks.append(
            Paragraph(words(f"The capture lost {lists} that the text announces. What stood there is not on record."))
        )
    return Section("Citations", tuple(blocks))


def _texts(desk: Desk, source: str, quotes: bool) -> str:
    if source not in desk.kb.texts:
        return "The text of this source is not attached, so nothing is quoted and places were not checked again."
    return "Text attached; places checked." + ("" if quotes else " Quotes are left out: ask for them with --quotes.")
