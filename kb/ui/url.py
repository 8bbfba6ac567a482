"""Addresses: every state of a screen that is worth sharing stands in its address, and nowhere else.

A name in the address is checked against what exists before it is used. A control that is bound to it adopts the
address whenever that was changed from outside (a link, the back button), and writes it when a person turns the control.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from urllib.parse import urlencode

import streamlit as st

TURNED = "a control was turned by hand"
Label = Callable[[str], str]
PAGES = {"overview": "", "findings": "findings", "topics": "topics", "documents": "documents"} | {
    "works": "works",
    "graph": "graph",
    "summary": "summary",
    "data": "data",
}


def to(page: str, /, **names: str | int | None) -> str:
    """Return the address of a screen with the names that are given and not empty."""
    query = urlencode({key: value for key, value in names.items() if value not in (None, "")})
    return f"/{PAGES[page]}{'?' + query if query else ''}"


def here(page: str, /, **changed: str | int | None) -> str:
    """Return the present address with some names changed; None and "" remove a name."""
    return to(page, **({key: st.query_params[key] for key in st.query_params} | changed))


def get(name: str) -> str:
    """Return what the address gives for a name, "" where it says nothing."""
    return str(st.query_params.get(name, ""))


def known(name: str, allowed: Collection[str], default: str = "") -> str:
    """Return what the address gives for a name if that exists, else the default."""
    given = get(name)
    return given if given in allowed else default


def kept(name: str, allowed: Collection[str]) -> str:
    """Return what the address gives for a name if that exists; else take it out of the address."""
    given = known(name, allowed)
    put(name, given)
    return given


def turned_by_hand() -> None:
    """Note that a person turned a control, as against a control that follows the address."""
    st.session_state[TURNED] = True


def turned() -> bool:
    """Say whether a person turned a control since this was last asked."""
    return bool(st.session_state.pop(TURNED, False))


def put(name: str, value: str) -> None:
    """Write a name into the address, or take it out if it is empty."""
    if value == get(name):
        return
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def adopt(name: str, key: str, value: object) -> None:
    """Let a control follow the address where that was changed since the control last wrote it."""
    seen = f"address of {key}"
    if key not in st.session_state or st.session_state.get(seen) != get(name):
        st.session_state[key] = value
    st.session_state[seen] = get(name)


def wrote(name: str, key: str, value: str) -> str:
    """Write what a control says into the address, and remember that it was the control."""
    put(name, value)
    st.session_state[f"address of {key}"] = get(name)
    return value


def select(label: str, name: str, options: Sequence[str], shown: Label, anything: str = "") -> str:
    """Show a list to choose one from, bound to the address; with ``anything`` the first choice is no choice ("")."""
    choices = ["", *options] if anything else list(options)
    key = f"choice {name}"
    adopt(name, key, known(name, choices, choices[0] if choices else ""))
    if st.session_state[key] not in choices:
        st.session_state[key] = choices[0]
    chosen = st.selectbox(
        label, choices, format_func=lambda o: shown(o) if o else anything, key=key, on_change=turned_by_hand
    )
    default = choices[0] if not anything and choices else ""
    return wrote(name, key, "" if chosen == default and name not in st.query_params else chosen or "") or default


def search(label: str, name: str, placeholder: str = "") -> str:
    """Show a field for words, bound to the address."""
    key = f"words {name}"
    adopt(name, key, get(name))
    typed = st.text_input(label, key=key, placeholder=placeholder, max_chars=200, on_change=turned_by_hand)
    return wrote(name, key, (typed or "").strip())


def switch(label: str, name: str, help_text: str | None = None) -> bool:
    """Show a switch, bound to the address."""
    key = f"switch {name}"
    adopt(name, key, get(name) == "1")
    turned = st.toggle(label, key=key, help=help_text)
    wrote(name, key, "1" if turned else "")
    return turned
