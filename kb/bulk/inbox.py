"""The inbox of a table by query: how many findings fit, those on one page, their neighbours, what is beside one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kb.bulk.asking import Asking, Where
from kb.bulk.judged import Judged, open_to
from kb.bulk.rows import trusted_claims
from kb.model import Claim, Finding, FindingKind
from kb.standing import USUAL

PAGE = 25
WORKS, FACTS, RELATED = 12, 7, 25
"""How many cited works, facts of each, and other findings on the same claims are read for a card."""

SOURCES = 40
"""How many sources can be chosen from a list; any other is named by the address."""

SPANS = {"across": "same_source = 0", "within": "same_source = 1"}
"""Whether sources disagree with one another, or one with itself."""


@dataclass(frozen=True)
class Asked:
    """What is asked for; "" and () ask for anything but the state, where "" is what is still to judge."""

    kinds: tuple[FindingKind, ...] = USUAL
    topic: str = ""
    property: str = ""
    code: str = ""
    source: str = ""
    claim: str = ""
    span: str = ""
    state: str = ""
    severity: int = 0
    words: str = ""

    def without(self, name: str) -> Asked:
        """Return this filter without the part that an address calls ``name``."""
        field = {"doc": "source", "kind": "kinds", "sev": "severity", "q": "words", "prop": "property"}.get(name, name)
        return replace(self, **{field: getattr(Asked(), field)})

    def where(self, judged: Judged) -> Where:
        """Return the condition on a finding, whichever kind it is of; waived findings never fit."""
        where = Where("waived = 0")
        for column in ("topic", "property", "code"):
            if value := getattr(self, column):
                where = where.also(f"{column} = ${column}", **{column: value})
        if self.severity:
            where = where.also("severity = $severity", severity=self.severity)
        if self.span in SPANS:
            where = where.also(SPANS[self.span])
        if self.source:
            inside = "place IN (SELECT t.place FROM taking_part t WHERE t.source = $source)"
            where = where.also(inside, source=self.source)
        if self.claim:
            where = where.also("place IN (SELECT m.place FROM members m WHERE m.claim = $claim)", claim=self.claim)
        for number, word in enumerate(sorted(set(self.words.casefold().split()))):
            where = where.also(f"contains(words, $word{number})", **{f"word{number}": word})
        return open_to(where, judged, self.state)

    def of_kinds(self, judged: Judged) -> Where:
        """Return the condition on a finding, its kind with it."""
        return self.where(judged).among("kind", "kind", (kind.value for kind in self.kinds))


class Shown(NamedTuple):
    """A page of the inbox: how many fit, which place the first of the page has, the findings, the ids beside them.

    ``before`` and ``after`` are the neighbours of the current finding, ``earlier`` and ``later`` the first findings of
    the pages beside this one; "" where there is none.
    """

    total: int
    first: int
    findings: tuple[Finding, ...]
    reopened: int
    before: str
    after: str
    earlier: str
    later: str


def counts(asking: Asking, asked: Asked, judged: Judged) -> Counter[FindingKind]:
    """Return how many findings of each kind fit, whichever kinds are asked for."""
    where = asked.where(judged)
    query = f"SELECT kind, COUNT(*) FROM findings WHERE {where.sql} GROUP BY kind"  # noqa: S608 - parameters
    return Counter({FindingKind(kind): number for kind, number in asking.ask(query, where.given)})


def page(asking: Asking, asked: Asked, judged: Judged, current: str = "", size: int = PAGE) -> Shown:
    """Return the page that holds the finding ``current``, the first page if it does not fit; the reopened first."""
    where = asked.of_kinds(judged)
    order, given = _order(judged)
    total = asking.ask(f"SELECT COUNT(*) FROM findings WHERE {where.sql}", where.given)[0][0]  # noqa: S608
    at = _rank(asking, where, judged, current)
    first = at - at % size
    start = max(first - size, 0)
    query = f"SELECT place, id FROM findings WHERE {where.sql} ORDER BY {order} LIMIT $count OFFSET $start"  # noqa: S608
    ids = asking.ask(query, {**where.given, **given, "count": 2 * size + 1, "start": start})
    names = [name for _, name in ids]
    inside = ids[first - start : first - start + size]
    findings = asking.findings_at(place for place, _ in inside)

    def named(number: int) -> str:
        return names[number] if 0 <= number < len(names) else ""

    here = at - start
    return Shown(
        total=total,
        first=first,
        findings=tuple(findings[place] for place, _ in inside),
        reopened=_reopened(asking, where, judged),
        before=named(here - 1),
        after=named(here + 1),
        earlier=named(0) if first else "",
        later=named(first - start + size),
    )


def _order(judged: Judged) -> tuple[str, dict[str, list[int]]]:
    if not judged.reopened:
        return "place", {}
    return "list_contains($front, place) DESC, place", {"front": judged.reopened}


def _reopened(asking: Asking, where: Where, judged: Judged) -> int:
    if not judged.reopened:
        return 0
    found = where.among("place", "reopened", judged.reopened)
    return int(asking.ask(f"SELECT COUNT(*) FROM findings WHERE {found.sql}", found.given)[0][0])  # noqa: S608


def _rank(asking: Asking, where: Where, judged: Judged, current: str) -> int:
    """Return how many findings that fit stand before the current one, 0 if it does not fit itself."""
    if not current:
        return 0
    fits = where.also("id = $current", current=current)
    found = asking.ask(f"SELECT place FROM findings WHERE {fits.sql}", fits.given)  # noqa: S608 - parameters
    if not found:
        return 0
    place = found[0][0]
    ahead = where.also("place < $place", place=place)
    if place in judged.reopened:
        ahead = ahead.among("place", "reopened", judged.reopened)
    elif judged.reopened:
        later = where.among("place", "reopened", (p for p in judged.reopened if p > place))
        more = asking.ask(f"SELECT COUNT(*) FROM findings WHERE {later.sql}", later.given)[0][0]  # noqa: S608
        return int(asking.ask(f"SELECT COUNT(*) FROM findings WHERE {ahead.sql}", ahead.given)[0][0]) + int(more)  # noqa: S608
    return int(asking.ask(f"SELECT COUNT(*) FROM findings WHERE {ahead.sql}", ahead.given)[0][0])  # noqa: S608


# What is beside one finding


class Beside(NamedTuple):
    """What a card shows: the claims of the members, facts of the works behind them, other findings on these claims.

    ``more_facts`` says of each work how many facts on the topic were left out, ``more_related`` how many findings,
    ``more_works`` of how many works nothing was looked up.
    """

    claims: tuple[Claim, ...]
    related: tuple[Finding, ...]
    more_facts: dict[str, int]
    more_related: int
    more_works: int


def beside(asking: Asking, finding: Finding) -> Beside:
    """Return what the card of a finding shows; of the works behind it the first `WORKS` with what they found."""
    place = asking.place_of(finding.id)
    taken = {claim.id: claim for claim in asking.taken([place])} if place is not None else {}
    members = [taken[name] for name in dict.fromkeys(m.claim for m in finding.members) if name in taken]
    cited = [link.work for claim in members for link in claim.cites if link.work]
    works = list(dict.fromkeys([*cited, *(claim.source for claim in members if claim.role == "evidence")]))
    facts, in_all = _facts(asking, finding, works[:WORKS])
    related, more_related = _related(asking, finding, sorted(taken))
    claims = (*members, *(fact for fact in facts if fact.id not in taken))
    about = _about(asking, finding)
    held = Counter(claim.source for claim in claims if claim.property in about)
    more = {work: number - held[work] for work, number in in_all.items() if number > held[work]}
    return Beside(claims, related, more, more_related, max(0, len(works) - WORKS))


def _about(asking: Asking, finding: Finding) -> set[str]:
    """Return the properties of the topic of a finding, and its own, which may be of another topic."""
    properties = asking.domain.properties
    own = {finding.property} & set(properties)
    return own | {name for name, item in properties.items() if item.topic == finding.topic}


FACTS_OF = """
SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY source ORDER BY (property <> $property)::INT, number) AS turn,
        COUNT(*) OVER (PARTITION BY source) AS in_all
    FROM claims WHERE {where}
) WHERE turn <= $most ORDER BY source, turn
"""


def _facts(asking: Asking, finding: Finding, works: Sequence[str]) -> tuple[list[Claim], dict[str, int]]:
    """Return facts of works on the topic of a finding, those on its property first, and how many each has in all."""
    about = _about(asking, finding)
    if not works or not about:
        return [], {}
    where = Where("role = 'evidence'").among("source", "source", works).among("property", "about", about)
    rows = asking.rows(FACTS_OF.format(where=where.sql), {**where.given, "property": finding.property, "most": FACTS})
    return list(trusted_claims(rows)), {row["source"]: row["in_all"] for row in rows}


def _related(asking: Asking, finding: Finding, claims: Sequence[str]) -> tuple[tuple[Finding, ...], int]:
    """Return the strongest other findings that share a claim with one, and how many more do."""
    found, more = findings_on(asking, claims, finding.id)
    return tuple(found.values()), more


def findings_on(asking: Asking, claims: Sequence[str], but: str = "") -> tuple[dict[int, Finding], int]:
    """Return the strongest findings on some claims, all but one, by place in the list, and how many more there are."""
    where = Where("f.waived = 0").among("m.claim", "claim", claims).also("f.id <> $but", but=but)
    query = (
        "SELECT DISTINCT f.strength, f.place FROM members m JOIN findings f ON f.place = m.place "  # noqa: S608
        f"WHERE {where.sql} ORDER BY f.strength, f.place"
    )
    places = [place for _, place in asking.ask(query, where.given)]
    found = asking.findings_at(places[:RELATED])
    return {place: found[place] for place in places[:RELATED]}, max(0, len(places) - RELATED)


# What can be chosen


def codes(asking: Asking) -> list[str]:
    """Return the codes of the rules that found anything."""
    return [code for (code,) in asking.ask("SELECT DISTINCT code FROM findings ORDER BY code")]


def contested(asking: Asking, also: str = "", most: int = SOURCES) -> dict[str, str]:
    """Return the names of the sources in most findings by id, and that of one more if it exists."""
    query = (
        "SELECT source, name FROM (SELECT source, name, findings FROM sources "
        "ORDER BY findings DESC, source LIMIT $most) WHERE findings > 0 "
        "UNION SELECT source, name FROM sources WHERE source = $also ORDER BY name, source"
    )
    return dict(asking.ask(query, {"most": most, "also": also}))
