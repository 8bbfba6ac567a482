"""The shipped data as a table folder with its findings beside it, for tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.bulk.claims_table import write_table
from kb.bulk.findings_table import write_found
from kb.bulk.opened_table import duck, open_table
from kb.model import Finding

DATA = Path(__file__).resolve().parent.parent / "data" / "ketamine"
WAIVER = """
waivers:
  - code: S008
    topic: safety
    reason: looked at for these tests
    by: Ada
    date: 2026-01-01
"""


@cache
def shipped() -> tuple[KnowledgeBase, tuple[Finding, ...]]:
    kb = build(DATA)
    return kb, find_all(kb)


def make_table(folder: Path, rows_per_part: int = 400) -> Path:
    """Write the shipped data as a table; it has no findings yet."""
    write_table(shipped()[0], shipped()[0].claims, folder, rows_per_part)
    (folder / "verdicts.jsonl").unlink(missing_ok=True)
    policy = folder / "policy.yaml"
    policy.write_text(policy.read_text("utf-8") + WAIVER, "utf-8")
    return folder


def index(folder: Path, searched: tuple[int, int] = (0, 0)) -> Path:
    """Keep the findings of the shipped data beside a table of it."""
    opened = open_table(folder, duck)
    write_found(opened.kb, opened.engine, shipped()[1], searched)
    return folder
