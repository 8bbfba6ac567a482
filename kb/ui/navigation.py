"""Which screens there are, in order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NoReturn

import streamlit as st
from streamlit.navigation.page import Page

from kb.ui.store import table_at_hand

FOLDER = Path(__file__).parent / "scripts"  # not "pages": beside main.py that name is Streamlit's own
TITLES = {
    "overview": "Overview",
    "findings": "Findings",
    "topics": "Topics",
    "documents": "Documents",
    "works": "Works",
    "graph": "Graph",
    "summary": "Summary",
    "data": "Data",
}
WHOLE = ("works", "summary", "data")
"""The screens that need every claim; on a table folder they are not in the list, but links lead to them."""
APP = "Claims knowledge base"
ICON = Path(__file__).with_name("icon.svg")


def page_of(name: str, hidden: bool = False) -> Page:
    """Return a screen."""
    visibility: Literal["visible", "hidden"] = "hidden" if hidden else "visible"
    return Page(FOLDER / f"{name}.py", title=TITLES[name], default=name == "overview", visibility=visibility)


def run() -> None:
    """Show the screen that the address names, with the list of all above it."""
    st.set_page_config(page_title=APP, page_icon=ICON.read_text("utf-8"), layout="wide")
    table = table_at_hand()
    st.navigation([page_of(name, hidden=table and name in WHOLE) for name in TITLES], position="top").run()


def switch(name: str, names: Mapping[str, str]) -> NoReturn:
    """Go to another screen, keeping the session."""
    st.switch_page(page_of(name), query_params=dict(names))
