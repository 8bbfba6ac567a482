"""Links within the app that keep the session: a click on one asks Python to go there instead of loading anew.

The links are ordinary ones, so that they can be copied, opened in another window and reached by keyboard.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

FOLLOWED = "moment of the click that was followed"


def follow() -> str:
    """Mount the listener; return the address of the link that was clicked since the last run, "" if none was."""
    script = Path(__file__).with_name("links.js").read_text("utf-8")
    component = st.components.v2.component("kb_links", js=script, html='<span class="kb-links"></span>')
    clicked = component(key="kb-links", on_go_change=lambda: None, height=0)
    moment, _, address = str(clicked.go or "").partition(" ")
    # A run that is cut short hands its click on to the next one, where it would undo what came after it (going back).
    if not address or st.session_state.get(FOLLOWED) == moment:
        return ""
    st.session_state[FOLLOWED] = moment
    return address
