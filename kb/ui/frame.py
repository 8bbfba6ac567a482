"""The frame round every screen: style, navigation, what could not be read, a boundary for faults, the foot."""

from __future__ import annotations

import hashlib
import logging
import time
import traceback
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from kb.errors import Problem
from kb.reading import counts_sentence
from kb.ui import url
from kb.ui.components.links import follow
from kb.ui.desk import Desk
from kb.ui.look_css import style_sheet
from kb.ui.markup import Child, Html, join, plain, tag
from kb.ui.navigation import APP, TITLES, switch
from kb.ui.store import desk, present_place

PROBLEMS_SHOWN = 20
PROGRESS_SECONDS = 0.2


def put(*children: Child, cls: str = "") -> None:
    """Show markup."""
    st.html(tag("div", *children, cls=f"kb {cls}".strip()))


def run(page: str, show: Callable[[Desk], None], rests: Callable[[], bool] = lambda: False) -> None:
    """Show a screen on a data folder in its frame.

    While ``rests`` says so, files that change are not read anew: the screen changes them itself, at every press.
    """

    def draw() -> None:
        resting = rests()
        found = _load(resting)
        if not isinstance(found, Desk):
            nothing(found)
            return
        _banner(found)
        guarded(page, lambda: show(found))
        _foot(found, resting)

    framed(page, draw)


def framed(page: str, draw: Callable[[], None]) -> None:
    """Show what every screen has around it, and in it what is drawn."""
    entitle(TITLES[page])
    st.html(style_sheet())
    _go(page)
    _lost(page)
    draw()
    st.html(tag("div", cls="kb-drawn", data_page=page))


def guarded(page: str, show: Callable[[], None]) -> None:
    """Show a screen; a fault in it is reported in its place, and the rest of the app goes on."""
    try:
        show()
    except Exception as error:  # the boundary: whatever fails, the frame and the other screens stay
        _failed(page, error)


def entitle(*parts: str) -> None:
    """Name the window after what it shows, the most particular first."""
    st.set_page_config(page_title=" · ".join([*(part for part in parts if part), APP]))


def _lost(page: str) -> None:
    """Say that the address names no screen; Streamlit shows the first one for it."""
    path = urlsplit(st.context.url or "").path.strip("/").rpartition("/")[2]
    if page == "overview" and path and path not in url.PAGES.values() and path not in url.PAGES:
        put(
            tag(
                "p",
                f"There is no screen /{path}. This is the overview; the others are in the list above.",
                cls="kb-info",
            )
        )


def _go(page: str) -> None:
    """Follow the link that was clicked, if one was."""
    clicked = follow()
    if not clicked:
        return
    parts = urlsplit(clicked)
    names = dict(parse_qsl(parts.query, keep_blank_values=True))
    target = next((name for name, path in url.PAGES.items() if parts.path == f"/{path}"), page)
    if target == page:
        st.query_params.from_dict(names)
    else:
        switch(target, names)


def _load(resting: bool) -> Desk | tuple[Problem, ...]:
    place = st.empty()
    shown = 0.0

    def report(what: str, done: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown < PROGRESS_SECONDS:
            return  # a message for every step would take longer than the steps
        shown = time.monotonic()
        place.progress(done / max(total, 1), text=plain(what))

    found = desk(present_place(), report, at_hand=resting)
    place.empty()
    return found


def _banner(found: Desk) -> None:
    if not found.problems:
        return
    if found.stale:
        told = (
            "The files changed and cannot be read as they are now. What follows is the last state that could be read."
        )
    elif found.partial:
        told = f"Not loaded: {', '.join(found.partial)}. The rest is shown."
    else:
        told = "Some of the files cannot be read. What could be read is shown."
    put(tag("div", tag("strong", told), problem_list(found.problems), cls="kb-banner", role="alert"))


def problem_list(problems: tuple[Problem, ...]) -> Html:
    """Return problems as the command line gives them."""
    shown: list[Child] = [tag("li", tag("span", str(problem))) for problem in problems[:PROBLEMS_SHOWN]]
    if len(problems) > PROBLEMS_SHOWN:
        shown.append(tag("li", f"and {len(problems) - PROBLEMS_SHOWN} more: kb check lists them all"))
    return tag("ul", *shown)


def nothing(problems: tuple[Problem, ...]) -> None:
    """Say that nothing can be shown, and why."""
    put(
        tag("h1", "There is nothing to show yet"),
        tag(
            "div",
            tag("strong", "The knowledge base cannot be read."),
            problem_list(problems),
            cls="kb-banner",
            role="alert",
        ),
        tag("p", "Name a data folder with KB_DATA or kb --data DIR serve, or start one: ", tag("code", "kb init DIR")),
    )


def _failed(page: str, error: Exception) -> None:
    details = "".join(traceback.format_exception(error))
    name = hashlib.sha256(details.encode("utf-8", "replace")).hexdigest()[:8]
    logging.getLogger(__name__).error("screen %s failed [%s]\n%s", page, name, details)
    put(
        tag("div", tag("strong", f"This screen failed ({name}). The rest works."), cls="kb-banner", role="alert"),
        tag("details", tag("summary", "Details to report"), tag("pre", details)),
    )


def _foot(found: Desk, resting: bool) -> None:
    kb = found.kb
    findings = [standing.finding for standing in found.inbox.standings if standing.remains]
    settled = len(found.inbox.standings) - len(findings)
    judged = f" {settled:,} settled by a verdict." if settled else ""
    waived = f" {len(found.inbox.waived):,} waived by the policy." if found.inbox.waived else ""
    before = " Counted before this review." if resting else ""
    foot(counts_sentence(kb, findings) + judged + waived + before)


def foot(told: str) -> None:
    """Show the foot of a screen: a link to copy, and one sentence on how much there is."""
    put(
        tag(
            "div",
            tag("p", tag("button", "Copy link to this view", cls="kb-copy", type="button", data_kb_copy="1")),
            tag("p", told),
            cls="kb-foot",
        )
    )


def nothing_here(told: str, *more: Child) -> None:
    """Say that a selection is empty, and what that means."""
    put(tag("div", told, join([" ", *more]) if more else None, cls="kb-empty"))
