"""One document or work of a table: its claims in order of place, a page at a time, with what stands against each."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kb.bulk import browsing
from kb.bulk.browsing import PAGE, SourceLine, Touching
from kb.look import KINDS, plural
from kb.model import Claim, Document, FindingKind
from kb.ui import url
from kb.ui.components import card, reader, tabular
from kb.ui.components.claims_download import claims_button
from kb.ui.desk import Desk
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.markup import Child, Html, join, tag
from kb.ui.navigation import TITLES
from kb.ui.table_desk import TableDesk

NO_TOUCH = Touching(0, None, ())


def show(desk: TableDesk, page: str, line: SourceLine) -> None:
    """Show a source: what it is, its findings by kind, its claims."""
    entitle(line.name, TITLES[page])
    back = tag("p", tag("a", "‹ all documents", href=url.to("documents")), cls="kb-small")
    put(back, tag("h1", line.title or line.name), _meta(desk, line), _findings(line))
    topics = browsing.topics_of(desk.asking, line.source)
    labels = desk.domain.topics
    ordered = sorted(topics, key=lambda name: (labels[name].order, name))
    with st.columns([1, 2])[0]:
        topic = url.select("Topic", "topic", ordered, lambda n: f"{labels[n].label} ({topics[n]:,})", "every topic")
    total = topics.get(topic, 0) if topic else line.claims
    if not total:
        nothing_here("No claim of this source is on record.")
        return
    focus = url.get("claim")
    number = _number(desk, line, topic, focus, total)
    first = (number - 1) * PAGE
    size = PAGE if number < tabular.pages(total, PAGE) else PAGE + tabular.TAIL
    claims = browsing.page_of_source(desk.asking, line.source, topic, first, size)
    part = desk.desk(claims, sources=[line.source])
    touching = browsing.touching(desk.asking, desk.judged, [claim.id for claim in claims])
    told = f"{total:,} claim{'s' if total != 1 else ''}, in order of place"
    items = (_item(part, claim, touching.get(claim.id, NO_TOUCH), focus) for claim in claims)
    put(
        Html(f"<style>{reader.style_sheet()}</style>"),
        tag("p", told, cls="kb-muted kb-small"),
        tag("ol", *items, cls="kb-r-list", start=str(first + 1)),
        tabular.pager(page, total, number, PAGE),
    )
    claims_button(part.kb, claims, f"claims-{line.source}-{number}")


def _number(desk: TableDesk, line: SourceLine, topic: str, focus: str, total: int) -> int:
    """Return the page that the address names, else the one that holds the claim that it names."""
    if not focus:
        return tabular.page_number(total, PAGE)
    at = browsing.claims_before(desk.asking, focus, line.source, topic)
    if at is None:
        put(tag("p", f"Claim {focus} is not in this selection; the others are below.", cls="kb-info"))
    if at is None or url.get("page"):
        return tabular.page_number(total, PAGE)
    return min(at // PAGE + 1, tabular.pages(total, PAGE))


def _meta(desk: TableDesk, line: SourceLine) -> Html:
    documents, works = desk.asking.sources([line.source])
    if documents:
        told = _document(documents[0])
    else:
        work = works[0]
        told = [", ".join(work.authors[:3]), str(work.year or ""), work.journal or "", card.design_words(work)]
        told.append("retracted" if work.retracted else "")
    count = f"{line.claims:,} claim{'s' if line.claims != 1 else ''}"
    graph = tag("a", "Show in the graph", href=url.to("graph", centre=line.source))
    words = " · ".join(filter(None, [line.name, *told, count]))
    return tag("p", words, " · ", graph, cls="kb-muted", style="max-width:none")


def _document(document: Document) -> list[str]:
    return [document.kind.replace("-", " "), document.publisher, document.captured, f"sha256 {document.sha256[:8]}…"]


def _findings(line: SourceLine) -> Html:
    links: list[Child] = [
        tag(
            "a",
            card.glyph(kind),
            f" {count:,} {plural(kind, count)}",
            href=url.to("findings", doc=line.source, kind=kind, state="all"),
        )
        for kind, count in zip(FindingKind, line.kinds, strict=True)
        if count
    ]
    return tag("div", "Findings: ", *links, None if links else "none", cls="kb-meta")


def _item(part: Desk, claim: Claim, found: Touching, focus: str) -> Html:
    at = claim.locator
    document = part.catalogue.documents.get(claim.source)
    where = "place not on record"
    if at and document:
        where = f"around {min(100.0, 100 * at.start / document.characters):.0f} % of the page"
    return tag(
        "li",
        join([card.glyph(found.worst), f" {KINDS[found.worst].word} · "]) if found.worst else None,
        tag("span", claim.text, cls="kb-says"),
        card.quote(part, claim),
        tag("div", f"{where} · ", *card.cited(part, claim), cls="kb-muted kb-small"),
        tag("div", join(onward(claim, found), " · "), cls="kb-small"),
        cls=f"kb-r-{found.worst or 'claim'}{' kb-r-chosen' if claim.id == focus else ''}",
        aria_current="true" if claim.id == focus else None,
    )


def onward(claim: Claim, found: Touching) -> list[Child]:
    """Return where a claim leads: its first findings, all of them, and all that is on record of it."""
    links: list[Child] = [
        tag("a", f"{KINDS[kind].glyph} {title}", href=url.to("findings", f=name, state="all"))
        for name, kind, title in found.first
    ]
    if found.found > len(found.first):
        address = url.to("findings", claim=claim.id, kind=",".join(FindingKind), state="all")
        links.append(tag("a", f"All {found.found:,} findings on this claim", href=address))
    return [*links, tag("a", "All that is on record of this claim", href=url.to("data", claim=claim.id))]


def kinds_cell(kinds: Mapping[FindingKind, int] | tuple[int, ...]) -> Html:
    """Return counts by kind as glyphs with numbers, "none" of none."""
    counts = dict(zip(FindingKind, kinds, strict=True)) if isinstance(kinds, tuple) else kinds
    found = [
        tag("span", card.glyph(kind), f" {counts[kind]:,}", style="white-space:nowrap;margin-right:.8em")
        for kind in FindingKind
        if counts.get(kind)
    ]
    return join(found) if found else tag("span", "none", cls="kb-muted")
