"""Whether an export is sound: the shapes, and what shapes cannot see, the four graphs of each nanopublication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kb.errors import InputError, Problem
from kb.rdf.terms import DCTERMS, NP, PROV, RDF
from kb.rdf.tokens import Quad

SHAPES = Path(__file__).with_name("shapes.ttl")
PARTS = (NP.hasAssertion, NP.hasProvenance, NP.hasPublicationInfo)
MADE_BY = (PROV.wasAttributedTo, DCTERMS.creator)


def shape_problems(ntriples: str, name: str = "export") -> list[Problem]:
    """Return a problem for each result of the SHACL shapes; needs the ``rdf`` extra."""
    try:
        import pyshacl
        from rdflib import SH, Graph
    except ImportError:
        remedy = "python -m pip install 'claims-kb[rdf]'"
        raise InputError([Problem("check --rdf", 0, "needs the rdf extra", remedy)]) from None
    data = Graph().parse(data=ntriples, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=Graph().parse(SHAPES), inplace=True, advanced=False)
    if not isinstance(report, Graph):
        raise InputError([Problem(name, 0, f"the shapes could not be run: {report}", "report this")])

    def said(result: Any, term: Any) -> str:
        return str(report.value(result, term) or "")

    return [
        Problem(
            said(result, SH.focusNode),
            0,
            f"{said(result, SH.resultPath) or 'the node'} is {said(result, SH.value) or 'not as it must be'}: "
            f"{said(result, SH.sourceConstraintComponent).rpartition('#')[2]}",
            "see docs/rdf-profile.md",
        )
        for result in report.subjects(SH.resultSeverity)
    ]


def nanopublication_problems(quads: Iterable[Quad]) -> list[Problem]:
    """Return a problem for each nanopublication whose head, assertion, provenance and publication info do not fit.

    Each has one head that names three other graphs; none of the four is empty, and none belongs to two. The provenance
    speaks of the assertion, the publication info of the nanopublication.
    """
    graphs: dict[str, list[Quad]] = defaultdict(list)
    heads: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        graphs[quad.graph].append(quad)
        if quad.predicate == RDF.type and quad.object == NP.Nanopublication:
            heads[quad.subject].add(quad.graph)
    owners: dict[str, str] = {}
    problems: list[Problem] = []
    for np in sorted(heads):
        for message in _faults(np, heads[np], graphs, owners):
            problems.append(Problem(np[1:-1], 0, message, "export it again"))
    return problems


def _faults(np: str, heads: set[str], graphs: dict[str, list[Quad]], owners: dict[str, str]) -> Iterable[str]:
    if len(heads) != 1:
        yield f"is declared in {len(heads)} graphs"
        return
    head = next(iter(heads))
    named = [[q.object for q in graphs[head] if q.subject == np and q.predicate == part] for part in PARTS]
    if any(len(found) != 1 for found in named):
        yield "its head does not name one assertion, one provenance and one publication info"
        return
    assertion, provenance, info = (found[0] for found in named)
    for graph in (head, assertion, provenance, info):
        if not graphs.get(graph):
            yield f"its graph {graph} is empty"
        if owners.setdefault(graph, np) != np:
            yield f"its graph {graph} belongs to {owners[graph]} as well"
    if len({head, assertion, provenance, info}) != 4:
        yield "its four graphs are not four"
    if not any(q.subject == assertion for q in graphs.get(provenance, ())):
        yield "its provenance does not speak of its assertion"
    if not any(q.subject == np and q.predicate in MADE_BY for q in graphs.get(info, ())):
        yield "its publication info does not say who made it"
