"""Add a document: a file is uploaded, read and proposed; drafts that are open are listed. A view of Documents."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from kb.errors import InputError, Problem, visible
from kb.ids import sha256_text
from kb.intake import Capture, read_capture
from kb.propose.drafting import check_name, keep, propose_capture
from kb.propose.drafts import Draft, drafts, load_draft
from kb.ui import url
from kb.ui.components import tabular
from kb.ui.decisions import unwritten
from kb.ui.desk import Desk
from kb.ui.frame import PROGRESS_SECONDS, entitle, problem_list, put
from kb.ui.markup import Child, tag
from kb.ui.navigation import TITLES
from kb.ui.proposers import proposer
from kb.ui.screens import deciding

ADDRESS = "/documents?add="
TYPES = ["html", "htm", "md", "txt", "pdf", "docx"]
MEGABYTES = 10
STEPS = {
    "reading": "Reading the file",
    "sentences": "Finding blocks and sentences",
    "citations": "Reading references and markers",
    "proposing": "Proposing claims",
}


def asked() -> bool:
    """Say whether the address asks for this view."""
    return "add" in st.query_params


def reviews() -> bool:
    """Say whether a draft is being reviewed: each decision changes a file, and none needs all of them read anew."""
    return bool(url.get("add"))


def show(desk: Desk) -> None:
    """Show the draft that the address names, else the field for a file and the drafts that are open."""
    name = url.get("add")
    if name and name in drafts(desk.kb.path):
        deciding.show(desk, name)
        return
    entitle("Add a document", TITLES["documents"])
    put(
        tag("p", tag("a", "‹ all documents", href=url.to("documents")), cls="kb-small"),
        tag("h1", "Add a document"),
        tag("p", f"There is no draft of {name}. The drafts that are open are below.", cls="kb-info") if name else None,
        tag(
            "p",
            "A page becomes proposed claims; none counts until you accept it. The file is read on this machine and "
            "sent nowhere; its text and the draft are kept in the data folder.",
        ),
    )
    with st.container(width=720):
        _upload(desk)
    _open_drafts(desk)


# A new page


def _upload(desk: Desk) -> None:
    file = st.file_uploader("Page (HTML, Markdown, text, PDF or DOCX)", type=TYPES, max_upload_size=MEGABYTES)
    name = st.text_input(
        "Name of the document in the data (optional)",
        key="name of the document",
        max_chars=80,
        placeholder="made of the file's name",
        help="lower-case letters, digits, hyphens and dots",
    ).strip()
    if not st.button("Propose claims", type="primary", disabled=file is None) or file is None:
        return
    try:
        draft = _propose(desk, file.getvalue(), file.name, name)
    except InputError as error:
        told = "The page was not added."
        put(tag("div", tag("strong", told), problem_list(error.problems), cls="kb-banner", role="alert"))
        return
    st.query_params.from_dict({"add": draft.page.id})
    st.rerun()


def _propose(desk: Desk, content: bytes, given: str, name: str) -> Draft:
    """Read, propose and keep an uploaded page, with its progress on screen; raise `InputError` if that fails."""
    file_name = visible(Path(given.replace("\\", "/")).name)[-120:] or "page.txt"
    if name:
        check_name(name)
    status = st.status(STEPS["reading"], expanded=True)
    try:
        with status:
            capture = _read(content, file_name)
            _refuse_draft(desk, capture, name)
            draft = _proposed(desk, capture, file_name, name, status)
            keep(desk.kb.path, draft, capture.text)
    except OSError as error:
        status.update(label="Not kept", state="error")
        raise InputError([unwritten(desk.kb.path, error)]) from None
    except InputError:
        status.update(label="Not added", state="error")
        raise
    return draft


def _read(content: bytes, file_name: str) -> Capture:
    """Read uploaded bytes as the file that they were; what is wrong with it is said of that file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"page{Path(file_name).suffix.lower()}"
        path.write_bytes(content)
        try:
            return read_capture(path)
        except InputError as error:
            named = [Problem(file_name, p.line, p.message, p.remedy) for p in error.problems]
            raise InputError(named) from None


def _refuse_draft(desk: Desk, capture: Capture, name: str) -> None:
    """Raise `InputError` if the name that was asked for is that of another text's draft."""
    drafted = name in drafts(desk.kb.path) and load_draft(desk.kb.path, name).page.sha256
    if drafted and drafted != sha256_text(capture.text):
        raise InputError([Problem(name, 0, "is the name of a draft with another text", "choose another name")])


def _proposed(
    desk: Desk, capture: Capture, file_name: str, name: str, status: st.delta_generator.DeltaGenerator
) -> Draft:
    digest = sha256_text(capture.text)
    known = next((document.id for document in desk.kb.documents if document.sha256 == digest), "")
    bar = st.empty()
    shown = 0.0

    def step(what: str) -> None:
        status.update(label=STEPS[what])  # type: ignore[attr-defined]
        put(tag("p", STEPS[what], cls="kb-small"))

    def advance(done: int, of: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > PROGRESS_SECONDS or done == of:
            shown = time.monotonic()
            bar.progress(done / max(of, 1), text=f"{done:,} of {of:,} sentences")

    put(tag("p", STEPS["reading"], cls="kb-small"))
    teacher = proposer(desk.stamp, known, desk.kb)
    return propose_capture(desk.kb, teacher, capture, file_name, name, advance, step)


# Drafts that are open


def _open_drafts(desk: Desk) -> None:
    names = drafts(desk.kb.path)
    put(tag("h2", "Open drafts"))
    if not names:
        put(tag("p", "There are none.", cls="kb-muted"))
        return
    rows = [_row(desk, name) for name in names]
    put(tabular.build("Pages with proposals", ("document", "title", "proposals", "done", "to do"), rows))


def _row(desk: Desk, name: str) -> list[Child]:
    try:
        draft = load_draft(desk.kb.path, name)
    except (InputError, OSError) as error:
        return [name, str(error), "", "", ""]
    counts = Counter(decision.state for decision in draft.decided().values())
    done = ", ".join(f"{counts[state]:,} {state}" for state in ("accepted", "rejected", "skipped") if counts[state])
    return [
        tag("a", name, href=url.to("documents", add=name)),
        draft.page.title,
        f"{len(draft.proposals):,}",
        done or "nothing yet",
        f"{len(draft.pending()):,}",
    ]
