"""The coverage matrix: which document says how much on which topic, and how far anything stands against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

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
    heads = [(document, kb.names[document]) for document in documents]
    sides = [(topic, kb.domain.topics[topic].label) for topic in topics]
    return join([draw(heads, sides, cells, marks), _legend(desk, documents)])


def draw(
    documents: Sequence[tuple[str, str]],
    topics: Sequence[tuple[str, str]],
    cells: Mapping[tuple[str, str], Cell],
    marks: Mapping[tuple[str, str], FindingKind],
) -> Html:
    """Return the table: documents and topics as id and name, cells and strongest kinds by topic and document."""
    heads = [tag("th", tag("a", name, href=url.to("documents", doc=d)), scope="col") for d, name in documents]
    rows = [
        tag("tr", _topic(t, label), *(_cell(cells[t, d], marks.get((t, d))) for d, _ in documents))
        for t, label in topics
    ]
    table = tag(
        "table",
        tag("caption", "Topic by document"),
        tag("thead", tag("tr", tag("th", "Topic", scope="col"), *heads)),
        tag("tbody", *rows),
        cls="kb-matrix",
    )
    return tag("div", table, cls="kb-scroll", tabindex="0", role="region", aria_label="topic by document")


def _marks(standings: list[Standing]) -> dict[tuple[str, str], FindingKind]:
    """Return the strongest kind that stands in each cell."""
    found: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for standing in standings:
        for source in {member.source for member in standing.finding.members}:
            found[standing.finding.topic, source].append(standing)
    return {key: kind for key, standings in found.items() if (kind := strongest(standings)) is not None}


def _topic(topic: str, label: str) -> Html:
    return tag("th", tag("a", label, href=url.to("topics", topic=topic)), scope="row")


def _cell(cell: Cell, kind: FindingKind | None) -> Html:
    if not cell.claims:
        note = LOST if cell.lost else "No claim on this topic was found here."
        return tag("td", tag("span", "silent", "*" if cell.lost else None, cls="kb-silent", title=note))
    look = KINDS[kind] if kind else None
    words = f"{cell.claims:,} claims" + (f", {cell.findings:,} disagreements" if cell.findings else "")
    mark = tag("span", look.glyph, " ", cls="kb-glyph", role="img", aria_label=look.word) if look else None
    address = url.to("topics", topic=cell.topic, doc=cell.document)
    return tag(
        "td",
        tag("a", mark, f"{cell.claims:,}", href=address, title=words, cls=f"kb-cell kb-{kind}" if kind else "kb-cell"),
    )


def _legend(desk: Desk, documents: list[str]) -> Html:
    lost = any(document.damage for document in desk.kb.documents)
    star = " * lists of this document were lost in capture." if lost else ""
    return legend(star, len(documents), len(desk.catalogue.documents))


def legend(told: str, shown: int, total: int) -> Html:
    """Return what number and sign in a cell mean, and how many of the documents are shown."""
    kinds = " · ".join(f"{KINDS[kind].glyph} {KINDS[kind].word.casefold()}" for kind in KIND_ORDER)
    more = f" {shown} of {total:,} documents are shown, those with most findings." if shown < total else ""
    return tag(
        "p",
        f"The number counts claims, the sign is the strongest finding on them: {kinds}.{told}{more}",
        cls="kb-muted kb-small",
    )
