"""The audit report of one source: numbered points that its publisher can answer one by one."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence

from kb.citations import STATES, citation_rows
from kb.comparing import REACHES, reaches
from kb.coverage import sentences_read
from kb.detectors import RULES
from kb.look import KINDS, STAKES
from kb.model import Claim, Document, Finding, FindingKind, Member
from kb.reports import disagreeing, method
from kb.reports.asking import settling
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
from kb.reports.parts import Block, Items, Jump, Line, Paragraph, Quote, Report, Section, Table, join, words
from kb.reports.quoting import quoted
from kb.reports.sides import Sides, parted
from kb.standing import Standing
from kb.wording import join as listed

HOW = (
    "Each point is numbered, says where it stands and what would settle it, and can be answered on its own. "
    "A point is a reason to look, not a verdict on who is right: the page may be right and the other source wrong.",
    "A point could mislead a decision if a reader might decide otherwise on the other answer; it changes a summary if "
    "somebody who sums the subject up would write something else; the rest is cosmetic.",
    "What a source says is told in our words, also between quotation marks, but for amounts such as “several hours”; "
    "what the page itself says stands in the indented quotations, if there are any. Inferences and assumptions are "
    "ours where they are marked so.",
)
UNNAMED = "The source does not name what it compares with; we took it from what stands around it."
LONGEST = 220
"""Characters of a heading, which ends at a word."""
FACTS = 4
SIDES = 6
SOME = 300
"""Points that are printed; of more, the gravest."""


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
    return (Paragraph(words(strong(first), more)), *(Paragraph(words(told)) for told in HOW))


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
    rest = len(claims) - found["compared"]
    told = f"{found['compared']:,} of {count(len(claims), 'claim')} could be set beside another source."
    told += f" No disagreement over the other {rest:,} means that nothing could be compared with them, not that they "
    told += "are right."
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
    places = _places(source, points)
    for level in (3, 2, 1):
        those = [(n, s) for n, s in enumerate(points, 1) if s.finding.severity == level]
        if those:
            title = f"Points that {_stake(level, 2)}"
            made = tuple(_point(desk, source, n, s, quotes, _also(n, s, places)) for n, s in those)
            sections.append(Section(title, (), made))
    if not points:
        sections.append(Section("Points", (Paragraph(words("No point was found in what could be compared.")),)))
    if total > len(points):
        told = f"{total - len(points):,} more points are not printed; all are listed by "
        sections.append(Section("More points", (Paragraph(words(told, code(f"kb findings {source}"), ".")),)))
    return sections


def _places(source: str, points: Sequence[Standing]) -> dict[str, list[tuple[int, str]]]:
    """Return for each claim of the source the points in which it is set against something, with their anchors."""
    found: dict[str, list[tuple[int, str]]] = {}
    for number, standing in enumerate(points, 1):
        if standing.finding.kind is not FindingKind.FAULT:
            for name in {m.claim for m in standing.finding.members if m.source == source and m.claim}:
                found.setdefault(name, []).append((number, standing.finding.id))
    return found


def _also(number: int, standing: Standing, places: Mapping[str, Sequence[tuple[int, str]]]) -> Line:
    """Return where else the claims of a point are in dispute, so that one answer can serve several points."""
    if standing.finding.kind is FindingKind.FAULT:
        return ()
    others = sorted(
        {place for m in standing.finding.members for place in places.get(m.claim, ())} - {(number, standing.finding.id)}
    )
    return join([(Jump(f"{n}", name),) for n, name in others[:SIDES]]) if others else ()


def _point(desk: Desk, source: str, number: int, standing: Standing, quotes: bool, also: Line) -> Section:
    finding = standing.finding
    blocks: list[Block] = [Paragraph(words(strong(f"{_kind(finding)}. "), finding.sentence))]
    sides = parted(finding, source)
    own = sides.own
    if own:
        blocks.append(
            Paragraph(words(strong("Where: "), join([_side(desk, m) for m in own[:SIDES]], "; "), _more(own)))
        )
        blocks += [Quote(text) for text in (quoted(desk.kb, own[:SIDES]) if quotes else ())]
    like = "Others on either side: " if sides.torn else "Says the like: "
    for name, those in ((like, sides.like), ("Can stand beside it: ", sides.beside), ("Other side: ", sides.other)):
        if own and those:
            told = join([_side(desk, m) for m in those[:SIDES]], "; ")
            blocks.append(Paragraph(words(strong(name), told, _more(those))))
    if finding.working:
        blocks += [Paragraph(words(strong("Working:"))), Items(tuple(words(step) for step in finding.working))]
    for axiom in (desk.kb.domain.axioms[name] for name in finding.rests_on if name in desk.kb.domain.axioms):
        assumed = f"{axiom.label.rstrip('.')} ({axiom.source})."
        blocks.append(Paragraph(words(strong("It rests on an assumption of ours: "), assumed)))
    if any(desk.catalogue.claims[member.claim].implied for member in own) and finding.kind is not FindingKind.FAULT:
        blocks.append(Paragraph(words(strong("It rests on a reading of ours: "), UNNAMED)))
    blocks += _found(desk, finding, source)
    if also:
        blocks.append(Paragraph(words(strong("The same claim stands in point "), also, ".")))
    blocks.append(Paragraph(words(strong("What would settle it: "), settling(desk, finding, source))))
    rule = next((rule for rule in RULES if finding.code == rule.CODE), None)
    name = f"rule {finding.code}{f', {rule.SUMMARY}' if rule else ''}"
    blocks.append(Paragraph(words(code(finding.id), f", {name}. {verdict_words(standing)}")))
    return Section(f"{number}. {_short(_heading(desk, finding, sides))}", tuple(blocks), anchor=finding.id)


def _kind(finding: Finding) -> str:
    """Return what kind of point it is; what a capture lost is no fault of the page."""
    return "A gap in our copy" if finding.code == "D001" else KINDS[finding.kind].word


def _heading(desk: Desk, finding: Finding, sides: Sides) -> str:
    """Return what a point is called: where texts are set side by side, what its source says, and against whom."""
    if not sides.own or not finding.title.startswith("“"):
        return finding.title
    others = sorted({desk.name(member.source) for member in sides.other})
    told = desk.catalogue.claims[sides.own[0].claim].text.rstrip(".")
    return f"{told} (against {listed(others[:3])})" if others else f"{told} (against another statement of its own)"


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else title[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:(") + " …"


def _more(found: Sequence[Member]) -> str:
    return f"; and {len(found) - SIDES} more" if len(found) > SIDES else "."


def _side(desk: Desk, member: Member) -> Line:
    claim = desk.catalogue.claims[member.claim]
    at = claim.locator
    place = f", characters {at.start:,} to {at.end:,}" if at else ""
    return words(f"{desk.name(claim.source)}{place}: {claim.text.rstrip('.')} ", refer(desk, [claim]))


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


# Citations


def _citations(desk: Desk, document: Document) -> Section:
    rows = citation_rows([document], desk.catalogue.by_source.get(document.id, []))
    states = Counter(row.state for row in rows)
    table = tuple((words(meaning), words(f"{states[state]:,}")) for state, meaning in STATES.items() if states[state])
    claims = desk.catalogue.by_source.get(document.id, [])
    bare = sum(not claim.cites for claim in claims)
    printed, works = len(document.listed), len(set(document.listed))
    has = {
        "none": "The page has neither references nor markers in the stored copy.",
        "list without markers": f"The page lists {printed} references ({works} works); the copy has no markers.",
        "markers without list": "The page prints markers, but the stored copy has no reference list.",
        "list and markers": f"The page lists {printed} references ({works} works) with markers.",
    }[document.references]
    named = f"{bare:,} of {count(len(claims), 'claim')} name no source, nor could we tie a work to them."
    told = named if bare < len(claims) else "No claim names a source, nor could we tie a work to any."
    blocks: list[Block] = [Paragraph(words(f"{has} {told}"))]
    blocks += [Table("Links from claims to works", ("Link", "How many"), table)] if table else []
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
