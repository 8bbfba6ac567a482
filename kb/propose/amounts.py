"""Quantities: which property of which subject a stated number measures."""

from __future__ import annotations

from collections.abc import Iterable

from kb.domain import Domain, Property
from kb.model import Citation, Kind, Ordinal, Value
from kb.propose.learning import NONE
from kb.propose.lessons import Lessons, measure_features
from kb.propose.lexicon import Lexicon
from kb.propose.making import Desk, Said, bare, proposal, value_of
from kb.propose.manner import manner
from kb.propose.measure import Measure
from kb.propose.measures import measures
from kb.propose.page import Line
from kb.propose.phrasing import amount
from kb.propose.records import Measured, Proposal
from kb.propose.scoping import scope_of
from kb.propose.subjects import Subjects
from kb.propose.tokens import tokens
from kb.propose.units import Units
from kb.propose.years import years
from kb.quantities import Unit

SURE = 0.2
YEAR_SURE = 0.4
HALF = 0.5


class Amounts:
    """Proposes quantity claims from the measures of a sentence."""

    def __init__(self, domain: Domain, units: Units, lexicon: Lexicon, lessons: Lessons) -> None:
        self.domain = domain
        self.units = units
        self.lexicon = lexicon
        self.lessons = lessons
        self.by_kind: dict[str, list[str]] = {}
        for item in domain.properties.values():
            unit = domain.unit_of(item.id)
            if item.kind == "quantity" and unit is not None:
                self.by_kind.setdefault(unit.kind, []).append(item.id)
        self.scales = {
            item.scale: item for item in domain.properties.values() if item.kind == "quantity" and item.scale
        }

    def of(self, desk: Desk, line: Line, subjects: Subjects, cites: tuple[Citation, ...]) -> Iterable[Proposal]:
        """Yield a proposal for each measure of the sentence, each telling year, and each class with its objects."""
        for measure in line.measures:
            yield self._of_measure(desk, line, measure, subjects, cites)
        yield from self._years(desk, line, subjects, cites)
        yield from self._classes(desk, line, subjects, cites)

    def _of_measure(
        self, desk: Desk, line: Line, measure: Measure, subjects: Subjects, cites: tuple[Citation, ...]
    ) -> Proposal:
        measured = self.measured(desk, measure)
        candidates = sorted({name for unit in self.declared(measure) for name in self.by_kind.get(unit.kind, ())})
        features = measure_features(self.domain, line, measure, desk.text)
        scored = self.lessons.quantities.scores(features, candidates)
        best = scored[0] if scored else None
        if best is None or best[0] < SURE:
            return bare(desk, measured, measure.start, measure.end)
        share, name = best
        definition = self.domain.properties[name]
        value = self._value(measure, measured, definition)
        at = line.place(measure.start, measure.end)
        item = self._object(name, line, at[0])
        subject = subjects.of(name, line, at[0], {item} if item else ())
        if value is None or subject is None:
            return bare(desk, measured, measure.start, measure.end)
        said = self._said(desk, line, at, subject, definition, item, value, cites, per=self._per(measure))
        reasons = (f"“{definition.label}” is measured in {measured.unit}, and the words nearby fit it best",)
        return proposal(desk, said, measure.start, measure.end, share, reasons, measured)

    def _years(self, desk: Desk, line: Line, subjects: Subjects, cites: tuple[Citation, ...]) -> Iterable[Proposal]:
        """Yield a claim for a year of the calendar where the words around it tell which; most years are no claim."""
        unit = next((u for u in self.domain.units.values() if u.interval_scale), None)
        names = [*self.by_kind.get(unit.kind, ()), NONE] if unit else []
        if unit is None or len(names) < 2:
            return
        for year in years(desk.text, line):
            scored = self.lessons.quantities.scores(measure_features(self.domain, line, year, desk.text), names)
            if not scored or scored[0][1] == NONE or scored[0][0] < YEAR_SURE:
                continue
            share, name = scored[0]
            at = line.place(year.start, year.end)
            subject = subjects.of(name, line, at[0], ())
            if subject is None:
                continue
            definition, measured = self.domain.properties[name], self.measured(desk, year)
            said = self._said(desk, line, at, subject, definition, None, value_of(measured, unit.symbol), cites)
            reasons = (f"the words around the year fit “{definition.label}”",)
            yield proposal(desk, said, line.sentence.start, line.tokens[-1].end, share, reasons, measured)

    def measures(self, text: str, start: int, end: int) -> tuple[Measure, ...]:
        """Return the quantities stated in ``text[start:end]``."""
        return measures(text, start, end, self.units)

    def declared(self, measure: Measure) -> list[Unit]:
        """Return the units of the vocabulary that the printed unit may stand for."""
        return [unit for code in measure.units for unit in self.units.declared.get(code, ())]

    def measured(self, desk: Desk, measure: Measure) -> Measured:
        """Return a measure as a record of a proposal."""
        unit = self.units.symbol(measure.units[0]) if measure.units else measure.noun or "count"
        return Measured(
            printed=desk.text[measure.start : measure.end],
            start=measure.start,
            end=measure.end,
            low=measure.low,
            high=measure.high,
            any_of=measure.any_of,
            unit=unit,
            bound=measure.bound,
            form=measure.form,
            per=measure.per,
        )

    def _value(self, measure: Measure, measured: Measured, definition: Property) -> Value | None:
        target = self.domain.unit_of(definition.id)
        unit = next((u for u in self.declared(measure) if target and u.kind == target.kind), None)
        return value_of(measured, unit.symbol) if unit else None

    def _said(
        self,
        desk: Desk,
        line: Line,
        at: tuple[int, int],
        subject: str,
        definition: Property,
        item: str | None,
        value: Value,
        cites: tuple[Citation, ...],
        beside: tuple[str, ...] = (),
        per: tuple[str, ...] = (),
    ) -> Said:
        """Return the content of a quantity claim; ``beside`` are concepts that are no scope of it, like its class."""
        how = manner(line.norms, *at)
        taken = (subject, *([item] if item else []), *beside)
        return Said(
            Kind.QUANTITY,
            subject,
            definition.id,
            amount(self.domain, subject, definition.id, item, value, how),
            how,
            item,
            value,
            scope=scope_of(self.domain, definition, line, taken, desk.page_scope, per),
            cites=cites,
        )

    def _per(self, measure: Measure) -> tuple[str, ...]:
        """Return the concepts that a printed basis names: those labelled “per …”, or the noun itself."""
        if not measure.per:
            return ()
        for words in (f"per {measure.per}", measure.per):
            found = self.lexicon.mentions(tokens(words))
            if found:
                return tuple(concept for mention in found for concept in mention.concepts)
        return ()

    def _object(self, name: str, line: Line, before: int) -> str | None:
        """Return the object of a quantity that mostly has one: the concept of a fitting scheme named last before it."""
        if self.lessons.object_share.get(name, 0.0) < HALF:
            return None
        schemes = frozenset(self.lessons.object_schemes.get(name, ()))
        own = [
            (mention.first < before, mention.first if mention.first < before else -mention.first, concept)
            for mention in line.mentions
            for concept in mention.concepts
            if self.domain.concepts[concept].scheme in schemes
        ]
        if own:
            return max(own)[2]
        above = (c for context in line.contexts for c in context.concepts if self.domain.concepts[c].scheme in schemes)
        return next(above, None)

    def _classes(self, desk: Desk, line: Line, subjects: Subjects, cites: tuple[Citation, ...]) -> Iterable[Proposal]:
        """Yield a claim for each object beside a class of an ordinal scale (dizziness: common)."""
        if not any(self._is_grade(concept) for mention in line.mentions for concept in mention.concepts):
            yield from self._graded_above(desk, line, subjects, cites)
        for mention in line.mentions:
            for concept in mention.concepts:
                definition = self.scales.get(self.domain.concepts[concept].scheme)
                if definition is None or self.domain.concepts[concept].rank is None:
                    continue
                at = (mention.first, mention.last)
                printed = desk.text[line.tokens[at[0]].start : line.tokens[at[1] - 1].end]
                yield from self._graded(desk, line, definition, concept, printed, at, subjects, cites)

    def _is_grade(self, concept: str) -> bool:
        known = self.domain.concepts[concept]
        return known.rank is not None and known.scheme in self.scales

    def _graded_above(
        self, desk: Desk, line: Line, subjects: Subjects, cites: tuple[Citation, ...]
    ) -> Iterable[Proposal]:
        """Yield claims for the items of a list whose lead-in or heading names the class (“Common side effects:”)."""
        if line.block.kind != "list-item":
            return
        for context in line.contexts:
            grade = next((concept for concept in context.concepts if self._is_grade(concept)), None)
            if grade is not None and context.basis in ("list-lead", "heading"):
                definition = self.scales[self.domain.concepts[grade].scheme]
                printed = desk.text[context.start : context.end][:200]
                yield from self._graded(desk, line, definition, grade, printed, (0, 1), subjects, cites)
                return

    def _graded(
        self,
        desk: Desk,
        line: Line,
        definition: Property,
        grade: str,
        printed: str,
        at: tuple[int, int],
        subjects: Subjects,
        cites: tuple[Citation, ...],
    ) -> Iterable[Proposal]:
        schemes = frozenset(self.lessons.object_schemes.get(definition.id, ()))
        items = [c for m in line.mentions for c in m.concepts if self.domain.concepts[c].scheme in schemes]
        value = Ordinal.model_validate({"class": grade, "printed": printed})
        for item in dict.fromkeys(items):
            subject = subjects.of(definition.id, line, at[0], {item, grade})
            if subject is None:
                continue
            said = self._said(desk, line, at, subject, definition, item, value, cites, beside=(grade,))
            reasons = (f"the line names “{self.domain.label(item)}” beside the class “{self.domain.label(grade)}”",)
            yield proposal(desk, said, line.sentence.start, line.tokens[-1].end, 0.6, reasons)
