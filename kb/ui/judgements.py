"""Judging on screen: the same verdicts in the same append-only log as the command line writes."""

from __future__ import annotations

import os
import time

import streamlit as st

from kb.errors import InputError
from kb.judging import judge
from kb.standing import StandingState
from kb.ui.desk import Desk
from kb.ui.store import present_place, shelf
from kb.ui.table_store import desk_of
from kb.verdicts import FILE, Ruling, append_verdict, now

NAME, DONE, LAST = "name of the judge", "judged in this session", "when and what was judged last"
CALM = 2.0  # seconds after a verdict in which a press on another card is taken for a repeat of the last
STANDS = "the sides were compared; it stands"


def judge_name() -> str:
    """Return who judges: what was typed in this session, else KB_USER or the user of this machine."""
    default = os.environ.get("KB_USER") or os.environ.get("USER") or ""
    return str(st.session_state.get(NAME, default)).strip()


def record(finding: str, ruling: Ruling, reason: str) -> bool:
    """Append a verdict to the log; say so in passing, or say why it could not be kept. Return whether it stands there.

    A second press of the same key on the same card is one verdict, not two: the log is read anew at each press, for the
    card that was pressed may show an older state. A press that reaches the next card within two seconds of the last
    verdict is one of the same presses: nobody has read that card yet.

    Streamlit starts the run of a second press in another thread while that of the first is still being stopped, so
    reading and appending are one step here: one press at a time.
    """
    with shelf().lock:
        return _record(finding, ruling, reason)


def _record(finding: str, ruling: Ruling, reason: str) -> bool:
    desk = desk_of(present_place(), finding)
    if not isinstance(desk, Desk):
        st.session_state["refused"] = "\n".join(map(str, desk))
        return False
    standing = desk.inbox.review.by_id.get(finding)
    name = judge_name()
    if standing is None:
        st.toast("This finding is no longer in the build; nothing was recorded.")
        return False
    verdict = standing.verdict
    if standing.state is StandingState.JUDGED and verdict and (verdict.verdict, verdict.by) == (ruling, name):
        return True
    last, when = st.session_state.get(LAST, ("", 0.0))
    if last != finding and time.monotonic() - when < CALM:
        st.toast("This card has only just appeared. Press again to judge it.")
        return False
    if not name:
        st.toast("Nobody is named as the judge: type a name first.")
        return False
    kb = desk.kb
    try:
        new = judge(kb, desk.inbox.review, finding, ruling, reason, name, now())
        append_verdict(kb.path / FILE, FILE, new)
    except (InputError, OSError) as error:
        st.session_state["refused"] = str(error)
        return False
    done = st.session_state.setdefault(DONE, [])
    if ruling is Ruling.WITHDRAWN:
        st.toast("Taken back.")
    else:
        done.append(finding)
        st.session_state[LAST] = (finding, time.monotonic())
        st.toast(f"{ruling.value.capitalize()}. Press U to undo.")
    return True


def undo() -> str:
    """Take back the last verdict of this session; return its finding, "" if there was none."""
    done = st.session_state.get(DONE, [])
    if not done:
        return ""
    finding = str(done.pop())
    record(finding, Ruling.WITHDRAWN, "")
    return finding
