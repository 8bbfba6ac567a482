"""Measure the screens of a table folder at the server: the queries of each view and everything that it puts on screen.

Run ``python benchmarks/table_views.py DIR [--runs 7]`` on a table folder with findings (``kb --data DIR
index``); it must have no verdicts, and none are written. A run is one pass of the script of a screen in Streamlit's
test harness, so that neither a browser nor a network is in it; the first pass of each view is not counted. A Markdown
table goes to stdout.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kb.bulk import browsing, inbox, overview  # noqa: E402
from kb.bulk.asking import Asking  # noqa: E402
from kb.bulk.inbox import Asked  # noqa: E402
from kb.bulk.judged import judged_findings  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

View = tuple[str, str, dict[str, str]]
"""What it is called, the screen, and the address."""


def views(asking: Asking) -> list[View]:
    """Return the views to measure, on the records that are heaviest: of most claims, members or findings."""
    judged = judged_findings(asking, ())
    page = inbox.page(asking, Asked(), judged)
    heavy = max(page.findings, key=lambda finding: len(finding.members))
    light = min(page.findings, key=lambda finding: len(finding.members))
    topic = max(overview.topics(asking, judged), key=lambda line: line.claims).topic
    name = max(browsing.properties(asking, judged, topic), key=lambda line: line.claims).property
    source = overview.contested_documents(asking)[0][0]
    concept = asking.ask("SELECT subject FROM claims GROUP BY subject ORDER BY COUNT(*) DESC, subject LIMIT 1")[0][0]
    return [
        ("overview", "overview", {}),
        ("findings, first page", "findings", {}),
        ("findings, a card of few claims", "findings", {"f": light.id}),
        (f"findings, a card of {len(heavy.members)} claims", "findings", {"f": heavy.id}),
        ("findings, of one source", "findings", {"doc": source, "state": "all"}),
        ("findings, by words", "findings", {"q": "says", "state": "all"}),
        ("topics", "topics", {}),
        ("topic, property of most claims", "topics", {"topic": topic, "prop": name}),
        ("topic, one answer, tenth page", "topics", {"topic": topic, "prop": name, "answer": "1", "page": "10"}),
        ("documents", "documents", {}),
        ("documents, by words", "documents", {"q": "1 s0"}),
        ("document of most findings", "documents", {"doc": source}),
        ("document, a page further on", "documents", {"doc": source, "page": "9"}),
        ("graph of a concept", "graph", {"centre": concept}),
        ("graph of a finding", "graph", {"centre": heavy.id}),
        ("claim", "data", {"claim": heavy.members[0].claim}),
    ]


def measure(view: View, runs: int) -> list[float]:
    """Return the milliseconds of each pass."""
    _, page, names = view
    at = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    at.run()
    for name, value in names.items():
        at.query_params[name] = value
    at.switch_page(f"kb/ui/scripts/{page}.py").run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        at.run()
        times.append(1000 * (time.perf_counter() - start))
    shown = " ".join(str(element.proto.body) for element in at.get("html"))
    if at.exception or "This screen failed" in shown or f'data-page="{page}"' not in shown:
        raise RuntimeError(f"the screen {page} {names} failed")
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("table", type=Path, help="a table folder with findings")
    parser.add_argument("--runs", type=int, default=7, help="how often each view is measured")
    options = parser.parse_args()
    os.environ |= {"KB_DATA": str(options.table), "KB_USER": "nobody"}
    start = time.perf_counter()
    asking = Asking(options.table)
    print(f"opened in {time.perf_counter() - start:.1f} s", file=sys.stderr)
    print(f"{asking.mark.claims:,} claims, {asking.mark.findings:,} findings\n")
    print("| view | median ms | slowest ms |\n|---|---:|---:|")
    for view in views(asking):
        times = measure(view, options.runs)
        print(f"| {view[0]} | {statistics.median(times):.0f} | {max(times):.0f} |", flush=True)


if __name__ == "__main__":
    main()
