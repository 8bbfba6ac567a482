"""Decisions on proposals: written at once, as the command line does; faults are kept to be shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from kb.errors import InputError, Problem
from kb.model import Claim
from kb.propose.accepting import accept, reject, undo
from kb.propose.drafts import Decision

FORM = "proposal being edited"
FAULTS = "faults of the last decision"
LAST = "which proposal was decided last, and when"
CALM = 0.4  # seconds after a decision in which a press on another proposal is taken for a repeat of the last
DONE = {"accepted": "Accepted", "rejected": "Rejected", "skipped": "Skipped"}


def unwritten(data: Path, error: OSError) -> Problem:
    """Return what keeps a data folder from being written to, and the remedy."""
    reason = error.strerror or type(error).__name__
    return Problem(
        str(data), 0, f"cannot be written to: {reason}", "make the folder writable, or name another data folder"
    )


def go(name: str) -> None:
    """Show a proposal; with "" the first that is to do."""
    st.session_state.pop(FORM, None)
    if name:
        st.query_params["p"] = name
    elif "p" in st.query_params:
        del st.query_params["p"]


def decide(data: Path, document: str, proposal: str, state: str, after: str, claim: Claim | None = None) -> None:
    """Decide on a proposal and, where that could be written, go on to the next."""
    last, when = st.session_state.get(LAST, ("", 0.0))
    if last != proposal and time.monotonic() - when < CALM:
        return

    def done() -> None:
        if state == "accepted":
            accept(data, document, proposal, claim)
        else:
            reject(data, document, proposal, skip=state == "skipped")

    if not _written(data, done):
        return
    st.session_state[LAST] = (proposal, time.monotonic())
    st.toast(f"{DONE[state]}. Press U to undo.")
    go(after)


def take_back(data: Path, document: str) -> None:
    """Take the last decision on a page back, whoever made it, and show its proposal."""
    found: list[Decision | None] = []
    if not _written(data, lambda: found.append(undo(data, document)[1])):
        return
    last = found[0]
    if last is None:
        st.toast("Nothing to take back.")
        return
    st.session_state.pop(LAST, None)
    st.toast("Taken back.")
    go(last.proposal)


def edit(proposal: str) -> None:
    """Open the form for a proposal; a second press closes it."""
    if st.session_state.get(FORM) == proposal:
        st.session_state.pop(FORM)
    else:
        st.session_state[FORM] = proposal


def _written(data: Path, act: Callable[[], None]) -> bool:
    try:
        act()
    except InputError as error:
        st.session_state[FAULTS] = error.problems
        return False
    except OSError as error:
        st.session_state[FAULTS] = (unwritten(data, error),)
        return False
    return True
