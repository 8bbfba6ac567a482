"""The whole reasoning behind a finding, and the manual page of a detector."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from kb.build import KnowledgeBase
from kb.detectors import RULES, Rule
from kb.look import STAKES
from kb.model import Claim, Finding, FindingKind, Member, State
from kb.reading import GLYPHS, standing_text
from kb.scopes import describe_scope, effective_scope, member_values, state_words
from kb.standing import Standing
from kb.wording import join

DOCS = Path(__file__).resolve().parent.parent / "docs"


def explain_code(detector: Rule) -> str:
    """Return the manual page of a detector; where the docs are not at hand, its docstring."""
    for page in (DOCS / "detectors" / f"{detector.NAME}.md", DOCS / f"{detector.NAME}.md"):
        if page.is_file():
            return page.read_text("utf-8")
    doc = sys.modules[getattr(detector, "__name__", __name__)].__doc__ or ""
    return f"# {detector.CODE} {detector.NAME}\n\n{detector.SUMMARY}.\n\n{doc.strip()}\n"


def explain_finding(kb: KnowledgeBase, standing: Standing) -> str:
    """Return members with locators and quotes, the scope table, the rule, what would change it, and verdicts."""
    finding = standing.finding
    claims = {claim.id: claim for claim in kb.claims}
    lines = [
        f"{finding.id}  {GLYPHS[finding.kind]} {finding.kind}, severity {finding.severity}: {STAKES[finding.severity]}"
    ]
    lines += ["", finding.sentence, ""]
    for member in finding.members:
        if member.claim:
            lines.extend(_member(kb, claims[member.claim], member))
        else:
            lines.append(f"  {member.pole}  {kb.names[member.source]} as a whole [{member.source}]")
    if finding.claims > len(finding.members):
        lines.append(f"  … {finding.claims - len(finding.members)} more claims stand behind these poles")
    if finding.scope:
        lines += ["", "Scope", "", *_scope(kb, finding, claims)]
    if finding.working:
        lines += ["", "Working", "", *(f"  {step}" for step in finding.working)]
    about = f" (on {kb.domain.properties[finding.property].label})" if finding.property else ""
    rule = next((rule for rule in RULES if finding.code == rule.CODE), None)
    summary = f"{rule.NAME}: {rule.SUMMARY}" if rule else ""
    lines += ["", f"Rule: {finding.code} {summary}{about}; its manual page: kb explain {finding.code}"]
    for axiom in finding.rests_on:
        lines.append(f"Rests on: {kb.domain.axioms[axiom].label} ({kb.domain.axioms[axiom].source})")
    lines.append(f"What would change it: {what_would_change(kb, finding, claims)}")
    lines.extend(_history(standing))
    return "\n".join(lines) + "\n"


def _history(standing: Standing) -> list[str]:
    """Return where the finding stands and every verdict on it, in order of time."""
    stands = standing_text(standing).strip()
    lines = ["", f"Stands: {standing.state}{f' {stands}' if stands else ''}"]
    for verdict in standing.history:
        reason = f": {verdict.reason}" if verdict.reason else ""
        other = f" [{verdict.finding}]" if verdict.finding != standing.finding.id else ""
        lines.append(f"  {verdict.at}  {verdict.verdict} by {verdict.by}{reason}{other}")
    return lines


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
        words = state_words(kb.domain, name, state, member_values(kb.domain, finding, claims, name))
        lines.append(f"  {kb.domain.dimensions[name].label:20} {words:22} {'; '.join(cells)}")
    return lines


def _value(kb: KnowledgeBase, claim: Claim, dimension: str) -> str:
    values = effective_scope(kb.domain, claim).get(dimension)
    if not values:
        return "not stated"
    entry = claim.scope_of(dimension)
    inherited = entry is not None and entry.state is State.INHERITED
    return describe_scope(kb.domain, dimension, values) + (f" (from the {entry.basis})" if inherited and entry else "")


def what_would_change(kb: KnowledgeBase, finding: Finding, claims: Mapping[str, Claim]) -> str:
    """Return in one clause what would settle a finding or turn it into another kind."""
    if finding.kind is FindingKind.FAULT or not finding.property:
        return "a corrected claim or reference; or a waiver in policy.yaml, with a reason."
    definition = kb.domain.properties[finding.property]
    if finding.kind is FindingKind.POSSIBLE:
        settled = join([kb.domain.dimensions[d].label for d in finding.unknown])
        silent = [
            f"{claim.id} ({kb.names[claim.source]})"
            for claim in (claims[member.claim] for member in finding.members)
            if any(not effective_scope(kb.domain, claim).get(d) for d in finding.unknown)
        ]
        where = f" of {join(silent)}" if silent else ""
        return f"settle the {settled}{where} in the claim file; if it differs, scope explains it, else they disagree."
    if finding.kind is FindingKind.EXPLAINED:
        return "if the dimension that differs were the same, the claims would disagree."
    labels = [kb.domain.dimensions[d].label for d in (*definition.separated_by, *definition.also_separated_by)]
    if not labels:
        return "a corrected claim; no scope dimension separates such claims."
    dimensions = " or ".join(dict.fromkeys(labels))
    return f"a known difference in {dimensions} would explain it; a corrected claim would settle it."
