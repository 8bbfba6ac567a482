"""The graph as GraphML with typed attributes, as Gephi, Cytoscape and yEd read it (http://graphml.graphdrawing.org/).

Every node has ``label`` and ``kind``, every edge ``type`` and ``label`` (the words of `kb.graph.EDGES`). Edges have
ids of their own, because two nodes may be joined by several. Attributes that a node does not have are left out.
"""

from __future__ import annotations

import io
import re
from typing import Any

import networkx as nx

from kb.build import KnowledgeBase
from kb.graph import build_graph
from kb.model import Claim
from kb.standing import Review
from kb.wording import claim_value

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, however they are written."""


def typed_graph(kb: KnowledgeBase, review: Review) -> nx.MultiDiGraph:
    """Return the graph with what is known of each node, in order of kind and id; edges are numbered from 0."""
    plain = build_graph(kb, [standing.finding for standing in review.standings])
    more = _attributes(kb, review)
    graph = nx.MultiDiGraph()
    for node, given in sorted(plain.nodes(data=True), key=lambda entry: (entry[1]["kind"], entry[0])):
        graph.add_node(_clean(node), **_kept(given | more.get(node, {})))
    edges = sorted(plain.edges(keys=True, data=True), key=lambda edge: edge[:3])
    for number, (start, end, key, given) in enumerate(edges):
        kept = _kept({"type": key, "label": key.replace("_", " "), **given})
        if "confidence" in kept:
            kept["confidence"] = float(kept["confidence"])
        graph.add_edge(_clean(start), _clean(end), key=number, **kept)
    return graph


def to_xml(graph: nx.MultiDiGraph) -> bytes:
    """Return a graph as GraphML in UTF-8."""
    target = io.BytesIO()
    nx.write_graphml_xml(graph, target, named_key_ids=True, prettyprint=True)
    return target.getvalue()


def _attributes(kb: KnowledgeBase, review: Review) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {claim.id: _of_claim(kb, claim) for claim in kb.claims}
    for work in kb.works:
        found[work.key] = {"title": work.title, "year": work.year, "design": work.design, "doi": work.doi}
        found[work.key] |= {"sample_size": work.sample_size, "retracted": work.retracted is not None}
    for document in kb.documents:
        found[document.id] = {"title": document.title, "publisher": document.publisher}
    for standing in review.standings:
        finding = standing.finding
        found[finding.id] = {"code": finding.code, "severity": finding.severity, "topic": finding.topic}
        found[finding.id] |= {"state": str(standing.state), "sentence": finding.sentence, "claims": finding.claims}
    return found


def _of_claim(kb: KnowledgeBase, claim: Claim) -> dict[str, Any]:
    at = claim.locator
    return {
        "topic": kb.domain.properties[claim.property].topic,
        "property": claim.property,
        "source": claim.source,
        "form": claim.kind.value,
        "polarity": claim.polarity.value,
        "certainty": claim.certainty.value,
        "value": claim_value(kb.domain, claim),
        "start": at.start if at else None,
        "end": at.end if at else None,
    }


def _kept(given: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in given.items() if value not in (None, "")}
    return {key: _clean(value) if isinstance(value, str) else value for key, value in known.items()}


def _clean(text: str) -> str:
    return NO_XML.sub("\N{REPLACEMENT CHARACTER}", str(text))
