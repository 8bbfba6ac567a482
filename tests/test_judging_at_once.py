"""Presses that reach the server at once: Streamlit runs the second in another thread before the first has ended."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kb.audit import find_all
from kb.build import build
from kb.ui import judgements
from kb.verdicts import FILE, Ruling, append_verdict

from building import toy_copy


def test_two_presses_on_one_card_are_one_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = toy_copy(tmp_path)
    finding = find_all(build(folder))[0].id

    def slow(*arguments: object) -> None:
        time.sleep(0.3)  # long enough for the other press to read a log without it
        append_verdict(*arguments)  # type: ignore[arg-type]

    monkeypatch.setenv("KB_DATA", str(folder))
    monkeypatch.setattr(judgements, "judge_name", lambda: "ann")
    monkeypatch.setattr(judgements, "append_verdict", slow)
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda _: judgements.record(finding, Ruling.CONFIRMED, "it stands"), range(2)))
    assert done == [True, True]
    assert len((folder / FILE).read_text("utf-8").splitlines()) == 1
