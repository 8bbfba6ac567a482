"""The claims of a table by query: answers to a property, claims on it, a source and its claims, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kb.bulk.asking import Asking, Where
from kb.bulk.judged import Judged, open_to
from kb.bulk.rows import trusted_claims
from kb.model import Claim, FindingKind

KINDS = tuple(FindingKind)
PAGE = 25
LINKS = 3
"""How many findings a claim in a list leads to by name."""


class PropertyLine(NamedTuple):
    """A property: how many claims and different answers, how many documents' claims, by how many sources."""

    property: str
    claims: int
    made: int
    sources: int
    answers: int
    findings: int


class Answer(NamedTuple):
    """One answer to a property: a claim that gives it, its rank, and how many claims and sources do."""

    claim: Claim
    rank: int
    claims: int
    sources: int


class SourceLine(NamedTuple):
    """A document or work in a list: how many claims it has, and its findings by kind, strongest first."""

    source: str
    role: str
    name: str
    title: str
    claims: int
    kinds: tuple[int, ...]


class Touching(NamedTuple):
    """The findings on a claim: how many, the strongest kind that still counts, and id and title of the first."""

    found: int
    worst: FindingKind | None
    first: tuple[tuple[str, FindingKind, str], ...]


# Properties


def properties(asking: Asking, judged: Judged, topic: str) -> list[PropertyLine]:
    """Return the properties of a topic that are spoken of: those with most findings first, then with most claims."""
    where = open_to(Where("waived = 0").also("topic = $topic", topic=topic), judged, "remaining")
    query = f"SELECT property, COUNT(*) FROM findings WHERE {where.sql} GROUP BY property"  # noqa: S608 - parameters
    found = dict(asking.ask(query, where.given))
    columns = "property, claims, made, sources, answers"
    rows = asking.ask(f"SELECT {columns} FROM properties WHERE topic = $topic", {"topic": topic})  # noqa: S608
    lines = [PropertyLine(p, n, made, by, many, found.get(p, 0)) for p, n, made, by, many in rows]
    return sorted(lines, key=lambda line: (-line.findings, -line.claims, line.property))


def properties_of(asking: Asking, source: str) -> dict[str, int]:
    """Return how many claims a source has on each property."""
    query = "SELECT property, COUNT(*) FROM claims WHERE source = $source GROUP BY property"
    return dict(asking.ask(query, {"source": source}))


def answers(asking: Asking, name: str, first: int = 0, size: int = PAGE) -> list[Answer]:
    """Return answers to a property, those of most claims first."""
    query = (
        "SELECT * EXCLUDE (claims, sources), claims AS count, sources AS by FROM answers "
        "WHERE property = $property AND rank >= $first AND rank < $last ORDER BY rank"
    )
    rows = asking.rows(query, {"property": name, "first": first, "last": first + size})
    made = trusted_claims(rows)
    return [Answer(claim, row["rank"], row["count"], row["by"]) for claim, row in zip(made, rows, strict=True)]


def on_property(name: str, rank: int | None = None, source: str = "") -> Where:
    """Return the condition on a row of ``by_property``: the property, the rank of the answer, the source."""
    where = Where().also("property = $property", property=name)
    if rank is not None:
        where = where.also("answer = $rank", rank=rank)
    return where.also("source = $source", source=source) if source else where


def count_on_property(asking: Asking, where: Where) -> int:
    """Return how many claims fit."""
    return int(asking.ask(f"SELECT COUNT(*) FROM by_property WHERE {where.sql}", where.given)[0][0])  # noqa: S608


def page_on_property(asking: Asking, where: Where, first: int, size: int = PAGE) -> list[Claim]:
    """Return the claims that fit from the ``first`` on, in order of source and place."""
    keys = asking.ask(
        f"SELECT source, number FROM by_property WHERE {where.sql} ORDER BY turn "  # noqa: S608 - parameters
        "LIMIT $size OFFSET $first",
        {**where.given, "size": size, "first": first},
    )
    return _at(asking, keys)


def _at(asking: Asking, keys: Sequence[tuple[str, int]]) -> list[Claim]:
    """Return the claims at these places of their sources, in order."""
    if not keys:
        return []
    wanted = set(keys)
    numbers = [number for _, number in keys]
    where = Where().among("source", "source", (source for source, _ in keys)).among("number", "number", numbers)
    where = where.also("number BETWEEN $low AND $high", low=min(numbers), high=max(numbers))
    query = f"SELECT * FROM claims WHERE {where.sql} ORDER BY source, number"  # noqa: S608 - parameters
    rows = [row for row in asking.rows(query, where.given) if (row["source"], row["number"]) in wanted]
    return list(trusted_claims(rows))


# Sources


def sources(asking: Asking, words: str, first: int, size: int = PAGE, role: str = "document") -> list[SourceLine]:
    """Return the sources whose id, name or title has the words, those in most findings first."""
    where = _named(words, role)
    query = (
        f"SELECT source, role, name, title, kinds FROM sources WHERE {where.sql} "  # noqa: S608 - parameters
        "ORDER BY findings DESC, source LIMIT $size OFFSET $first"
    )
    rows = asking.ask(query, {**where.given, "size": size, "first": first})
    counts = claims_of(asking, [row[0] for row in rows])
    return [
        SourceLine(source, kind, name, title, counts.get(source, 0), tuple(map(int, kinds.split(","))))
        for source, kind, name, title, kinds in rows
    ]


def count_sources(asking: Asking, words: str, role: str = "document") -> int:
    """Return how many sources have the words."""
    where = _named(words, role)
    return int(asking.ask(f"SELECT COUNT(*) FROM sources WHERE {where.sql}", where.given)[0][0])  # noqa: S608


def _named(words: str, role: str) -> Where:
    where = Where().also("role = $role", role=role)
    for number, word in enumerate(sorted(set(words.casefold().split()))):
        where = where.also(f"contains(words, $word{number})", **{f"word{number}": word})
    return where


def one_source(asking: Asking, source: str) -> SourceLine | None:
    """Return a document or work, None if there is none of that id."""
    query = "SELECT source, role, name, title, kinds FROM sources WHERE source = $source"
    rows = asking.ask(query, {"source": source})
    if not rows:
        return None
    claims = claims_of(asking, [source]).get(source, 0)
    _, role, name, title, kinds = rows[0]
    return SourceLine(source, role, name, title, claims, tuple(map(int, kinds.split(","))))


def claims_of(asking: Asking, sources: Iterable[str]) -> dict[str, int]:
    """Return how many claims some sources have."""
    where = Where().among("source", "source", sources)
    query = f"SELECT source, SUM(claims)::BIGINT FROM said WHERE {where.sql} GROUP BY source"  # noqa: S608
    return dict(asking.ask(query, where.given))


def topics_of(asking: Asking, source: str) -> dict[str, int]:
    """Return how many claims a source has on each topic."""
    query = "SELECT topic, SUM(claims)::BIGINT FROM said WHERE source = $source GROUP BY topic ORDER BY topic"
    return dict(asking.ask(query, {"source": source}))


def page_of_source(asking: Asking, source: str, topic: str, first: int, size: int = PAGE) -> list[Claim]:
    """Return claims of a source in order of place, on a topic if one is named, from the ``first`` on."""
    if not topic:
        given = {"source": source, "first": first, "last": first + size}
        condition = "source = $source AND number >= $first AND number < $last"
        return asking.claims(f"SELECT * FROM claims WHERE {condition} ORDER BY number", given)  # noqa: S608
    where = _on_topic(asking, source, topic)
    query = f"SELECT number FROM claims WHERE {where.sql} ORDER BY number LIMIT $size OFFSET $first"  # noqa: S608
    found = asking.ask(query, {**where.given, "size": size, "first": first})
    return _at(asking, [(source, number) for (number,) in found])


def _on_topic(asking: Asking, source: str, topic: str) -> Where:
    about = [name for name, item in asking.domain.properties.items() if item.topic == topic]
    return Where().also("source = $source", source=source).among("property", "about", about)


def claims_before(asking: Asking, claim: str, source: str, topic: str) -> int | None:
    """Return how many claims of a source (on a topic) stand before a claim, None if it is not among them."""
    found = asking.ask("SELECT source, number FROM ids WHERE id = $claim", {"claim": claim})
    if not found or found[0][0] != source:
        return None
    number = int(found[0][1])
    if not topic:
        return number
    where = _on_topic(asking, source, topic).also("number <= $number", number=number)
    query = f"SELECT COUNT(*), MAX(number) FROM claims WHERE {where.sql}"  # noqa: S608 - parameters
    count, last = asking.ask(query, where.given)[0]
    return int(count) - 1 if last == number else None


def touching(asking: Asking, judged: Judged, claims: Iterable[str]) -> Mapping[str, Touching]:
    """Return the findings on some claims, those that still count first, then the strongest."""
    where = Where("f.waived = 0").among("m.claim", "claim", claims)
    query = (
        "SELECT DISTINCT m.claim, f.place, f.strength, f.severity, f.id, f.title FROM members m "  # noqa: S608
        f"JOIN findings f ON f.place = m.place WHERE {where.sql}"
    )
    settled = set(judged.settled)
    found: dict[str, list[tuple[bool, int, int, int, str, str]]] = defaultdict(list)
    for claim, place, strength, severity, name, title in asking.ask(query, where.given):
        found[claim].append((place in settled, strength, -severity, place, name, title))
    return {claim: _touching(sorted(rows)) for claim, rows in found.items()}


def _touching(rows: list[tuple[bool, int, int, int, str, str]]) -> Touching:
    left = [row for row in rows if not row[0]]
    first = tuple((name, KINDS[strength], title) for _, strength, _, _, name, title in rows[:LINKS])
    return Touching(len(rows), KINDS[left[0][1]] if left else None, first)
