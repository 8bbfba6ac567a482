"""Hypothesis settings for the whole suite: no deadline (machines differ), the same examples every time in CI."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def _of_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are as wide as without a terminal, whoever runs the tests and however many at once."""
    monkeypatch.delenv("COLUMNS", raising=False)
