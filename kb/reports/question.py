"""What a summary is asked: words matched to topics, properties and concepts, and the claims that answer."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.build import KnowledgeBase
from kb.domain import Domain
from kb.errors import InputError, Problem
from kb.model import Claim
from kb.scopes import effective_scope

IGNORED = frozenset("a an and as at for from in is of on or the to what with how does do".split())
Fit = Literal["in", "out", "unknown"]


@dataclass(frozen=True)
class Question:
    """What is asked. ``scope`` are pairs of dimension and concept, ``by`` a dimension that parts the answers.

    ``words`` are those of the person who asks, ``asked`` the properties named beside them.
    Empty topics and properties mean all of them.
    """

    words: str
    topics: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    scope: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    by: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The claims on a question; ``unsure`` are those that would be, but do not state a dimension asked for."""

    claims: tuple[Claim, ...]
    unsure: tuple[Claim, ...]


def ask(
    kb: KnowledgeBase,
    query: str,
    properties: Sequence[str] = (),
    scope: Sequence[str] = (),
    sources: Sequence[str] = (),
) -> Question:
    """Return the question that words and options ask; raise `InputError` with all that is unknown, and what is near.

    ``scope`` holds ``dimension=concept``. "By" and the name of a dimension in the query parts the answers by it.
    """
    problems: list[Problem] = []
    found = _parse(kb.domain, query, problems)
    for name in properties:
        if name not in kb.domain.properties:
            problems.append(_unknown(name, "is no property", kb.domain.properties, "--property "))
    pairs = [pair for text in scope if (pair := _pair(kb.domain, text, problems)) is not None]
    for name in sources:
        if name not in kb.names:
            problems.append(_unknown(name, "is neither a document nor a work", kb.names, "--source "))
    if problems:
        raise InputError(problems)
    return Question(
        words=" ".join(query.split()),
        topics=tuple(found["topic"]),
        properties=(*found["property"], *properties),
        concepts=tuple(found["concept"]),
        scope=tuple(pairs),
        sources=tuple(sources),
        by=next(iter(found["dimension"]), ""),
        asked=tuple(properties),
    )


def answer(kb: KnowledgeBase, claims: Iterable[Claim], question: Question) -> Answer:
    """Return the claims that a question is about."""
    found: dict[Fit, list[Claim]] = {"in": [], "out": [], "unknown": []}
    for claim in claims:
        found[_fit(kb.domain, claim, question)].append(claim)
    return Answer(tuple(found["in"]), tuple(found["unknown"]))


def title(domain: Domain, question: Question) -> str:
    """Return what is asked, in the words of the vocabulary: *topic (concept)*."""
    things = [domain.label(name) for name in question.concepts]
    about = [domain.topics[name].label for name in question.topics]
    about += [domain.properties[name].label for name in question.properties]
    within = [f"{domain.dimensions[d].label} {domain.label(value)}" for d, value in question.scope]
    told = " and ".join(about or things)
    told += f" ({' and '.join(things)})" if about and things else ""
    told += f", by {domain.dimensions[question.by].label}" if question.by else ""
    return told + (f" ({', '.join(within)})" if within else "")


def left_out(domain: Domain, claims: Iterable[Claim], question: Question) -> list[str]:
    """Return what is on record of properties that were not asked for, but bear the name of one that was, as labels.

    Who asks for a price does not see the price of a course: a reader should know that there is one.
    """
    if question.topics:
        return []
    asked = [(p.topic, set(_tokens(p.label))) for p in map(domain.properties.__getitem__, question.properties)]
    others = {claim.property for claim in claims} - set(question.properties)
    found = (domain.properties[name] for name in others)
    return sorted(p.label for p in found if any(p.topic == t and name < set(_tokens(p.label)) for t, name in asked))


# Words


def _parse(domain: Domain, query: str, problems: list[Problem]) -> dict[str, list[str]]:
    """Return what the words of a query name, the longest names first."""
    found: dict[str, list[str]] = {"topic": [], "property": [], "concept": [], "dimension": []}
    names = _names(domain)
    rest = _tokens(query)
    lost: list[str] = []
    while rest:
        size = next((n for n in range(len(rest), 0, -1) if tuple(rest[:n]) in names), 0)
        if rest[0] == "by" and len(rest) > 1 and (dimension := _dimension(domain, rest[1:])):
            found["dimension"].append(dimension[0])
            rest = rest[1 + dimension[1] :]
        elif size:
            kind, name = names[tuple(rest[:size])]
            found[kind].append(name)
            rest = rest[size:]
        else:
            lost += [rest[0]] if rest[0] not in IGNORED | {"by"} else []
            rest = rest[1:]
    for word in lost:
        shown = {" ".join(key): "" for key in names}
        problems.append(
            _unknown(word, "names no topic, property or concept", shown, "", f"known topics: {_topics(domain)}")
        )
    if not lost and not any(found[kind] for kind in ("topic", "property", "concept")):
        problems.append(Problem(query or "the question", 0, "asks nothing", f"name a topic: {_topics(domain)}"))
    return found


def _topics(domain: Domain) -> str:
    return ", ".join(domain.topics)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", text.casefold()))


def _names(domain: Domain) -> dict[tuple[str, ...], tuple[str, str]]:
    """Return what each name means, as its words: a topic before a property before a concept."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for concept in sorted(domain.concepts.values(), key=lambda c: c.id, reverse=True):
        for text in (*concept.other_labels, concept.id, concept.label):
            found[tuple(_tokens(text))] = ("concept", concept.id)
    for definition in sorted(domain.properties.values(), key=lambda p: p.id, reverse=True):
        for text in (definition.label, definition.id):
            found[tuple(_tokens(text))] = ("property", definition.id)
    for topic in sorted(domain.topics.values(), key=lambda t: t.id, reverse=True):
        for text in (topic.label, topic.id):
            found[tuple(_tokens(text))] = ("topic", topic.id)
    found.pop((), None)
    return found


def _dimension(domain: Domain, rest: Sequence[str]) -> tuple[str, int] | None:
    for item in domain.dimensions.values():
        for text in (item.label, item.id):
            tokens = _tokens(text)
            if tokens and list(rest[: len(tokens)]) == tokens:
                return item.id, len(tokens)
    return None


def _pair(domain: Domain, text: str, problems: list[Problem]) -> tuple[str, str] | None:
    dimension, equals, value = text.partition("=")
    if not equals or dimension not in domain.dimensions:
        problems.append(_unknown(text, "is no dimension=concept", domain.dimensions, "--scope "))
        return None
    if not domain.dimensions[dimension].schemes:
        problems.append(Problem(f"--scope {text}", 0, "asks for a measured dimension", "name one that has concepts"))
        return None
    if value not in domain.concepts:
        problems.append(_unknown(value, f"is no concept for {dimension}", domain.concepts, "--scope "))
        return None
    return dimension, value


def _unknown(name: str, what: str, known: Mapping[str, object], option: str, else_: str = "") -> Problem:
    near = difflib.get_close_matches(name.casefold(), known, 4, 0.6)
    told = f"did you mean {' or '.join(near)}?" if near else else_ or f"use one of {', '.join(list(known)[:30])}"
    return Problem(f"{option}{name}", 0, what, told)


# Claims


def _fit(domain: Domain, claim: Claim, question: Question) -> Fit:
    """Say whether a claim is within a question, or would be if it stated a dimension that is asked for."""
    if question.sources and claim.source not in question.sources:
        return "out"
    topic = domain.properties[claim.property].topic
    if (question.topics or question.properties) and not (
        claim.property in question.properties if question.properties else topic in question.topics
    ):
        return "out"
    if not all(about(domain, claim, concept) for concept in question.concepts):
        return "out"
    fits = [_within(domain, claim, dimension, value) for dimension, value in question.scope]
    return "out" if "out" in fits else "unknown" if "unknown" in fits else "in"


def _within(domain: Domain, claim: Claim, dimension: str, wanted: str) -> Fit:
    values = effective_scope(domain, claim).get(dimension)
    if not values:
        return "unknown"
    return "in" if any(_is(domain, value, wanted) for value in values) else "out"


def about(domain: Domain, claim: Claim, concept: str) -> bool:
    """Say whether a claim is about a concept: as its subject, object or other side, or by its scope.

    What a product is made of is asked of the product itself: a claim on another product is not about this one
    because it was compared with it in a trial.
    """
    if any(name and _is(domain, name, concept) for name in (claim.subject, claim.object, claim.than)):
        return True
    known = domain.concepts.get(concept)
    scheme = known.scheme if known else ""
    product = any(scheme in domain.dimensions[d].schemes for d in domain.implied_dimensions)
    scope = effective_scope(domain, claim)
    names = [n for n in scope if n in domain.dimensions and (n in domain.implied_dimensions or not product)]
    return any(_is(domain, value, concept) for name in names for value in scope[name])


def _is(domain: Domain, name: str, wanted: str) -> bool:
    return name == wanted or wanted in domain.ancestors(name)
