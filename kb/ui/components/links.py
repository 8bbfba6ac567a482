"""Links within the app that keep the session: a click on one asks Python to go there instead of loading anew.

The links are ordinary ones, so that they can be copied, opened in another window and reached by keyboard.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st


def follow() -> str:
    """Mount the listener; return the address of the link that was clicked since the last run, "" if none was."""
    script = Path(__file__).with_name("links.js").read_text("utf-8")
    component = st.components.v2.component("kb_links", js=script, html='<span class="kb-links"></span>')
    clicked = component(key="kb-links", on_go_change=lambda: None, height=0)
    return str(clicked.go or "")
