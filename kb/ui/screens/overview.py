"""Overview: what is contested, and by whom, in five seconds."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kb.look import KINDS, OPPOSED, STAKES
from kb.model import Finding
from kb.standing import Standing
from kb.ui import url
from kb.ui.components import card, matrix
from kb.ui.desk import Desk
from kb.ui.frame import nothing_here, put
from kb.ui.markup import Html, join, tag, text

FIRST = 4
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def show(desk: Desk) -> None:
    """Show the headline, the most serious findings, who says what, and a door for each user."""
    put(*_headline(desk), _doors())
    left, right = st.columns([1, 1], gap="large")
    with left:
        _serious(desk)
    with right:
        put(tag("h2", "Who says what about which topic"), matrix.build(desk))


def _headline(desk: Desk) -> list[Html]:
    kb = desk.kb
    documents = len(kb.documents)
    count = NUMBERS[documents] if documents < len(NUMBERS) else f"{documents:,}"
    pages = "document claims" if documents == 1 else "documents claim"
    title = tag("h1", f"What {count} {pages} about {kb.domain.title}, and where they disagree")
    left = [standing.finding for standing in desk.inbox.standings if standing.remains]
    opposed = [finding for finding in left if finding.kind in OPPOSED]
    severe = sum(finding.severity == 3 for finding in opposed)
    told = tag(
        "p",
        tag("strong", f"{desk.catalogue.made:,} claims"),
        f" set beside {len(kb.claims) - desk.catalogue.made:,} recorded facts of {len(kb.works):,} works. ",
        tag("a", f"{len(opposed):,} disagreements", href=url.to("findings", kind=",".join(OPPOSED), state="remaining")),
        f" still count; {severe:,} of them {STAKES[3]}. ",
        "A finding is a reason to look, not a verdict on who is right.",
        cls="kb-lead",
    )
    return [title, told]


def _doors() -> Html:
    return tag(
        "div",
        _door("documents", "Audit a page", "What does it claim, what backs it, what contradicts it?"),
        _door("topics", "Summarise a topic", "What do the sources say, and how well supported?"),
        _door("data", "Export data", "Claims, scope, citations and findings as tables."),
        cls="kb-doors",
    )


def _door(page: str, title: str, told: str) -> Html:
    return tag("a", tag("b", title), tag("span", told), href=url.to(page), cls="kb-door")


def _serious(desk: Desk) -> None:
    left = [s for s in desk.inbox.standings if s.remains and s.finding.kind in OPPOSED]
    if not left:
        nothing_here(
            "No disagreement is left in what is recorded.",
            tag("a", "All findings", href=url.to("findings", state="all")),
        )
        return
    between = _first_by_topic(desk, left, lambda finding: _pages(desk, finding) > 1)
    against = _first_by_topic(desk, left, lambda finding: _pages(desk, finding) < 2 and not finding.same_source)
    put(
        join([tag("h2", "Where the documents disagree"), *(_look(desk, s) for s in between)]) if between else None,
        join([tag("h2", "Where one stands against a study or a label"), *(_look(desk, s) for s in against)])
        if against
        else None,
        tag("p", tag("a", "All findings", href=url.to("findings"))),
    )


def _pages(desk: Desk, finding: Finding) -> int:
    return len({member.source for member in finding.members if desk.catalogue.is_document(member.source)})


def _first_by_topic(desk: Desk, standings: list[Standing], wanted: Callable[[Finding], bool]) -> list[Standing]:
    """Return the gravest findings that are wanted, one of a topic, in the order of topics.

    Of a topic the strongest kind comes first, then what most sources take part in.
    """
    chosen: dict[str, Standing] = {}
    places = {topic: number for number, topic in enumerate(desk.catalogue.topics)}

    def rank(standing: Standing) -> tuple[int, int, int, int]:
        finding = standing.finding
        sources = len({member.source for member in finding.members})
        return -finding.severity, places[finding.topic], OPPOSED.index(finding.kind), -sources

    ranked = sorted((s for s in standings if wanted(s.finding) and s.finding.topic), key=rank)
    for standing in ranked:
        chosen.setdefault(standing.finding.topic, standing)
    return list(chosen.values())[:FIRST]


def _look(desk: Desk, standing: Standing) -> Html:
    finding = standing.finding
    topic = desk.kb.domain.topics[finding.topic].label
    return tag(
        "a",
        tag(
            "span",
            card.glyph(finding.kind),
            text(f" {KINDS[finding.kind].word} · {topic}"),
            cls="kb-muted kb-small",
        ),
        tag("span", finding.sentence, cls="kb-clamp"),
        href=url.to("findings", f=finding.id),
        cls=f"kb-look kb-{finding.kind}",
    )
