"""How fast a page is proposed, and how fast quantities are read beside quantulum3: ``python benchmarks/proposing.py``.

A page of 5,000 words is taken end to end (read from a file, cited, proposed, draft made) twice. Then the same text,
repeated to a megabyte, is read for quantities by `kb.propose.measures`, and a share of it by both that and quantulum3
(extra ``bench``), one after the other in this process. Times are of a processor, so that a busy machine does not count.
Pages that were set aside for measuring what is found are not opened.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from kb.build import build
from kb.passages import blocks, sentences
from kb.propose.drafting import propose_file
from kb.propose.english import english
from kb.propose.measures import measures
from kb.propose.proposing import Proposer
from kb.propose.units import Units

SET_ASIDE = frozenset("010 015 018 023 024 025 026 029 031 034 035 036".split())
WORDS = 5_000
MEGABYTE = 1_000_000


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=Path, default=Path("../shared/pages"), help="a folder of texts")
    asked.add_argument("--data", type=Path, default=Path("data/ketamine"), help="the knowledge base that proposes")
    asked.add_argument("--share", type=float, default=0.02, help="of the megabyte that quantulum3 reads")
    given = asked.parse_args()
    texts = [p.read_text("utf-8") for p in sorted(given.pages.glob("*.txt")) if p.stem not in SET_ASIDE]
    if not texts:
        raise SystemExit(f"{given.pages} holds no texts")
    whole = "\n\n".join(texts)
    _propose(given.data, _of_words((whole + "\n\n") * 9, WORDS))
    _quantities(given.data, (whole + "\n\n") * (MEGABYTE // len(whole) + 1), given.share)


def _of_words(text: str, count: int) -> str:
    kept: list[str] = []
    for line in text.split("\n"):
        kept.append(line)
        count -= len(line.split())
        if count <= 0:
            break
    return "\n".join(kept)


def _propose(data: Path, text: str) -> None:
    sources = os.environ.get("KB_SOURCES")
    kb = build(data, [Path(sources)] if sources else [])
    started = time.process_time()
    proposer = Proposer(kb.domain, kb.claims, kb.texts)
    learnt = time.process_time() - started
    print(f"learning from {len(kb.claims):,} claims and {len(kb.texts)} pages: {learnt:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.txt"
        path.write_text(text, "utf-8")
        for run in (1, 2):
            clock, started = time.perf_counter(), time.process_time()
            found = len(propose_file(kb, proposer, path).proposals)
            used, passed = time.process_time() - started, time.perf_counter() - clock
            size = f"{len(text.split()):,} words, {len(text):,} characters"
            print(f"run {run}: {size}, {found} proposals: {used:.2f} s of a processor, {passed:.2f} s by the clock")


def _quantities(data: Path, text: str, share: float) -> None:
    text = text[:MEGABYTE]
    part = text[: int(len(text) * share)]
    units = Units(build(data).domain.units.values(), english())

    def ours(chosen: str) -> int:
        return sum(len(measures(chosen, s.start, s.end, units)) for s in sentences(chosen, blocks(chosen)))

    _timed("kb.propose.measures", ours, text)
    _timed("kb.propose.measures", ours, part)
    theirs = _quantulum()
    if theirs is None:
        print("quantulum3 is not installed: pip install 'claims-kb[bench]'")
        return
    theirs("It takes 5 minutes.")  # its tables are read at the first call
    _timed("quantulum3, by line", theirs, part)


def _quantulum() -> Callable[[str], int] | None:
    """Return a counter of its quantities, without its classifier, which needs a trained model of its own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from quantulum3 import classifier, parser
    except ImportError:
        return None
    classifier.USE_CLF = False

    def count(text: str) -> int:
        return sum(_length(parser.parse, line) for line in text.split("\n"))

    return count


def _length(parse: Callable[[str], list[object]], line: str) -> int:
    try:
        return len(parse(line))
    except Exception:  # it raises on some lines of real pages; they count as read
        return 0


def _timed(name: str, read: Callable[[str], int], text: str) -> None:
    started = time.process_time()
    found = read(text)
    used = time.process_time() - started
    size = len(text.encode("utf-8")) / MEGABYTE
    print(f"{name:22} {size:6.3f} MB  {found:7,} quantities  {used:7.2f} s  {size / used:8.4f} MB/s")


if __name__ == "__main__":
    main()
