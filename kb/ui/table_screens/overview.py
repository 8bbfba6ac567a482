"""Overview of a table: how much there is, what is gravest, who says what on which topic."""

from __future__ import annotations

import streamlit as st

from kb.bulk import overview as asked
from kb.coverage import Cell
from kb.look import KINDS, OPPOSED, STAKES
from kb.model import Finding
from kb.ui import url
from kb.ui.components import card, matrix
from kb.ui.frame import nothing_here, put
from kb.ui.markup import Html, join, tag
from kb.ui.table_desk import TableDesk
from kb.ui.table_frame import searched


def show(desk: TableDesk) -> None:
    """Show the headline, the gravest findings, and the topics beside the most contested documents."""
    held = asked.totals(desk.asking, desk.judged)
    put(_headline(desk, held), _doors())
    left, right = st.columns([1, 1], gap="large")
    with left:
        _serious(desk)
    with right:
        put(tag("h2", "Who says what about which topic"), _matrix(desk, held.documents))


def _headline(desk: TableDesk, held: asked.Totals) -> Html:
    mark = desk.asking.mark
    opposed = sum(held.kinds[kind] for kind in OPPOSED)
    link = url.to("findings", kind=",".join(OPPOSED), state="remaining")
    pages = "document claims" if held.documents == 1 else "documents claim"
    return join(
        [
            tag("h1", f"What {held.documents:,} {pages} about {desk.domain.title}, and where they disagree"),
            tag(
                "p",
                tag("strong", f"{mark.made:,} claims"),
                f" set beside {mark.claims - mark.made:,} recorded facts of {held.works:,} works. ",
                tag("a", f"{opposed:,} disagreements", href=link),
                f" still count; {held.severe:,} of them {STAKES[3]}. ",
                f"{searched(desk)} " if mark.parts else None,
                "A finding is a reason to look, not a verdict on who is right.",
                cls="kb-lead",
            ),
        ]
    )


def _doors() -> Html:
    doors = (
        ("findings", "Judge what was found", "Which claims stand against each other, and does scope explain it?"),
        ("documents", "Audit a page", "What does it claim, and what contradicts it?"),
        ("topics", "Compare on a topic", "Which answers are given, and by how many sources?"),
    )
    shown = (tag("a", tag("b", title), tag("span", told), href=url.to(p), cls="kb-door") for p, title, told in doors)
    return tag("div", *shown, cls="kb-doors")


def _serious(desk: TableDesk) -> None:
    between, against = asked.gravest(desk.asking, desk.judged)
    if not between and not against:
        nothing_here(
            "No disagreement is left in what was compared.",
            tag("a", "All findings", href=url.to("findings", state="all")),
        )
        return
    parts = (("Where the documents disagree", between), ("Where one stands against a study or a label", against))
    put(
        *(join([tag("h2", title), *(_look(desk, finding) for finding in found)]) for title, found in parts if found),
        tag("p", tag("a", "All findings", href=url.to("findings"))),
    )


def _look(desk: TableDesk, finding: Finding) -> Html:
    topic = desk.domain.topics[finding.topic].label
    return tag(
        "a",
        tag("span", card.glyph(finding.kind), f" {KINDS[finding.kind].word} · {topic}", cls="kb-muted kb-small"),
        tag("span", finding.sentence, cls="kb-clamp"),
        href=url.to("findings", f=finding.id),
        cls=f"kb-look kb-{finding.kind}",
    )


def _matrix(desk: TableDesk, total: int) -> Html:
    documents = asked.contested_documents(desk.asking)
    found = asked.cells(desk.asking, desk.judged, [name for name, _ in documents])
    topics = sorted(desk.domain.topics.values(), key=lambda topic: (topic.order, topic.id))
    cells = {}
    for topic in topics:
        for document, _ in documents:
            cell = found.get((topic.id, document), asked.Cell(0, 0, None))
            state = "disagrees" if cell.findings else "stated" if cell.claims else "silent"
            cells[topic.id, document] = Cell.model_validate(
                {"topic": topic.id, "document": document, "state": state, "lost": 0}
                | {"claims": cell.claims, "findings": cell.findings}
            )
    marks = {key: cell.worst for key, cell in found.items() if cell.worst is not None}
    return join(
        [
            matrix.draw(documents, [(topic.id, topic.label) for topic in topics], cells, marks),
            matrix.legend("", len(documents), total),
        ]
    )
