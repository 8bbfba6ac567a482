"""From a file to a claim file on the command line: what rows say, what each decision writes, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kb.build import build
from kb.cli import app
from kb.errors import InputError
from kb.model import Bound, Interval, State
from kb.propose.accepting import accept
from kb.propose.drafts import load_draft
from typer.testing import CliRunner

from building import toy_copy

PAGE = """<html><head><title>Hilltop tyre notes</title></head><body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a> <a href="/about">About</a></nav>
<h1>Hilltop tyre notes</h1><p>Pump slick tyres up to 6.5 bar. Sealant may damage the rim.</p>
<h2>Winter</h2><p>Tubeless tyres do not suit touring.</p><p>A knobbly tyre costs 35 euros.</p></body></html>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = toy_copy(tmp_path)
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    assert run(data, "propose", str(tmp_path / "page.html"), "--name", "hilltop").startswith(" id")
    return data


def run(data: Path, *arguments: str, keys: str = "") -> str:
    found = CliRunner().invoke(app, ["--data", str(data), *arguments], input=keys, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout


def rows(data: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(data, "review", "hilltop", "--list", "--format", "jsonl").splitlines()]


def claim_file(data: Path) -> str:
    path = data / "claims" / "hilltop.yaml"
    return path.read_text("utf-8") if path.exists() else ""


def test_a_row_gives_the_figure_its_span_and_its_scope(folder: Path) -> None:
    text = (folder / "sources" / "hilltop.txt").read_text("utf-8")
    row = next(row for row in rows(folder) if row["property"] == "pressure")
    assert (row["low"], row["high"], row["unit"], row["bound"]) == (None, "6.5", "bar", "up_to")
    assert text[int(str(row["value_start"])) : int(str(row["value_end"]))] == row["value"] == "up to 6.5 bar"
    assert (row["state"], row["subject"], row["made"]) == ("pending", "slick-tyre", "rule")
    touring = next(row for row in rows(folder) if row["object"] == "touring")
    season = {"values": ["winter"], "state": "inherited", "basis": "heading"}
    assert touring["scope"] == {"season": season}
    assert touring["polarity"] == "negated"
    assert all(row["object"] != "shop" for row in rows(folder))


def test_keys_decide_and_each_decision_is_written_at_once(folder: Path) -> None:
    run(folder, "review", "hilltop", keys="a\nr\nq\n")
    assert [row["state"] for row in rows(folder)] == ["accepted", "rejected", "pending", "pending"]
    kb = build(folder, [folder / "sources"])
    (claim,) = [claim for claim in kb.claims if claim.source == "hilltop"]
    assert claim.value == Interval(high=6.5, unit="bar", bound=Bound.UP_TO, printed="up to 6.5 bar")
    assert (claim.checked, claim.made) == ("read_once", "rule")
    assert "hilltop" in {document.id for document in kb.documents}
    assert "+  property: pressure" in run(folder, "review", "--diff")
    run(folder, "review", "--undo")
    run(folder, "review", "--undo")
    assert "pressure" not in claim_file(folder)
    assert [row["state"] for row in rows(folder)] == ["pending"] * 4


def test_an_edit_is_checked_like_any_claim_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "sed -i 's/6.5/6.4/'")
    run(folder, "review", "hilltop", keys="e\nq\n")
    assert "high: 6.4" in claim_file(folder)
    before = claim_file(folder)
    monkeypatch.setenv("EDITOR", "sed -i 's/property: .*/property: no-such-thing/'")
    run(folder, "review", "hilltop", keys="e\nq\n")
    assert claim_file(folder) == before


def test_what_cannot_be_written_changes_nothing(folder: Path) -> None:
    draft = load_draft(folder, "hilltop")
    proposal = next(p for p in draft.proposals if p.claim)
    assert proposal.claim is not None
    wrong = proposal.claim.model_copy(update={"property": "no-such-thing"})
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match="no-such-thing"):
        accept(folder, "hilltop", proposal.id, wrong)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock"} == {
        path: content for path, content in kept.items() if path.suffix != ".lock"
    }


def test_a_draft_with_decisions_is_not_overwritten_by_another_text(folder: Path, tmp_path: Path) -> None:
    run(folder, "review", "--accept", str(rows(folder)[0]["id"]))
    again = run(folder, "propose", str(tmp_path / "page.html"), "--name", "hilltop", "--format", "jsonl")
    assert json.loads(again.splitlines()[0])["state"] == "accepted"
    (tmp_path / "page.html").write_text(PAGE.replace("6.5", "7"), "utf-8")
    with pytest.raises(InputError, match="on record with another text"):
        run(folder, "propose", str(tmp_path / "page.html"), "--name", "hilltop")
    stated = [row["scope"] for row in rows(folder)]
    assert all(entry["state"] in set(State) for scope in stated for entry in dict(scope).values())  # type: ignore[call-overload]
