"""Measure what is done with a table folder: seconds, processor seconds, peak memory and growth.

Run ``python benchmarks/scale.py [--sizes 1000,10000] [--folder DIR] [--json FILE]``. Every cell is measured in a
process of its own, so that peak memory is its own; with processes that it starts, the largest of them counts as well.
A table is made once for each size and kept in ``--folder`` if that is named; one that lies there already is used
(`surveying.py` makes ten times a million claims by copies).

The claims are those of ``synthetic.py``: the questions do not grow with the claims, so in all but a few of the parts
something clashes and the filter hides nothing: its worst case. ``filter`` is the SQL alone: it condenses, and says in
which parts something may clash. ``survey`` is `kb survey`. ``top`` adds to ``filter`` the findings of the ten gravest
parts, ``full`` is every finding, ``small`` is `kb.audit.find_all` on records in memory. ``index`` is ``top`` and the
writing of all that the app reads. ``exact`` and ``beside`` are one more document of 40 claims, compared with
everything, or with what the index keeps (a median of eleven; it needs ``index`` before it). Processes are as many as
there are processors. `compare.py` sets other programs beside this one.
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
from kb.bulk.asking import Asking  # noqa: E402
from kb.bulk.beside import Record, look_beside  # noqa: E402
from kb.bulk.claims_table import Table, write_table  # noqa: E402
from kb.bulk.engines import DuckEngine  # noqa: E402
from kb.bulk.filtering import candidates, prepare  # noqa: E402
from kb.bulk.finding import codes_in, find_gravest, find_in, usual_jobs  # noqa: E402
from kb.bulk.findings_table import write_found  # noqa: E402
from kb.bulk.looking import World  # noqa: E402
from kb.bulk.opened_table import duck, open_table  # noqa: E402
from kb.bulk.rows import trusted_claims  # noqa: E402
from kb.bulk.survey import survey  # noqa: E402
from kb.vocabulary import load_domain  # noqa: E402

from synthetic import generate  # noqa: E402

DATA = ROOT / "data" / "ketamine"
TOP = 10
LIMITS = {"full": 1_000_000, "small": 100_000, "exact": 100_000}
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


class Stopwatch:
    """Wall time and processor time, that of processes which ended included."""

    def __init__(self) -> None:
        self.start = self.now()

    @staticmethod
    def now() -> tuple[float, float]:
        own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return time.perf_counter(), own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime

    def read(self, found: int) -> dict[str, Any]:
        wall, processor = (late - early for early, late in zip(self.start, self.now(), strict=True))
        return {"seconds": wall, "processor": processor, "found": found}


def measure_filter(table: Table) -> dict[str, Any]:
    world, engine = open_world(table)
    watch = Stopwatch()
    prepare(engine, world.domain)
    return watch.read(len(candidates(engine, world.codes).parts))


def measure_survey(table: Table) -> dict[str, Any]:
    engine = DuckEngine(table.parts, table.links)
    watch = Stopwatch()
    return watch.read(sum(1 for _ in survey(engine, table.domain)))


def measure_top(table: Table) -> dict[str, Any]:
    world, engine = open_world(table)
    watch = Stopwatch()
    return watch.read(len(find_gravest(engine, world, TOP, jobs=usual_jobs(table.count))[0]))


def measure_full(table: Table) -> dict[str, Any]:
    world, engine = open_world(table)
    watch = Stopwatch()
    return watch.read(len(find_in(engine, world, jobs=usual_jobs(table.count))))


def measure_small(table: Table) -> dict[str, Any]:
    claims = tuple(sorted(table.claims(), key=lambda claim: claim.id))
    kb = KnowledgeBase(table.path, table.domain, table.policy, table.documents(), table.works(), claims, {})
    watch = Stopwatch()
    return watch.read(len(find_all(kb)))


def measure_index(table: Table) -> dict[str, Any]:
    watch = Stopwatch()
    opened = open_table(table.path, duck)
    found, parts = find_gravest(opened.engine, opened.world, TOP, jobs=opened.jobs)
    return watch.read(write_found(opened.kb, opened.engine, found, (min(TOP, parts), parts)))


USUAL = "SELECT source FROM claims WHERE role = 'claim' GROUP BY source ORDER BY ABS(COUNT(*) - 40), source LIMIT 11"


def measure_exact(table: Table) -> dict[str, Any]:
    """Measure the claims of a document with as many as usual, which are taken for those of a new one."""
    world, engine = open_world(table)
    source = engine.ask(USUAL)[0][0]
    claims = list(trusted_claims(engine.stream(f"SELECT * FROM claims WHERE source = '{source}'")))  # noqa: S608
    watch = Stopwatch()
    return watch.read(len(opened_by(engine, world, claims, next(d for d in world.documents if d.id == source))))


def measure_beside(table: Table) -> dict[str, Any]:
    asking = Asking(table.path)
    record, codes = Record(asking), codes_in(asking.policy)
    rows = []
    for (source,) in asking.ask(USUAL):
        claims = asking.claims("SELECT * FROM claims WHERE source = $source", {"source": source})
        (document,), _ = asking.sources([source])
        watch = Stopwatch()
        rows.append(watch.read(len(look_beside(record, claims, codes, document))))
    return sorted(rows, key=lambda row: float(row["seconds"]))[len(rows) // 2]


def loop_pairs(rows: Sequence[Span]) -> int:
    by_question: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for question, low, high in rows:
        by_question[question].append((low, high))
    return sum(high < low for found in by_question.values() for _, high in found for low, _ in found)


def rdflib_graph(rows: Sequence[Span]) -> Any:
    from rdflib import Graph, Literal, URIRef

    graph = Graph()
    for number, (question, low, high) in enumerate(rows):
        claim = URIRef(f"urn:c{number}")
        graph.add((claim, URIRef("urn:q"), Literal(question)))
        graph.add((claim, URIRef("urn:low"), Literal(low)))
        graph.add((claim, URIRef("urn:high"), Literal(high)))
    return graph


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
    "survey": measure_survey,
    "top": measure_top,
    "full": measure_full,
    "small": measure_small,
    "index": measure_index,
    "exact": measure_exact,
    "beside": measure_beside,
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
    return rows


def table_text(rows: Sequence[dict[str, Any]]) -> str:
    lines = [f"{'claims':>10}  {'way':<9}{'seconds':>10}{'processor':>11}{'peak MB':>10}{'found':>13}{'growth':>9}"]
    for row in rows:
        before = [r for r in rows if r["way"] == row["way"] and r["claims"] < row["claims"]]
        growth = f"{row['seconds'] / before[-1]['seconds']:.1f}" if before else ""
        lines.append(
            f"{row['claims']:>10,}  {row['way']:<9}{row['seconds']:>10.2f}{row['processor']:>11.2f}"
            f"{row['megabytes']:>10,}{row['found']:>13,}{growth:>9}"
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
        peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        row["megabytes"] = sum(peaks) // 1024
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
