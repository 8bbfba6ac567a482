"""What is not known: who is silent, which scope is not stated, what was lost or never checked."""

from __future__ import annotations

from collections.abc import Sequence

from kb.model import Checked, Claim, Role
from kb.reports.desk import Desk, count, refer
from kb.reports.parts import Items, Line, Paragraph, Section, words
from kb.scopes import effective_scope
from kb.wording import join


def section(desk: Desk, claims: Sequence[Claim], unsure: Sequence[Claim], sources: Sequence[str] = ()) -> Section:
    """Return the section on what is not known of a question; ``sources`` are those that were asked (none: all)."""
    asked = [d for d in desk.kb.documents if not sources or d.id in sources]
    speaking = {claim.source for claim in claims}
    silent = [d for d in asked if d.id not in speaking]
    lines = (
        [words(f"{join([d.short for d in silent])} {'say' if len(silent) > 1 else 'says'} nothing on it.")]
        if silent
        else []
    )
    lost = [d for d in asked if d.damage]
    for document in lost:
        lists = count(len(document.damage), "list")
        what = "its silence may be a loss" if document in silent else "it may say more than is on record"
        lines.append(words(f"The capture of {document.short} lost {lists}, so {what}."))
    lines += _unstated(desk, claims)
    if unsure:
        told = f"{count(len(unsure), 'more claim')} might belong here but do not state the scope asked for "
        lines.append(words(told, refer(desk, unsure), "."))
    doubtful = [c for c in claims if c.role is Role.EVIDENCE and c.checked in (Checked.UNVERIFIED, Checked.INFERRED)]
    if doubtful:
        told = f"{count(len(doubtful), 'statement')} of works {'was' if len(doubtful) == 1 else 'were'} "
        lines.append(words(told, "not checked at the source, or inferred from it ", refer(desk, doubtful), "."))
    if not lines:
        return Section("What is not known", (Paragraph(words("No gap is on record for this question.")),))
    return Section("What is not known", (Items(tuple(lines)),))


def _unstated(desk: Desk, claims: Sequence[Claim]) -> list[Line]:
    """Return for each dimension that always separates such claims how many do not state it, and whose they are."""
    domain = desk.kb.domain
    lines = []
    for name, dimension in domain.dimensions.items():
        asked = [c for c in claims if name in domain.properties[c.property].separated_by]
        without = [claim for claim in asked if not effective_scope(domain, claim).get(name)]
        if without:
            whose = join(sorted({desk.name(claim.source) for claim in without})[:6])
            one = len(without) == 1
            told = f"Of {count(len(asked), 'claim')} that cannot be compared without the {dimension.label}, "
            told += f"{len(without)} {'does' if one else 'do'} not state it ({whose}) "
            lines.append(words(told, refer(desk, without), "."))
    return lines
