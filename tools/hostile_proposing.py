"""Hostile files through the whole of proposing: ``python -m tools.hostile_proposing [COUNT]``.

Each file is read, proposed in the toy domain and kept; it must end in a draft that can be read back or in a clear error
that leaves no file, within bounds of processor time and memory. Some files are texts that cost a careless reader the
square of their length. Prints how each kind ended, the slowest, and the greatest memory of any process.
"""

from __future__ import annotations

import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from kb.build import KnowledgeBase, build
from kb.errors import InputError
from kb.intake import read_capture
from kb.propose.drafting import keep, propose_capture
from kb.propose.drafts import load_draft
from kb.propose.proposing import Proposer

from tools.hostile import hostile_paths

SECONDS, MEGABYTES = 30, 1500  # what any file may take of a processor, and of memory
TOY = Path(__file__).resolve().parents[1] / "tests" / "toy"
TEXTS = (
    ("one line", "word ", 5_000_000),
    ("one word", "a", 5_000_000),
    ("one line of sentences", "Pump slick tyres to 6 bar. ", 5_000_000),
    ("numbers", "12 ", 600_000),
    ("listed numbers", "1, 2, 3, 4, ", 600_000),
    ("joined numbers", "12-", 600_000),
    ("one number", "1", 4_000_000),
    ("items", "- pump slick tyres to 6 bar\n", 2_700_000),
    ("bare items", "- roll on\n", 1_000_000),
    ("brackets", "[", 1_000_000),
    ("parentheses", "(", 1_000_000),
    ("opening quotes", "“", 1_000_000),
    ("straight quotes", '"', 1_000_000),
    ("markers", "word.[1] ", 900_000),
    ("raised markers", "word.¹ ", 700_000),
    ("authors", "(Smith et al., 2001) ", 900_000),
    ("references", "1. Smith J, Doe A. Tyres and rims. J Ride. 2001;12:1-9.\n", 900_000),
    ("headings", "# Tyre pressure\n", 900_000),
    ("rows", "| slick tyre | 6 bar |\n", 900_000),
    ("wide row", "| 6 bar ", 900_000),
    ("stops", ".", 1_000_000),
    ("commas", "tyre, ", 900_000),
    ("comparisons", "slick tyres are faster than ", 900_000),
    ("denials", "not ", 900_000),
    ("addresses", "www.a.b/", 900_000),
    ("mail", "a@a.", 900_000),
    ("capitals", "1 A ", 900_000),
    ("semicolons", "6 bar;", 600_000),
    ("lead-ins", "Tyres need:\n", 900_000),
    ("lead-in lines", "Tyres need: air\n", 900_000),
)
"""Kind, what is repeated, and how many characters of it."""


class Ended(NamedTuple):
    """How one file ended: ``proposals`` is absent after a clear error."""

    kind: str
    proposals: int | None
    seconds: float
    fault: str = ""


def base(folder: Path) -> tuple[KnowledgeBase, Proposer]:
    """Return a copy of the toy domain in ``folder`` and its proposer."""
    shutil.copytree(TOY, folder)
    kb = build(folder, [folder / "sources"])
    return kb, Proposer(kb.domain, kb.claims, kb.texts)


def proposed(kb: KnowledgeBase, proposer: Proposer, kind: str, path: Path) -> Ended:
    """Propose one file and keep the draft, then take it away again."""
    before = _files(kb.path)
    started = processor_seconds()
    proposals, fault = None, ""
    try:
        with _alarm():
            capture = read_capture(path)
            draft = propose_capture(kb, proposer, capture, path.name, "hostile")
            keep(kb.path, draft, capture.text)
            proposals = len(load_draft(kb.path, "hostile").proposals)
    except InputError as error:
        fault = "" if error.problems and _files(kb.path) == before else "left files behind"
    except Exception as error:
        fault = repr(error)[:300]
    for left in set(_files(kb.path)) - set(before):
        left.unlink()
    return Ended(kind, proposals, processor_seconds() - started, fault)


def processor_seconds() -> float:
    """Return what this process and its children have used: on a busy machine a clock tells of others."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def _alarm() -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def long_texts(folder: Path, share: float = 1.0) -> Iterator[tuple[str, Path]]:
    """Make the long texts one at a time, each ``share`` of its length."""
    for kind, unit, size in TEXTS:
        path = folder / "long.txt"
        path.write_text(unit * int(size * share / len(unit)), "utf-8")
        yield kind, path
        path.unlink()


def main() -> int:
    """Propose all long texts and ``COUNT`` (1,000) hostile files; exit status 1 where one ends badly or late."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        kb, proposer = base(Path(name) / "toy")
        files = Path(name) / "files"
        files.mkdir()
        ended = []
        for kind, path in long_texts(files):
            ended.append(proposed(kb, proposer, kind, path))
            print(f"{kind:24} {ended[-1].seconds:5.1f} s  {_outcome(ended[-1])}", flush=True)
        long = len(ended)
        ended += [proposed(kb, proposer, kind, path) for kind, path in hostile_paths(files, count)]
    for kind in sorted({entry.kind for entry in ended[long:]}):
        mine = [entry for entry in ended[long:] if entry.kind == kind]
        drafts = sum(entry.proposals is not None for entry in mine)
        print(
            f"{kind:24} {drafts:4} drafts {len(mine) - drafts:4} errors, slowest {max(e.seconds for e in mine):.1f} s"
        )
    bad = [entry for entry in ended if entry.fault or entry.seconds > SECONDS]
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    drafts = sum(entry.proposals is not None for entry in ended)
    slowest = max(ended, key=lambda entry: entry.seconds)
    print(f"{len(ended)} files: {drafts} drafts, {len(ended) - drafts} clear errors or faults, {len(bad)} faults")
    print(f"slowest {slowest.seconds:.1f} s ({slowest.kind}); greatest memory of a process {peak} MB")
    print(*bad, sep="\n")
    return int(bool(bad) or peak > MEGABYTES)


def _outcome(entry: Ended) -> str:
    return entry.fault or ("clear error" if entry.proposals is None else f"{entry.proposals} proposals")


if __name__ == "__main__":
    sys.exit(main())
