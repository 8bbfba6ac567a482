"""Write the reports of the shipped domain: Markdown and HTML in build/reports, kept expectations with --keep.

Without texts and quotes, so that no word of a page is in them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kb.audit import find_all
from kb.build import build
from kb.files import write_atomically
from kb.reports.desk import Desk, open_desk
from kb.reports.html import page
from kb.reports.letter import letter
from kb.reports.markdown import markdown
from kb.reports.parts import Report
from kb.reports.question import ask
from kb.reports.summary import summary
from kb.standing import review

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = ROOT / "tests" / "expected_reports"
QUERIES = {
    "summary-esketamine-efficacy": "esketamine efficacy",
    "summary-onset-by-route": "onset by route",
    "summary-cost": "cost",
    "summary-addiction": "addiction",
    "summary-safety": "safety",
}
END = "\n## Table of claims"


def open_shipped() -> Desk:
    """Return the shipped knowledge base without any text, with its findings."""
    kb = build(ROOT / "data" / "ketamine")
    return open_desk(kb, review(kb, find_all(kb)))


def reports(desk: Desk) -> dict[str, Report]:
    """Return the reports that are kept, by name."""
    made = {name: summary(desk, ask(desk.kb, query)) for name, query in QUERIES.items()}
    return made | {f"audit-{document.id}": letter(desk, document.id) for document in desk.kb.documents}


def kept(report: Report) -> str:
    """Return what is kept of a report: all but its tables of claims, works and versions."""
    return markdown(report).partition(END)[0].rstrip("\n") + "\n"


def main(keep: bool) -> None:
    """Write every report, and renew the expectations if asked."""
    folder = ROOT / "build" / "reports"
    for name, report in reports(open_shipped()).items():
        write_atomically(folder / f"{name}.md", markdown(report).encode("utf-8"))
        write_atomically(folder / f"{name}.html", page(report).encode("utf-8"))
        if keep:
            write_atomically(EXPECTED / f"{name}.md", kept(report).encode("utf-8"))
        print(f"build/reports/{name}.html")


if __name__ == "__main__":
    main("--keep" in sys.argv[1:])
