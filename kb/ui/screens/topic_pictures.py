"""What is said about one property, each form of claim in its own picture, each with the same as a table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kb.model import Claim, Kind, Ordinal
from kb.scopes import describe_scope, effective_scope
from kb.ui.components import numberline, order, ordinal, positions, tabular
from kb.ui.components.claims_download import claims_button
from kb.ui.components.lines import claim_link
from kb.ui.desk import Desk
from kb.ui.frame import put
from kb.ui.markup import Child, Html, tag

IN_TABLE = 200
"""Rows of a table on a screen; the file has them all."""


def show(desk: Desk, name: str, claims: Sequence[Claim]) -> None:
    """Show the claims on a property: numbers, classes, comparisons and statements."""
    classes = [claim for claim in claims if isinstance(claim.value, Ordinal)]
    numbers = [claim for claim in claims if claim.kind is Kind.QUANTITY and not isinstance(claim.value, Ordinal)]
    compared = [claim for claim in claims if claim.kind is Kind.COMPARISON]
    said = [claim for claim in claims if claim.kind is Kind.STATEMENT]
    if numbers:
        _numbers(desk, name, numbers)
    if classes:
        put(ordinal.build(desk.kb, classes))
        _table(desk, f"{name}-classes", classes)
    if compared:
        _order(desk, name, compared)
    if said:
        _statements(desk, name, said)


def _numbers(desk: Desk, name: str, claims: Sequence[Claim]) -> None:
    lines = numberline.rows(desk.kb, claims)
    put(numberline.build(lines))
    shown = numberline.table_rows(lines)
    columns = [column for column in shown[0] if column != "claim"]
    cells: list[list[Child]] = [
        [tag("a", row.source, href=row.address), *(entry[column] for column in columns[1:])]
        for row, entry in list(zip(lines.rows, shown, strict=True))[:IN_TABLE]
    ]
    put(_folded(tabular.build(_caption(len(shown)), [column.capitalize() for column in columns], cells)))
    with st.container(horizontal=True):
        _download(desk, f"{name}-numbers", claims)
        st.download_button(
            "Download picture (SVG)",
            data=lambda: numberline.svg(lines),
            file_name=f"{name}.svg",
            mime="image/svg+xml",
            on_click="ignore",
            key=f"picture {name}",
        )


def _order(desk: Desk, name: str, claims: Sequence[Claim]) -> None:
    kb = desk.kb
    edges = order.edges(claims, desk.inbox)
    label = kb.domain.properties[name].label
    put(tag("h3", f"Compared: {label}"))
    drawn = [edge for edge in edges if not edge.denied]
    if drawn:
        dark = st.context.theme.type == "dark"
        with st.container(key="kb-t-graph"):
            st.graphviz_chart(order.dot(kb, edges, dark), alt=order.alternative(kb, edges), width="content")
        put(tag("p", _legend(edges), cls="kb-muted kb-small"))
    put(order.listed(kb, edges) if len(edges) <= 8 else _folded(order.listed(kb, edges), "Every relation in words"))
    _table(desk, f"{name}-comparisons", claims)


def _legend(edges: Sequence[order.Edge]) -> str:
    parts = ["An arrow leads from what is said to have the greater value to the lesser, with the source on it."]
    if any(edge.opposed for edge in edges):
        parts.append("Bold in colour: takes part in a finding that remains.")
    if any(edge.works for edge in edges):
        parts.append("Dashed: found by a work.")
    if len(edges) > order.MOST:
        parts.append(f"{order.MOST} of {len(edges):,} relations are drawn.")
    return " ".join(parts)


def _statements(desk: Desk, name: str, claims: Sequence[Claim]) -> None:
    found = positions.positions(desk, claims)
    number = tabular.page_number(len(found), positions.PAGE)
    shown = found[(number - 1) * positions.PAGE : number * positions.PAGE]
    count = len(found)
    told = f"{count:,} distinct statement{'s' if count != 1 else ''} in {len(claims):,} claims, most contested first"
    put(
        tag("p", told, cls="kb-muted kb-small"),
        positions.build(desk, shown),
        tabular.pager("topics", count, number, positions.PAGE),
    )
    _table(desk, f"{name}-statements", claims)


def _table(desk: Desk, key: str, claims: Sequence[Claim]) -> None:
    rows = [_cells(desk, claim) for claim in claims[:IN_TABLE]]
    put(_folded(tabular.build(_caption(len(claims)), ["Source", "Claim", "Scope"], rows)))
    _download(desk, key, claims)


def _cells(desk: Desk, claim: Claim) -> list[Child]:
    scope = effective_scope(desk.kb.domain, claim)
    words = " · ".join(describe_scope(desk.kb.domain, name, values) for name, values in scope.items())
    link = tag("a", desk.kb.names.get(claim.source, claim.source), href=claim_link(claim))
    return [link, claim.text, words or "not stated"]


def _caption(count: int) -> str:
    told = f"{count:,} claim{'s' if count != 1 else ''}"
    return told if count <= IN_TABLE else f"The first {IN_TABLE} of {told}; the file has all of them"


def _folded(table: Html, words: str = "Show as table") -> Html:
    return tag("details", tag("summary", words), table)


def _download(desk: Desk, key: str, claims: Sequence[Claim]) -> None:
    claims_button(desk.kb, claims, key, key=f"download {key}")
