"""Waivers hide what is known, are counted, and are reported when they hide nothing; levels decide what fails."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kb import cli, waivers
from kb.audit import find_all
from kb.build import KnowledgeBase
from kb.detectors import RULES
from kb.errors import InputError
from kb.judging import failing, level_of
from kb.model import Finding, FindingKind
from kb.policy import Policy, Waiver, load_policy
from kb.standing import Standing, StandingState, review
from kb.verdicts import Ruling, Verdict
from kb.waivers import fits, unused_waivers

from building import TOY, build_folder, called, toy_copy

ROOT = Path(__file__).resolve().parent.parent
PAIR = "wheelworks: Cargo tyres take 3 bar on asphalt.", "lantern: Cargo tyres take 5 bar."


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return build_folder(TOY)


@pytest.fixture(scope="module")
def cargo(kb: KnowledgeBase) -> Finding:
    claims = {claim.id: called(claim) for claim in kb.claims}
    return next(f for f in find_all(kb) if {claims.get(member.claim) for member in f.members} == set(PAIR))


def waiver(code: str = "V001", **selectors: Any) -> Waiver:
    given = {"reason": "known", "by": "Ann", "date": "2026-11-20"}
    return Waiver.model_validate({"code": code, **selectors, **given})


def with_policy(kb: KnowledgeBase, *waived: Waiver, **levels: str) -> KnowledgeBase:
    return replace(kb, policy=Policy.model_validate({"waivers": waived, "levels": levels}))


def ids(kb: KnowledgeBase, *said: str) -> list[str]:
    return [claim.id for claim in kb.claims if called(claim) in said]


# What a waiver fits


@pytest.mark.parametrize(
    ("selectors", "fit"),
    [
        ({"property": "pressure"}, True),
        ({"property": "price"}, False),
        ({"topic": "pressure"}, True),
        ({"topic": "wear"}, False),
        ({"sources": ["lantern"]}, True),
        ({"sources": ["wheelworks", "lantern"]}, True),
        ({"sources": ["wheelworks", "mosshill"]}, False),
        ({"sources": ["wheelworks"], "property": "pressure", "topic": "pressure"}, True),
        ({"sources": ["mosshill"], "property": "pressure"}, False),
        ({"sources": ["wheelworks"], "property": "price"}, False),
        ({"sources": ["wheelworks"], "topic": "wear"}, False),
        ({"finding": "f-000000000000"}, False),
        ({"code": "V002", "property": "pressure"}, False),
    ],
    ids=str,
)
def test_every_selector_must_fit(cargo: Finding, selectors: dict[str, Any], fit: bool) -> None:
    assert fits(waiver(**selectors), cargo) is fit


def test_all_claims_must_be_members(kb: KnowledgeBase, cargo: Finding) -> None:
    both, other = ids(kb, *PAIR), ids(kb, "lantern: Slick tyres take 87 psi on asphalt.")
    assert len(both) == 2
    assert fits(waiver(claims=both), cargo)
    assert fits(waiver(claims=both[:1]), cargo)
    assert not fits(waiver(claims=[both[0], *other]), cargo)
    assert fits(waiver(finding=cargo.id), cargo)
    assert not fits(waiver(finding=cargo.id, claims=other), cargo)


def test_a_waiver_of_a_finding_ends_with_it(kb: KnowledgeBase, cargo: Finding) -> None:
    judged = with_policy(kb, waiver(finding=cargo.id))
    assert review(judged, [cargo]).by_id[cargo.id].waiver == judged.policy.waivers[0]
    other = cargo.model_copy(update={"id": "f-000000000001"})
    assert {s.finding.code for s in review(judged, [other]).standings if s.waiver is None} == {"V001", "P001"}


def test_the_first_of_two_waivers_is_named_and_neither_is_unused(kb: KnowledgeBase, cargo: Finding) -> None:
    judged = with_policy(kb, waiver(topic="pressure"), waiver(property="pressure"))
    (found,) = review(judged, [cargo]).standings
    assert found.waiver == judged.policy.waivers[0]


# P001


@pytest.mark.parametrize(
    ("selectors", "aim", "why"),
    [
        ({"sources": ["lantern", "orrin2014"]}, "sources lantern and orrin2014", "no finding of V001 fits it"),
        ({"sources": ["nowhere"]}, "source nowhere", "there is no source nowhere"),
        ({"claims": ["c-000000000000"]}, "claim c-000000000000", "there is no claim c-000000000000"),
        ({"property": "colour"}, "property colour", "there is no property colour"),
        ({"topic": "colour"}, "topic colour", "there is no topic colour"),
        (
            {"finding": "f-000000000000", "topic": "pressure"},
            "topic pressure and finding f-000000000000",
            "no finding of V001 fits it",
        ),
    ],
)
def test_a_waiver_of_nothing_is_a_finding(kb: KnowledgeBase, selectors: dict[str, Any], aim: str, why: str) -> None:
    judged = with_policy(kb, waiver(**selectors))
    (found,) = unused_waivers(judged, find_all(judged))
    assert (found.code, found.kind, found.severity, found.topic, found.property, found.members) == (
        *("P001", FindingKind.FAULT, 1, "", "", ()),
    )
    sentence = f"The waiver of V001 for {aim} (by Ann, 2026-11-20) matches nothing any more: {why}; remove it."
    assert found.sentence == sentence
    assert found.question.startswith("waiver V001 ")
    assert found in [standing.finding for standing in review(judged, find_all(judged)).standings]


def test_a_waiver_of_what_is_off_is_unused(kb: KnowledgeBase) -> None:
    judged = with_policy(kb, waiver(topic="pressure"), V001="off")
    (found,) = unused_waivers(judged, find_all(judged))
    assert found.sentence.endswith("matches nothing any more: V001 is off in this policy; remove it.")
    assert list(unused_waivers(with_policy(kb, waiver(topic="pressure"), V001="off", P001="off"), [])) == []


def test_an_unused_waiver_keeps_its_id_wherever_it_stands(kb: KnowledgeBase) -> None:
    one, two = waiver(sources=["a", "b"]), waiver(topic="colour")
    first = {found.id for found in unused_waivers(with_policy(kb, one, two), [])}
    turned = one.model_copy(update={"sources": ("b", "a"), "reason": "other", "by": "Bo", "date": "2026-11-21"})
    assert len(first) == 2
    assert {found.id for found in unused_waivers(with_policy(kb, two, turned), [])} == first


def test_an_unused_waiver_can_be_judged(kb: KnowledgeBase) -> None:
    judged = with_policy(kb, waiver(topic="colour"))
    (found,) = unused_waivers(judged, [])
    fields = {name: getattr(found, name) for name in ("code", "question", "kind")}
    given = Verdict(
        finding=found.id, verdict=Ruling.DISMISSED, reason="no", by="B", at="2026-11-24T09:30:00Z", members=(), **fields
    )
    assert review(replace(judged, verdicts=(given,)), []).by_id[found.id].state == "judged"
    away = with_policy(kb)
    assert review(replace(away, verdicts=(given,)), []).verdicts[0][1] == "lapsed"


def test_its_manual_page_is_found_and_its_code_is_its_own() -> None:
    page = ROOT / "docs" / "unused-waiver.md"
    assert page.read_text("utf-8").startswith(f"# {waivers.CODE} {waivers.NAME}\n")
    assert waivers.CODE not in {rule.CODE for rule in RULES}
    assert waivers.NAME not in {rule.NAME for rule in RULES}


# The policy file


def test_waivers_are_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(
        "waivers:\n"
        "- {code: V001, claims: [c-1], sources: [a, b], property: p, topic: t, finding: f-000000000000,\n"
        "   reason: why, by: Ann, date: 2026-11-20}\n"
        "- {code: V001, topic: t, reason: why, by: Ann, date: 2026-11-20}\n",
        "utf-8",
    )
    full, short = load_policy(path, "policy.yaml").waivers
    assert (full.claims, full.sources, full.property, full.topic) == (("c-1",), ("a", "b"), "p", "t")
    assert (full.finding, full.reason, full.by, full.date) == ("f-000000000000", "why", "Ann", "2026-11-20")
    assert full.selected() == "claims=c-1 sources=a,b property=p topic=t finding=f-000000000000"
    assert short.selected() == "topic=t"


@pytest.mark.parametrize(
    "other",
    ["code: V002, topic: t", "code: V001, topic: u", "code: V001, property: t", "code: V001, topic: t, sources: [a]"],
)
def test_waivers_that_select_otherwise_are_not_the_same(tmp_path: Path, other: str) -> None:
    path = tmp_path / "policy.yaml"
    lines = [f"- {{{part}, reason: why, by: Ann, date: 2026-11-20}}\n" for part in ("code: V001, topic: t", other)]
    path.write_text("waivers:\n" + "".join(lines), "utf-8")
    assert len(load_policy(path, "policy.yaml").waivers) == 2
    path.write_text("waivers:\n" + lines[1] * 2, "utf-8")
    with pytest.raises(InputError, match=r"policy\.yaml:3: waives the same as line 2"):
        load_policy(path, "policy.yaml")


# What fails


def as_kind(cargo: Finding, kind: FindingKind) -> Finding:
    return cargo.model_copy(update={"kind": kind})


@pytest.mark.parametrize(
    ("level", "failing_at"),
    [("error", ["error", "warning", "info"]), ("warning", ["warning", "info"]), ("info", ["info"])],
)
def test_a_finding_fails_at_its_level_and_below(
    kb: KnowledgeBase, cargo: Finding, level: str, failing_at: list[str]
) -> None:
    judged = with_policy(kb, V001=level)
    found = [t for t in ("error", "warning", "info") if failing(judged, [Standing(cargo)], t)]
    assert found == failing_at
    assert not failing(judged, [Standing(cargo)], None)
    assert not failing(judged, [], "info")


def test_a_detector_without_a_level_is_a_warning(kb: KnowledgeBase, cargo: Finding) -> None:
    assert level_of(with_policy(kb), cargo) == "warning"


def test_what_the_scope_explains_is_for_information(kb: KnowledgeBase, cargo: Finding) -> None:
    judged = with_policy(kb, V001="error")
    levels = {kind: level_of(judged, as_kind(cargo, kind)) for kind in FindingKind}
    assert levels == dict.fromkeys(FindingKind, "error") | {FindingKind.EXPLAINED: "info"}


def test_a_kind_is_a_threshold_too(kb: KnowledgeBase, cargo: Finding) -> None:
    kinds = list(FindingKind)
    for kind in kinds:
        found = [t for t in kinds if failing(kb, [Standing(as_kind(cargo, kind))], t.value)]
        assert found == kinds[kinds.index(kind) :]


@pytest.mark.parametrize(
    ("state", "ruling", "waived", "fails"),
    [
        (StandingState.OPEN, None, False, True),
        (StandingState.OPEN, None, True, False),
        (StandingState.JUDGED, Ruling.CONFIRMED, False, True),
        (StandingState.JUDGED, Ruling.CONFIRMED, True, False),
        (StandingState.JUDGED, Ruling.EXPLAINED, False, False),
        (StandingState.JUDGED, Ruling.DISMISSED, False, False),
        (StandingState.REOPENED, Ruling.DISMISSED, False, True),
        (StandingState.REOPENED, Ruling.EXPLAINED, False, True),
    ],
)
def test_what_is_waived_or_settled_does_not_fail(
    kb: KnowledgeBase, cargo: Finding, state: StandingState, ruling: Ruling | None, waived: bool, fails: bool
) -> None:
    given = Verdict.model_construct(verdict=ruling) if ruling else None
    standing = Standing(cargo, state, given, waiver=waiver(topic="pressure") if waived else None)
    assert standing.remains is fails
    assert bool(failing(with_policy(kb, V001="error"), [standing], "error")) is fails
    assert bool(failing(kb, [standing], "possible")) is fails


# The command line


Run = Callable[..., tuple[str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("KB_SOURCES", "KB_DATA", "KB_USER"):
        monkeypatch.delenv(name, raising=False)
    return toy_copy(tmp_path)


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``kb`` on the folder; return what it printed."""

    def call(*arguments: str, status: int = 0) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["kb", "--data", str(folder), *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, error = capsys.readouterr()
        assert (ended.value.code or 0) == status, error
        return out, error

    return call


OFF = ", ".join(f"{rule.CODE}: off" for rule in RULES if rule.CODE != "V001")


def waive(folder: Path, *lines: str, levels: str = f"{{{OFF}}}") -> None:
    """Write a policy with these waivers; unless levels are given, only V001 looks."""
    tail = "reason: both were told, by: Ann, date: 2026-11-20"
    text = "".join(f"- {{{line}, {tail}}}\n" for line in lines)
    (folder / "policy.yaml").write_text(
        f"bibliography: references.bib\nlevels: {levels}\n" + (f"waivers:\n{text}" if text else ""), "utf-8"
    )


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_what_is_waived_is_hidden_but_counted(folder: Path, run: Run) -> None:
    waive(folder)
    every = rows(run("findings", "--format", "jsonl")[0])
    waive(folder, "code: V001, topic: pressure")
    hidden = [row["id"] for row in every if row["code"] == "V001" and row["topic"] == "pressure"]
    assert len(hidden) == 3
    for command in ("findings", "audit"):
        out, error = run(command, "--format", "jsonl")
        assert [row["id"] for row in rows(out)] == [row["id"] for row in every if row["id"] not in hidden]
        assert error == "3 waived: kb findings --waived\n"
        out, error = run(command, "--format", "jsonl", "--waived")
        assert [row["id"] for row in rows(out)] == [row["id"] for row in every]
        assert [row["id"] for row in rows(out) if row["waived"]] == hidden
        assert {row["waived"] for row in rows(out)} == {None, "both were told (by Ann, 2026-11-20)"}
        assert error == ""
    assert run("findings")[1] == "3 waived: kb findings --waived\n"
    assert run("findings", "lantern")[1] == "2 waived: kb findings lantern --waived\n"
    assert run("findings", "--topic", "wear")[1] == ""


def test_the_audit_counts_what_is_waived(folder: Path, run: Run) -> None:
    waive(folder)
    before = run("audit")[0]
    assert "waived" not in before
    waive(folder, "code: V001, topic: pressure")
    text = run("audit")[0]
    assert "\n3 waived: kb findings --waived\n" in text
    assert "\n2 waived: kb findings lantern --waived\n" in run("audit", "lantern")[0]
    assert "Cargo" not in text
    assert "? Possible" in before
    assert "? Possible" not in text
    shown = run("audit", "--waived")[0]
    assert shown.count(" (waived by Ann: both were told) [V001 ") == 3
    assert "waived: kb" not in shown


def test_unused_waivers_are_shown_and_explained(folder: Path, run: Run) -> None:
    waive(folder, "code: V001, topic: colour")
    (row,) = [row for row in rows(run("findings", "--format", "jsonl")[0]) if row["code"] == "P001"]
    assert row["kind"] == "fault"
    assert "! Faults" in run("audit")[0]
    assert f"matches nothing any more: there is no topic colour; remove it. [P001 {row['id']}]" in run("audit")[0]
    assert row["sentence"] in run("explain", row["id"])[0]
    for name in ("P001", "p001", "unused-waiver"):
        assert run("explain", name)[0] == (ROOT / "docs" / "unused-waiver.md").read_text("utf-8")
    assert "P001" in run("explain", "X999", status=2)[1]
    assert "P001" not in run("findings", "lantern")[0]
    out = run("verdict", row["id"], "dismissed", "--reason", "it comes back", "--by", "Bo")[0]
    assert out.endswith(" P001 dismissed by Bo: it comes back\n")
    run("findings", "--kind", "fault", "--state", "open", "--fail-on", "warning")


def test_without_its_page_a_detector_is_explained_by_its_docstring(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from kb import explaining

    monkeypatch.setattr(explaining, "DOCS", tmp_path)
    text = run("explain", "P001")[0]
    assert text.startswith("# P001 unused-waiver\n\nA waiver in the policy that hides no finding any more.\n")
    assert "somebody" not in text
    assert "nobody has looked at" in text


@pytest.mark.parametrize("command", ["findings", "audit"])
def test_the_gate(folder: Path, run: Run, command: str) -> None:
    waive(folder, levels=f"{{V001: warning, {OFF}}}")
    run(command)
    run(command, "--fail-on", "error")
    run(command, "--fail-on", "warning", status=1)
    run(command, "--fail-on", "info", status=1)
    waive(folder, *(f"code: V001, topic: {t}" for t in ("pressure", "wear", "trade")), levels=f"{{{OFF}}}")
    run(command, "--fail-on", "info")
    run(command, "--fail-on", "info", "--waived")
    waive(folder, "code: V001, topic: trade", levels=f"{{V001: info, {OFF}}}")
    run(command, "--fail-on", "warning")
    run(command, "--fail-on", "info", status=1)
    run(command, "tallis2019", "--fail-on", "info")
    error = run(command, "--fail-on", "fatal", status=2)[1]
    assert "is neither a level nor a kind → use one of error, warning, info, contradiction, " in error


def test_an_unused_waiver_fails_at_its_level(folder: Path, run: Run) -> None:
    off = ", ".join(f"{rule.CODE}: off" for rule in RULES)
    for level, status in (("error", 1), ("warning", 0), ("off", 0)):
        waive(folder, "code: V001, topic: colour", levels=f"{{{off}, P001: {level}}}")
        run("findings", "--fail-on", "error", status=status)


def test_check_knows_every_code_that_the_policy_names(folder: Path, run: Run) -> None:
    waive(folder, "code: V001, topic: pressure", levels="{P001: info, V002: info}")
    run("check")
    waive(folder, "code: V999, topic: pressure", "code: P001, topic: pressure", levels="{V998: info}")
    error = run("check", status=2)[1]
    assert "policy.yaml: gives a waiver to the unknown detector “V999” → detectors are " in error
    assert "gives a waiver to the unknown detector “P001”" in error
    assert "gives a level to the unknown detector “V998”" in error
    assert "3 problems." in error
