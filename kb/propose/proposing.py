"""From a page's text to its proposals: read, cite, propose; a short list of calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from kb.domain import Domain
from kb.model import Citation, Claim, ScopeValue
from kb.propose.amounts import Amounts
from kb.propose.comparing import Comparisons
from kb.propose.english import english
from kb.propose.lessons import Lessons, learn
from kb.propose.making import Desk, told_apart
from kb.propose.page import Line, Reader, Span
from kb.propose.records import Proposal
from kb.propose.size import MOST_PROPOSALS, too_many
from kb.propose.statements import Statements
from kb.propose.subjects import Subjects
from kb.propose.units import Units

Citer = Callable[[int, int], tuple[Citation, ...]]


class Proposer:
    """Proposes claims of pages in one domain, by rules and by what its reviewed claims teach.

    ``claims`` are the reviewed ones and ``texts`` the pages at hand; leave out those of a page to propose it as new.
    """

    def __init__(self, domain: Domain, claims: Iterable[Claim], texts: Mapping[str, str]) -> None:
        self.domain = domain
        units = Units(domain.units.values(), english())
        self.reader = Reader(domain, units)
        self.lessons: Lessons = learn(self.reader, claims, texts)
        self.amounts = Amounts(domain, units, self.reader.lexicon, self.lessons)
        self.statements = Statements(domain, self.lessons)
        self.comparisons = Comparisons(domain, self.lessons)

    def propose(
        self,
        source: str,
        text: str,
        excluded: Iterable[Span] = (),
        title: str = "",
        page_scope: tuple[ScopeValue, ...] = (),
        cited: Citer | None = None,
        advance: Callable[[int, int], None] | None = None,
    ) -> tuple[Proposal, ...]:
        """Return the proposals of a page in order of place; ``cited`` gives the citations of a span of it.

        Raises `InputError` for a page with more proposals than anyone reviews.
        """
        lines = self.reader.lines(text, excluded, title)
        subjects = Subjects(self.lessons.subjects, lines)
        desk = Desk(self.domain, source, text, page_scope)
        found: dict[str, Proposal] = {}
        parts: Counter[str] = Counter()
        for number, line in enumerate(lines, 1):
            for proposal in self._of_line(desk, line, subjects, cited):
                apart = told_apart(desk, proposal, line.sentence, found, parts)
                found[apart.id] = apart
                if len(found) > MOST_PROPOSALS:
                    raise too_many(source, f"more than {MOST_PROPOSALS:,} things that may be claims")
            if advance:
                advance(number, len(lines))
        return tuple(sorted(found.values(), key=lambda p: (p.start, p.end, p.kind, p.id)))

    def _of_line(self, desk: Desk, line: Line, subjects: Subjects, cited: Citer | None) -> Iterable[Proposal]:
        if not line.tokens:
            return
        cites = cited(line.sentence.start, line.sentence.end) if cited else ()
        yield from self.amounts.of(desk, line, subjects, cites)
        yield from self.comparisons.of(desk, line, subjects, cites)
        yield from self.statements.of(desk, line, subjects, cites)
