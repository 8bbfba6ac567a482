"""Graph: where a claim comes from, and what hangs on it. One centre, one or two steps round it, never everything."""

from __future__ import annotations

from typing import Any

import networkx as nx
import streamlit as st

from kb.graph import around
from kb.look import KINDS
from kb.model import FindingKind
from kb.ui import url
from kb.ui.components import ring_graph, tabular
from kb.ui.desk import Desk
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.markup import Child, join, tag
from kb.ui.navigation import TITLES

LIMIT = 90
STEPS = {"2": "two steps", "1": "one step", "3": "three steps"}
LINKS = {
    "made_by": "claimed by",
    "cites": "cites",
    "lists": "in the reference list",
    "member_of": "takes part in",
}


def show(desk: Desk) -> None:
    """Show what surrounds the centre that the address names."""
    put(tag("h1", "Graph"))
    left_side, right_side = st.columns([9, 3])
    with left_side:
        centre = _centre(desk)
    with right_side:
        steps = int(url.select("How far", "steps", list(STEPS), STEPS.__getitem__))
    if not centre:
        return
    entitle(_label(desk, centre), TITLES["graph"])
    graph, left = around(desk.catalogue, desk.inbox, centre, steps, LIMIT)
    if len(graph) < 2:
        nothing_here("Nothing is linked to this yet.")
        return
    picture(desk, graph, centre, left)
    table(graph, centre)


def _centre(desk: Desk) -> str:
    """Return the node in the middle: a document or work from the list, or whatever the address names."""
    catalogue, given = desk.catalogue, url.get("centre")
    known = given in desk.kb.names or given in catalogue.claims or given in desk.inbox.review.by_id
    if given and not known:
        put(tag("p", f"{given} is not in this build. Choose a document or a work.", cls="kb-info"))
    sources = [*catalogue.documents, *sorted(catalogue.works, key=lambda key: desk.kb.names[key])]
    options = [given, *sources] if known and given not in sources else sources
    if not options:
        nothing_here("There is no source yet.")
        return ""
    return url.select("Centre on", "centre", options, lambda name: _label(desk, name))


def _label(desk: Desk, name: str) -> str:
    if name in desk.catalogue.claims:
        return desk.catalogue.claims[name].text
    standing = desk.inbox.review.by_id.get(name)
    return standing.finding.title if standing else desk.kb.names.get(name, name)


def picture(desk: Desk, graph: nx.Graph[str], centre: str, left: int) -> None:
    """Draw a neighbourhood as rings; ``left`` nodes of it were left out."""
    places = ring_graph.layout(graph, centre)
    chart, order = ring_graph.spec(graph, centre, places, st.context.theme.type == "dark")
    kinds = sorted({str(data["kind"]) for _, data in graph.nodes(data=True)})
    told = f"{_shown(desk, graph, centre)} round {graph.nodes[centre]['label']}"
    event = st.echarts_chart(
        chart,
        height=620,
        key=f"graph {centre} {len(graph)}",
        on_select="rerun",
        alt=f"{told}. The table below says the same.",
    )
    legend = " · ".join(f"{ring_graph.MARKS.get(kind, '●')} {kind}" for kind in kinds)
    looks = [KINDS[kind] for kind in FindingKind if kind in {data.get("finding") for _, data in graph.nodes(data=True)}]
    colours = [tag("span", f"▲ {look.word}", style=f"color:light-dark({look.light}, {look.dark})") for look in looks]
    more = f"; {left:,} left out, those that take part in fewest findings" if left else ""
    put(
        tag(
            "p",
            f"{told}{more}. {legend}",
            ": " if colours else None,
            join(colours, ", "),
            ". Drag to move, scroll to zoom, click a node to put it in the middle.",
            cls="kb-muted kb-small",
        )
    )
    chosen = picked(event, order)
    if chosen and chosen != centre:
        url.put("centre", chosen)
        st.rerun()


def _shown(desk: Desk, graph: nx.Graph[str], centre: str) -> str:
    """Return how much is shown; of a source also how many of its claims."""
    count = f"{len(graph) - 1} things"
    made = desk.catalogue.by_source.get(centre, ())
    if not made:
        return count
    return f"{count}, with {sum(claim.id in graph for claim in made):,} of {len(made):,} claims of this source,"


def picked(event: Any, order: list[str]) -> str:
    """Return the node that was clicked; the chart says only which place it has in the data."""
    for entry in event.selection.selected if event else ():
        numbers = entry.get("data_indices", []) if entry.get("data_type") in ("node", "main") else []
        if numbers and 0 <= numbers[0] < len(order):
            return order[int(numbers[0])]
    return ""


def table(graph: nx.Graph[str], centre: str) -> None:
    """Show what stands next to the centre as a table."""
    near = sorted(
        graph.neighbors(centre), key=lambda node: (str(graph.nodes[node]["kind"]), str(graph.nodes[node]["label"]))
    )
    number = tabular.page_number(len(near))
    rows: list[list[Child]] = []
    for node in tabular.shown(near, number):
        data = graph.nodes[node]
        link = LINKS.get(str(graph.edges[centre, node]["link"]), "linked")
        name = tag("a", str(data["label"]), href=url.to("graph", centre=node))
        rows.append([name, str(data["kind"]), link, _read(data, node)])
    put(
        tabular.build(f"Next to the centre ({len(near)})", ("What", "Kind", "Link", "Read"), rows),
        tabular.pager("graph", len(near), number),
    )


def _read(data: dict[str, object], node: str) -> Child:
    pages = {
        "claim": ("data", "claim"),
        "finding": ("findings", "f"),
        "work": ("works", "work"),
        "document": ("documents", "doc"),
    }
    page, name = pages[str(data["kind"])]
    return tag("a", f"open the {data['kind']}", href=url.to(page, **{name: node}))
