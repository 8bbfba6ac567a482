"""A page captured anew: what becomes of its claims and findings, and that files change together or not at all."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kb.audit import find_all
from kb.build import build
from kb.changing import after_recapture, changes
from kb.cli import app
from kb.errors import InputError
from kb.ids import sha256_text
from kb.model import Locator
from kb.propose import together
from kb.propose.anchoring import reanchor
from kb.propose.document_entries import edited
from kb.propose.drafting import keep, propose_file
from kb.propose.proposing import Proposer
from kb.propose.recapturing import Recapture, recapture
from kb.propose.replacing import replace_capture
from kb.propose.together import write_together
from typer.testing import CliRunner

TOY = Path("tests/toy")
OLD = (TOY / "sources" / "lantern.txt").read_text("utf-8")
NEW = "Updated this week\n\n" + OLD.replace("cargo tyres at 5 bar", "cargo tyres at 3 bar").replace(
    "Knobbly tyres roll lightly. ", ""
).replace("Sealant may damage the rim", "Sealant may damage a rim")
CARGO, LIGHTLY, RIM = "c-2d0f41d82e81", "c-200f8d8257cc", "c-dc6683f8e21e"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    shutil.copytree(TOY, tmp_path / "toy")
    (tmp_path / "lantern.txt").write_text(NEW, "utf-8")
    return tmp_path


def run(place: Path, *options: str) -> tuple[int, str]:
    command = ["--data", str(place / "toy"), "recapture", "lantern", str(place / "lantern.txt"), *options]
    result = CliRunner().invoke(app, command)
    return result.exit_code, result.output + str(result.exception or "")


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def plan_of(folder: Path, new: str = NEW) -> Recapture:
    kb = build(folder, [folder / "sources"])
    document = next(d for d in kb.documents if d.id == "lantern")
    return recapture(document, [c for c in kb.claims if c.source == "lantern"], kb.texts["lantern"], new, "again")


def test_each_claim_has_a_state_and_a_reason(place: Path) -> None:
    status, output = run(place, "--format", "jsonl")
    rows = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    states = {row["id"]: row["state"] for row in rows if row["what"] == "claim"}
    assert status == 0
    assert (states[CARGO], states[LIGHTLY], states[RIM]) == ("lost", "lost", "drifted")
    assert list(states.values()).count("moved") == 14
    assert all(row["reason"] for row in rows)
    assert "5 bar" in next(row["reason"] for row in rows if row["id"] == CARGO)


def test_findings_that_the_change_settles_are_listed(place: Path) -> None:
    before = content(place / "toy")
    _, output = run(place, "--format", "jsonl")
    settled = [
        row for line in output.splitlines() if line.startswith("{") and (row := json.loads(line))["state"] == "settled"
    ]
    assert any("argo tyre" in row["text"] for row in settled)
    assert content(place / "toy") == before


def test_findings_that_the_change_opens_are_listed(place: Path) -> None:
    kb = build(place / "toy", [place / "toy" / "sources"])
    plan = plan_of(place / "toy", "Here is:\n\n" + OLD + "\n\nThe parts are:\n\n")
    lost = [damage for damage in plan.after.damage if damage not in plan.before.damage]
    assert lost
    assert changes(kb, plan).opened


def test_a_finding_that_loses_a_member_has_changed_and_is_neither_opened_nor_settled(place: Path) -> None:
    kb = build(place / "toy", [place / "toy" / "sources"])
    before, after = (
        {f.id: f for f in find_all(kb)},
        {f.id: f for f in find_all(after_recapture(kb, plan_of(place / "toy")))},
    )
    found = changes(kb, plan_of(place / "toy"))
    for old, new in found.changed:
        assert (old.code, old.question) == (new.code, new.question)
        assert old.id not in after
        assert new.id not in before
    assert not {(f.code, f.question) for f in found.opened} & {(f.code, f.question) for f in found.settled}
    assert {f.id for f in found.opened} | {new.id for _, new in found.changed} == set(after) - set(before)
    assert {f.id for f in found.settled} | {old.id for old, _ in found.changed} == set(before) - set(after)


def test_drift_alone_opens_and_settles_nothing(place: Path) -> None:
    kb = build(place / "toy", [place / "toy" / "sources"])
    plan = plan_of(place / "toy", OLD.replace("Sealant may damage the rim", "Sealant may damage a rim"))
    assert plan.anchored[RIM].state == "drifted"
    assert changes(kb, plan) == ((), (), ())


def test_nothing_is_written_while_claims_are_lost(place: Path) -> None:
    before = content(place / "toy")
    status, output = run(place, "--write")
    assert status != 0
    assert "2 claims of lantern have no certain place" in output
    assert content(place / "toy") == before


def test_writing_moves_the_claims_and_keeps_the_lost_ones_aside(place: Path) -> None:
    before = (place / "toy" / "documents.yaml").read_text("utf-8").split("\n")
    status, output = run(place, "--write", "--drop-lost")
    assert status == 0, output
    data = place / "toy"
    kb = build(data, [data / "sources"])  # verifies every locator
    claims = {claim.id: claim for claim in kb.claims if claim.source == "lantern"}
    assert len(claims) == 15
    assert not {CARGO, LIGHTLY, RIM} & set(claims)
    assert [c.text for c in claims.values() if c.checked.value == "draft"] == ["Sealant may damage the rim."]
    assert kb.texts["lantern"] == NEW
    after = (data / "documents.yaml").read_text("utf-8").split("\n")
    changed = [line.split(":")[0].strip() for old, line in zip(before, after, strict=True) if old != line]
    assert changed == ["captured", "characters", "sha256"]
    aside = (data / "drafts" / "lantern.lost-6ab46dff.yaml").read_text("utf-8")
    assert CARGO in aside
    assert LIGHTLY in aside
    assert (data / "sources" / "lantern.6ab46dff.txt").read_text("utf-8") == OLD
    again = CliRunner().invoke(app, ["--data", str(data), "check"])
    assert again.exit_code == 0, again.output


def test_the_same_text_changes_nothing(place: Path) -> None:
    (place / "lantern.txt").write_text(OLD, "utf-8")
    before = content(place / "toy")
    status, output = run(place, "--write")
    assert status == 0
    assert "nothing to write" in output
    assert content(place / "toy") == before


@pytest.mark.parametrize("failing", range(1, 6))
def test_a_step_that_fails_leaves_everything_as_it_was(
    place: Path, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = place / "toy"
    before = content(data)
    real, count = together.write_atomically, 0

    def full(path: Path, written: bytes) -> None:
        nonlocal count
        count += 1
        if count == failing:
            raise OSError(28, "No space left on device")
        real(path, written)

    monkeypatch.setattr(together, "write_atomically", full)
    with pytest.raises(OSError, match="No space"):
        replace_capture(build(data, [data / "sources"]), plan_of(data), drop_lost=True)
    assert content(data) == before


def test_a_build_goes_on_between_the_texts_and_the_claims(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut after the new text is written leaves a knowledge base that still builds."""
    data = place / "toy"
    kb, plan = build(data, [data / "sources"]), plan_of(data)
    written: dict[Path, bytes | None] = {}
    monkeypatch.setattr("kb.propose.replacing.write_together", written.update)
    replace_capture(kb, plan, drop_lost=True)
    for path, value in list(written.items())[:3]:
        assert value is not None
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(value)
        assert build(data, [data / "sources"]).texts["lantern"] == OLD


def test_a_sentence_that_became_endless_costs_no_endless_comparison() -> None:
    old = "Wheels, " * 200 + "and slick tyres take 6 bar."
    claim = next(c for c in TOY_KB.claims if c.locator)
    quote = old[-26:-1]
    locator = Locator(start=len(old) - 26, end=len(old) - 1, quote_sha256=sha256_text(quote))
    started = time.process_time()
    (found,) = reanchor([claim.model_copy(update={"locator": locator})], old, old[:-1] + ", wheels" * 300_000)
    assert found.state == "lost"
    assert time.process_time() - started < 5


def test_an_undecided_draft_of_the_old_text_is_not_lost(place: Path) -> None:
    data = place / "toy"
    kb = build(data, [data / "sources"])
    draft = propose_file(kb, Proposer(kb.domain, kb.claims, kb.texts), data / "sources" / "lantern.txt")
    keep(data, draft, OLD)
    before = content(data)
    with pytest.raises(InputError, match="nobody decided on"):
        replace_capture(kb, plan_of(data), drop_lost=True)
    assert content(data) == before


def test_a_document_without_text_is_an_error(place: Path) -> None:
    (place / "toy" / "sources" / "lantern.txt").unlink()
    status, output = run(place)
    assert status != 0
    assert "no document with an attached text" in output


ENTRIES = """\
# What we hold.
documents:
- id: one  # the first
  title: "One"
  captured: >-
    on paper,
    by hand
  characters: 10
  sha256: abc
- {id: two, characters: 20, sha256: def, captured: 'x'}
"""


def test_an_entry_is_edited_where_it_stands() -> None:
    changed = edited(ENTRIES, "one", {"captured": 'from "a\\b".txt', "characters": "7", "damage": ("1-2",)})
    assert changed == ENTRIES.replace(">-\n    on paper,\n    by hand", '"from \\"a\\\\b\\".txt"').replace(
        "characters: 10", "characters: 7"
    ).replace("sha256: abc", "sha256: abc\n  damage: [1-2]")
    inline = edited(ENTRIES, "two", {"sha256": "123", "damage": ("3-4", "5-6")})
    assert inline.split("\n")[9] == "- {id: two, characters: 20, sha256: 123, damage: [3-4, 5-6], captured: 'x'}"
    with pytest.raises(InputError, match="no entry three"):
        edited(ENTRIES, "three", {})


@given(st.lists(st.sampled_from(OLD.split(". ")), max_size=30), st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_no_claim_is_placed_where_its_words_are_not(sentences: list[str], more: str) -> None:
    new = ". ".join(sentences) + more
    plan = plan_of_text(new)
    for claim, found in plan.anchored.items():
        if found.start is not None and found.end is not None:
            quote = new[found.start : found.end]
            assert sha256_text(quote) == found.quote_sha256, claim
            if found.state in ("exact", "moved"):
                assert quote in OLD


def plan_of_text(new: str) -> Recapture:
    kb = TOY_KB
    document = next(d for d in kb.documents if d.id == "lantern")
    return recapture(document, [c for c in kb.claims if c.source == "lantern"], OLD, new, "again")


TOY_KB = build(TOY, [TOY / "sources"])


def test_a_removed_file_comes_back_when_a_later_one_fails(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").mkdir()
    with pytest.raises(InputError):
        write_together({tmp_path / "a": None, tmp_path / "c": b"c", tmp_path / "b": b"b"})
    assert (tmp_path / "a").read_bytes() == b"a"
    assert not (tmp_path / "c").exists()
