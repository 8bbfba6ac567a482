"""Measure the bulk path beside the small path, a plain double loop and SPARQL: seconds, peak memory and growth.

Run ``python benchmarks/scale.py [--sizes 1000,10000] [--json FILE]``; ``growth.py`` draws the rows. Every cell is
measured in a process of its own, so that peak memory is its own. Seconds are of processor time, those of all threads
together, because other work on the machine does not count in them. A table is
made once for each size and kept in ``--folder`` if that is named.

The claims are those of ``synthetic.py``: the questions do not grow with the claims, so in all but a few of the parts
something clashes and the filter hides nothing: its worst case. ``filter`` is the SQL alone: it says in which parts
something may clash. ``top`` adds the findings of the ten gravest parts, ``full`` every finding, ``small`` is
`kb.audit.find_all` on records in memory. ``add`` is one more document of 40 claims. ``loop``, ``rdflib`` and
``oxigraph`` do less than all of these: they count the pairs of quantity claims on one question (property, subject,
object) of which one ends below where the other begins, as the ``pairs`` query of DuckDB does beside them; the run
fails if they do not count the same.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from kb.audit import find_all  # noqa: E402
from kb.build import KnowledgeBase, work_name  # noqa: E402
from kb.bulk.adding import opened_by  # noqa: E402
from kb.bulk.claims_table import Table, write_table  # noqa: E402
from kb.bulk.engines import DuckEngine  # noqa: E402
from kb.bulk.filtering import candidates, prepare  # noqa: E402
from kb.bulk.finding import codes_in, find_gravest, find_in  # noqa: E402
from kb.bulk.looking import World  # noqa: E402
from kb.bulk.rows import trusted_claims  # noqa: E402
from kb.vocabulary import load_domain  # noqa: E402

from synthetic import generate  # noqa: E402

DATA = ROOT / "data" / "ketamine"
TOP = 10
LIMITS = {"pairs": 100_000, "full": 100_000, "small": 100_000, "loop": 100_000, "oxigraph": 100_000, "rdflib": 3_000}
"""Beyond these sizes a way takes too long for a table that is to be printed in one run."""

Span = tuple[str, float, float]
"""Question, low and high."""

PAIRS = """
SELECT COUNT(*) FROM spans a JOIN spans b
ON a.property = b.property AND a.subject = b.subject AND a.object = b.object AND a.high < b.low
"""
SPANS = """
SELECT property, subject, object, low, high FROM records
WHERE kind = 'quantity' AND polarity = 'affirmed' AND low IS NOT NULL AND form <> 'vague'
"""
SPARQL = """
SELECT (COUNT(*) AS ?pairs) WHERE {
  ?a <urn:q> ?q ; <urn:high> ?high . ?b <urn:q> ?q ; <urn:low> ?low . FILTER(?high < ?low)
}
"""


def open_world(table: Table) -> tuple[World, DuckEngine]:
    documents, works = table.documents(), table.works()
    names = {d.id: d.short for d in documents} | {w.key: work_name(w) for w in works}
    world = World(table.domain, documents, {w.key: w for w in works}, names, codes_in(table.policy))
    return world, DuckEngine(table.parts, table.links)


def measure_filter(table: Table) -> dict[str, Any]:
    world, engine = open_world(table)
    start = time.process_time()
    prepare(engine, world.domain)
    parts = candidates(engine, world.codes).parts
    return {"seconds": time.process_time() - start, "found": len(parts)}


def measure_top(table: Table) -> dict[str, Any]:
    world, engine = open_world(table)
    start = time.process_time()
    found, _ = find_gravest(engine, world, TOP)
    return {"seconds": time.process_time() - start, "found": len(found)}


def measure_full(table: Table) -> dict[str, Any]:
    world, engine = open_world(table)
    start = time.process_time()
    return {"found": len(find_in(engine, world)), "seconds": time.process_time() - start}


def measure_small(table: Table) -> dict[str, Any]:
    claims = tuple(sorted(table.claims(), key=lambda claim: claim.id))
    kb = KnowledgeBase(table.path, table.domain, table.policy, table.documents(), table.works(), claims, {})
    start = time.process_time()
    return {"found": len(find_all(kb)), "seconds": time.process_time() - start}


def measure_add(table: Table) -> dict[str, Any]:
    """Measure the claims of the first document with as many as usual, which are taken for those of a new one."""
    world, engine = open_world(table)
    source = engine.ask(
        "SELECT source FROM claims WHERE role = 'claim' GROUP BY source ORDER BY ABS(COUNT(*) - 40), source"
    )[0][0]
    claims = list(trusted_claims(engine.stream(f"SELECT * FROM claims WHERE source = '{source}'")))  # noqa: S608
    start = time.process_time()
    found = opened_by(engine, world, claims, next(d for d in world.documents if d.id == source))
    return {"seconds": time.process_time() - start, "found": len(found)}


def spans(table: Table) -> tuple[DuckEngine, list[Span]]:
    """Return the quantity claims of a table as question, low and high."""
    world, engine = open_world(table)
    prepare(engine, world.domain)
    engine.create("spans", SPANS)
    rows = engine.ask("SELECT property, subject, object, low, high FROM spans")
    return engine, [(f"{a} {b} {c}", low, high) for a, b, c, low, high in rows]


def measure_pairs(table: Table) -> dict[str, Any]:
    engine, _ = spans(table)
    start = time.process_time()
    return {"found": engine.ask(PAIRS)[0][0], "seconds": time.process_time() - start}


def measure_loop(table: Table) -> dict[str, Any]:
    _, rows = spans(table)
    start = time.process_time()
    return {"found": loop_pairs(rows), "seconds": time.process_time() - start}


def loop_pairs(rows: Sequence[Span]) -> int:
    by_question: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for question, low, high in rows:
        by_question[question].append((low, high))
    return sum(high < low for found in by_question.values() for _, high in found for low, _ in found)


def measure_rdflib(table: Table) -> dict[str, Any]:
    graph = rdflib_graph(spans(table)[1])
    start = time.process_time()
    pairs = int(next(iter(graph.query(SPARQL)))[0])
    return {"found": pairs, "seconds": time.process_time() - start}


def rdflib_graph(rows: Sequence[Span]) -> Any:
    from rdflib import Graph, Literal, URIRef

    graph = Graph()
    for number, (question, low, high) in enumerate(rows):
        claim = URIRef(f"urn:c{number}")
        graph.add((claim, URIRef("urn:q"), Literal(question)))
        graph.add((claim, URIRef("urn:low"), Literal(low)))
        graph.add((claim, URIRef("urn:high"), Literal(high)))
    return graph


def measure_oxigraph(table: Table) -> dict[str, Any]:
    store = oxigraph_store(spans(table)[1])
    start = time.process_time()
    pairs = int(next(iter(store.query(SPARQL)))[0].value)
    return {"found": pairs, "seconds": time.process_time() - start}


def oxigraph_store(rows: Sequence[Span]) -> Any:
    import pyoxigraph as ox

    store = ox.Store()
    quads = []
    for number, (question, low, high) in enumerate(rows):
        claim = ox.NamedNode(f"urn:c{number}")
        quads.append(ox.Quad(claim, ox.NamedNode("urn:q"), ox.Literal(question)))
        quads.append(ox.Quad(claim, ox.NamedNode("urn:low"), ox.Literal(low)))
        quads.append(ox.Quad(claim, ox.NamedNode("urn:high"), ox.Literal(high)))
    store.bulk_extend(quads)
    return store


WAYS: dict[str, Callable[[Table], dict[str, Any]]] = {
    "filter": measure_filter,
    "top": measure_top,
    "full": measure_full,
    "small": measure_small,
    "add": measure_add,
    "pairs": measure_pairs,
    "loop": measure_loop,
    "rdflib": measure_rdflib,
    "oxigraph": measure_oxigraph,
}


def make_table(size: int, folder: Path) -> Path:
    path = folder / f"claims-{size}"
    if not path.exists():
        domain = load_domain(DATA / "vocabulary.ttl", "vocabulary.ttl")
        kb = generate(domain, size).base(DATA, domain)
        ordered = sorted(kb.claims, key=lambda claim: (claim.property, claim.subject, claim.id))
        write_table(replace(kb, claims=()), ordered, path)
    return path


def apart(*words: str) -> dict[str, Any]:
    """Run one cell in a process of its own and return what it measured."""
    done = subprocess.run([sys.executable, __file__, *words], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(sizes: Sequence[int], folder: Path, ways: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for size in sizes:
        apart("--make", str(size), "--folder", str(folder))
        for way in ways:
            if size > LIMITS.get(way, size):
                continue
            row = {"claims": size, "way": way} | apart("--cell", way, "--make", str(size), "--folder", str(folder))
            rows.append(row)
            print(f"  {way} of {size:,}: {row['seconds']:.2f} s", file=sys.stderr)
        counted = {
            row["found"] for row in rows if row["claims"] == size and row["way"] in ("pairs", "loop", "oxigraph")
        }
        if len(counted) > 1:
            raise RuntimeError(f"the searches for pairs differ at {size:,}: {counted}")
    return rows


def table_text(rows: Sequence[dict[str, Any]]) -> str:
    lines = [f"{'claims':>10}  {'way':<9}{'seconds':>10}{'peak MB':>10}{'found':>13}{'growth':>9}"]
    for row in rows:
        before = [r for r in rows if r["way"] == row["way"] and r["claims"] < row["claims"]]
        growth = f"{row['seconds'] / before[-1]['seconds']:.1f}" if before else ""
        lines.append(
            f"{row['claims']:>10,}  {row['way']:<9}{row['seconds']:>10.2f}{row['megabytes']:>10,}"
            f"{row['found']:>13,}{growth:>9}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of claims, with commas between")
    parser.add_argument("--ways", default=",".join(WAYS), help="what to measure, with commas between")
    parser.add_argument("--folder", type=Path, help="keep the tables here")
    parser.add_argument("--json", type=Path, help="write the rows to this file, too")
    parser.add_argument("--cell", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        path = make_table(options.make, options.folder)
        row = WAYS[options.cell](Table(path)) if options.cell else {}
        row["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(row))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        sizes = [int(size) for size in options.sizes.split(",")]
        rows = run(sizes, folder, options.ways.split(","))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    print(table_text(rows))


if __name__ == "__main__":
    main()
