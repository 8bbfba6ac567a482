"""The button that hands out claims as CSV."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kb.build import KnowledgeBase
from kb.model import Claim
from kb.tables import claim_row, render


def claims_button(
    kb: KnowledgeBase,
    claims: Sequence[Claim],
    name: str,
    label: str = "Download these claims (CSV)",
    key: str | None = None,
) -> None:
    """Show a button for the claims as the file ``name``.csv, which is made when it is pressed."""
    st.download_button(
        label,
        data=lambda: render("claims", [claim_row(kb, claim) for claim in claims], "csv"),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        key=key,
    )
