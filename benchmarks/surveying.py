"""Measure the survey of a table of claims: seconds, peak memory and growth from a million claims to ten million.

Run ``python benchmarks/surveying.py --folder DIR [--copies 1,10] [--size 1000000]``. The table of ``--size`` claims is
that of ``scale.py``, made once and kept in the folder. The larger one is made of so many copies of it by DuckDB:
ids and sources get the number of the copy, and in each copy but the first every claim takes the scope of another claim
on its property, drawn by a hash. Answers stay as they are. So questions and distinct answers do not grow, the claims on
each of them and their distinct combinations with scope do. Documents, works and links are those of the first copy only:
the survey does not read them. Every size is measured in a process of its own, in wall time and processor time.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from kb.bulk.claims_table import Table  # noqa: E402
from kb.bulk.engines import DuckEngine  # noqa: E402
from kb.bulk.survey import survey  # noqa: E402

from scale import make_table  # noqa: E402

COPY = """
COPY (
    SELECT c.* EXCLUDE (place) REPLACE (
        c.id || '-{copy}' AS id, c.source || '-{copy}' AS source,
        d.scope AS scope, d.unknown AS unknown, d.setting AS setting
    ) FROM
    (SELECT *, ROW_NUMBER() OVER (PARTITION BY property ORDER BY id) AS place FROM read_parquet('{claims}')) c
    JOIN (SELECT property, scope, unknown, setting,
                 ROW_NUMBER() OVER (PARTITION BY property ORDER BY hash(id || '{copy}')) AS place
          FROM read_parquet('{claims}')) d
    ON d.property = c.property AND d.place = c.place
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""


def make_copies(table: Path, copies: int) -> Path:
    """Return the table folder of so many copies of a table, made once beside it."""
    import duckdb

    count = Table(table).count * copies
    out = table.parent / f"claims-{count}"
    if copies == 1 or out.exists():
        return table if copies == 1 else out
    working = table.parent / f".{out.name}.making"
    shutil.rmtree(working, ignore_errors=True)
    shutil.copytree(table, working)
    parts = len(list((working / "claims").glob("*.parquet")))
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET memory_limit = '6GB'")
    for copy in range(1, copies):
        target = working / "claims" / f"part-{parts + copy - 1:05d}.parquet"
        query = COPY.format(copy=copy, claims=table / "claims" / "*.parquet", out=target)

        connection.execute(query)
    mark = json.loads((working / "table.json").read_text("utf-8")) | {"claims": count}
    (working / "table.json").write_text(json.dumps(mark, indent=2) + "\n", "utf-8")
    working.rename(out)
    return out


def measure(path: Path) -> dict[str, Any]:
    table = Table(path)
    engine = DuckEngine(table.parts, table.links)
    wall, cpu = time.perf_counter(), time.process_time()
    rows = list(survey(engine, table.domain))
    return {
        "claims": table.count,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "questions": len(rows),
        "pairs": sum(row.pairs for row in rows),
        "left_out": sum(row.left_out for row in rows),
        "capped": sum(row.capped for row in rows),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, required=True, help="where the tables are kept")
    parser.add_argument("--size", type=int, default=1_000_000, help="claims of the table that is copied")
    parser.add_argument("--copies", default="1,10", help="numbers of copies, with commas between")
    parser.add_argument("--cell", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cell:
        print(json.dumps(measure(options.cell)))
        return
    base, before = make_table(options.size, options.folder), None
    print(
        f"{'claims':>11}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}{'questions':>11}{'pairs':>18}{'left out':>16}  growth"
    )
    for copies in map(int, options.copies.split(",")):
        path = make_copies(base, copies)
        command = [sys.executable, __file__, "--folder", str(options.folder), "--cell", str(path)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        growth = f"{row['cpu'] / before:.1f}" if before else ""
        print(
            f"{row['claims']:>11,}{row['wall']:>9.1f}{row['cpu']:>9.1f}{row['megabytes']:>9,}{row['questions']:>11,}"
            f"{row['pairs']:>18,}{row['left_out']:>16,}  {growth}"
        )
        before = row["cpu"]


if __name__ == "__main__":
    main()
