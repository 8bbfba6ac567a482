"""A sample of hostile files through the whole of proposing; ``python -m tools.hostile_proposing`` takes a thousand."""

from __future__ import annotations

import contextlib
import time
from functools import cache
from pathlib import Path

import pytest
from kb.build import KnowledgeBase, build
from kb.errors import InputError
from kb.intake import Capture
from kb.propose import size
from kb.propose.drafting import keep, propose_capture
from kb.propose.proposing import Proposer
from tools.hostile import hostile_paths
from tools.hostile_proposing import SECONDS, TEXTS, TOY, base, proposed


def test_every_hostile_file_ends_in_a_draft_or_a_clear_error(tmp_path: Path) -> None:
    kb, proposer = base(tmp_path / "toy")
    files = tmp_path / "files"
    files.mkdir()
    ended = [proposed(kb, proposer, kind, path) for kind, path in hostile_paths(files, 60, seed=11, weighty=60)]
    assert [entry for entry in ended if entry.fault or entry.seconds > SECONDS] == []
    drafts = sum(entry.proposals is not None for entry in ended)
    assert 10 < drafts < 50


@pytest.mark.parametrize(("kind", "unit"), [(kind, unit) for kind, unit, _ in TEXTS])
def test_cost_grows_with_the_length_of_a_text_not_with_its_square(kind: str, unit: str) -> None:
    """Eight times the text may take sixteen times as long, where its square would take sixty-four times.

    A machine at other work is measured again: what grows with the square is too slow every time.
    """
    for _ in range(3):
        short, long = (seconds(unit * int(size / len(unit))) for size in (2_500, 20_000))
        if long < 0.3 or long < 16 * short:
            break
    assert long < 0.3 or long < 16 * short, kind
    assert long < 4, kind  # twenty thousand characters; what is slow within one sentence shows here


def seconds(text: str) -> float:
    """Return the time of a processor that proposing a text takes."""
    kb, proposer = toy()
    started = time.process_time()
    with contextlib.suppress(InputError):
        propose_capture(kb, proposer, capture(text + "\nThe end."), "long.txt", "long")
    return time.process_time() - started


@cache
def toy() -> tuple[KnowledgeBase, Proposer]:
    kb = build(TOY, [TOY / "sources"])
    return kb, Proposer(kb.domain, kb.claims, kb.texts)


def capture(text: str) -> Capture:
    return Capture(text=text, media_type="text/plain", extractor="tests", raw_sha256="0" * 64)


@pytest.mark.parametrize(
    ("bound", "text", "what"),
    [
        ("MOST_CHARACTERS", "It rolls.", "characters"),
        ("MOST_SENTENCES", "It rolls. " * 9, "sentences"),
        ("MOST_NUMBERS", "6 " * 9, "numbers"),
    ],
)
def test_what_takes_weeks_to_review_is_refused(
    bound: str, text: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb, proposer = base(tmp_path / "toy")
    monkeypatch.setattr(size, bound, 5)
    with pytest.raises(InputError, match=f"more than 5 {what}"):
        propose_capture(kb, proposer, capture(text), "long.txt")


def test_more_proposals_than_anyone_reviews_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kb, proposer = base(tmp_path / "toy")
    monkeypatch.setattr("kb.propose.proposing.MOST_PROPOSALS", 5)
    with pytest.raises(InputError, match="split it"):
        propose_capture(kb, proposer, capture("Pump slick tyres to 6 bar. " * 9), "long.txt")


def test_a_draft_that_could_not_be_read_back_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kb, proposer = base(tmp_path / "toy")
    text = "Pump slick tyres to 6 bar."
    draft = propose_capture(kb, proposer, capture(text), "long.txt")
    monkeypatch.setattr("kb.propose.drafting.MAX_BYTES", 100)
    before = sorted(kb.path.rglob("*"))
    with pytest.raises(InputError, match="in parts"):
        keep(kb.path, draft, text)
    assert sorted(kb.path.rglob("*")) == before
