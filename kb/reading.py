"""The audit of one source or of all, as text for people: what is claimed, what backs it, what contradicts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kb.build import KnowledgeBase
from kb.citations import STATES, citation_rows
from kb.look import KINDS, OPPOSED, STAKES, dots, plural
from kb.model import Claim, Finding, FindingKind, Role
from kb.standing import Standing, StandingState
from kb.wording import join

GLYPHS = {kind: look.glyph for kind, look in KINDS.items()}
HEADINGS = {
    FindingKind.CONTRADICTION: "Contradictions: cannot both be true in the scope on record",
    FindingKind.DISCREPANCY: "Discrepancies: different figures for the same thing",
    FindingKind.TENSION: "Tensions: framing or certainty differ, or the comparator is unnamed",
    FindingKind.FAULT: "Faults: citing or wording falls short of what a reader needs",
    FindingKind.POSSIBLE: "Possible: scope that must be settled first is not stated",
    FindingKind.EXPLAINED: "Explained: the scope differs, so both can hold",
}
SETTLED = "Judged: looked at and found explained, or to be no finding"


def counts_sentence(kb: KnowledgeBase, findings: Sequence[Finding]) -> str:
    """Return one sentence with the size of the knowledge base and of its disagreement."""
    made = [claim for claim in kb.claims if claim.role is Role.CLAIM]
    kinds = Counter(finding.kind for finding in findings)
    severe = sum(f.severity == 3 and f.kind in OPPOSED for f in findings)
    listed = ", ".join(f"{kinds[kind]} {plural(kind, kinds[kind])}" for kind in FindingKind if kinds[kind])
    evidence = len(kb.claims) - len(made)
    return (
        f"{_count(len(made), 'claim')} in {_count(len(kb.documents), 'document')}, "
        f"{_count(evidence, 'recorded fact')} of {_count(len(kb.works), 'work')}. "
        f"{_count(len(findings), 'finding')}{': ' + listed if listed else ''}; "
        f"{severe} of the {join([plural(kind, 2) for kind in OPPOSED])} {STAKES[3]}."
    )


def audit_text(
    kb: KnowledgeBase,
    standings: Iterable[Standing],
    source: str | None = None,
    limit: int = 0,
    waived: int = 0,
) -> str:
    """Return the audit of all sources or of one as plain text.

    ``standings`` are the findings to show, those settled by a verdict last; ``limit`` cuts each part to its first
    (0: all), and ``waived`` says how many are not shown because the policy waives them.
    """
    chosen = tuple(standings)
    left = [standing.finding for standing in chosen if not standing.settled]
    lines = [f"{kb.domain.title}: {source_title(kb, source) if source else 'all sources'}", ""]
    lines.append(counts_sentence(kb, left) if source is None else _source_sentence(kb, left, source))
    lines.append("A finding is a reason to look, not a verdict on who is right.")
    lines.extend([waived_line(waived, source)] if waived else [])
    lines.extend(_texts_line(kb))
    lines.extend(["", *_topic_lines(kb, left, source)])
    about = f"{source} " if source else ""
    for kind in FindingKind:
        part = [standing for standing in chosen if standing.finding.kind is kind and not standing.settled]
        lines.extend(_part(f"{GLYPHS[kind]} {HEADINGS[kind]}", part, limit, f"{about}--kind {kind}"))
    settled = [standing for standing in chosen if standing.settled]
    lines.extend(_part(f"✓ {SETTLED}", settled, limit, f"{about}--state judged"))
    lines.extend(["", *_citation_lines(kb, source)])
    return "\n".join(lines) + "\n"


def _part(heading: str, standings: Sequence[Standing], limit: int, option: str) -> list[str]:
    if not standings:
        return []
    shown = standings[:limit] if limit else standings
    lines = ["", f"{heading} ({len(standings)})", "", *map(finding_line, shown)]
    if len(shown) < len(standings):
        lines.append(f"  … {len(standings) - len(shown)} more: kb findings {option}")
    return lines


def waived_line(count: int, source: str | None = None) -> str:
    """Return how many findings the policy hides, and how to see them."""
    return f"{count} waived: kb findings {f'{source} ' if source else ''}--waived"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def finding_line(standing: Standing) -> str:
    """Return a finding as one line: gravity, sentence, where it stands, and id."""
    finding = standing.finding
    return f"  {dots(finding.severity)} {finding.sentence}{standing_text(standing)} [{finding.code} {finding.id}]"


def standing_text(standing: Standing) -> str:
    """Return verdict and waiver of a finding, each in brackets behind a blank; "" for one that is simply open."""
    verdict, waiver = standing.verdict, standing.waiver
    text = ""
    if verdict is not None:
        text = f" (judged {verdict.verdict} by {verdict.by}"
        text += f": {verdict.reason})" if standing.settled else ")"
    if standing.state is StandingState.REOPENED:
        text += f" (reopened: {standing.because})"
    return text + (f" (waived by {waiver.by}: {waiver.reason})" if waiver else "")


def source_title(kb: KnowledgeBase, source: str) -> str:
    """Return the name and the title of a document or work."""
    titles = {d.id: f"{d.short}: {d.title}" for d in kb.documents}
    titles |= {w.key: f"{kb.names[w.key]}: {w.title}" for w in kb.works}
    return titles[source]


def _source_sentence(kb: KnowledgeBase, findings: Sequence[Finding], source: str) -> str:
    claims = [claim for claim in kb.claims if claim.source == source]
    stated = sum(any(c.basis != "inferred" and c.work for c in claim.cites) for claim in claims)
    ours = sum(bool(claim.cites) and all(c.basis == "inferred" for c in claim.cites) for claim in claims)
    within = sum(finding.same_source for finding in findings)
    return (
        f"{len(claims)} claims: {stated} tied to a work by the source itself, {ours} only by our inference. "
        f"{len(findings)} findings, {within} of them within this source."
    )


def _topic_lines(kb: KnowledgeBase, findings: Sequence[Finding], source: str | None) -> Iterable[str]:
    """Yield what is claimed by topic: how many claims, how many tied to a work, how many findings."""
    yield "What is claimed, by topic (claims; tied to a work by the source itself; findings; name for --topic)"
    yield ""
    made = [c for c in kb.claims if c.source == source or (source is None and c.role is Role.CLAIM)]
    for topic in sorted(kb.domain.topics.values(), key=lambda t: t.order):
        about = [claim for claim in made if kb.domain.properties[claim.property].topic == topic.id]
        if about:
            tied = sum(any(c.basis != "inferred" and c.work for c in claim.cites) for claim in about)
            found = sum(finding.topic == topic.id for finding in findings)
            yield f"  {topic.label:34} {len(about):4} {tied:4} {found:4}  {topic.id}"


def _texts_line(kb: KnowledgeBase) -> Iterable[str]:
    missing = [document.id for document in kb.documents if document.id not in kb.texts]
    if missing:
        which = "no document" if len(missing) == len(kb.documents) else f"not {', '.join(missing)}"
        yield f"Text attached: {which}. Quotes are hidden and locators unchecked: kb sources attach DIR"


def _citation_lines(kb: KnowledgeBase, source: str | None) -> list[str]:
    lines = ["Citations and capture", ""]
    for document in kb.documents:
        if source not in (None, document.id):
            continue
        rows = citation_rows([document], _claims(kb, document.id))
        states = Counter(row.state for row in rows)
        numbers = {row.marker for row in rows if row.state == "unresolved"}
        printed, works = len(document.listed), len(set(document.listed))
        has = {
            "none": "no references and no markers",
            "list without markers": f"{printed} references, {works} works, markers lost",
            "markers without list": "markers in the text, reference list lost",
            "list and markers": f"{printed} references with markers",
        }[document.references]
        tail = "; ".join(f"{states[state]} {state}" for state in STATES if states[state])
        dangling = f"; unresolvable: {', '.join(sorted(numbers))}" if numbers else ""
        count = len(document.damage)
        lists = "1 lead-in lost its list" if count == 1 else f"{count} lead-ins lost their lists"
        lost = f"; {lists} in capture" if count else ""
        lines.append(f"  {document.short} ({document.id}): {has}{'; links: ' + tail if tail else ''}{dangling}{lost}")
    return lines if len(lines) > 2 else []


def _claims(kb: KnowledgeBase, source: str) -> list[Claim]:
    return [claim for claim in kb.claims if claim.source == source]
