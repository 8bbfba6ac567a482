"""The app in a browser: every screen, links, verdicts in two windows, changed and broken files, hostile text.

Each test ends with a look at the console (no error) and at the hosts that were asked (this machine only).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.catalogue import Inbox
from kb.model import Claim, Finding
from kb.standing import review
from kb.ui.filters import USUAL
from tools.serving import (
    PAGES,
    ROOT,
    MissingError,
    Watched,
    browser,
    copy_data,
    drawn,
    listens,
    rest,
    serve,
    visit,
    window,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DATA = ROOT / "data" / "ketamine"
PLACES = [Path(name) for name in os.environ.get("KB_SOURCES", "").split(os.pathsep) if name]
TEXTS = next((folder for folder in (*PLACES, ROOT.parent / "shared" / "documents") if folder.is_dir()), None)
HOSTILE = (
    "<script>document.title='PWNED'</script><img src=x onerror=\"document.title='PWNED'\"> "
    "[link](javascript:alert(1)) **bold** :red[red] $x^2$"
)
WAIT = 15_000
"""Milliseconds that a change may take to show."""


@dataclass(frozen=True)
class Served:
    """A data folder that is served, and what the program finds in it."""

    data: Path
    base: str
    started: Browser

    @cached_property
    def kb(self) -> KnowledgeBase:
        return build(self.data)

    @cached_property
    def usual(self) -> list[Finding]:
        """What an inbox begins with, in the order in which it is shown."""
        standings = Inbox(review(self.kb, find_all(self.kb))).standings
        return [standing.finding for standing in standings if standing.finding.kind in USUAL]

    @property
    def ids(self) -> list[str]:
        return [finding.id for finding in self.usual]

    @cached_property
    def claims(self) -> dict[str, Claim]:
        return {claim.id: claim for claim in self.kb.claims}

    @cached_property
    def in_dispute(self) -> tuple[Finding, Claim]:
        """The first finding with a claim of a document, and that claim."""
        documents = {document.id for document in self.kb.documents}
        pairs = ((finding, self.claims.get(member.claim)) for finding in self.usual for member in finding.members)
        return next((finding, claim) for finding, claim in pairs if claim and claim.source in documents)

    def verdicts(self) -> list[dict[str, str]]:
        path = self.data / "verdicts.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


Opener = Callable[..., "Page"]


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    with ExitStack() as stack:
        try:
            running = stack.enter_context(browser())
        except MissingError as error:
            if os.environ.get("CI"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield running


@contextmanager
def served_copy(
    parent: Path, started: Browser, change: Callable[[Served], None] | None = None, texts: Path | None = None
) -> Iterator[Served]:
    """Serve a copy of the shipped data that was changed before."""
    data = copy_data(DATA, parent)
    if change:
        change(Served(data, "", started))
    with serve(data, texts, "first judge") as base:
        yield Served(data, base, started)


@pytest.fixture(scope="module")
def shown(started: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped data, only looked at."""
    with served_copy(tmp_path_factory.mktemp("shown"), started) as served:
        yield served


@pytest.fixture(scope="module")
def judged_server(started: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_copy(tmp_path_factory.mktemp("judged"), started) as served:
        yield served


@pytest.fixture
def judged(judged_server: Served) -> Served:
    """The shipped data, to be judged and changed: without a verdict at the beginning of a test."""
    (judged_server.data / "verdicts.jsonl").unlink(missing_ok=True)
    return judged_server


@pytest.fixture(scope="module")
def hostile(started: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped data with markup as the text of a claim that takes part in a finding."""

    def inject(served: Served) -> None:
        rewrite(served, served.in_dispute[1], HOSTILE)

    with served_copy(tmp_path_factory.mktemp("hostile"), started, inject) as served:
        yield served


@pytest.fixture(scope="module")
def contexts(started: Browser) -> Iterator[Callable[[int], Watched]]:
    """One context of the browser for each width; its pages share what was loaded, not the session."""
    with ExitStack() as stack:
        made: dict[int, Watched] = {}

        def of_width(width: int) -> Watched:
            if width not in made:
                made[width] = stack.enter_context(window(started, width))
            return made[width]

        yield of_width


@pytest.fixture
def opened(contexts: Callable[[int], Watched]) -> Iterator[Opener]:
    """Open windows, each of a session of its own; in the end none may have complained or asked another host."""
    used: dict[int, Watched] = {}
    pages: list[Page] = []

    def open_one(width: int = 1280) -> Page:
        watched = used.setdefault(width, contexts(width))
        pages.append(watched.context.new_page())
        return pages[-1]

    yield open_one
    for page in pages:
        page.close()
    errors = [error for watched in used.values() for error in watched.errors]
    for watched in used.values():
        watched.errors.clear()
    assert errors == []
    assert {host for watched in used.values() for host in watched.hosts} <= {"127.0.0.1"}


# Helpers


def rewrite(served: Served, claim: Claim, text: str) -> None:
    """Give a claim another text in its file."""
    path = served.data / "claims" / f"{claim.source}.yaml"
    old = path.read_text("utf-8")
    block = re.compile(rf"(- id: {claim.id}\n  text: )[^\n]*(?:\n    [^\n]*)*")
    new, count = block.subn(lambda found: found[1] + json.dumps(text), old)
    assert count == 1
    path.write_text(new, "utf-8")


@contextmanager
def kept(path: Path) -> Iterator[None]:
    """Put a file back as it was."""
    before = path.read_bytes()
    try:
        yield
    finally:
        path.write_bytes(before)


def main_text(page: Page) -> str:
    return page.locator("[data-testid=stMain]").inner_text()


def press(page: Page, key: str) -> None:
    """Press a key as soon as the screen hears it."""
    listens(page)
    page.keyboard.press(key)


def wait_for_card(page: Page, finding: str) -> None:
    page.wait_for_selector(f'.kb-card[data-finding="{finding}"]', timeout=WAIT)
    rest(page)


def wait_for_standing(page: Page, words: str) -> None:
    page.wait_for_selector(f'.kb-standing:has-text("{words}")', timeout=WAIT)
    rest(page)


def until(found: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not found() and time.monotonic() < end:
        time.sleep(0.1)
    return found()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


# Screens and addresses


def test_every_screen_is_drawn(shown: Served, opened: Opener) -> None:
    page = opened()
    for name in PAGES:
        visit(page, shown.base, name)
        assert page.locator(".kb-banner[role=alert]").count() == 0, name
        assert page.locator("h1").count() >= 1, name
        assert page.get_by_test_id("stException").count() == 0, name


def test_links_lead_to_what_they_name(shown: Served, opened: Opener) -> None:
    page = opened()
    finding, claim = shown.in_dispute
    document = next(d for d in shown.kb.documents if d.id == claim.source)
    work = next(w for w in shown.kb.works if w.key == "zanos2018")
    topic = shown.kb.domain.topics[finding.topic]
    places = [
        ("findings", f"f={finding.id}", finding.sentence),
        ("data", f"tab=claims&claim={claim.id}", claim.text),
        ("documents", f"doc={document.id}", document.title),
        ("documents", f"doc={document.id}&claim={claim.id}", claim.text),
        ("works", f"work={work.key}", work.title),
        ("topics", f"topic={topic.id}", topic.label),
        ("topics", f"topic={topic.id}&prop={finding.property}", topic.label),
        ("graph", f"centre={claim.id}", claim.text),
    ]
    for name, query, expected in places:
        visit(page, shown.base, name, query)
        flat = " ".join(main_text(page).split()).casefold()
        assert " ".join(expected.split()).casefold() in flat, (name, query)
        assert all(part in page.url for part in query.split("&")), page.url


def test_a_filter_in_the_address_holds(shown: Served, opened: Opener) -> None:
    page = opened()
    visit(page, shown.base, "findings", "kind=discrepancy")
    items = page.locator(".kb-list .kb-item")
    assert items.count() > 0
    assert page.locator(".kb-list .kb-item.kb-discrepancy").count() == items.count()


def test_back_and_forward(shown: Served, opened: Opener) -> None:
    page = opened()
    first, second = shown.ids[:2]
    visit(page, shown.base, "overview")
    page.locator("[data-testid=stMain] a:has-text('All findings')").first.click()
    drawn(page, "findings")
    for finding in (first, second):
        page.locator(f'.kb-list a[href*="{finding}"]').click()
        page.wait_for_url(re.compile(finding))
        wait_for_card(page, finding)
    page.go_back()
    wait_for_card(page, first)
    assert first in page.url
    page.go_forward()
    wait_for_card(page, second)
    page.go_back()
    wait_for_card(page, first)
    for _ in range(4):  # from a screen to the one before it, the address may change in two steps
        page.go_back()
        page.wait_for_timeout(700)
        if page.locator('.kb-drawn[data-page="overview"]').count():
            break
    drawn(page, "overview")


@pytest.mark.parametrize("words", ["Esketamine", "into a muscle"])
def test_an_auditor_judges_in_four_clicks(judged: Served, opened: Opener, words: str) -> None:
    page = opened()
    visit(page, judged.base, "overview")
    page.evaluate("addEventListener('click', () => { window.clicks = (window.clicks ?? 0) + 1 }, true)")
    page.locator(f"[data-testid=stMain] a:has-text('{words}')").first.click()
    drawn(page, "findings")
    card = page.locator(".kb-card")
    assert words.casefold() in card.inner_text().casefold()
    finding = card.get_attribute("data-finding")
    page.get_by_role("button", name="Stands").click()
    assert until(lambda: [line["finding"] for line in judged.verdicts()] == [finding])
    assert 2 <= page.evaluate("window.clicks") <= 4  # the page never loaded anew, or the count would be gone


def test_an_empty_selection_says_so(shown: Served, opened: Opener) -> None:
    page = opened()
    for name in ("findings", "data"):
        visit(page, shown.base, name, "q=zzzzqqqq")
        assert page.locator(".kb-empty").inner_text().startswith("No ")


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("findings", "f", "f-000000000000"),
        ("data", "claim", "c-000000000000"),
        ("documents", "doc", "nowhere"),
        ("works", "work", "nobody1900"),
        ("topics", "topic", "nothing"),
        ("graph", "centre", "nowhere"),
    ],
)
def test_an_unknown_name_is_told(shown: Served, opened: Opener, name: str, key: str, value: str) -> None:
    page = opened()
    visit(page, shown.base, name, f"{key}={value}")
    assert value in page.locator(".kb-info").first.inner_text()
    assert page.locator(".kb-banner").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_on_a_phone(shown: Served, opened: Opener, name: str) -> None:
    page = opened(390)
    finding, claim = shown.in_dispute
    details = {
        "findings": [f"f={finding.id}"],
        "topics": [f"topic={finding.topic}&prop={finding.property}"],
        "documents": [f"doc={claim.source}&claim={claim.id}"],
        "works": ["work=zanos2018"],
        "data": [f"claim={claim.id}", "tab=export"],
    }
    for query in ("", *details.get(name, [])):
        visit(page, shown.base, name, query)
        assert fits(page), query


# Verdicts


def test_a_verdict_shows_in_another_window_and_can_be_undone(judged: Served, opened: Opener) -> None:
    first, second = judged.ids[:2]
    here, there = opened(), opened()
    visit(there, judged.base, "findings", f"f={first}&state=all")
    visit(here, judged.base, "findings", f"f={first}")
    wait_for_standing(there, "Nobody has judged")
    press(here, "1")
    wait_for_card(here, second)
    assert [(v["finding"], v["verdict"], v["by"]) for v in judged.verdicts()] == [(first, "confirmed", "first judge")]
    there.reload()
    drawn(there, "findings")
    wait_for_standing(there, "by first judge")
    press(here, "u")
    wait_for_card(here, first)
    assert until(lambda: judged.verdicts()[-1]["verdict"] == "withdrawn")
    wait_for_standing(here, "Nobody has judged")


def test_a_verdict_elsewhere_shows_without_a_reload(judged: Served, opened: Opener) -> None:
    here, there = opened(), opened()
    for page in (here, there):
        visit(page, judged.base, "findings", f"f={judged.ids[0]}&state=all")
    press(here, "1")
    wait_for_standing(there, "by first judge")


def test_two_windows_at_once_lose_nothing(judged: Served, opened: Opener) -> None:
    pages, findings = [opened(), opened()], judged.ids[2:4]
    for page, finding in zip(pages, findings, strict=True):
        visit(page, judged.base, "findings", f"f={finding}")
        wait_for_card(page, finding)
    for page in pages:
        listens(page)
    for page in pages:
        page.keyboard.press("1")
    assert until(lambda: {v["finding"] for v in judged.verdicts()} == set(findings))
    assert len(judged.verdicts()) == 2


def test_three_quick_presses_judge_one_card(judged: Served, opened: Opener) -> None:
    page = opened()
    first, second = judged.ids[:2]
    visit(page, judged.base, "findings", f"f={first}")
    wait_for_card(page, first)
    listens(page)
    for _ in range(3):
        page.keyboard.press("1")
    wait_for_card(page, second)
    page.wait_for_timeout(1500)
    assert [verdict["finding"] for verdict in judged.verdicts()] == [first]
    assert page.locator(".kb-card").get_attribute("data-finding") == second


def test_keys_lead_to_the_next_card_and_back(shown: Served, opened: Opener) -> None:
    page = opened()
    first, second = shown.ids[:2]
    visit(page, shown.base, "findings", f"f={first}")
    press(page, "j")
    wait_for_card(page, second)
    press(page, "k")
    wait_for_card(page, first)


def test_a_dismissal_needs_a_reason(judged: Served, opened: Opener) -> None:
    page = opened()
    first, second = judged.ids[:2]
    visit(page, judged.base, "findings", f"f={first}")
    press(page, "3")
    field = page.get_by_label("In your words")
    field.wait_for(timeout=WAIT)
    page.get_by_role("button", name="Save the verdict").click()
    page.get_by_text("Give a reason").wait_for(timeout=WAIT)
    assert judged.verdicts() == []
    field.fill("1 2 3 about other things")
    field.press("Enter")
    wait_for_card(page, second)
    assert [(v["verdict"], v["reason"]) for v in judged.verdicts()] == [("dismissed", "1 2 3 about other things")]


# Files that change


def test_a_changed_member_reopens_its_finding(judged: Served, opened: Opener) -> None:
    page = opened()
    finding, claim = judged.in_dispute
    visit(page, judged.base, "findings", f"f={finding.id}&state=all")
    press(page, "1")
    assert until(lambda: len(judged.verdicts()) == 1)
    with kept(judged.data / "claims" / f"{claim.source}.yaml"):
        rewrite(judged, claim, "This claim now says something else.")
        visit(page, judged.base, "findings", f"f={finding.id}&state=all")
        wait_for_standing(page, "Reopened")
        visit(page, judged.base, "findings", "state=reopened")
        assert page.locator(".kb-list .kb-item").count() == 1
    visit(page, judged.base, "findings", f"f={finding.id}&state=all")
    wait_for_standing(page, "Judged")


def test_a_broken_file_is_told_and_the_last_good_state_stays(judged: Served, opened: Opener) -> None:
    page = opened()
    finding, claim = judged.in_dispute
    address = f"f={finding.id}"
    visit(page, judged.base, "findings", address)
    foot = page.locator(".kb-foot").inner_text()
    path = judged.data / "claims" / f"{claim.source}.yaml"
    with kept(path):
        path.write_text(path.read_text("utf-8").replace("  kind: quantity\n", "  kind: nonsense\n", 1), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "kb.cli", "--data", str(judged.data), "check"],
            capture_output=True, text=True, cwd=ROOT, env=os.environ | {"NO_COLOR": "1", "COLUMNS": "10000"},
        )  # fmt: skip
        told = next(line for line in (done.stderr + done.stdout).splitlines() if f"claims/{path.name}:" in line)
        told = told.removeprefix("error: ")
        visit(page, judged.base, "findings", address)
        assert " ".join(told.split()) in " ".join(page.locator(".kb-banner").inner_text().split())
        wait_for_card(page, finding.id)
        assert page.locator(".kb-foot").inner_text() == foot
    visit(page, judged.base, "findings", address)
    assert page.locator(".kb-banner").count() == 0


# Text that is not ours


def test_hostile_text_stays_text(hostile: Served, opened: Opener) -> None:
    page = opened()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    finding, claim = hostile.in_dispute
    places = [
        ("overview", ""),
        ("findings", f"f={finding.id}"),
        ("data", f"claim={claim.id}"),
        ("documents", f"doc={claim.source}&claim={claim.id}"),
        ("topics", f"topic={finding.topic}&prop={finding.property}"),
        ("graph", f"centre={claim.id}"),
    ]
    for name, query in places:
        visit(page, hostile.base, name, query)
        page.wait_for_timeout(200)
        assert page.title() != "PWNED", name
        assert page.locator("img[src=x], [data-testid=stMain] script, a[href^='javascript']").count() == 0, name
        if name in ("findings", "data", "documents"):
            shown = main_text(page)
            assert "<script>document.title='PWNED'</script>" in shown, name
            assert "[link](javascript:alert(1)) **bold** :red[red] $x^2$" in shown, name
    assert dialogs == []


# With the texts of the documents


@pytest.mark.skipif(TEXTS is None, reason="the texts of the documents are not at hand (KB_SOURCES)")
def test_the_reader_marks_the_claim_that_the_address_names(started: Browser, tmp_path: Path, opened: Opener) -> None:
    assert TEXTS is not None
    page = opened()
    with served_copy(tmp_path, started, texts=TEXTS) as served:
        text_of = build(served.data, [TEXTS]).texts
        claims = [c for c in served.kb.claims if c.source in text_of and c.locator]
        claim = max(claims, key=lambda c: c.locator.start if c.locator else 0)
        assert claim.locator is not None
        visit(page, served.base, "documents", f"doc={claim.source}&claim={claim.id}")
        quote = " ".join(text_of[claim.source][claim.locator.start : claim.locator.end].split())
        marks = " ".join(" ".join(page.locator("mark").all_inner_texts()).split())
        assert quote[:40] in marks
        page.close()  # before its server ends, or it complains of that


# Adding a document


def test_an_uploaded_page_is_reviewed_by_keys(started: Browser, opened: Opener, tmp_path: Path) -> None:
    sentences = "Ketamine relieves depression. The response rate was 70 % after 24 hours. Ketamine is safe."
    file = tmp_path / "New page.html"
    head = "<title>A new page <script>document.title='PWNED'</script></title>"
    file.write_text(f"<html><head>{head}</head><body><main><p>{sentences}</p></main></body></html>", "utf-8")
    with served_copy(tmp_path, started) as served:
        page = opened()
        visit(page, served.base, "documents")
        page.get_by_role("link", name="Add a document").click()
        page.set_input_files("input[type=file]", str(file))
        page.get_by_role("button", name="Propose claims").click()
        page.wait_for_selector(".kb-proposal", timeout=2 * WAIT)
        rest(page)
        assert "add=new-page" in page.url
        first = page.locator(".kb-proposal").get_attribute("data-proposal") or ""
        marks = page.locator(f'mark[data-claims~="{first}"]')
        assert "kb-r-proposed" in (marks.first.get_attribute("class") or "")
        assert "kb-r-chosen" in (marks.first.get_attribute("class") or "")
        press(page, "a")
        page.wait_for_selector(f'.kb-proposal:not([data-proposal="{first}"])', timeout=WAIT)
        claims = served.data / "claims" / "new-page.yaml"
        assert f"c{first[1:]}" in claims.read_text("utf-8")
        rest(page)
        assert f"p={page.locator('.kb-proposal').get_attribute('data-proposal')}" in page.url
        page.reload()
        drawn(page, "documents")
        assert "1 accepted" in main_text(page)
        assert page.locator('.kb-r-glyph[data-glyph="✓"]').count() > 0
        page.wait_for_timeout(500)
        press(page, "u")
        page.wait_for_selector(f'.kb-proposal[data-proposal="{first}"][data-state="proposed"]', timeout=WAIT)
        assert f"c{first[1:]}" not in claims.read_text("utf-8")
        assert "PWNED" not in page.title()
        assert fits(page)
        page.close()  # before the server goes away
