"""An ego network as rings: what is one step from the centre on the first ring, what is two steps on the second.

Places are worked out here, from the graph alone, so that the same centre gives the same picture every time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import networkx as nx

from kb.look import CLAIM, KINDS, STUDY
from kb.model import FindingKind

RADIUS = 210
SHAPES = {"document": "rect", "work": "diamond", "claim": "circle", "finding": "triangle"}
SIZES = {"document": 26, "work": 20, "claim": 11, "finding": 17}
MARKS = {"document": "■", "work": "◆", "claim": "●", "finding": "▲"}
LABEL = 26
ROOM, FEW = 46, 40
"""How far from its neighbours on the ring a node must stand to be named; claims are named among few nodes only."""


class Place(NamedTuple):
    """Where a node stands, and how many steps it is from the centre."""

    x: float
    y: float
    distance: int


def layout(graph: nx.Graph[str], centre: str) -> dict[str, Place]:
    """Return a place for every node: the tree of shortest ways from the centre, each branch as wide as its leaves."""
    distance: dict[str, int] = {centre: 0}
    children: dict[str, list[str]] = {}
    queue = [centre]
    for node in queue:
        fresh = [other for other in sorted(graph.neighbors(node)) if other not in distance]
        children[node] = fresh
        for other in fresh:
            distance[other] = distance[node] + 1
            queue.append(other)
    leaves: dict[str, int] = {}
    for node in reversed(queue):
        leaves[node] = sum(leaves[child] for child in children[node]) or 1
    places = {centre: Place(0.0, 0.0, 0)}
    _spread(centre, 0.0, 2 * math.pi, children, leaves, distance, places)
    return places


def _spread(
    root: str,
    start: float,
    width: float,
    children: Mapping[str, list[str]],
    leaves: Mapping[str, int],
    distance: Mapping[str, int],
    places: dict[str, Place],
) -> None:
    stack = [(root, start, width)]
    while stack:
        node, begin, arc = stack.pop()
        total = sum(leaves[child] for child in children[node]) or 1
        for child in children[node]:
            share = arc * leaves[child] / total
            angle = begin + share / 2
            radius = RADIUS * distance[child]
            places[child] = Place(
                round(radius * math.cos(angle), 2), round(radius * math.sin(angle), 2), distance[child]
            )
            stack.append((child, begin, share))
            begin += share


def spec(
    graph: nx.Graph[str], centre: str, places: Mapping[str, Place], dark: bool
) -> tuple[dict[str, Any], list[str]]:
    """Return the chart, and its nodes in the order in which the chart counts them."""
    order = sorted(places)
    ink = "#E8EAEE" if dark else "#1F2430"
    room = _room(places)
    nodes = []
    for node in order:
        data = graph.nodes[node]
        label = str(data["label"])
        near = node == centre or (room[node] >= ROOM and (data["kind"] != "claim" or len(order) <= FEW))
        nodes.append(
            {
                "name": node,
                "x": places[node].x,
                "y": places[node].y,
                "symbol": SHAPES.get(data["kind"], "circle"),
                "symbolSize": SIZES.get(data["kind"], 10) * (1.5 if node == centre else 1),
                "itemStyle": {
                    "color": colour(data, dark),
                    "borderColor": ink,
                    "borderWidth": 2 if node == centre else 0,
                },
                "label": {
                    "show": near,
                    "formatter": shorten(label),
                    "color": ink,
                    "fontSize": 11,
                    "position": "bottom",
                },
                "value": label,
            }
        )
    at = {node: number for number, node in enumerate(order)}
    lines = {"member_of": "solid", "cites": "dashed", "lists": "dotted"}
    links = [
        {
            "source": at[a],
            "target": at[b],
            "lineStyle": {"type": lines.get(str(data["link"]), "solid"), "color": "#8791A0", "opacity": 0.55},
        }
        for a, b, data in sorted(graph.edges(data=True), key=lambda edge: (at[edge[0]], at[edge[1]]))
    ]
    series = {
        "type": "graph",
        "layout": "none",
        "roam": True,
        "selectedMode": "single",
        "data": nodes,
        "links": links,
        "emphasis": {"focus": "adjacency"},
        "labelLayout": {"hideOverlap": True},
        "scaleLimit": {"min": 0.4, "max": 4},
    }
    return {
        "series": [series],
        "animation": False,
        "tooltip": {"formatter": "{c}", "confine": True, "renderMode": "richText"},
    }, order


def _room(places: Mapping[str, Place]) -> dict[str, float]:
    """Return how far each node stands from the nearest other on its ring."""
    rings: dict[int, list[str]] = {}
    for node, place in sorted(places.items(), key=lambda item: (item[1].distance, math.atan2(item[1].y, item[1].x))):
        rings.setdefault(place.distance, []).append(node)
    room: dict[str, float] = {}
    for ring in rings.values():
        for number, node in enumerate(ring):
            others = {ring[number - 1], ring[(number + 1) % len(ring)]} - {node}
            gaps = [math.dist(places[node][:2], places[other][:2]) for other in others]
            room[node] = min(gaps, default=math.inf)
    return room


def shorten(text: str) -> str:
    """Return the start of a long label."""
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


def colour(data: Mapping[str, Any], dark: bool) -> str:
    """Return the colour of a node: findings by kind, works and documents in theirs, the rest in grey."""
    if data["kind"] == "finding":
        look = KINDS[FindingKind(data["finding"])]
    else:
        look = {"document": CLAIM, "work": STUDY}.get(data["kind"], KINDS[FindingKind.POSSIBLE])
    return look.dark if dark else look.light
