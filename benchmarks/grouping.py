"""Measure reading against grouping and detection on skewed synthetic claims, and a pairwise loop beside them.

Run ``python benchmarks/grouping.py [--sizes 1000,10000,100000] [--json]``. Every size is measured in a process
of its own, so that peak memory is its own; machines differ, so look at the ratios.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from kb.audit import judge, order_findings  # noqa: E402
from kb.claims import load_claims  # noqa: E402
from kb.detectors import DETECTORS  # noqa: E402
from kb.domain import Domain  # noqa: E402
from kb.groups import claim_spans, effective_polarity, make_groups  # noqa: E402
from kb.model import Claim, Kind  # noqa: E402
from kb.scopes import compare_scopes, effective_scope  # noqa: E402
from kb.vocabulary import load_domain  # noqa: E402

from synthetic import generate, make_sources, write  # noqa: E402

TARGET = 12
"""Ten times the claims may take this many times as long: linear and a fifth."""

NAIVE_SECONDS = 30.0
PROBE = 1000


def peak_mb() -> float:
    """Return the peak memory of this process in megabytes (Linux counts kilobytes, macOS bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def write_claims(folder: Path, size: int) -> None:
    claims = folder / "claims"
    claims.mkdir()
    write(claims, generate(load_domain(folder / "vocabulary.ttl", "vocabulary.ttl"), size))


def measure(folder: Path, size: int) -> dict[str, Any]:
    """Return the times of reading, and of grouping with all detectors, and the peak memory after each."""
    domain = load_domain(folder / "vocabulary.ttl", "vocabulary.ttl")
    sources = make_sources(size)
    paths = sorted((folder / "claims").glob("*.yaml"))
    bare = peak_mb()
    start = time.perf_counter()
    claims = [claim for path in paths for claim in load_claims(path, path.name, domain, sources)]
    read = time.perf_counter() - start
    after_reading = peak_mb()
    start = time.perf_counter()
    groups = make_groups(domain, claims)
    findings = order_findings(judge(groups, {detector.CODE for detector in DETECTORS}))
    detect = time.perf_counter() - start
    return {
        "claims": len(claims),
        "files": len(paths),
        "groups": len(groups),
        "largest_group": max(len(group.claims) for group in groups),
        "read_seconds": read,
        "detect_seconds": detect,
        "claims_per_second": len(claims) / detect,
        "detect_over_read": detect / read,
        "findings": len(findings),
        "members": sum(len(finding.members) for finding in findings),
        "peak_mb": peak_mb(),
        "peak_mb_after_reading": after_reading,
        "peak_mb_at_start": bare,
    }


def pairwise(folder: Path, size: int) -> dict[str, Any]:
    """Return the time of comparing all pairs of claims on one property, what a plain double loop would do.

    It is measured where it ends in about half a minute, judged from a small size, and else extrapolated from
    there by the number of pairs, which is counted exactly and grows with the square of the claims.
    """
    domain = load_domain(folder / "vocabulary.ttl", "vocabulary.ttl")
    measured, seconds, pairs = 0, 0.0, 0
    wanted = _pairs(generate(domain, size))
    for step in sorted({min(size, PROBE * 2**n) for n in range(20)}):
        claims = generate(domain, step)
        if measured and seconds * _pairs(claims) / pairs > NAIVE_SECONDS:
            break
        start = time.perf_counter()
        _compare_all(domain, claims)
        measured, seconds, pairs = step, time.perf_counter() - start, _pairs(claims)
    return {
        "pairs": wanted,
        "pairwise_measured_at": measured,
        "pairwise_seconds": seconds * wanted / pairs,
        "pairwise_extrapolated": measured < size,
    }


def _pairs(claims: tuple[Claim, ...]) -> int:
    counts = Counter((claim.property, claim.kind) for claim in claims)
    return sum(count * (count - 1) // 2 for count in counts.values())


def _compare_all(domain: Domain, claims: tuple[Claim, ...]) -> int:
    """Compare every pair of claims of one kind on one property; everything that can be is prepared beforehand."""
    by_property: dict[tuple[str, Kind], list[tuple[Any, ...]]] = {}
    for claim in claims:
        spans, scope = claim_spans(domain, claim), effective_scope(domain, claim)
        answer = (str(claim.relation), effective_polarity(claim))
        topic = (claim.object, claim.than)
        by_property.setdefault((claim.property, claim.kind), []).append((claim.subject, topic, spans, answer, scope))
    found = 0
    for (name, _), items in by_property.items():
        definition = domain.properties[name]
        for (a, ours, x, said, scope), (b, theirs, y, denied, other) in combinations(items, 2):
            if ours != theirs or not (a == b or domain.nested(a, b)):
                continue
            apart = all(s.disjoint(t) for s in x for t in y) if x and y else said != denied
            found += apart and not compare_scopes(domain, definition, scope, other).differing
    return found


def run(sizes: list[int], naive: bool = True) -> list[dict[str, Any]]:
    """Return one row for each size."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            shutil.copy(ROOT / "data" / "ketamine" / "vocabulary.ttl", name)
            row: dict[str, Any] = {}
            for step in ("write", "measure", "pairwise") if naive else ("write", "measure"):
                command = [sys.executable, __file__, "--step", step, "--folder", name, "--sizes", str(size)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                row |= json.loads(done.stdout or "{}")
        if rows:
            earlier = rows[-1]
            row["growth_of_claims"] = row["claims"] / earlier["claims"]
            row["growth_of_time"] = row["detect_seconds"] / earlier["detect_seconds"]
        rows.append(row)
        print(f"  {size:,} claims measured", file=sys.stderr)
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    head = ("claims", "largest group", "read s", "detect s", "detect/read", "claims/s", "findings", "peak MB", "growth")
    lines = ["  ".join(f"{title:>13}" for title in (*head, "pairwise s"))]
    for row in rows:
        growth = f"{row['growth_of_time']:.1f} for {row['growth_of_claims']:.0f}" if "growth_of_time" in row else "-"
        pairwise_s = "-"
        if "pairs" in row:
            pairwise_s = f"{'~' if row['pairwise_extrapolated'] else ''}{row['pairwise_seconds']:,.1f}"
        cells = (
            f"{row['claims']:,}",
            f"{row['largest_group']:,}",
            f"{row['read_seconds']:.2f}",
            f"{row['detect_seconds']:.2f}",
            f"{row['detect_over_read']:.2f}",
            f"{row['claims_per_second']:,.0f}",
            f"{row['findings']:,}",
            f"{row['peak_mb']:,.0f}",
            growth,
            pairwise_s,
        )
        lines.append("  ".join(f"{cell:>13}" for cell in cells))
    lines.append("")
    lines.append("growth: of the time of grouping and detection, for that growth of the claims since the row above")
    for row in rows:
        if row.get("pairwise_extrapolated"):
            at, pairs = row["pairwise_measured_at"], row["pairs"]
            lines.append(
                f"~ at {row['claims']:,}: extrapolated to {pairs:,} pairs from a loop that ended at {at:,} claims"
            )
    tenfold = [row for row in rows if round(row.get("growth_of_claims", 0)) == 10 and row["claims"] >= 100_000]
    for row in tenfold:
        verdict = "kept" if row["growth_of_time"] <= TARGET else "MISSED"
        lines.append(f"target (growth at most {TARGET} up to {row['claims']:,} claims): {verdict}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of claims, with commas between")
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    parser.add_argument("--no-pairwise", action="store_true", help="leave the pairwise loop out")
    parser.add_argument("--step", choices=("write", "measure", "pairwise"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.step == "write":
        write_claims(options.folder, sizes[0])
    elif options.step:
        print(json.dumps((measure if options.step == "measure" else pairwise)(options.folder, sizes[0])))
    else:
        rows = run(sizes, not options.no_pairwise)
        print(json.dumps(rows, indent=2) if options.json else table(rows))


if __name__ == "__main__":
    main()
