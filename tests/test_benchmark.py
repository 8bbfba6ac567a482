"""The benchmark runs, at a size that proves nothing but that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_it_prints_a_row_for_each_size() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "grouping.py"), "--sizes", "100,300", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    rows = json.loads(done.stdout)
    rows = rows["rows"] if isinstance(rows, dict) and "rows" in rows else rows
    assert [row["claims"] for row in rows] == [100, 300]
