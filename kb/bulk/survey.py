"""The survey: on which questions do sources give answers that cannot stand together, and does scope explain it?

SQL turns claims into numbers, a question at a time is counted by `kb.bulk.scope_kernel`. Subjects and objects are taken
as written: no families. What is only called possible, or told as an older belief, takes no part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kb.build import Progress
from kb.bulk.engines import SurveyEngine
from kb.bulk.filtering import text
from kb.bulk.scope_kernel import Claims, Ints, Scopes, apart_positions, most_frequent, signatures, tally
from kb.bulk.survey_answers import Answers, make_answers
from kb.bulk.survey_scopes import ScopeTable
from kb.bulk.terms import TABLES, term_tables
from kb.domain import Domain
from kb.model import Kind

SIGNATURES = 1000
"""So many scopes of one question, those with most claims, are compared with each other."""


@dataclass(frozen=True)
class QuestionSurvey:
    """One question with answers that are apart: how much stands behind it, and what scope says.

    ``claims``, ``sources`` and ``answers`` count what takes part, ``hedged`` the claims on the question that only call
    something possible, with or without a number that can be read: they are left out. ``apart_answers`` are pairs of
    answers, ``pairs`` pairs of claims of two sources with such answers. These are the sum of ``same`` (one scope),
    ``explained`` (a separating dimension differs), ``unknown`` (none is known to differ, one that always separates is
    not known) and ``left_out`` (one of the two is of a scope that is not among those with most claims; only where
    ``capped``). ``scopes`` counts all scopes, ``by_dimension`` the pairs that each dimension explains.
    """

    topic: str
    property: str
    kind: Kind
    subject: str
    object: str
    than: str
    claims: int
    sources: int
    answers: int
    apart_answers: int
    pairs: int
    same: int
    explained: int
    unknown: int
    left_out: int
    by_dimension: tuple[tuple[str, int], ...]
    hedged: int
    scopes: int
    capped: bool


@dataclass(frozen=True)
class _Question:
    property: str
    kind: Kind
    subject: str
    object: str
    than: str
    hedged: int


def survey(
    engine: SurveyEngine,
    domain: Domain,
    topic: str | None = None,
    cap: int = SIGNATURES,
    progress: Progress | None = None,
) -> Iterator[QuestionSurvey]:
    """Yield every question with answers that are apart, in order of property, kind, subject, object and other side."""
    _prepare(engine, domain, topic)
    scopes = ScopeTable(domain, (str(row["scope"]) for row in engine.stream(_in_order("survey_scopes"))))
    columns = "property, kind, subject, object, than, hedged"
    listed = engine.ask(f"SELECT {columns} FROM survey_questions ORDER BY question")  # noqa: S608 - our own names
    answers, known = None, ("", "")
    for number, rows in _by_question(engine):
        name, kind, subject, item, than, hedged = listed[number - 1]
        asked = _Question(name, Kind(kind), subject, item, than, int(hedged))
        if answers is None or (name, kind) != known:
            answers, known = _answers(engine, domain, name, asked.kind), (name, kind)
        if progress is not None:
            progress(name, number, len(listed))
        if found := _survey(domain, scopes, answers, asked, rows, cap):
            yield found


def _prepare(engine: SurveyEngine, domain: Domain, topic: str | None) -> None:
    rows = term_tables(domain)["kb_property"]
    engine.load("kb_property", TABLES["kb_property"], [row for row in rows if topic in (None, row[1])])
    engine.view("surveyed", text("survey_claims"))
    for step in ("questions", "answers", "scopes", "sources"):
        engine.create(f"survey_{step}", text(f"survey_{step}"))


def _in_order(name: str) -> str:
    return f"SELECT * FROM {name} ORDER BY number"  # noqa: S608 - our own name


def _answers(engine: SurveyEngine, domain: Domain, name: str, kind: Kind) -> Answers:
    named = "'" + name.replace("'", "''") + "'"
    query = f"SELECT * FROM survey_answers WHERE property = {named} AND kind = '{kind}' ORDER BY number"  # noqa: S608
    return make_answers(domain, name, kind, engine.stream(query))


def _by_question(engine: SurveyEngine) -> Iterator[tuple[int, Ints]]:
    """Yield the number of each question with its claims (N × answer, scope, source), one question in memory at once."""
    held: list[Ints] = []
    for batch in engine.batches(text("survey_rows")):
        cuts = np.flatnonzero(np.diff(batch[:, 0])) + 1
        for part in np.split(batch, cuts):
            if held and held[0][0, 0] != part[0, 0]:
                yield int(held[0][0, 0]), np.concatenate(held)[:, 1:]
                held = []
            held.append(part)
    if held:
        yield int(held[0][0, 0]), np.concatenate(held)[:, 1:]


def _survey(
    domain: Domain, scopes: ScopeTable, answers: Answers, asked: _Question, rows: Ints, cap: int
) -> QuestionSurvey | None:
    given = answers.position[rows[:, 0] - answers.first]
    rows, given = rows[given >= 0], given[given >= 0]
    chosen, position = np.unique(given, return_inverse=True)
    positions = answers.among(chosen)
    apart = apart_positions(positions)
    if not apart:
        return None
    names, always, implied = _separating(domain, asked)
    codes, signature = signatures(scopes.within(rows[:, 1] - 1, names, implied))
    states = []
    for column, name in enumerate(names):
        used, codes[:, column] = np.unique(codes[:, column], return_inverse=True)
        states.append(scopes.dimensions[name].states(used))
    kept = most_frequent(signature, len(codes), cap)
    found = tally(Claims(position, signature, rows[:, 2]), positions, Scopes(codes, states, always), kept)
    by_dimension = sorted(zip(names, found.by_dimension, strict=True), key=lambda item: (-item[1], item[0]))
    return QuestionSurvey(
        topic=domain.properties[asked.property].topic,
        property=asked.property,
        kind=asked.kind,
        subject=asked.subject,
        object=asked.object,
        than=asked.than,
        claims=len(rows),
        sources=len(np.unique(rows[:, 2])),
        answers=len(chosen),
        apart_answers=apart,
        pairs=found.pairs,
        same=found.same,
        explained=found.explained,
        unknown=found.unknown,
        left_out=found.left_out,
        by_dimension=tuple((name, count) for name, count in by_dimension if count),
        hedged=asked.hedged,
        scopes=len(codes),
        capped=len(codes) > cap,
    )


def _separating(domain: Domain, asked: _Question) -> tuple[list[str], list[bool], dict[str, str]]:
    """Return the dimensions that separate, which of them must be known, and what naming the subject implies.

    What the two sides of a ranking imply cannot separate rankings of these two.
    """
    definition = domain.properties[asked.property]
    implied = dict(domain.implied(asked.subject))
    ignored = {*implied, *domain.implied(asked.than)} if asked.kind is Kind.COMPARISON else set()
    names = sorted({*definition.separated_by, *definition.also_separated_by} - ignored)
    return names, [name in definition.separated_by for name in names], implied
