"""Take pictures of every screen, light and dark, wide and narrow; or those of the README.

Run ``python -m tools.screenshots [FOLDER]`` (build/screens if none is named). The texts of the documents are attached
if KB_SOURCES or the usual folder holds them. With ``--readme`` the pictures of the README are written into docs/;
these never show a text of a document, so none is attached.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.catalogue import Inbox
from kb.intake import read_capture
from kb.model import FindingKind
from kb.propose.accepting import accept, reject
from kb.propose.drafting import keep, propose_file
from kb.propose.proposing import Proposer
from kb.standing import review

from tools.serving import PAGES, ROOT, MissingError, browser, copy_data, rest, serve, visit, window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DATA = ROOT / "data" / "ketamine"
SHARED = ROOT.parent / "shared" / "documents"
SCHEMES = ("light", "dark")
WIDTHS = (1280, 390)
HEIGHT = """() => 80 + Math.max(...["stMain", "stMainBlockContainer"].map(
    name => document.querySelector(`[data-testid="${name}"]`).scrollHeight))"""
COLOURS = 128
"""A picture of the README keeps so many colours: flat areas and text need no more, and it shrinks to a third."""


NEW_PAGE = (
    "# Questions before a first visit\n\n[Home](/) [Prices](/prices)\n\nKetamine relieves depression within 24 hours. "
    "About 70 % of patients respond. The effect lasts up to two weeks after one infusion.\n\n"
    "Esketamine is given twice a week. Nausea is common. Our team has opened 14 branches.\n"
)
"""A page of our own words, to be proposed for the pictures."""
ADDING = {"adding": "add=", "adding-one": "add=first-visit"}


def texts() -> Path | None:
    """Return the folder that holds the texts of the documents, if there is one."""
    named = [Path(name) for name in os.environ.get("KB_SOURCES", "").split(os.pathsep) if name]
    return next((folder for folder in (*named, SHARED) if folder.is_dir()), None)


@contextmanager
def served(sources: Path | None) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve a copy of the shipped data; yield the address, and a record that is worth showing on each screen."""
    with tempfile.TemporaryDirectory() as name:
        data = copy_data(DATA, Path(name))
        kb = build(data)
        standings = Inbox(review(kb, find_all(kb))).standings
        documents = {document.id for document in kb.documents}
        finding = next(
            each.finding
            for each in standings
            if each.finding.kind is FindingKind.CONTRADICTION and {m.source for m in each.finding.members} <= documents
        )
        member = finding.members[0]
        details = {
            "findings": f"f={finding.id}",
            "topics": f"topic={finding.topic}&prop={finding.property}",
            "documents": f"doc={member.source}&claim={member.claim}",
            "works": "work=" + next(link.work for claim in kb.claims for link in claim.cites if link.work),
            "graph": f"centre={member.claim}",
            "data": f"claim={member.claim}",
        }
        _drafted(kb, data, Path(name) / "first-visit.md")
        with serve(data, sources, "reader") as base:
            yield base, details


def _drafted(kb: KnowledgeBase, data: Path, file: Path) -> None:
    """Keep a draft of the new page, with its first two proposals decided."""
    file.write_text(NEW_PAGE, "utf-8")
    draft = propose_file(kb, Proposer(kb.domain, kb.claims, kb.texts), file)
    keep(data, draft, read_capture(file).text)
    first, second = draft.proposals[:2]
    (accept if first.claim else reject)(data, draft.page.id, first.id)
    reject(data, draft.page.id, second.id)


def take_all(folder: Path) -> int:
    """Take the pictures of every screen; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    with served(texts()) as (base, details), browser() as started:
        for scheme in SCHEMES:
            for width in WIDTHS:
                with window(started, width, color_scheme=scheme, reduced_motion="reduce") as watched:
                    page = watched.context.new_page()
                    for name in PAGES:
                        views = {name: "", f"{name}-one": details[name]} if name in details else {name: ""}
                        for view, query in views.items():
                            visit(page, base, name, query)
                            whole(page, width)
                            page.screenshot(path=folder / f"{view}-{scheme}-{width}.png", full_page=True)
                            taken += 1
                    for view, query in ADDING.items():
                        visit(page, base, "documents", query)
                        whole(page, width)
                        page.screenshot(path=folder / f"{view}-{scheme}-{width}.png", full_page=True)
                        taken += 1
                    for error in watched.errors:
                        print(f"{scheme} {width}: {error}", file=sys.stderr)
                print(f"  {scheme} {width} taken", file=sys.stderr)
    return taken


def settle(page: Page) -> None:
    """Wait for what moves in: fonts and the drawing of charts."""
    rest(page)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(400)


def whole(page: Page, width: int, most: int = 12_000) -> None:
    """Make the window as high as the screen is: the app scrolls inside the window, so a full page shows only a part."""
    page.set_viewport_size({"width": width, "height": 900})
    height = page.evaluate(HEIGHT)
    page.set_viewport_size({"width": width, "height": min(max(int(height), 900), most)})
    settle(page)


def take_readme() -> list[Path]:
    """Write the pictures of the README: the overview, a finding and a topic, without any text of a document."""
    written = []
    with served(None) as (base, details), browser() as started:
        for name, query in (("overview", ""), ("findings", details["findings"]), ("topics", details["topics"])):
            path = ROOT / "docs" / f"screen-{name}.png"
            path.write_bytes(compressed(_picture(started, base, name, query)))
            written.append(path)
    return written


def _picture(started: Browser, base: str, name: str, query: str) -> bytes:
    with window(started, 1280, 860, color_scheme="light", reduced_motion="reduce") as watched:
        page = watched.context.new_page()
        visit(page, base, name, query)
        settle(page)
        return page.screenshot()


def compressed(png: bytes) -> bytes:
    """Return a picture with fewer colours, or as it is where Pillow is not installed."""
    try:
        from PIL import Image
    except ImportError:
        return png
    small = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return min(small.getvalue(), png, key=len)


def main() -> int:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "screens", help="where to put them")
    parser.add_argument("--readme", action="store_true", help="write the pictures of the README into docs/ instead")
    options = parser.parse_args()
    try:
        if options.readme:
            for path in take_readme():
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")
        else:
            print(f"{take_all(options.folder)} pictures in {options.folder}")
    except MissingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
