"""Proposers at hand: what reviewed claims teach is learnt once per version of the files."""

from __future__ import annotations

import streamlit as st

from kb.build import KnowledgeBase
from kb.propose.proposing import Proposer


@st.cache_resource(show_spinner=False, max_entries=3)
def proposer(stamp: str, without: str, _kb: KnowledgeBase) -> Proposer:  # noqa: ARG001 - the stamp is the key
    """Return a proposer that has learnt from all reviewed claims but those of ``without``.

    ``stamp`` names the version of the files that ``_kb`` was read from.
    """
    claims = [claim for claim in _kb.claims if claim.source != without]
    return Proposer(_kb.domain, claims, {source: text for source, text in _kb.texts.items() if source != without})
