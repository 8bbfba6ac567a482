"""The coverage matrix: which document says how much on which topic, and how far anything stands against it."""

from __future__ import annotations

from collections import defaultdict

from kb.catalogue import KIND_ORDER, strongest
from kb.coverage import Cell, matrix
from kb.look import KINDS
from kb.model import FindingKind
from kb.standing import Standing
from kb.ui import url
from kb.ui.desk import Desk
from kb.ui.markup import Html, join, tag

MOST = 12
LOST = "The capture of this document lost lists, so its silence may be theirs."


def build(desk: Desk, order: str = "vocabulary") -> Html:
    """Return the matrix; with the order *disagreement* the topics with most findings come first."""
    kb = desk.kb
    remaining = [standing for standing in desk.inbox.standings if standing.remains]
    cells = {(cell.topic, cell.document): cell for cell in matrix(kb, [s.finding for s in remaining])}
    marks = _marks(remaining)
    shown = sorted(desk.catalogue.documents, key=lambda d: (-len(desk.inbox.by_source.get(d, ())), d))[:MOST]
    documents = [name for name in desk.catalogue.documents if name in shown]
    topics = list(desk.catalogue.topics)
    if order == "disagreement":
        topics.sort(key=lambda topic: -len(desk.inbox.by_topic.get(topic, ())))
    heads = [tag("th", tag("a", kb.names[d], href=url.to("documents", doc=d)), scope="col") for d in documents]
    rows = [
        tag("tr", _topic(desk, topic), *(_cell(cells[topic, d], marks.get((topic, d))) for d in documents))
        for topic in topics
    ]
    table = tag(
        "table",
        tag("caption", "Topic by document"),
        tag("thead", tag("tr", tag("th", "Topic", scope="col"), *heads)),
        tag("tbody", *rows),
        cls="kb-matrix",
    )
    return join(
        [
            tag("div", table, cls="kb-scroll", tabindex="0", role="region", aria_label="topic by document"),
            _legend(desk, documents),
        ]
    )


def _marks(standings: list[Standing]) -> dict[tuple[str, str], FindingKind]:
    """Return the strongest kind that stands in each cell."""
    found: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for standing in standings:
        for source in {member.source for member in standing.finding.members}:
            found[standing.finding.topic, source].append(standing)
    return {key: kind for key, standings in found.items() if (kind := strongest(standings)) is not None}


def _topic(desk: Desk, topic: str) -> Html:
    return tag("th", tag("a", desk.kb.domain.topics[topic].label, href=url.to("topics", topic=topic)), scope="row")


def _cell(cell: Cell, kind: FindingKind | None) -> Html:
    if not cell.claims:
        note = LOST if cell.lost else "No claim on this topic was found here."
        return tag("td", tag("span", "silent", "*" if cell.lost else None, cls="kb-silent", title=note))
    look = KINDS[kind] if kind else None
    words = f"{cell.claims} claims" + (f", {cell.findings} disagreements" if cell.findings else "")
    mark = tag("span", look.glyph, " ", cls="kb-glyph", role="img", aria_label=look.word) if look else None
    address = url.to("topics", topic=cell.topic, doc=cell.document)
    return tag(
        "td",
        tag("a", mark, str(cell.claims), href=address, title=words, cls=f"kb-cell kb-{kind}" if kind else "kb-cell"),
    )


def _legend(desk: Desk, documents: list[str]) -> Html:
    kinds = " · ".join(f"{KINDS[kind].glyph} {KINDS[kind].word.casefold()}" for kind in KIND_ORDER)
    more = (
        f" {len(documents)} of {len(desk.catalogue.documents):,} documents are shown, those with most findings."
        if len(documents) < len(desk.catalogue.documents)
        else ""
    )
    lost = any(document.damage for document in desk.kb.documents)
    star = " * lists of this document were lost in capture." if lost else ""
    return tag(
        "p",
        f"The number counts claims, the sign is the strongest finding on them: {kinds}.{star}{more}",
        cls="kb-muted kb-small",
    )
