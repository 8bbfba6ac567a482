"""Serve the app on a free port and open it in a browser, for tests, benchmarks and pictures alike.

The server is a process group of its own and ends with the block that started it. Every context of the browser is
watched: what it wrote to its console, what failed in its pages, and which hosts it asked.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from kb.policy import load_policy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS, STOP_SECONDS = 60.0, 5.0
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PAGES = {
    "overview": "/",
    "findings": "/findings",
    "topics": "/topics",
    "documents": "/documents",
    "works": "/works",
    "graph": "/graph",
    "data": "/data",
}
"""The screens of the app and their addresses."""

OWN_PROBE = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
"""What Streamlit asks below a page to find its own root; the answer is 404 there, by its design."""

DRAWN_SECONDS = 30.0
"""How long a screen may take to be drawn in full; the first one builds the knowledge base."""


LISTENS_MS = 300
RESTS = """() => document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    && !document.querySelector('[data-stale="true"]')"""


class MissingError(RuntimeError):
    """Something that a browser needs is not installed."""


# The server


@contextmanager
def serve(data: Path, sources: Path | None = None, user: str = "tester") -> Iterator[str]:
    """Serve a data folder, with the texts in ``sources`` if given; yield the address without a slash at its end."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # a group of its own, so that whatever it starts ends with it
            _command(port),
            cwd=ROOT,
            env=_environment(data, sources, user),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            if not _healthy(base, process):
                log.seek(0)
                told = log.read().decode("utf-8", "replace")[-4000:]
                raise RuntimeError(f"the app did not start within {START_SECONDS:.0f} s:\n{told}")
            yield base
        finally:
            _end(process)


def free_port() -> int:
    """Return a port of the loopback interface that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(port: int) -> list[str]:
    options = {"address": "127.0.0.1", "port": str(port), "headless": "true", "fileWatcherType": "none"}
    given = [word for name, value in options.items() for word in (f"--server.{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", "app.py", *given, "--browser.gatherUsageStats", "false"]


def _environment(data: Path, sources: Path | None, user: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KB_", "STREAMLIT_"))}
    given = {"KB_DATA": str(data), "KB_USER": user} | ({"KB_SOURCES": str(sources)} if sources else {})
    return kept | given


def _healthy(base: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(URLError, OSError), urlopen(f"{base}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
        time.sleep(0.1)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            return


# The browser


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium without a window; raise `MissingError` if it or Playwright is not installed."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise MissingError("playwright is not installed (pip install playwright)") from None
    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield started
        finally:
            started.close()


def chromium() -> str:
    """Return where Chromium is: KB_CHROMIUM, else the first of its usual names that can be run."""
    named = os.environ.get("KB_CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        looked = named or ", ".join(CHROMIUM)
        raise MissingError(f"no Chromium found ({looked}); name one with KB_CHROMIUM")
    return found


@dataclass
class Watched:
    """A context of the browser, with what it complained of and whom it asked."""

    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def hear(self, kind: str, told: str, address: str) -> None:
        """Note an error that the console shows, with the address that it is about."""
        if kind == "error" and not OWN_PROBE.search(address):
            self.errors.append(f"{told} [{address}]")

    def ask(self, address: str) -> None:
        """Note the host of an address; data and blob addresses have none."""
        host = urlsplit(address).hostname
        if host:
            self.hosts.add(host)


@contextmanager
def window(started: Browser, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Watched]:
    """Open a context of its own (cookies, session) and watch it."""
    context = started.new_context(viewport={"width": width, "height": height}, **options)
    watched = Watched(context)
    context.on("console", lambda said: watched.hear(said.type, said.text, said.location.get("url", "")))
    context.on("weberror", lambda fault: watched.errors.append(str(fault.error)))
    context.on("request", lambda request: watched.ask(request.url))
    context.on("page", lambda page: page.on("websocket", lambda opened: watched.ask(opened.url)))
    try:
        yield watched
    finally:
        context.close()


def drawn(page: Page, name: str, seconds: float = DRAWN_SECONDS) -> None:
    """Wait until a screen is drawn in full and its script rests."""
    page.wait_for_selector(f'.kb-drawn[data-page="{name}"]', state="attached", timeout=seconds * 1000)
    rest(page, seconds)


def rest(page: Page, seconds: float = DRAWN_SECONDS) -> None:
    """Wait until no script of the app runs and everything that it sent is on the screen."""
    page.wait_for_function(RESTS, timeout=seconds * 1000)


def listens(page: Page) -> None:
    """Wait until keys are heard: the shortcuts of a screen are bound a moment after it is drawn."""
    page.wait_for_timeout(LISTENS_MS)


def visit(page: Page, base: str, name: str, query: Mapping[str, str] | str = "") -> None:
    """Open a screen by its address and wait until it is drawn."""
    words = query if isinstance(query, str) else "&".join(f"{key}={value}" for key, value in query.items())
    page.goto(f"{base}{PAGES[name]}{'?' + words if words else ''}")
    drawn(page, name)


def copy_data(data: Path, parent: Path) -> Path:
    """Copy a data folder, and its bibliography beside it as the policy names it; return the copy, without verdicts."""
    copied = parent / "data" / data.name
    shutil.copytree(data, copied, ignore=shutil.ignore_patterns("verdicts.jsonl*", "sources"))
    named = load_policy(data / "policy.yaml", "policy.yaml").bibliography
    target = (copied / named).resolve()
    if not target.exists():
        shutil.copy(data / named, target)
    return copied
