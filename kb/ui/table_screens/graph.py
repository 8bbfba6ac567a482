"""Graph of a table: what stands next to a source or concept in most claims; or round one claim or finding."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import streamlit as st

from kb.bulk import browsing
from kb.bulk.ego import Ego, near
from kb.bulk.inbox import findings_on
from kb.catalogue import Catalogue
from kb.graph import around
from kb.ui import url
from kb.ui.components import ring_graph, tabular
from kb.ui.desk import Desk
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.markup import Child, Html, join, tag
from kb.ui.navigation import TITLES
from kb.ui.screens.graph import picked, picture, table
from kb.ui.table_desk import TableDesk

MATCHES = 12
DRAWN, NEAR_RECORD = 24, 40
"""How many neighbours of a source or concept are drawn, so that each can be named, and how many of a claim."""
MARKS = {**ring_graph.MARKS, "concept": "●"}


def show(desk: TableDesk) -> None:
    """Show what surrounds the centre that the address names."""
    put(tag("h1", "Graph"))
    words = _search()
    if words:
        put(_matches(desk, words))
    centre = url.get("centre") or ("" if words else _first(desk))
    if not centre:
        return
    if centre.startswith(("c-", "f-")) and _record(desk, centre):
        return
    names = _names(desk, [centre])
    if centre not in names:
        put(tag("p", f"{centre} is not in this table. Search for a document, a work or a concept.", cls="kb-info"))
        return
    entitle(names[centre][0], TITLES["graph"])
    ego = near(desk.asking, centre)
    if not ego.edges:
        nothing_here("Nothing is linked to this yet.")
        return
    _near(desk, ego)


def _search() -> str:
    with st.columns([1, 1])[0]:
        return url.search("Find a document, a work or a concept", "q", "words in its name")


def _first(desk: TableDesk) -> str:
    found = browsing.sources(desk.asking, "", 0, 1)
    return found[0].source if found else ""


def _matches(desk: TableDesk, words: str) -> Html:
    found = [
        (line.source, line.name, line.title, role)
        for role in ("document", "work")
        for line in browsing.sources(desk.asking, words, 0, MATCHES, role)
    ]
    parts = words.casefold().split()
    concepts = sorted(desk.domain.concepts.values(), key=lambda c: (c.label, c.id))
    fits = [c for c in concepts if all(part in f"{c.id} {c.label}".casefold() for part in parts)]
    found += [(concept.id, concept.label, "", "concept") for concept in fits[:MATCHES]]
    if not found:
        return tag("p", "Nothing has these words in its name.", cls="kb-muted")
    items = [
        tag("li", tag("a", name, href=url.to("graph", centre=key)), f" {title} " if title else " ", tag("small", role))
        for key, name, title, role in found
    ]
    return tag("ul", *items)


# Round a claim or a finding


def _record(desk: TableDesk, centre: str) -> bool:
    """Show what surrounds a claim or a finding; say whether there is one of that id."""
    found = _part(desk, centre)
    if found is None:
        return False
    part, label = found
    entitle(label, TITLES["graph"])
    graph, left = around(part.catalogue, part.inbox, centre, 2, NEAR_RECORD)
    picture(part, graph, centre, left)
    table(graph, centre)
    return True


def _part(desk: TableDesk, centre: str) -> tuple[Desk, str] | None:
    if centre.startswith("f-"):
        place = desk.asking.place_of(centre)
        if place is None:
            return None
        finding = desk.asking.findings_at([place])[place]
        return _with_lists(desk, desk.around(finding)[0]), finding.title
    claims = desk.asking.claims_by_id([centre])
    if not claims:
        return None
    found, _ = findings_on(desk.asking, [centre])
    held = {claim.id: claim for claim in (*claims, *desk.asking.taken(found))}
    sources = {member.source for finding in found.values() for member in finding.members}
    part = desk.desk(held.values(), found.values(), sources)
    return _with_lists(desk, part), claims[0].text


def _with_lists(desk: TableDesk, part: Desk) -> Desk:
    """Return a part of a table with the works that its documents list, which the graph walks to."""
    listed = {work for document in part.kb.documents for work in document.listed}
    known = {work.key: work for work in part.kb.works}
    known |= {work.key: work for work in desk.asking.sources(listed - set(known))[1]}
    return replace(part, catalogue=Catalogue(replace(part.kb, works=tuple(known.values()))))


# Round a source or a concept


def _names(desk: TableDesk, ids: list[str]) -> dict[str, tuple[str, str]]:
    """Return label and kind of the sources and concepts among some ids."""
    concepts = desk.domain.concepts
    found = {name: (concepts[name].label, "concept") for name in ids if name in concepts}
    kb = desk.asking.base([], (name for name in ids if name not in found))
    found |= {document.id: (document.short, "document") for document in kb.documents}
    return found | {work.key: (kb.names[work.key], "work") for work in kb.works}


def _near(desk: TableDesk, ego: Ego) -> None:
    names = _names(desk, sorted({name for edge in ego.edges for name in edge[:2]}))
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node(ego.centre, label=names[ego.centre][0], kind=names[ego.centre][1])
    for edge in ego.edges:
        other = edge.b if edge.a == ego.centre else edge.a
        if other in graph or len(graph) <= DRAWN:
            label, kind = names.get(other, (other, "concept"))
            graph.add_node(other, label=label, kind=kind)
            graph.add_edge(ego.centre, other, link=_how(desk, edge.how))
    graph.remove_edges_from([(ego.centre, ego.centre)])
    places = ring_graph.layout(graph, ego.centre)
    chart, order = ring_graph.spec(graph, ego.centre, places, st.context.theme.type == "dark")
    centre = names[ego.centre][0]
    told = f"The {len(graph) - 1} neighbours of {centre} with which most claims link it, out of {ego.total:,} links"
    event = st.echarts_chart(
        chart,
        height=560,
        key=f"graph {ego.centre} {len(graph)}",
        on_select="rerun",
        alt=f"{told}. The table below says more.",
    )
    kinds = sorted({str(data["kind"]) for _, data in graph.nodes(data=True)})
    legend = " · ".join(f"{MARKS[kind]} {kind}" for kind in kinds)
    put(tag("p", f"{told}. {legend}. Click a node to put it in the middle.", cls="kb-muted kb-small"))
    chosen = picked(event, order)
    if chosen and chosen != ego.centre:
        url.put("centre", chosen)
        st.rerun()
    rows = [_row(desk, ego, edge.a, edge.b, edge.how, edge.claims, names) for edge in ego.edges]
    put(
        tabular.build(
            f"The {len(ego.edges)} links of most claims, out of {ego.total:,}",
            ("What", "Kind", "Link", "Claims", "Read"),
            rows,
        )
    )


def _row(
    desk: TableDesk, ego: Ego, a: str, b: str, how: str, claims: int, names: dict[str, tuple[str, str]]
) -> list[Child]:
    other = b if a == ego.centre else a
    label, kind = names.get(other, (other, "concept"))
    pages = {"document": ("documents", "doc"), "work": ("works", "work")}
    read = None
    if kind in pages:
        page, name = pages[kind]
        read = tag("a", f"open the {kind}", href=url.to(page, **{name: other}))
    direction = " (from it)" if a == ego.centre else " (to it)"
    link = join([_how(desk, how), tag("span", direction, cls="kb-muted kb-small")])
    return [tag("a", label, href=url.to("graph", centre=other)), kind, link, f"{claims:,}", read]


def _how(desk: TableDesk, how: str) -> str:
    definition = desk.domain.properties.get(how)
    return definition.label if definition else how
