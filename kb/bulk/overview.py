"""What the first screens of a table show, by query: how much there is, who speaks on which topic, what is gravest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from kb.bulk.asking import Asking, Where
from kb.bulk.judged import Judged, open_to
from kb.look import OPPOSED
from kb.model import Finding, FindingKind

KINDS = tuple(FindingKind)
FIRST, DOCUMENTS = 4, 12
"""How many of the gravest findings stand on the overview, and how many documents beside the topics."""


class Totals(NamedTuple):
    """How much a table holds: sources by role, what still counts by kind, and how many of it could mislead."""

    documents: int
    works: int
    kinds: Counter[FindingKind]
    severe: int
    settled: int
    waived: int


class Cell(NamedTuple):
    """What one document says on one topic: how many claims, disagreements, and the strongest kind of finding."""

    claims: int
    findings: int
    worst: FindingKind | None


class TopicLine(NamedTuple):
    """A topic: claims by documents and of works, how many of either speak on it, what still counts by kind."""

    topic: str
    claims: int
    documents: int
    works: int
    kinds: Counter[FindingKind]


def totals(asking: Asking, judged: Judged) -> Totals:
    """Return how much there is."""
    roles = dict(asking.ask("SELECT role, COUNT(*) FROM sources GROUP BY role"))
    where = open_to(Where("waived = 0"), judged, "remaining")
    query = f"SELECT kind, severity, COUNT(*) FROM findings WHERE {where.sql} GROUP BY kind, severity"  # noqa: S608
    kinds: Counter[FindingKind] = Counter()
    severe = 0
    for kind, severity, number in asking.ask(query, where.given):
        kinds[FindingKind(kind)] += number
        severe += number if severity == 3 and FindingKind(kind) in OPPOSED else 0
    waived = asking.ask("SELECT COUNT(*) FROM findings WHERE waived = 1")[0][0]
    settled = asking.mark.findings - waived - sum(kinds.values())
    return Totals(roles.get("document", 0), roles.get("work", 0), kinds, severe, settled, waived)


GRAVEST = """
SELECT topic, place FROM (
    SELECT topic, place, row_number() OVER (PARTITION BY topic ORDER BY severity DESC, strength, sources DESC, place)
        AS turn, severity
    FROM findings WHERE {where}
) WHERE turn = 1 ORDER BY severity DESC, place
"""


def gravest(asking: Asking, judged: Judged) -> tuple[list[Finding], list[Finding]]:
    """Return the gravest disagreements between documents, and of one with works, at most one of a topic each."""
    order = {topic.id: (topic.order, topic.id) for topic in asking.domain.topics.values()}
    found = []
    for condition in ("documents > 1", "documents < 2 AND same_source = 0"):
        where = open_to(Where("waived = 0").also("topic <> ''").also(condition), judged, "remaining")
        where = where.among("kind", "kind", (kind.value for kind in OPPOSED))
        places = [place for _, place in asking.ask(GRAVEST.format(where=where.sql), where.given)]
        found.append(list(asking.findings_at(places).values()))
    between, against = (
        sorted(part, key=lambda f: (-f.severity, order.get(f.topic, (0, "")), f.id))[:FIRST] for part in found
    )
    return between, against


def contested_documents(asking: Asking) -> list[tuple[str, str]]:
    """Return id and name of the documents that take part in most findings."""
    query = "SELECT source, name FROM sources WHERE role = 'document' ORDER BY findings DESC, source LIMIT $most"
    return [(source, name) for source, name in asking.ask(query, {"most": DOCUMENTS})]


def cells(asking: Asking, judged: Judged, documents: Sequence[str]) -> dict[tuple[str, str], Cell]:
    """Return what some documents say on each topic, by topic and document; where they are silent there is no cell."""
    where = Where().among("source", "source", documents)
    claims = {
        (topic, source): number
        for topic, source, number in asking.ask(
            f"SELECT topic, source, claims FROM said WHERE {where.sql}",  # noqa: S608 - parameters
            where.given,
        )
    }
    found = open_to(where.also("waived = 0"), judged, "remaining")
    opposed = ", ".join(str(KINDS.index(kind)) for kind in OPPOSED)
    query = (
        f"SELECT topic, source, COUNT(*) FILTER (strength IN ({opposed})), MIN(strength) "  # noqa: S608 - parameters
        f"FROM taking_part WHERE {found.sql} GROUP BY topic, source"
    )
    worst = {(topic, source): (count, KINDS[kind]) for topic, source, count, kind in asking.ask(query, found.given)}
    return {key: Cell(number, *worst.get(key, (0, None))) for key, number in claims.items()}


SPOKEN = """
SELECT topic, SUM(claims)::BIGINT, COUNT(*) FILTER (role = 'claim'), COUNT(*) FILTER (role <> 'claim')
FROM said GROUP BY topic
"""


def topics(asking: Asking, judged: Judged) -> list[TopicLine]:
    """Return every topic of the vocabulary in its order."""
    said = {topic: (claims, documents, works) for topic, claims, documents, works in asking.ask(SPOKEN)}
    where = open_to(Where("waived = 0"), judged, "remaining")
    kinds: dict[str, Counter[FindingKind]] = defaultdict(Counter)
    query = f"SELECT topic, kind, COUNT(*) FROM findings WHERE {where.sql} GROUP BY topic, kind"  # noqa: S608
    for topic, kind, number in asking.ask(query, where.given):
        kinds[topic][FindingKind(kind)] = number
    ordered = sorted(asking.domain.topics.values(), key=lambda topic: (topic.order, topic.id))
    return [TopicLine(t.id, *said.get(t.id, (0, 0, 0)), kinds[t.id]) for t in ordered]
