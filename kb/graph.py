"""The graph: documents, works, claims, concepts, topics, positions and findings, with typed edges.

A networkx MultiDiGraph, frozen. The functions below are the few questions that screens and reports ask of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from kb.build import KnowledgeBase
from kb.catalogue import Catalogue, Inbox
from kb.groups import make_groups
from kb.ids import derive
from kb.model import Finding

CLAIMS_SHOWN = 36
"""How many claims of a source are walked to: those in most findings."""

EDGES = (
    "made_by",  # claim → document or work
    "about",  # claim → concept
    "on",  # claim → topic
    "cites",  # claim → work
    "lists",  # document → work
    "holds",  # claim → position
    "answers",  # position → topic
    "member_of",  # claim, or the document or work as a whole → finding
    "broader",  # concept → concept
)


def build_graph(kb: KnowledgeBase, findings: Iterable[Finding] = ()) -> nx.MultiDiGraph:
    """Return the frozen graph. Every node has ``kind`` and ``label``, every edge its type as key."""
    graph = nx.MultiDiGraph()
    for topic in kb.domain.topics.values():
        graph.add_node(f"topic:{topic.id}", kind="topic", label=topic.label)
    for concept in kb.domain.concepts.values():
        graph.add_node(f"concept:{concept.id}", kind="concept", label=concept.label)
    for concept in kb.domain.concepts.values():
        for broader in concept.broader:
            graph.add_edge(f"concept:{concept.id}", f"concept:{broader}", key="broader")
    for work in kb.works:
        graph.add_node(work.key, kind="work", label=kb.names[work.key])
    for document in kb.documents:
        graph.add_node(document.id, kind="document", label=document.short)
        for place, key in enumerate(document.listed, 1):
            graph.add_edge(document.id, key, key="lists", place=place)
    _add_claims(graph, kb)
    _add_positions(graph, kb)
    for finding in findings:
        graph.add_node(finding.id, kind="finding", label=finding.title, finding=finding.kind.value)
        for member in finding.members:
            graph.add_edge(member.claim or member.source, finding.id, key="member_of", pole=member.pole)
    return nx.freeze(graph)


def _add_claims(graph: nx.MultiDiGraph, kb: KnowledgeBase) -> None:
    for claim in kb.claims:
        graph.add_node(claim.id, kind="claim", label=claim.text, role=claim.role.value)
        graph.add_edge(claim.id, claim.source, key="made_by")
        graph.add_edge(claim.id, f"topic:{kb.domain.properties[claim.property].topic}", key="on")
        for concept in dict.fromkeys(filter(None, (claim.subject, claim.object, claim.than))):
            work = concept.startswith("work:")
            graph.add_edge(claim.id, concept.removeprefix("work:") if work else f"concept:{concept}", key="about")
        for citation in claim.cites:
            if citation.work:
                graph.add_edge(
                    claim.id, citation.work, key="cites", basis=citation.basis, confidence=str(citation.confidence)
                )


def _add_positions(graph: nx.MultiDiGraph, kb: KnowledgeBase) -> None:
    for group in make_groups(kb.domain, kb.claims):
        for stance in group.stances:
            content = {"question": f"{stance.property_id}|{stance.subject}|{stance.object}|{stance.than}"}
            node = derive("p", content | {"position": "|".join(stance.position)})
            graph.add_node(node, kind="position", label=stance.first.text)
            graph.add_edge(node, f"topic:{group.topic}", key="answers")
            for claim in stance.claims:
                graph.add_edge(claim.id, node, key="holds")


def _out(graph: nx.MultiDiGraph, node: str, edge: str) -> list[str]:
    return sorted(target for _, target, key in graph.out_edges(node, keys=True) if key == edge)


def _into(graph: nx.MultiDiGraph, node: str, edge: str) -> list[str]:
    return sorted(source for source, _, key in graph.in_edges(node, keys=True) if key == edge)


def supports(graph: nx.MultiDiGraph, claim: str) -> list[str]:
    """Return the other claims that hold the same position, and the works that the claim cites."""
    same = {other for position in _out(graph, claim, "holds") for other in _into(graph, position, "holds")}
    return sorted(same - {claim}) + _out(graph, claim, "cites")


def disagrees(graph: nx.MultiDiGraph, claim: str) -> list[tuple[str, str]]:
    """Return (finding, claim) for every claim that stands on another pole of a finding with ``claim``."""
    found = []
    for finding in _out(graph, claim, "member_of"):
        pole = graph.edges[claim, finding, "member_of"]["pole"]
        for other in _into(graph, finding, "member_of"):
            if graph.edges[other, finding, "member_of"]["pole"] != pole:
                found.append((finding, other))
    return sorted(found)


def ego(graph: nx.MultiDiGraph, centre: str, steps: int = 2, limit: int = 150) -> nx.MultiDiGraph:
    """Return the part of the graph within ``steps`` of ``centre``, nearest first, at most ``limit`` nodes.

    Nodes with many neighbours (topics, concepts) are shown but not walked through: everything is two steps
    from everything by way of a topic.
    """
    distance = {centre: 0}
    queue = [centre]
    while queue and len(distance) < limit:
        node = queue.pop(0)
        walked = node == centre or graph.nodes[node]["kind"] not in ("topic", "concept")
        if distance[node] == steps or not walked:
            continue
        for other in sorted(set(graph.successors(node)) | set(graph.predecessors(node))):
            if other not in distance and len(distance) < limit:
                distance[other] = distance[node] + 1
                queue.append(other)
    return nx.freeze(graph.subgraph(distance).copy())


def citation_paths(graph: nx.MultiDiGraph, source: str, work: str) -> list[list[str]]:
    """Return the paths document → claim → work by which ``source`` rests on ``work``."""
    claims = set(_into(graph, source, "made_by"))
    return [[source, claim, work] for claim in _into(graph, work, "cites") if claim in claims]


def rests_on(graph: nx.MultiDiGraph, work: str) -> list[str]:
    """Return the claims whose only cited work is ``work``: they fall if it falls."""
    return [claim for claim in _into(graph, work, "cites") if _out(graph, claim, "cites") == [work]]


def around(
    catalogue: Catalogue, inbox: Inbox, centre: str, steps: int = 2, limit: int = 150
) -> tuple[nx.Graph[str], int]:
    """Return the neighbourhood of a source, claim or finding, and how many nodes were left out, in time of its size.

    Built from the records without the whole graph, so that it is as quick among a million claims. Every node has
    ``kind`` and ``label``, every edge ``link``. Findings come first, then what has most links; topics are left out,
    because everything is two steps from everything by way of a topic.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node(centre, **_about(catalogue, inbox, centre))
    left: set[str] = set()
    ring = [centre]
    for _ in range(steps):
        fresh: list[str] = []
        for node in ring:
            beside, passed = _beside(catalogue, inbox, node)
            left.update(passed)
            for other, link in beside:
                if other in graph:
                    graph.add_edge(node, other, link=link)
                elif len(graph) < limit:
                    graph.add_node(other, **_about(catalogue, inbox, other))
                    graph.add_edge(node, other, link=link)
                    fresh.append(other)
                else:
                    left.add(other)
        ring = fresh
    return graph, len(left - set(graph))


def _about(catalogue: Catalogue, inbox: Inbox, node: str) -> dict[str, str]:
    kb = catalogue.kb
    if node in catalogue.claims:
        return {"kind": "claim", "label": catalogue.claims[node].text}
    if node in inbox.review.by_id:
        finding = inbox.review.by_id[node].finding
        return {"kind": "finding", "label": finding.title, "finding": finding.kind.value}
    return {"kind": "document" if catalogue.is_document(node) else "work", "label": kb.names[node]}


def _beside(catalogue: Catalogue, inbox: Inbox, node: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what is linked to a node, with the name of the link, and the claims that are passed over.

    What takes part in findings comes first; of a source, claims in no finding and without a citation are passed over.
    """
    if node in catalogue.claims:
        claim = catalogue.claims[node]
        found = [(standing.finding.id, "member_of") for standing in inbox.by_claim.get(node, ())]
        cited = [(work, "cites") for work in dict.fromkeys(c.work for c in claim.cites if c.work)]
        return [*found, (claim.source, "made_by"), *cited], []
    if node in inbox.review.by_id:
        members = inbox.review.by_id[node].finding.members
        return [(name, "member_of") for name in dict.fromkeys(m.claim or m.source for m in members)], []
    made = [(claim.id, "made_by") for claim in catalogue.by_source.get(node, ())]
    citing = [(claim.id, "cites") for claim in catalogue.citing.get(node, ())]
    ranked = sorted([*citing, *made], key=lambda entry: (-len(inbox.by_claim.get(entry[0], ())), entry[0]))
    telling = [entry for entry in ranked if entry[0] in inbox.by_claim or catalogue.claims[entry[0]].cites]
    shown = (telling or ranked)[:CLAIMS_SHOWN]
    passed = sorted({name for name, _ in ranked} - {name for name, _ in shown})
    listed = (
        [(work, "lists") for work in dict.fromkeys(catalogue.documents[node].listed)]
        if node in catalogue.documents
        else []
    )
    listing = [(d.id, "lists") for d in catalogue.kb.documents if node in d.listed] if node in catalogue.works else []
    return [*shown, *listed, *listing], passed
