"""The graph of the shipped data answers the questions that screens and reports ask."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest
from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.graph import EDGES, build_graph, citation_paths, disagrees, ego, rests_on, supports

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return build(ROOT / "data" / "ketamine")


@pytest.fixture(scope="module")
def graph(kb: KnowledgeBase) -> nx.MultiDiGraph:
    return build_graph(kb, find_all(kb))


def test_it_is_frozen_and_typed(graph: nx.MultiDiGraph) -> None:
    with pytest.raises(nx.NetworkXError):
        graph.add_node("x")
    kinds = {data["kind"] for _, data in graph.nodes(data=True)}
    assert kinds == {"document", "work", "claim", "concept", "topic", "position", "finding"}
    assert {key for _, _, key in graph.edges(keys=True)} == set(EDGES)
    assert all(data.get("label") for _, data in graph.nodes(data=True))


def test_two_builds_are_the_same(kb: KnowledgeBase, graph: nx.MultiDiGraph) -> None:
    again = build_graph(kb, find_all(kb))
    assert list(graph.nodes(data=True)) == list(again.nodes(data=True))
    assert list(graph.edges(keys=True, data=True)) == list(again.edges(keys=True, data=True))


def test_support_and_disagreement_of_the_same_claim(kb: KnowledgeBase, graph: nx.MultiDiGraph) -> None:
    claim = next(c for c in kb.claims if c.source == "page-002" and c.property == "onset-of-action")
    others = {other for _, other in disagrees(graph, claim.id)}
    sources = {c.source for c in kb.claims if c.id in others}
    assert {"page-004", "ketalarlabel"} <= sources
    assert claim.id not in supports(graph, claim.id)
    for finding, other in disagrees(graph, claim.id):
        assert (finding, claim.id) in disagrees(graph, other)


def test_dose_of_half_a_milligram_is_supported_by_other_pages(kb: KnowledgeBase, graph: nx.MultiDiGraph) -> None:
    doses = [c for c in kb.claims if c.property == "dose" and c.role == "claim"]
    assert any(len(supports(graph, claim.id)) > 0 for claim in doses)


def test_citation_paths_and_what_falls_with_a_work(kb: KnowledgeBase, graph: nx.MultiDiGraph) -> None:
    paths = citation_paths(graph, "page-004", "zarate2006")
    assert paths
    assert all(path[0] == "page-004" and path[2] == "zarate2006" for path in paths)
    assert citation_paths(graph, "page-000", "zarate2006") == []
    assert set(rests_on(graph, "zarate2006")) == {path[1] for path in paths}


def test_ego_network_is_near_and_capped(graph: nx.MultiDiGraph) -> None:
    near = ego(graph, "zarate2006", steps=2, limit=40)
    assert "zarate2006" in near
    assert len(near) <= 40
    undirected = near.to_undirected()
    assert all(nx.has_path(undirected, "zarate2006", node) for node in near)
