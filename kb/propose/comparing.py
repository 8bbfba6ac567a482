"""Comparisons: which of two sides stands higher on the scale of which property."""

from __future__ import annotations

from collections.abc import Iterable

from kb.domain import Domain
from kb.model import Citation, Kind, Relation
from kb.propose.lessons import Lessons, line_features
from kb.propose.making import Desk, Said, proposal
from kb.propose.manner import cues, manner, relation
from kb.propose.page import Line
from kb.propose.phrasing import comparison
from kb.propose.records import Proposal
from kb.propose.scoping import scope_of
from kb.propose.subjects import Subjects

SURE = 0.2
_TURN = {Relation.GREATER: Relation.LESS, Relation.LESS: Relation.GREATER}


class Comparisons:
    """Proposes comparisons where a comparative stands before “than” or its like."""

    def __init__(self, domain: Domain, lessons: Lessons) -> None:
        self.domain = domain
        self.lessons = lessons

    def of(self, desk: Desk, line: Line, subjects: Subjects, cites: tuple[Citation, ...]) -> Iterable[Proposal]:
        """Yield the comparisons of a sentence: a comparative, the side before it, and the sides behind “than”."""
        joint = next((i for i in range(1, len(line.norms)) if cues().than.before(line.norms, i + 1)), None)
        if joint is None:
            return
        compared = relation(line.norms, 0, joint)
        if compared is None:
            return
        how, index = compared
        others = [m for m in line.mentions if m.first > joint and m.first - joint < 12]
        scored = self.lessons.comparisons.scores(line_features(self.domain, line, desk.text, None))
        scored = [(share, name) for share, name in scored if self.domain.properties[name].kind in ("scale", "quantity")]
        if not scored or scored[0][0] < SURE or not others:
            return
        share, name = scored[0]
        definition = self.domain.properties[name]
        if line.norms[index] in cues().turned and definition.kind == "quantity":
            how = _TURN.get(how, how)
        for mention in others[:3]:
            than = mention.concepts[0]
            subject = subjects.of(name, line, index, {than})
            if subject is None or subject == than:
                continue
            said_how = manner(line.norms, index, joint)
            said = Said(
                Kind.COMPARISON,
                subject,
                name,
                comparison(self.domain, subject, name, how, than, said_how),
                said_how,
                than=than,
                relation=how.value,
                scope=scope_of(self.domain, definition, line, (subject, than), desk.page_scope),
                cites=cites,
            )
            reasons = (f"“{line.norms[index]} … {line.norms[joint]}” compares with “{self.domain.label(than)}”",)
            yield proposal(desk, said, line.sentence.start, line.tokens[-1].end, share, reasons)
