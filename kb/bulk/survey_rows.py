"""The rows of a survey for people and other programs: the question by its labels and one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kb.bulk.survey import QuestionSurvey
from kb.bulk.survey_order import Order
from kb.domain import Domain
from kb.model import Kind

SIZES: dict[Order, Callable[[QuestionSurvey], tuple[int, ...]]] = {
    Order.SAME: lambda found: (found.same, found.pairs, found.claims),
    Order.PAIRS: lambda found: (found.pairs, found.same, found.claims),
    Order.CLAIMS: lambda found: (found.claims, found.pairs, found.same),
}


def ordered(found: Iterable[QuestionSurvey], order: Order, limit: int = 0) -> list[QuestionSurvey]:
    """Return the questions by size, largest first, equal ones by name; with a ``limit`` only the first."""

    def key(one: QuestionSurvey) -> tuple[Any, ...]:
        sizes = (-size for size in SIZES[order](one))
        return (*sizes, one.topic, one.property, one.kind, one.subject, one.object, one.than)

    rows = sorted(found, key=key)
    return rows[:limit] if limit else rows


def survey_row(domain: Domain, found: QuestionSurvey) -> dict[str, Any]:
    """Return a question as a row."""
    return {
        "question": question_text(domain, found),
        "claims": found.claims,
        "sources": found.sources,
        "answers": found.answers,
        "pairs": found.pairs,
        "same": found.same,
        "explained": found.explained,
        "unknown": found.unknown,
        "left_out": found.left_out,
        "sentence": sentence(domain, found),
        "topic": found.topic,
        "property": found.property,
        "kind": found.kind,
        "subject": found.subject,
        "object": found.object or None,
        "than": found.than or None,
        "apart_answers": found.apart_answers,
        "by_dimension": dict(found.by_dimension),
        "hedged": found.hedged,
        "scopes": found.scopes,
        "capped": found.capped,
    }


def question_text(domain: Domain, found: QuestionSurvey) -> str:
    """Return what is asked, by labels: property, subject, object and the other side of a ranking."""
    parts = [domain.label(name) for name in (found.subject, found.object) if name]
    against = f" or {domain.label(found.than)}" if found.than else ""
    parts[0] += against
    return f"{domain.properties[found.property].label}: {', '.join(parts)}"


def sentence(domain: Domain, found: QuestionSurvey) -> str:
    """Return in one sentence how much stands behind the disagreement and what scope says of it."""
    given = {Kind.QUANTITY: "value", Kind.STATEMENT: "answer", Kind.COMPARISON: "ranking"}[found.kind]
    verb = "gives" if found.claims == 1 else "give"
    start = (
        f"{_count(found.claims, 'claim')} of {_count(found.sources, 'source')} {verb} {_count(found.answers, given)}"
    )
    if not found.pairs:
        return f"{start}; no two sources are apart, one is with itself."
    shares = [f"{found.same:,} in one scope", f"{found.explained:,} explained{_mostly(domain, found)}"]
    shares.append(f"{found.unknown:,} unknown")
    if found.left_out:
        shares.append(f"{found.left_out:,} not looked at, in the rarer of {found.scopes:,} scopes")
    pairs = "pair that does" if found.pairs == 1 else "pairs that do"
    return f"{start}; of {found.pairs:,} {pairs} not go together, {', '.join(shares)}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _mostly(domain: Domain, found: QuestionSurvey) -> str:
    if not found.by_dimension:
        return ""
    label = domain.dimensions[found.by_dimension[0][0]].label
    return f" ({'most ' if len(found.by_dimension) > 1 else ''}by {label})"
