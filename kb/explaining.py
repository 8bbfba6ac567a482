"""The whole reasoning behind a finding, and the manual page of a detector."""

from __future__ import annotations

import sys
from pathlib import Path

from kb.build import KnowledgeBase
from kb.detectors import Detector
from kb.model import Claim, Finding, FindingKind, Member, State
from kb.reading import GLYPHS, STAKES
from kb.scopes import describe_scope, effective_scope
from kb.wording import join

PAGES = Path(__file__).resolve().parent.parent / "docs" / "detectors"


def explain_code(detector: Detector) -> str:
    """Return the manual page of a detector; where the docs are not at hand, its docstring."""
    page = PAGES / f"{detector.NAME}.md"
    if page.is_file():
        return page.read_text("utf-8")
    doc = sys.modules[getattr(detector, "__name__", __name__)].__doc__ or ""
    return f"# {detector.CODE} {detector.NAME}\n\n{detector.SUMMARY}.\n\n{doc.strip()}\n"


def explain_finding(kb: KnowledgeBase, finding: Finding) -> str:
    """Return members with locators, quotes where attached, the scope table, the rule, and what would change it."""
    claims = {claim.id: claim for claim in kb.claims}
    lines = [
        f"{finding.id}  {GLYPHS[finding.kind]} {finding.kind}, severity {finding.severity}: {STAKES[finding.severity]}"
    ]
    lines += ["", finding.sentence, ""]
    for member in finding.members:
        lines.extend(_member(kb, claims[member.claim], member))
    if finding.claims > len(finding.members):
        lines.append(f"  … {finding.claims - len(finding.members)} more claims stand behind these poles")
    lines += ["", "Scope", ""]
    lines.extend(_scope(kb, finding, claims))
    lines += [
        "",
        f"Rule: {finding.code} (kb explain {finding.code}), on {kb.domain.properties[finding.property].label}",
    ]
    for axiom in finding.rests_on:
        lines.append(f"Rests on: {kb.domain.axioms[axiom].label} ({kb.domain.axioms[axiom].source})")
    lines.append(f"What would change it: {_change(kb, finding)}")
    return "\n".join(lines) + "\n"


def _member(kb: KnowledgeBase, claim: Claim, member: Member) -> list[str]:
    at = claim.locator
    place = f" {at.start}–{at.end}" if at else f" ({claim.checked}{', ' + claim.seen_at if claim.seen_at else ''})"
    lines = [f"  {member.pole}  {kb.names[claim.source]}{place}: {claim.text} [{claim.id}]"]
    text = kb.texts.get(claim.source)
    if text and at:
        lines.append(f"     “{' '.join(text[at.start : at.end].split())}”")
    for citation in claim.cites:
        work = kb.names[citation.work] if citation.work else "not resolvable"
        whose = " (our inference)" if citation.basis == "inferred" else ""
        lines.append(f"     cites {citation.marker + ' ' if citation.marker else ''}{work}{whose}")
    return lines


def _scope(kb: KnowledgeBase, finding: Finding, claims: dict[str, Claim]) -> list[str]:
    lines = []
    poles = sorted({member.pole for member in finding.members})
    for name, state in finding.scope:
        cells = []
        for pole in poles:
            values = set()
            for member in finding.members:
                if member.pole == pole:
                    values.add(_value(kb, claims[member.claim], name))
            cells.append(f"{pole}: {' / '.join(sorted(values))}")
        lines.append(f"  {kb.domain.dimensions[name].label:20} {state:8} {'; '.join(cells)}")
    return lines


def _value(kb: KnowledgeBase, claim: Claim, dimension: str) -> str:
    values = effective_scope(kb.domain, claim).get(dimension)
    if not values:
        return "not stated"
    entry = claim.scope_of(dimension)
    inherited = entry is not None and entry.state is State.INHERITED
    return describe_scope(kb.domain, dimension, values) + (f" (from the {entry.basis})" if inherited and entry else "")


def _change(kb: KnowledgeBase, finding: Finding) -> str:
    definition = kb.domain.properties[finding.property]
    compared = {name for name, _ in finding.scope}
    separating = [d for d in (*definition.separated_by, *definition.also_separated_by) if d in compared]
    labels = join([kb.domain.dimensions[d].label for d in separating])
    if finding.kind is FindingKind.POSSIBLE:
        settled = join([kb.domain.dimensions[d].label for d in finding.unknown])
        return f"settle the {settled} in the claim file; if it differs, the finding is explained, else it stands."
    if finding.kind is FindingKind.EXPLAINED:
        return "if the dimension that differs were the same, the claims would disagree."
    if not labels:
        return "a corrected claim; no scope dimension separates such claims."
    return f"a known difference in {labels} would explain it; a corrected claim would settle it."
