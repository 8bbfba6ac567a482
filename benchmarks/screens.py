"""Measure the screens of the app in a browser, on a generated data folder of 20,000 claims.

Run ``python benchmarks/screens.py [--claims 20000] [--runs 5] [--data DIR]``. Progress goes to stderr, a Markdown table
to stdout. Every time is that of a person: from the click, key or address to the screen that is drawn in full. "Cold"
is the very first visit to a server that has just started, with the claims read and compared; "warm" is what every
visitor after that waits, in a session of their own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from kb.audit import find_all  # noqa: E402
from kb.bibliography import Work  # noqa: E402
from kb.build import KnowledgeBase, build  # noqa: E402
from kb.catalogue import Inbox  # noqa: E402
from kb.model import Document  # noqa: E402
from kb.policy import Policy, load_policy  # noqa: E402
from kb.standing import review  # noqa: E402
from kb.ui.filters import USUAL  # noqa: E402
from kb.vocabulary import load_domain  # noqa: E402
from tools.serving import PAGES, MissingError, browser, drawn, listens, serve, visit, window  # noqa: E402

from synthetic import generate, write  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DATA = ROOT / "data" / "ketamine"
COLD_SECONDS = 600.0
LIMIT = 60_000
"""Milliseconds that a step may take."""


def say(told: str) -> None:
    print(f"  {told}", file=sys.stderr, flush=True)


# The data folder


def write_folder(folder: Path, claims: int) -> None:
    """Write a data folder that the program reads: claims, documents, works, and the vocabulary of the shipped data."""
    vocabulary = (DATA / "vocabulary.ttl").read_bytes()
    (folder / "vocabulary.ttl").write_bytes(vocabulary)
    world = generate(load_domain(folder / "vocabulary.ttl", "vocabulary.ttl"), claims)
    write(folder, world)
    for left_over in ("documents.json", "works.json"):
        (folder / left_over).unlink()
    (folder / "documents.yaml").write_text(documents_yaml(world.documents), "utf-8")
    (folder / "references.bib").write_text("\n".join(map(entry, world.works)), "utf-8")
    policy = Policy(levels=load_policy(DATA / "policy.yaml", "policy.yaml").levels)
    (folder / "policy.yaml").write_text(policy.model_dump_json(exclude={"waivers"}), "utf-8")


def documents_yaml(documents: Iterable[Document]) -> str:
    """Return documents as ``documents.yaml`` (JSON is YAML), with what is not its default."""
    found = [document.model_dump(mode="json", exclude_defaults=True) for document in documents]
    return json.dumps({"documents": found}, indent=1)


def entry(work: Work) -> str:
    """Return a work as BibTeX."""
    fields = {
        "title": work.title,
        "author": " and ".join(work.authors),
        "year": work.year,
        "doi": work.doi,
        "studydesign": work.design,
        "retraction": work.retracted,
        "erratum": work.erratum,
        "supersededby": work.superseded_by,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{work.entry_type}{{{work.key},\n{lines}}}\n"


# Measuring


@contextmanager
def taken(into: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    into.append(time.perf_counter() - start)


def sound(page: Page) -> None:
    """Raise if a screen shows a fault in place of what was to be measured."""
    faults = page.locator(".kb-banner[role=alert]")
    if faults.count():
        raise RuntimeError(f"{page.url} shows a fault: {faults.first.inner_text()}")


def first_screen(base: str, started: Browser, limit: float) -> float:
    """Return how long the overview takes in a session of its own."""
    times: list[float] = []
    with window(started) as watched:
        page = watched.context.new_page()
        with taken(times):
            page.goto(base)
            drawn(page, "overview", limit)
        sound(page)
    return times[0]


def page_loads(base: str, started: Browser, runs: int, details: dict[str, str]) -> dict[str, list[float]]:
    """Return how long each screen takes by its address, in one window."""
    times: dict[str, list[float]] = {}
    with window(started) as watched:
        page = watched.context.new_page()
        for _ in range(runs):
            for name in PAGES:
                with taken(times.setdefault(f"{name}, by its address", [])):
                    visit(page, base, name)
                sound(page)
            for name, query in details.items():
                with taken(times.setdefault(f"{name}, one record ({query.partition('=')[0]}=)", [])):
                    visit(page, base, name, query)
                sound(page)
    return times


def in_session(base: str, started: Browser, runs: int) -> dict[str, list[float]]:
    """Return how long a screen takes that is reached by the navigation, within a session."""
    times: dict[str, list[float]] = {}
    with window(started) as watched:
        page = watched.context.new_page()
        visit(page, base, "overview")
        for _ in range(runs):
            for name in (*list(PAGES)[1:], "overview"):
                link = page.get_by_test_id("stTopNavLink").filter(has_text=name.capitalize())
                with taken(times.setdefault(f"{name}, by the navigation", [])):
                    link.first.click()
                    drawn(page, name)
                sound(page)
    return times


def working(base: str, started: Browser, runs: int, ids: list[str]) -> dict[str, list[float]]:
    """Return how long the steps of judging take: filter, next card, verdict."""
    times: dict[str, list[float]] = {"filter rerun": [], "next-card key": [], "verdict key → next card": []}
    with window(started) as watched:
        page = watched.context.new_page()
        visit(page, base, "findings")
        for number in range(runs):
            _filter(page, times["filter rerun"], number % 2 == 0)
        visit(page, base, "findings", f"f={ids[0]}")
        for _ in range(runs):
            _press(page, "j", times["next-card key"])
        for _ in range(runs):
            _press(page, "1", times["verdict key → next card"])
    return times


def _filter(page: Page, into: list[float], narrow: bool) -> None:
    """Turn the kind "possible" off or on, and wait until the list says another number."""
    count = page.locator("p.kb-muted:has-text('most serious first')").first
    before = count.inner_text()
    pill = page.get_by_test_id("stMain").get_by_role("button").filter(has_text="Possible").first
    changed = "was => ![...document.querySelectorAll('p.kb-muted')].some(each => each.innerText === was)"
    with taken(into):
        pill.click()
        page.wait_for_function(changed, arg=before, timeout=LIMIT)
        drawn(page, "findings")
    sound(page)
    say(f"filter {'narrowed' if narrow else 'widened'} from “{before}”")


def _press(page: Page, key: str, into: list[float]) -> None:
    """Press a key, and wait until another card is drawn."""
    before = page.locator(".kb-card").get_attribute("data-finding")
    changed = "was => document.querySelector('.kb-card')?.dataset.finding !== was"
    listens(page)
    with taken(into):
        page.keyboard.press(key)
        page.wait_for_function(changed, arg=before, timeout=LIMIT)
        drawn(page, "findings")
    sound(page)


# All of it


def measure(data: Path, base: KnowledgeBase, ids: list[str], runs: int) -> dict[str, list[float]]:
    """Serve a data folder and return all times by what was done."""
    document = base.documents[0].id
    cited = next(link.work for claim in base.claims for link in claim.cites if link.work)
    topic = next(iter(base.domain.topics))
    details = {
        "findings": f"f={ids[len(ids) // 2]}",
        "topics": f"topic={topic}",
        "documents": f"doc={document}",
        "works": f"work={cited}",
        "graph": f"centre={cited}",
        "data": f"claim={base.claims[0].id}",
    }
    with browser() as started:
        cold = []
        for number in range(min(runs, 3)):
            with serve(data) as address:
                cold.append(first_screen(address, started, COLD_SECONDS))
                say(f"cold start {number + 1}: {cold[-1]:.1f} s")
        with serve(data) as address:
            first_screen(address, started, COLD_SECONDS)
            warm = [first_screen(address, started, LIMIT / 1000) for _ in range(runs)]
            say("first screen measured")
            times = {"first screen, cold server": cold, "first screen, warm server": warm}
            times |= page_loads(address, started, runs, details)
            say("addresses measured")
            times |= in_session(address, started, runs)
            say("navigation measured")
            times |= working(address, started, runs, ids)
    return times


def table(times: dict[str, list[float]]) -> str:
    """Return times as a Markdown table."""
    lines = ["| what | median s | slowest s | runs |", "|---|---:|---:|---:|"]
    for name, found in times.items():
        lines.append(f"| {name} | {statistics.median(found):.2f} | {max(found):.2f} | {len(found)} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--claims", type=int, default=20_000, help="how many claims to generate")
    parser.add_argument("--runs", type=int, default=5, help="how often each step is measured")
    parser.add_argument("--data", type=Path, help="measure this data folder, which must have no verdicts, instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.data or Path(name)
        if options.data is None:
            write_folder(folder, options.claims)
        base = build(folder)
        standings = Inbox(review(base, find_all(base))).standings
        ids = [standing.finding.id for standing in standings if standing.finding.kind in USUAL]
        told = f"{len(base.claims):,} claims, {len(standings):,} findings ({len(ids):,} to judge at first)"
        say(told)
        try:
            times = measure(folder, base, ids, options.runs)
        except MissingError as error:
            print(error, file=sys.stderr)
            return 2
    print(f"{told}\n\n{table(times)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
