"""The command line on the shipped data and on a folder that `kb init` starts."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from kb.errors import InputError
from kb.place import Place
from kb.serving import OPTIONS, command, serve_app
from kb.tables import render

from small_folder import small_folder

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "ketamine"
PAGES = ROOT.parent / "shared" / "documents"


def kb(*arguments: str, data: Path = DATA, status: int = 0) -> tuple[str, str]:
    command = [sys.executable, "-m", "kb.cli", "--data", str(data), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == status, done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize("name", ["claims", "findings", "citations", "documents", "works"])
def test_every_list_speaks_every_format(name: str, tmp_path: Path) -> None:
    toy = ROOT / "tests" / "toy"
    lines, _ = kb(name, "--format", "jsonl", data=toy)
    rows = [json.loads(line) for line in lines.splitlines()]
    table, _ = kb(name, data=toy)
    assert f"{len(rows)} {name}" in table
    text, _ = kb(name, "--format", "csv", data=toy)
    assert len(list(csv.DictReader(io.StringIO(text)))) == len(rows)
    out = tmp_path / "rows.parquet"
    kb(name, "--format", "parquet", "--out", str(out), data=toy)
    assert pq.read_table(out).num_rows == len(rows)
    assert pq.read_table(out).column_names == list(rows[0])


def test_rows_carry_what_the_interface_promises() -> None:
    claim = json.loads(kb("claims", "page-002", "--format", "jsonl")[0].splitlines()[0])
    assert {"id", "document", "sha256", "start", "end", "scope", "cites"} <= set(claim)
    assert len(claim["sha256"]) == 64
    finding = json.loads(kb("findings", "--format", "jsonl")[0].splitlines()[0])
    wanted = {"id", "code", "kind", "severity", "topic", "members", "scope", "explained_by", "sentence"}
    assert wanted <= set(finding)
    assert set(finding["members"][0]) == {"claim", "document", "start", "end", "pole"}
    assert set(finding["scope"].values()) <= {"same", "differs", "unknown"}


def test_two_runs_give_the_same_bytes() -> None:
    assert kb("findings", "--format", "jsonl") == kb("findings", "--format", "jsonl")


def test_audit_of_one_page_and_the_gate() -> None:
    text, _ = kb("audit", "page-003")
    assert text.startswith("ketamine therapy: PrimeHealth page")
    assert "17 references, 15 works, markers lost" in text
    kb("audit", "--fail-on", "contradiction", status=1)


def test_a_gate_looks_only_at_the_audited_source(tmp_path: Path) -> None:
    folder = started(tmp_path)
    kb("audit", "--fail-on", "discrepancy", data=folder, status=1)
    kb("audit", "example2020", "--fail-on", "explained", data=folder)


def test_explain_shows_page_and_reasoning() -> None:
    assert kb("explain", "V001")[0].startswith("# V001 disjoint-quantity")
    first = json.loads(kb("findings", "--format", "jsonl")[0].splitlines()[0])
    text, _ = kb("explain", first["id"])
    assert first["sentence"] in text
    assert "What would change it" in text


@pytest.mark.parametrize(
    "arguments", [("audit", "page-9"), ("explain", "X999"), ("explain", "f-nothing"), ("claims", "--topic", "colour")]
)
def test_unknown_names_are_wrong_input(arguments: tuple[str, ...]) -> None:
    out, error = kb(*arguments, status=2)
    assert out == ""
    assert "→" in error


def started(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    kb("init", str(folder))
    return folder


def test_a_started_folder_works_at_once(tmp_path: Path) -> None:
    folder = started(tmp_path)
    kb("format", data=folder)
    text, _ = kb("check", data=folder)
    assert "3 of 3 locators verified" in text
    kinds = [json.loads(line)["kind"] for line in kb("findings", "--format", "jsonl", data=folder)[0].splitlines()]
    assert sorted(kinds) == ["contradiction"]
    kb("init", str(folder), status=2)


def test_format_restores_the_canonical_form(tmp_path: Path) -> None:
    folder = started(tmp_path)
    file = folder / "claims" / "kettle-guide.yaml"
    kb("format", data=folder)
    canonical = file.read_bytes()
    lines = canonical.decode().split("\n")
    file.write_text("\n".join(line for line in lines if not line.startswith("- id:")).replace("  text:", "- text:"))
    kb("check", data=folder, status=2)
    kb("format", data=folder)
    assert file.read_bytes() == canonical


@pytest.mark.skipif(not PAGES.is_dir(), reason="the pages' text belongs to its publishers and is not here")
def test_attached_sources_are_found_and_verified(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(DATA, tmp_path / "data" / "ketamine", ignore=shutil.ignore_patterns("sources"))
    shutil.copy(ROOT / "references.bib", tmp_path / "references.bib")
    folder = tmp_path / "data" / "ketamine"
    out, _ = kb("sources", "attach", str(PAGES), data=folder)
    assert out.count("attached") == 5
    assert "5 attached texts" in kb("check", data=folder)[0]
    assert kb("sources", "list", data=folder)[0].count("  attached") == 5
    kb("sources", "attach", str(tmp_path / "data"), data=folder, status=2)


@pytest.mark.skipif(not PAGES.is_dir(), reason="the pages' text belongs to its publishers and is not here")
def test_check_fails_on_one_changed_character(tmp_path: Path) -> None:
    for path in PAGES.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    page = next(tmp_path.glob("003_*"))
    page.write_bytes(page.read_bytes().replace(b"0.5 mg/kg", b"0.6 mg/kg", 1))
    _, error = kb("--sources", str(tmp_path), "check", status=2)
    assert "page-003" in error
    assert "quotes stand" in error


def test_a_quote_is_located_and_a_text_digested(tmp_path: Path) -> None:
    folder = started(tmp_path)
    text = (folder / "sources" / "kettle-guide.txt").read_text("utf-8")
    out, _ = kb("locate", "kettle-guide", "3 minutes", data=folder)
    places = [line.removeprefix("  at: ").split("-") for line in out.splitlines() if line.startswith("  at:")]
    assert [text[int(start) : int(end)] for start, end in places] == ["3 minutes"] * 2
    kb("locate", "kettle-guide", "4 minutes", data=folder, status=2)
    digest, _ = kb("sources", "digest", str(folder / "sources" / "kettle-guide.txt"))
    assert digest in (folder / "documents.yaml").read_text("utf-8")


def test_a_named_sources_folder_counts_alone(tmp_path: Path) -> None:
    folder = started(tmp_path)
    other = tmp_path / "elsewhere"
    other.mkdir()
    _, error = kb("--sources", str(other), "check", data=folder, status=2)
    assert "no file in" in error


def test_results_are_not_written_into_folders_that_do_not_exist(tmp_path: Path) -> None:
    kb("claims", "--out", str(tmp_path / "missing" / "x.csv"), status=2)
    assert not (tmp_path / "missing").exists()
    kb("claims", "--out", str(tmp_path), status=2)


def test_csv_keeps_empty_and_negative_and_defuses_formulas() -> None:
    rows = [{"a": "", "b": "-3.7", "c": "=1+1", "d": None, "e": ["x"]}]
    assert render("claims", rows, "csv").splitlines()[1] == """,-3.7,'=1+1,,"[""x""]\""""


def test_hash_seeds_change_nothing() -> None:
    seen = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "kb.cli", "--data", str(DATA), "findings", "--format", "jsonl"]
        env = {"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": seed}
        seen.add(subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=env).stdout)
    assert len(seen) == 1


def test_formatting_keeps_comments_by_refusing(tmp_path: Path) -> None:
    folder = started(tmp_path)
    file = folder / "claims" / "kettle-guide.yaml"
    commented = "# read again in May\n" + file.read_text("utf-8")
    file.write_text(commented, "utf-8")
    _, error = kb("format", data=folder, status=2)
    assert "kettle-guide.yaml:1: has a comment" in error
    assert file.read_text("utf-8") == commented


def test_the_app_needs_its_extra_and_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, told = kb("serve", data=tmp_path, status=2)
    assert "is no knowledge base" in told
    monkeypatch.setattr("kb.serving.find_spec", lambda name: None)
    with pytest.raises(InputError, match="claims-kb\\[app\\]"):
        serve_app(Place(DATA, None), 8501)


def test_the_app_is_served_to_this_machine_only() -> None:
    given = " ".join(command(8777))
    assert "--server.address=127.0.0.1" in given
    assert "--browser.gatherUsageStats=false" in given
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    for name, value in OPTIONS.items():
        found: object = settings
        for part in name.split("."):
            assert isinstance(found, dict)
            found = found[part]
        assert str(found).lower() == value.lower(), name


def test_a_failing_threshold_says_what_failed() -> None:
    _, told = kb("audit", "--fail-on", "contradiction", status=1)
    assert re.search(
        r"^--fail-on contradiction: [1-9]\d* findings; worst: contradiction f-[0-9a-f]{12} \([A-Z]\d+\): ", told
    )
    assert told.count("\n") == 1


def test_what_an_audit_cuts_is_asked_for_with_its_source() -> None:
    shown, _ = kb("audit", "page-003", "--limit", "1")
    cut = [line for line in shown.splitlines() if " more: kb findings " in line]
    assert cut
    for line in cut[:2]:
        count, _, asked = line.removeprefix("  … ").partition(" more: kb ")
        rows, _ = kb(*asked.split(), "--format", "jsonl")
        assert len(rows.splitlines()) == int(count) + 1


def test_faulty_verdicts_stop_only_what_needs_them(tmp_path: Path) -> None:
    folder = small_folder(tmp_path)
    with (folder / "verdicts.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"finding": "f-')
    for name in ("claims", "works", "documents", "citations", "coverage"):
        kb(name, data=folder)
    for name in ("findings", "audit", "verdicts", "check"):
        _, told = kb(name, data=folder, status=2)
        assert "the writing of this line was cut short" in told


def test_a_policy_for_no_detector_is_told_of(tmp_path: Path) -> None:
    folder = small_folder(tmp_path)
    path = folder / "policy.yaml"
    path.write_text(path.read_text("utf-8").replace("levels:", "levels:\n  X999: error", 1), "utf-8")
    _, told = kb("claims", data=folder)
    assert "warning: policy.yaml: gives a level to the unknown detector “X999”" in told
