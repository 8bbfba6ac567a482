"""Statements: which property a sentence affirms or denies of which object."""

from __future__ import annotations

from collections.abc import Iterable

from kb.domain import Domain
from kb.model import Citation, Kind
from kb.propose.learning import NONE
from kb.propose.lessons import Lessons, line_features
from kb.propose.lexicon import Mention
from kb.propose.making import Desk, Said, proposal
from kb.propose.manner import manner
from kb.propose.page import Line
from kb.propose.phrasing import statement
from kb.propose.records import Proposal
from kb.propose.scoping import scope_of
from kb.propose.stemming import stems
from kb.propose.subjects import Subjects

SURE = 0.2
WITHOUT_OBJECT = 0.5


class Statements:
    """Proposes statements by what was learnt and by the labels of the properties."""

    def __init__(self, domain: Domain, lessons: Lessons) -> None:
        self.domain = domain
        self.lessons = lessons
        self.names = tuple(
            name for name in lessons.statements.classes if name == NONE or domain.properties[name].kind == "statement"
        )

    def of(self, desk: Desk, line: Line, subjects: Subjects, cites: tuple[Citation, ...]) -> Iterable[Proposal]:
        """Yield what the sentence seems to state, one proposal an object, and those without an object."""
        said: set[tuple[str, str | None]] = set()
        for mention in line.mentions:
            best = self._best(desk, line, mention)
            if best is None:
                continue
            share, name, concept = best
            item = concept if self.takes_object(name) else None
            if (name, item) in said:
                continue
            said.add((name, item))
            made = self._made(desk, line, subjects, (mention.first, mention.last), name, concept, share, cites)
            if made is not None:
                yield made

    def _best(self, desk: Desk, line: Line, mention: Mention) -> tuple[float, str, str] | None:
        found = []
        for concept in mention.concepts:
            features = line_features(self.domain, line, desk.text, concept, (mention.first, mention.last))
            scored = self.lessons.statements.scores(features, self.names)
            fitting = next((pair for pair in scored if pair[1] == NONE or self.fits(pair[1], concept)), None)
            if fitting and fitting[1] != NONE and fitting[0] >= SURE:
                found.append((*fitting, concept))
        return max(found) if found else None

    def takes_object(self, name: str) -> bool:
        """Say whether reviewed statements on a property mostly have an object; one never stated may have one."""
        return self.lessons.object_share.get(name, 1.0) >= WITHOUT_OBJECT

    def fits(self, name: str, concept: str) -> bool:
        """Say whether a property was ever stated with an object of the concept's scheme, or never with any."""
        if set(stems(self.domain.label(concept))) <= set(stems(self.domain.properties[name].label)):
            return False  # “is safe” says nothing of “safe”
        schemes = self.lessons.object_schemes.get(name)
        return not self.takes_object(name) or not schemes or self.domain.concepts[concept].scheme in schemes

    def _made(
        self,
        desk: Desk,
        line: Line,
        subjects: Subjects,
        at: tuple[int, int],
        name: str,
        concept: str,
        share: float,
        cites: tuple[Citation, ...],
    ) -> Proposal | None:
        item = concept if self.takes_object(name) else None
        subject = subjects.of(name, line, at[0], {item} if item else ())
        if subject is None:
            return None
        how = manner(line.norms, at[0], at[1])
        start, end = line.sentence.start, line.tokens[-1].end
        reasons = (
            f"it names “{self.domain.label(concept)}” and reads most like “{self.domain.properties[name].label}”",
        )
        said = Said(
            Kind.STATEMENT,
            subject,
            name,
            statement(self.domain, subject, name, item, how),
            how,
            item,
            scope=scope_of(self.domain, self.domain.properties[name], line, (subject, concept), desk.page_scope),
            cites=cites,
        )
        return proposal(desk, said, start, end, share, reasons)
