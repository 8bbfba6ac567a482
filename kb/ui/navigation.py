"""Which screens there are, in order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import Page

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
APP = "Claims knowledge base"
ICON = Path(__file__).with_name("icon.svg")


def page_of(name: str) -> Page:
    """Return a screen."""
    return Page(FOLDER / f"{name}.py", title=TITLES[name], default=name == "overview")


def run() -> None:
    """Show the screen that the address names, with the list of all above it."""
    st.set_page_config(page_title=APP, page_icon=ICON.read_text("utf-8"), layout="wide")
    st.navigation([page_of(name) for name in TITLES], position="top").run()


def switch(name: str, names: Mapping[str, str]) -> NoReturn:
    """Go to another screen, keeping the session."""
    st.switch_page(page_of(name), query_params=dict(names))
