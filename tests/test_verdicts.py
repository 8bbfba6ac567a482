"""Verdicts: what their file keeps, when they hold, and what reopens them. The toy domain is judged and then changed."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from filelock import FileLock
from kb import cli, verdicts
from kb.audit import find_all
from kb.build import KnowledgeBase
from kb.detectors import RULES
from kb.errors import InputError
from kb.ids import sha256_text
from kb.judging import judge
from kb.model import Citation, Claim, Finding, FindingKind, Locator, Member, ScopeValue, State
from kb.standing import Fate, Review, Standing, review
from kb.verdicts import (
    FILE,
    JudgedMember,
    Ruling,
    Verdict,
    append_verdict,
    content_hash,
    dump_verdict,
    judged_members,
    load_verdicts,
)

from building import TOY, build_folder, called, changed, scoped, toy_copy

ROOT = Path(__file__).resolve().parent.parent
SLICK = (
    "wheelworks: Slick tyres take 6 bar on asphalt.",
    "lantern: Slick tyres take 87 psi on asphalt.",
    "mosshill: Slick tyres take 7.2 bar on asphalt.",
)
CARGO = "wheelworks: Cargo tyres take 3 bar on asphalt.", "lantern: Cargo tyres take 5 bar."


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return build_folder(TOY)


def about(kb: KnowledgeBase, *said: str) -> Finding:
    """Return the one finding that has all these claims as members."""
    claims = {claim.id: called(claim) for claim in kb.claims}
    found = (f for f in find_all(kb) if f.code in ("V001", "V002", "C002"))
    hits = [f for f in found if set(said) <= {claims.get(member.claim) for member in f.members}]
    assert len(hits) == 1, [f.sentence for f in hits]
    return hits[0]


def verdict_on(kb: KnowledgeBase, finding: Finding, ruling: Ruling = Ruling.CONFIRMED, **given: Any) -> Verdict:
    members = judged_members(finding, {claim.id: claim for claim in kb.claims})
    fields: dict[str, Any] = {name: getattr(finding, name) for name in ("code", "question", "kind")}
    fields |= {"verdict": ruling, "reason": "read both", "by": "Ann", "at": "2026-11-24T09:30:00Z"}
    return Verdict.model_validate({"finding": finding.id, "members": members, **fields, **given})


def without(kb: KnowledgeBase, said: str) -> KnowledgeBase:
    return replace(kb, claims=tuple(claim for claim in kb.claims if called(claim) != said))


def after(kb: KnowledgeBase, *given: Verdict) -> Review:
    judged = replace(kb, verdicts=given)
    return review(judged, find_all(judged))


def standing(kb: KnowledgeBase, finding: Finding, *given: Verdict) -> Standing:
    return after(kb, *given).by_id[finding.id]


def fates(found: Review) -> list[tuple[Fate, str]]:
    return [(fate, why) for _, fate, why in found.verdicts]


# What a claim means


CLAIM = Claim.model_validate(
    {
        "id": "c-0123456789ab",
        "source": "page-a",
        "text": "Tea steeps for 3 minutes.",
        "kind": "quantity",
        "subject": "tea",
        "property": "steeping-time",
        "value": {"low": "3", "high": "3.50", "unit": "min", "bound": "range", "printed": "3 to 3.50"},
        "scope": [
            {"dimension": "altitude", "values": ["high", "low"], "state": "stated"},
            {"dimension": "season", "values": ["winter"], "state": "inherited", "basis": "page"},
        ],
        "unknown": ["leaf", "payer"],
        "cites": [
            {"work": "orlo1911", "basis": "inferred", "confidence": "0.5"},
            {"marker": "[7]", "basis": "marker"},
        ],
        "locator": {"start": 3, "end": 9, "quote_sha256": "a" * 64},
    }
)
OTHER: dict[str, Any] = {
    "id": "c-0123456789ac",
    "source": "page-b",
    "text": "Tea steeps for three minutes.",
    "kind": "statement",
    "subject": "coffee",
    "property": "brewing-time",
    "object": "cup",
    "value": {"low": "3", "high": "3.6", "unit": "min", "bound": "range", "printed": "3 to 3.50"},
    "relation": "greater",
    "than": "coffee",
    "implied": True,
    "scope": scoped(altitude="high"),
    "unknown": ("leaf",),
    "polarity": "negated",
    "certainty": "possible",
    "duty": "may",
    "strength": "universal",
    "attribution": "reported",
    "appeals_to": "studies",
    "locator": {"start": 3, "end": 9, "quote_sha256": "b" * 64},
    "cites": ({"marker": "[8]", "basis": "marker"},),
    "part": "second",
    "role": "evidence",
}
NO_MEANING: dict[str, Any] = {"checked": "draft", "made": "model", "note": "seen", "seen_at": "page 3"}


def with_fields(**fields: Any) -> Claim:
    """Return the claim with other fields; what they make of its form is not looked at."""
    given = {name: getattr(Claim.model_validate(VALID[name] | {name: fields[name]}), name) for name in fields}
    return CLAIM.model_copy(update=given)


FORMS = {"relation": "comparison", "than": "comparison", "kind": "statement"}
VALID: dict[str, dict[str, Any]] = {
    name: {
        "quantity": CLAIM.model_dump(),
        "statement": CLAIM.model_dump(exclude={"value"}) | {"kind": "statement"},
        "comparison": CLAIM.model_dump(exclude={"value"}) | {"kind": "comparison", "relation": "less", "than": "cocoa"},
    }[FORMS.get(name, "quantity")]
    for name in Claim.model_fields
}


def test_every_field_of_a_claim_is_tried() -> None:
    assert {*OTHER, *NO_MEANING} == set(Claim.model_fields)


@pytest.mark.parametrize("name", OTHER)
def test_what_a_claim_means_is_hashed(name: str) -> None:
    assert content_hash(with_fields(**{name: OTHER[name]})) != content_hash(CLAIM)


@pytest.mark.parametrize("name", NO_MEANING)
def test_review_and_notes_are_not_hashed(name: str) -> None:
    claim = with_fields(**{name: NO_MEANING[name]})
    assert claim != CLAIM
    assert content_hash(claim) == content_hash(CLAIM)


def test_a_quote_that_only_moved_is_the_same() -> None:
    assert content_hash(CLAIM.model_copy(update={"locator": Locator(start=4, end=10, quote_sha256="a" * 64)})) == (
        content_hash(CLAIM)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"scope": CLAIM.scope[::-1]},
        {"scope": (ScopeValue(dimension="altitude", values=("low", "high"), state=State.STATED), CLAIM.scope[1])},
        {"unknown": ("payer", "leaf")},
        {"cites": CLAIM.cites[::-1]},
        {"cites": (Citation(work="orlo1911", basis="inferred", confidence="0.50"), CLAIM.cites[1])},  # type: ignore[arg-type]
        {"value": CLAIM.value.model_copy(update={"high": CLAIM.value.high.normalize()})},  # type: ignore[union-attr]
    ],
    ids=["order of scope", "order of values", "order of unknown", "order of links", "confidence", "trailing zero"],
)
def test_order_and_trailing_zeros_do_not_matter(change: dict[str, Any]) -> None:
    assert content_hash(CLAIM.model_copy(update=change)) == content_hash(CLAIM)


def test_a_set_keeps_its_numbers_apart() -> None:
    low, high = (with_fields(value={"any_of": numbers, "unit": "min"}) for numbers in (("56", "84"), ("56", "85")))
    assert content_hash(low) != content_hash(high)


def test_the_hash_of_a_claim_never_changes() -> None:
    """Every verdict of every user is reopened if it does; then the file needs a version."""
    assert content_hash(CLAIM) == "9fd59b9641eede7e5af458ba46394380f1f2ac710870bb416e022c5c108ea331"


# When a verdict holds


def test_a_finding_is_open_until_it_is_judged(kb: KnowledgeBase) -> None:
    finding, other = about(kb, *SLICK), about(kb, *CARGO)
    given = verdict_on(kb, finding)
    found = after(kb, given)
    assert (found.by_id[finding.id].state, found.by_id[finding.id].verdict) == ("judged", given)
    assert (found.by_id[other.id].state, found.by_id[other.id].verdict) == ("open", None)
    assert [s.finding for s in found.standings] == list(find_all(kb))
    assert fates(found) == [(Fate.JUDGED, "")]


@pytest.mark.parametrize(
    "change",
    [{"note": "read again"}, {"checked": "read_twice"}, {"made": "rule"}, {"seen_at": "page 3"}],
    ids=lambda change: next(iter(change)),
)
def test_notes_and_review_reopen_nothing(kb: KnowledgeBase, change: dict[str, str]) -> None:
    finding = about(kb, *SLICK)
    assert standing(changed(kb, SLICK[1], **change), finding, verdict_on(kb, finding)).state == "judged"


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (
            {"text": "Slick tyres take 87 psi."},
            "“Slick tyres take 87 psi on asphalt.” (Lantern blog) now reads “Slick tyres take 87 psi.”",
        ),
        (
            {"certainty": "probable"},
            "the typed content or scope of “Slick tyres take 87 psi on asphalt.” (Lantern blog) changed",
        ),
        (
            {"unknown": ("season",)},
            "the typed content or scope of “Slick tyres take 87 psi on asphalt.” (Lantern blog) changed",
        ),
    ],
    ids=["text", "content", "scope"],
)
def test_a_changed_member_reopens(kb: KnowledgeBase, change: dict[str, Any], because: str) -> None:
    finding = about(kb, *SLICK)
    given = verdict_on(kb, finding)
    now = changed(kb, SLICK[1], **change)
    found = after(now, given)
    assert found.by_id[finding.id] == Standing(
        finding=found.by_id[finding.id].finding, state="reopened", verdict=given, because=because, history=(given,)
    )
    assert fates(found) == [(Fate.REOPENED, because)]
    assert fates(after(kb, given)) == [(Fate.JUDGED, "")], "what is changed back is judged again"


def test_a_member_that_joins_reopens(kb: KnowledgeBase) -> None:
    before = without(kb, SLICK[1])
    given = verdict_on(before, about(before, SLICK[0], SLICK[2]))
    now = about(kb, *SLICK)
    found = standing(kb, now, given)
    assert (found.state, found.verdict, found.because) == ("reopened", given, "Lantern blog joined pole A")


def test_a_member_that_leaves_reopens(kb: KnowledgeBase) -> None:
    now = without(kb, SLICK[1])
    found = standing(now, about(now, SLICK[0], SLICK[2]), verdict_on(kb, about(kb, *SLICK)))
    because = "“Slick tyres take 87 psi on asphalt.” (Lantern blog) is no longer recorded"
    assert (found.state, found.because) == ("reopened", because)


def test_a_member_that_leaves_and_is_still_recorded_is_named(kb: KnowledgeBase) -> None:
    finding = about(kb, *SLICK)
    assert [member.pole for member in finding.members] == ["A", "B", "C"]
    rest = finding.model_copy(update={"id": "f-000000000000", "members": finding.members[:2]})
    found = review(replace(kb, verdicts=(verdict_on(kb, finding),)), [rest])
    assert found.by_id[rest.id].because == "Moss Hill handbook left pole C"


def test_an_outcome_that_changes_reopens(kb: KnowledgeBase) -> None:
    finding = about(kb, *CARGO)
    given = verdict_on(kb, finding, Ruling.DISMISSED)
    settled = changed(kb, CARGO[1], scope=scoped(surface="gravel"))
    found = standing(settled, about(settled, *CARGO), given)
    assert found.because == (
        "the typed content or scope of “Cargo tyres take 5 bar.” (Lantern blog) changed; "
        "the kind changed from possible to explained, because the surface is now known to differ"
    )
    worse = changed(kb, CARGO[1], scope=scoped(surface="asphalt"))
    assert standing(worse, about(worse, *CARGO), given).because.endswith("changed from possible to contradiction")
    back = standing(kb, finding, verdict_on(settled, about(settled, *CARGO)))
    assert back.because.endswith(
        "the kind changed from explained to possible, because the surface is not known on every side"
    )


def test_the_same_kind_for_another_reason_reopens(kb: KnowledgeBase) -> None:
    finding = about(kb, *CARGO)
    other = finding.model_copy(update={"id": "f-000000000000", "unknown": ("season", "material")})
    found = review(replace(kb, verdicts=(verdict_on(kb, finding),)), [other])
    assert found.by_id[other.id].because == (
        "it is possible for another reason now, because the season and material is not known on every side"
    )


def test_a_verdict_of_another_kind_does_not_hold_under_the_same_id(kb: KnowledgeBase) -> None:
    finding = about(kb, *CARGO)
    given = verdict_on(kb, finding, kind=FindingKind.TENSION)
    assert standing(kb, finding, given).because.startswith("the kind changed from tension to possible")


@pytest.mark.parametrize(
    ("kept", "added", "state"),
    [(2, 1, "reopened"), (2, 2, "open"), (3, 3, "reopened"), (3, 4, "open"), (2, 0, "reopened"), (1, 0, "open")],
)
def test_at_least_half_of_all_members_must_be_the_same(kb: KnowledgeBase, kept: int, added: int, state: str) -> None:
    """Three were judged; of both together, half or more must stay."""
    finding = about(kb, *SLICK)
    outside = [claim for claim in kb.claims if claim.id not in {member.claim for member in finding.members}]
    joined = [finding.members[0].model_copy(update={"claim": claim.id}) for claim in outside[:added]]
    now = finding.model_copy(update={"id": "f-000000000000", "members": (*finding.members[:kept], *joined)})
    found = review(replace(kb, verdicts=(verdict_on(kb, finding),)), [now])
    assert found.by_id[now.id].state == state


@pytest.mark.parametrize("name", ["code", "question"])
def test_another_detector_or_question_inherits_nothing(kb: KnowledgeBase, name: str) -> None:
    finding = about(kb, *SLICK)
    now = finding.model_copy(update={"id": "f-000000000000"})
    judged = replace(kb, verdicts=(verdict_on(kb, finding),))
    assert review(judged, [now]).by_id[now.id].state == "reopened"
    other = now.model_copy(update={name: "V002"})
    assert review(judged, [other]).by_id[other.id].state == "open"


def test_a_finding_that_is_still_there_passes_its_verdict_to_no_other(kb: KnowledgeBase) -> None:
    finding = about(kb, *SLICK)
    twin = finding.model_copy(update={"id": "f-000000000000"})
    found = review(replace(kb, verdicts=(verdict_on(kb, finding),)), [finding, twin])
    assert (found.by_id[finding.id].state, found.by_id[twin.id].state) == ("judged", "open")


def test_a_finding_that_falls_apart_reopens_both_parts(kb: KnowledgeBase) -> None:
    finding = about(kb, "orrin2014: Solid tyres lost 34 W on the drum.")
    assert len(finding.members) == 4
    parts = [
        finding.model_copy(update={"id": f"f-{n:012}", "members": finding.members[2 * n : 2 * n + 2]}) for n in (0, 1)
    ]
    judged = replace(kb, verdicts=(verdict_on(kb, finding),))
    assert [s.state for s in review(judged, parts).standings] == ["reopened", "reopened"]
    again = verdict_on(kb, parts[0], at="2026-11-25T09:30:00Z")
    found = review(replace(judged, verdicts=(*judged.verdicts, again)), parts)
    assert {s.finding.id: s.state for s in found.standings} == {parts[0].id: "judged", parts[1].id: "reopened"}
    assert [fate for fate, _ in fates(found)] == [Fate.REOPENED, Fate.JUDGED]


def test_sources_as_a_whole_are_members_too(kb: KnowledgeBase) -> None:
    members = tuple(
        Member(claim="", source=source, start=None, end=None, pole=pole)
        for source, pole in (("lantern", "A"), ("orrin2014", "B"))
    )
    finding = about(kb, *CARGO).model_copy(update={"id": "f-000000000000", "members": members})
    given = verdict_on(kb, finding)
    assert [(m.claim, m.source, m.text, m.hash) for m in given.members] == [
        ("", "lantern", "", sha256_text("")),
        ("", "orrin2014", "", sha256_text("")),
    ]
    judged = replace(kb, verdicts=(given,))
    assert review(judged, [finding]).by_id[finding.id].state == "judged"
    alone = finding.model_copy(update={"id": "f-000000000001", "members": members[:1]})
    assert review(judged, [alone]).by_id[alone.id].because == "Orrin 2014 left pole B"
    renamed = members[0].model_copy(update={"source": "wheelworks"})
    other = finding.model_copy(update={"members": (renamed, members[1])})
    assert review(judged, [other]).by_id[other.id].because == "Lantern blog left pole A; Wheelworks page joined pole A"
    gone = replace(kb, verdicts=(given,), works=())
    assert fates(review(gone, []))[0][1] == "the finding is gone: orrin2014 is no longer recorded"


# Later verdicts


def test_the_latest_verdict_counts_whatever_its_line(kb: KnowledgeBase, tmp_path: Path) -> None:
    finding = about(kb, *SLICK)
    first = verdict_on(kb, finding, reason="first")
    later = verdict_on(kb, finding, Ruling.DISMISSED, reason="later", by="Bo", at="2026-11-24T09:30:01Z")
    path = tmp_path / FILE
    path.write_text(dump_verdict(later) + dump_verdict(first), "utf-8")
    found = after(kb, *load_verdicts(path, FILE))
    assert found.by_id[finding.id].verdict == later
    assert found.by_id[finding.id].history == (first, later)
    assert fates(found) == [(Fate.SUPERSEDED, "dismissed by Bo on 2026-11-24"), (Fate.JUDGED, "")]


def test_of_one_second_the_later_line_counts(kb: KnowledgeBase, tmp_path: Path) -> None:
    finding = about(kb, *SLICK)
    path = tmp_path / FILE
    for reason in ("first", "second"):
        append_verdict(path, FILE, verdict_on(kb, finding, reason=reason))
    latest = standing(kb, finding, *load_verdicts(path, FILE)).verdict
    assert latest is not None
    assert latest.reason == "second"


def test_a_withdrawn_verdict_was_never_given(kb: KnowledgeBase) -> None:
    finding = about(kb, *SLICK)
    given = [
        verdict_on(kb, finding),
        verdict_on(kb, finding, Ruling.WITHDRAWN, reason="", by="Bo", at="2026-11-25T09:30:00Z"),
        verdict_on(kb, finding, Ruling.DISMISSED, at="2026-11-26T09:30:00Z"),
    ]
    assert (standing(kb, finding, *given[:2]).state, standing(kb, finding, *given[:2]).verdict) == ("open", None)
    withdrawn = [(Fate.WITHDRAWN, "withdrawn by Bo on 2026-11-25"), (Fate.WITHDRAWN, "")]
    assert fates(after(kb, *given[:2])) == withdrawn
    assert standing(kb, finding, *given).verdict == given[2]
    assert fates(after(kb, *given)) == [*withdrawn, (Fate.JUDGED, "")]


def test_each_verdict_is_withdrawn_by_the_next_withdrawal(kb: KnowledgeBase) -> None:
    finding = about(kb, *SLICK)
    rulings = (Ruling.CONFIRMED, Ruling.WITHDRAWN, Ruling.DISMISSED, Ruling.WITHDRAWN)
    given = [verdict_on(kb, finding, r, at=f"2026-11-2{n}T09:30:00Z") for n, r in enumerate(rulings)]
    assert [why for _, why in fates(after(kb, *given))] == [
        *("withdrawn by Ann on 2026-11-21", "", "withdrawn by Ann on 2026-11-23", ""),
    ]


def test_of_several_reopened_verdicts_the_last_counts(kb: KnowledgeBase) -> None:
    finding = about(kb, *SLICK)
    old, new = verdict_on(kb, finding), verdict_on(kb, finding, Ruling.DISMISSED, at="2026-11-25T09:30:00Z")
    now = changed(kb, SLICK[1], certainty="probable")
    found = after(now, old, new)
    assert (found.by_id[finding.id].state, found.by_id[finding.id].verdict) == ("reopened", new)
    assert [fate for fate, _ in fates(found)] == [Fate.SUPERSEDED, Fate.REOPENED]


def test_what_was_withdrawn_is_not_reopened_by_a_change(kb: KnowledgeBase) -> None:
    finding = about(kb, *SLICK)
    given = verdict_on(kb, finding), verdict_on(kb, finding, Ruling.WITHDRAWN, at="2026-11-25T09:30:00Z")
    for now in (changed(kb, SLICK[1], certainty="probable"), without(kb, SLICK[1])):
        assert standing(now, about(now, SLICK[0], SLICK[2]), *given).state == "open"


def test_a_judgement_of_what_is_said_now_ends_the_reopening(kb: KnowledgeBase) -> None:
    now = changed(kb, SLICK[1], certainty="probable")
    finding = about(now, *SLICK)
    old, new = verdict_on(kb, finding), verdict_on(now, finding, Ruling.DISMISSED, at="2026-11-25T09:30:00Z")
    found = after(now, old, new)
    assert (found.by_id[finding.id].state, found.by_id[finding.id].verdict) == ("judged", new)
    assert fates(found) == [(Fate.SUPERSEDED, "dismissed by Ann on 2026-11-25"), (Fate.JUDGED, "")]
    assert standing(kb, about(kb, *SLICK), old, new).verdict == old, "what it said before was judged before"


# Verdicts without a finding


def test_a_verdict_lapses_with_its_finding(kb: KnowledgeBase) -> None:
    given = verdict_on(kb, about(kb, *CARGO))
    found = after(without(kb, CARGO[1]), given)
    assert {s.state for s in found.standings} == {"open"}
    why = "the finding is gone: “Cargo tyres take 5 bar.” (Lantern blog) is no longer recorded"
    assert fates(found) == [(Fate.LAPSED, why)]
    agreed = changed(kb, CARGO[1], value={"low": "3", "high": "3", "unit": "bar"})
    why = "the finding is gone: the typed content or scope of “Cargo tyres take 5 bar.” (Lantern blog) changed"
    assert fates(after(agreed, given)) == [(Fate.LAPSED, why)]


def test_a_lapsed_verdict_says_if_its_detector_is_off(kb: KnowledgeBase) -> None:
    given = verdict_on(kb, about(kb, *CARGO))
    off = replace(kb, policy=kb.policy.model_copy(update={"levels": {"V001": "off"}}))
    assert fates(after(off, given)) == [(Fate.LAPSED, "the finding is gone: V001 is off in the policy")]
    why = "the finding is gone: its members no longer stand against one another"
    assert fates(review(replace(kb, verdicts=(given,)), [])) == [(Fate.LAPSED, why)]


def test_of_several_lapsed_verdicts_the_last_counts(kb: KnowledgeBase) -> None:
    finding = about(kb, *CARGO)
    days = [f"2026-11-{day}T09:30:00Z" for day in (20, 21, 22)]
    given = [verdict_on(kb, finding, at=day) for day in days[:2]]
    now = without(kb, CARGO[1])
    assert fates(after(now, *given))[0] == (Fate.SUPERSEDED, "confirmed by Ann on 2026-11-21")
    assert [fate for fate, _ in fates(after(now, *given))] == [Fate.SUPERSEDED, Fate.LAPSED]
    back = judge(now, after(now, *given), finding.id[:8], Ruling.WITHDRAWN, "", "Bo", days[2])
    assert (back.finding, back.members, back.reason, back.at) == (finding.id, given[1].members, "", days[2])
    assert [fate for fate, _ in fates(after(now, *given, back))] == [Fate.WITHDRAWN] * 3
    with pytest.raises(InputError, match="is not among the findings"):
        judge(now, after(now, *given, back), finding.id, Ruling.WITHDRAWN, "", "Bo", days[2])
    with pytest.raises(InputError, match="is not among the findings"):
        judge(now, after(now, *given), finding.id, Ruling.DISMISSED, "no", "Bo", days[2])


# Rebuilding


def test_a_verdict_survives_another_order_of_files_and_claims(tmp_path: Path) -> None:
    folder = toy_copy(tmp_path)
    kb = build_folder(folder)
    finding = about(kb, *SLICK)
    append_verdict(folder / FILE, FILE, verdict_on(kb, finding))
    for path in sorted((folder / "claims").glob("*.yaml")):
        data = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - scalars stay text
        data["claims"].reverse()
        path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    again = build_folder(folder)
    assert len(again.verdicts) == 1
    assert review(again, find_all(again)).by_id[finding.id].state == "judged"


def test_a_page_scope_that_changes_reopens_what_rests_on_it(tmp_path: Path) -> None:
    folder = toy_copy(tmp_path)
    kb = build_folder(folder)
    finding = about(kb, *SLICK)
    append_verdict(folder / FILE, FILE, verdict_on(kb, finding))
    documents = folder / "documents.yaml"
    text = documents.read_text("utf-8")
    assert text.count("basis: {is: per-tyre, from: page}") == 1
    documents.write_text(text.replace("basis: {is: per-tyre", "basis: {is: per-pair"), "utf-8")
    again = build_folder(folder)
    because = review(again, find_all(again)).by_id[finding.id].because
    assert because == "the typed content or scope of “Slick tyres take 6 bar on asphalt.” (Wheelworks page) changed"


# The file


def some(number: int = 0, **given: Any) -> Verdict:
    member = JudgedMember(claim="c-1", source="lantern", pole="A", hash="0" * 64, text="Tyres “roll”.")
    fields = {
        "finding": f"f-{number:012}",
        "code": "V001",
        "question": "pressure|",
        "kind": "tension",
        "verdict": "confirmed",
        "reason": f"reason {number}",
        "by": "Ann",
        "at": "2026-11-24T09:30:00Z",
        "members": (member,),
    }
    return Verdict.model_validate(fields | given)


def test_a_line_is_the_record_in_its_order() -> None:
    line = dump_verdict(some())
    assert line.endswith("}\n")
    assert line.count("\n") == 1
    assert "“roll”" in line
    assert list(json.loads(line)) == "finding code question kind verdict reason by at members".split()
    assert list(json.loads(line)["members"][0]) == "claim source pole hash text".split()


def test_appending_and_reading_give_back_the_record(tmp_path: Path) -> None:
    path = tmp_path / FILE
    assert load_verdicts(path, FILE) == ()
    given = [some(n, at=f"2026-11-24T09:30:{n:02}Z") for n in range(3)]
    for number, verdict in enumerate(given):
        before = path.read_bytes() if number else b""
        append_verdict(path, FILE, verdict)
        assert path.read_bytes() == before + dump_verdict(verdict).encode("utf-8")
    assert load_verdicts(path, FILE) == tuple(given)
    path.write_bytes(b"")
    assert load_verdicts(path, FILE) == ()


def test_invisible_characters_of_a_claim_do_not_spoil_the_file(tmp_path: Path) -> None:
    member = JudgedMember(claim="c-1", source="lantern", pole="A", hash="0" * 64, text="a\nb\x85c\u2028d\x1b\ud7ffe")
    append_verdict(tmp_path / FILE, FILE, some(members=(member,)))
    append_verdict(tmp_path / FILE, FILE, some(1))
    assert load_verdicts(tmp_path / FILE, FILE)[0].members == (member,)


def test_a_faulty_file_is_not_appended_to(tmp_path: Path) -> None:
    path = tmp_path / FILE
    append_verdict(path, FILE, some())
    for spoilt in (path.read_bytes() + b"{}\n", path.read_bytes()[:-1], path.read_bytes() * 2 + b"\n"):
        path.write_bytes(spoilt)
        with pytest.raises(InputError):
            append_verdict(path, FILE, some(1))
        assert path.read_bytes() == spoilt
        path.write_bytes(dump_verdict(some()).encode("utf-8"))
    append_verdict(path, FILE, some(1))
    assert len(load_verdicts(path, FILE)) == 2


def test_what_cannot_be_made_durable_is_cut_off_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / FILE
    append_verdict(path, FILE, some())
    before = path.read_bytes()

    def full(target: int) -> None:
        assert os.fstat(target).st_size > len(before), "it is flushed after it is written"
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(verdicts.os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            append_verdict(path, FILE, some(1))
    assert path.read_bytes() == before
    append_verdict(path, FILE, some(1))
    assert len(load_verdicts(path, FILE)) == 2


def test_a_write_that_takes_only_a_part_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(verdicts.os, "write", lambda target, data: write(target, data[:100]))
    append_verdict(tmp_path / FILE, FILE, some())
    assert load_verdicts(tmp_path / FILE, FILE) == (some(),)


def append_many(path: Path, first: int, count: int) -> None:
    for number in range(first, first + count):
        append_verdict(path, FILE, some(number))


def test_processes_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    context = get_context("spawn")
    jobs = [context.Process(target=append_many, args=(tmp_path / FILE, 100 * n, 25)) for n in range(4)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(120)
    assert [job.exitcode for job in jobs] == [0] * 4
    wanted = sorted(f"f-{100 * n + k:012}" for n in range(4) for k in range(25))
    assert sorted(verdict.finding for verdict in load_verdicts(tmp_path / FILE, FILE)) == wanted


def lines_when(path: Path, ready: Callable[[int], bool]) -> Iterator[int]:
    for _ in range(1200):
        count = path.read_bytes().count(b"\n") if path.exists() else 0
        if ready(count):
            yield count
            return
        time.sleep(0.05)
    raise TimeoutError(path)


def test_a_killed_process_leaves_a_file_that_is_read_or_reported(tmp_path: Path) -> None:
    path = tmp_path / FILE
    job = get_context("spawn").Process(target=append_many, args=(path, 0, 10**6))
    job.start()
    written = next(lines_when(path, lambda count: count > 20))
    job.kill()
    job.join(60)
    assert job.exitcode == -9
    data = path.read_bytes()
    if data.endswith(b"\n"):
        assert len(load_verdicts(path, FILE)) == data.count(b"\n") >= written
        append_verdict(path, FILE, some(10**7))
        assert load_verdicts(path, FILE)[-1] == some(10**7), "the lock went with the process"
    else:
        last = data.count(b"\n") + 1
        with pytest.raises(InputError, match=f"{FILE}:{last}: has no line end"):
            load_verdicts(path, FILE)


def write_half_and_die(path: Path) -> None:
    write = os.write

    def torn(target: int, data: bytes) -> int:
        write(target, data[: data.index("“".encode()) + 1])  # in the middle of a character
        os.kill(os.getpid(), 9)
        return 0

    verdicts.os.write = torn  # type: ignore[assignment]
    append_verdict(path, FILE, some(1))


def test_a_torn_line_is_reported_and_never_joined(tmp_path: Path) -> None:
    path = tmp_path / FILE
    append_verdict(path, FILE, some())
    job = get_context("spawn").Process(target=write_half_and_die, args=(path,))
    job.start()
    job.join(60)
    assert job.exitcode == -9
    torn = path.read_bytes()
    for attempt in (lambda: load_verdicts(path, FILE), lambda: append_verdict(path, FILE, some(2))):
        with pytest.raises(InputError) as raised:
            attempt()
        assert [(p.line, p.message) for p in raised.value.problems] == [
            (2, "has no line end: the writing of this line was cut short")
        ]
        assert "delete this last line" in raised.value.problems[0].remedy
    assert path.read_bytes() == torn
    path.write_bytes(torn[: torn.index(b"\n") + 1])
    append_verdict(path, FILE, some(2))
    assert load_verdicts(path, FILE) == (some(), some(2))


def hold(path: Path, held: Any, done: Any) -> None:
    with FileLock(path):
        held.set()
        done.wait(60)


def test_a_writer_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = get_context("spawn")
    held, done = context.Event(), context.Event()
    job = context.Process(target=hold, args=(tmp_path / f"{FILE}.lock", held, done))
    job.start()
    assert held.wait(60)
    monkeypatch.setattr(verdicts, "WAIT_SECONDS", 0.2)
    with pytest.raises(InputError, match=r"is being written by another process \(waited 0.2 s\)"):
        append_verdict(tmp_path / FILE, FILE, some())
    assert not (tmp_path / FILE).exists()
    done.set()
    job.join(60)


def test_the_lock_file_is_not_version_controlled() -> None:
    assert f"{FILE}.lock" in (ROOT / ".gitignore").read_text("utf-8").split("\n")


# The command line


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("KB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("USER", "ann")
    return toy_copy(tmp_path)


Run = Callable[..., tuple[str, str]]


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


def row(run: Run, finding: Finding, *arguments: str) -> dict[str, Any]:
    rows = [json.loads(line) for line in run("findings", "--format", "jsonl", *arguments)[0].splitlines()]
    return next(row for row in rows if row["id"] == finding.id)


def test_a_verdict_is_recorded_and_shown_everywhere(kb: KnowledgeBase, folder: Path, run: Run) -> None:
    finding = about(kb, *SLICK)
    assert row(run, finding)["state"] == "open"
    out, error = run("verdict", finding.id[:6], "confirmed", "--reason", " measured with two gauges ")
    assert (out, error) == (f"{finding.id} V001 confirmed by ann: measured with two gauges\n", "")
    (kept,) = load_verdicts(folder / FILE, FILE)
    assert kept == verdict_on(kb, finding, reason="measured with two gauges", by="ann", at=kept.at)
    found = row(run, finding)
    names = "state verdict judged_by judged_at verdict_reason reopened_because waived".split()
    assert list(found)[-7:] == names
    assert [found[name] for name in names] == [
        *("judged", "confirmed", "ann", kept.at, "measured with two gauges", None, None)
    ]
    assert f"Not all of them agree. (judged confirmed by ann) [V001 {finding.id}]" in run("audit")[0]
    explained = run("explain", finding.id[:7])[0]
    assert "\nStands: judged (judged confirmed by ann)\n" in explained
    assert f"\n  {kept.at}  confirmed by ann: measured with two gauges\n" in explained


def test_reopened_findings_say_why(kb: KnowledgeBase, folder: Path, run: Run) -> None:
    finding = about(kb, *SLICK)
    run("verdict", finding.id, "dismissed", "--reason", "rounding")
    file = folder / "claims" / "lantern.yaml"
    file.write_text(file.read_text("utf-8").replace("87 psi on asphalt.", "87 psi, on asphalt."), "utf-8")
    because = "“Slick tyres take 87 psi on asphalt.” (Lantern blog) now reads “Slick tyres take 87 psi, on asphalt.”"
    found = row(run, finding)
    assert (found["state"], found["verdict"], found["reopened_because"]) == ("reopened", "dismissed", because)
    assert f"(judged dismissed by ann) (reopened: {because}) [V001 {finding.id}]" in run("audit")[0]
    assert json.loads(run("verdicts", "--format", "jsonl")[0])["why"] == because
    run("findings", "--state", "reopened", "--fail-on", "discrepancy", status=1)


def test_settled_findings_stand_in_a_part_of_their_own(kb: KnowledgeBase, folder: Path, run: Run) -> None:
    levels = ", ".join(f"{rule.CODE}: off" for rule in RULES if rule.CODE not in ("V001", "V002"))
    (folder / "policy.yaml").write_text(f"bibliography: references.bib\nlevels: {{{levels}}}\n", "utf-8")
    dismissed, explained, confirmed = about(kb, *SLICK), about(kb, *CARGO), about(kb, *KNOBBLY)
    assert "Judged" not in run("audit")[0]
    before = run("audit")[0]
    assert "≠ Discrepancies: different figures for the same thing (2)" in before
    run("verdict", dismissed.id, "dismissed", "--reason", "rounding")
    run("verdict", explained.id, "explained", "--reason", "other loads")
    run("verdict", confirmed.id, "confirmed", "--reason", "so it is")
    text = run("audit")[0]
    assert "≠ Discrepancies: different figures for the same thing (1)" in text
    assert "? Possible" not in text
    part = text.partition("✓ Judged: looked at and found explained, or to be no finding (2)\n\n")[2].partition("\n\n")[
        0
    ]
    ends = [line.partition(" (judged ")[2] for line in part.splitlines()]
    assert sorted(ends) == sorted(
        [
            f"dismissed by ann: rounding) [V001 {dismissed.id}]",
            f"explained by ann: other loads) [V001 {explained.id}]",
        ]
    )
    total = int(before.partition(" findings: ")[0].rpartition(" ")[2])
    assert f" {total - 2} findings: " in text
    assert text.count("… 1 more: kb findings --state judged") == 0
    assert run("audit", "--limit", "1")[0].count("… 1 more: kb findings --state judged") == 1


KNOBBLY = (
    "wheelworks: Knobbly tyres take 2 to 3 bar on gravel.",
    "lantern: Knobbly tyres take 2.5 to 3.5 bar on gravel.",
)


def test_findings_are_chosen_by_state(kb: KnowledgeBase, folder: Path, run: Run) -> None:
    run("verdict", about(kb, *SLICK).id, "confirmed", "--reason", "so it is")
    run("verdict", about(kb, *CARGO).id, "confirmed", "--reason", "so it is")
    file = folder / "claims" / "lantern.yaml"
    file.write_text(file.read_text("utf-8").replace("Cargo tyres take 5 bar.", "Cargo tyres take five bar."), "utf-8")

    def ids(*arguments: str) -> list[str]:
        return [json.loads(line)["id"] for line in run("findings", "--format", "jsonl", *arguments)[0].splitlines()]

    assert ids("--state", "judged") == [about(kb, *SLICK).id]
    assert ids("--state", "reopened") == [about(kb, *CARGO).id]
    assert len(ids("--state", "open")) == len(ids()) - 2
    run("findings", "--state", "shut", status=2)
    table = run("findings", "--state", "judged")[0]
    assert " state " in table.splitlines()[0]
    assert " judged " in table


def test_every_list_format_speaks_of_verdicts(kb: KnowledgeBase, tmp_path: Path, run: Run) -> None:
    assert "0 verdicts" in run("verdicts")[0]
    finding = about(kb, *SLICK)
    run("verdict", finding.id, "confirmed", "--reason", "so it is")
    run("verdict", finding.id, "withdrawn")
    rows = [json.loads(line) for line in run("verdicts", "--format", "jsonl")[0].splitlines()]
    names = "finding code question kind verdict reason by at members state why".split()
    assert [list(row) for row in rows] == [names, names]
    assert [row["state"] for row in rows] == ["withdrawn", "withdrawn"]
    assert rows[0]["why"].startswith("withdrawn by ann on ")
    table = run("verdicts")[0]
    assert "2 verdicts" in table
    assert "so it is" in table
    assert len(list(csv.DictReader(io.StringIO(run("verdicts", "--format", "csv")[0])))) == 2
    run("verdicts", "--format", "parquet", "--out", str(tmp_path / "v.parquet"))
    assert pq.read_table(tmp_path / "v.parquet").column_names == names


def test_who_judges_is_named(kb: KnowledgeBase, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ("verdict", about(kb, *SLICK).id, "dismissed", "--reason", "no")
    assert " by ann: " in run(*said)[0]
    monkeypatch.setenv("KB_USER", "Ann Lee")
    assert " by Ann Lee: " in run(*said)[0]
    assert " by Bo: " in run(*said, "--by", "Bo")[0]
    for name in ("", " "):
        monkeypatch.setenv("KB_USER", name)
        monkeypatch.setenv("USER", name)
        assert "--by: nobody is named" in run(*said, status=2)[1]


@pytest.mark.parametrize(
    ("name", "ruling", "options", "says"),
    [
        ("f-", "dismissed", ["--reason", "no"], "f-: begins "),
        ("", "dismissed", ["--reason", "no"], "is not among the findings"),
        ("f", "dismissed", ["--reason", "no"], "is not among the findings"),
        ("f-x", "dismissed", ["--reason", "no"], "f-x: is not among the findings"),
        ("SLICK", "dismissed", [], "--reason: a verdict of dismissed needs a reason → say why: --reason TEXT"),
        ("SLICK", "confirmed", ["--reason", " "], "--reason: a verdict of confirmed needs a reason"),
        ("SLICK", "explained", ["--reason", "a\nb"], "--reason: holds a line end or a control character"),
        ("SLICK", "explained", ["--reason", "a\x1bb"], "--reason: holds a line end or a control character"),
        ("SLICK", "explained", ["--reason", "a\udcffb"], "--reason: Input should be a valid string"),
        ("SLICK", "explained", ["--reason", "a" * 2001], "--reason: String should have at most 2000"),
        ("SLICK", "explained", ["--reason", "a", "--by", "a\tb"], "--by: holds a line end"),
        ("SLICK", "explained", ["--reason", "a", "--by", "b" * 201], "--by: String should have at most 200"),
        ("SLICK", "withdrawn", [], "has no verdict to withdraw"),
        ("SLICK", "refuted", ["--reason", "no"], "refuted"),
    ],
)
def test_what_cannot_be_judged(
    kb: KnowledgeBase, folder: Path, run: Run, name: str, ruling: str, options: list[str], says: str
) -> None:
    named = about(kb, *SLICK).id if name == "SLICK" else name
    out, error = run("verdict", named, ruling, *options, status=2)
    assert out == ""
    assert says in error
    assert not (folder / FILE).exists()


def test_a_broken_file_stops_every_command(kb: KnowledgeBase, folder: Path, run: Run) -> None:
    (folder / FILE).write_text("{}", "utf-8")
    for arguments in (["check"], ["findings"], ["verdict", about(kb, *SLICK).id, "dismissed", "--reason", "no"]):
        assert "error: verdicts.jsonl:1: has no line end" in run(*arguments, status=2)[1]
    assert (folder / FILE).read_text("utf-8") == "{}"


def test_nothing_that_people_write_acts_on_a_terminal(kb: KnowledgeBase, run: Run) -> None:
    finding = about(kb, *SLICK)
    for arguments in (
        ["verdict", finding.id, "dismissed", "--reason", "a\u202eb", "--by", "x\u202ey"],
        ["audit"],
        ["verdicts"],
        ["findings"],
        ["explain", finding.id],
    ):
        assert "\u202e" not in run(*arguments)[0]


def test_the_installed_command_records_too(folder: Path, kb: KnowledgeBase) -> None:
    command = [sys.executable, "-m", "kb.cli", "--data", str(folder), "verdict", about(kb, *SLICK).id, "dismissed"]
    environment = {"PATH": "/usr/bin:/bin", "KB_USER": "Cy"}
    done = subprocess.run(
        [*command, "--reason", "no"], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert done.stdout.endswith(" V001 dismissed by Cy: no\n")
