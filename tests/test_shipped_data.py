"""The shipped knowledge base: complete, canonical, verified against the pages, and found consistent by rule."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.checking import capture_problems, check_sources, unformatted
from kb.citations import citation_rows
from kb.errors import InputError
from kb.model import Appeal, Finding, FindingKind, Role

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "ketamine"
PAGES = ROOT.parent / "shared" / "documents"
needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason="the pages' text belongs to its publishers and is not here")

NO_FACT = {  # numbers in the pages that state no fact, by document and what stands around them
    "page-001": (r"Table \d",),
    "page-002": (r"May 20", r"\d min read"),
    "page-003": (r"^ {2}\d+\. .*$",),
    "page-004": (r"^ {2}\d+\. .*$", r"\[\d+\]"),
}


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return build(DATA, [PAGES] if PAGES.is_dir() else [])


@pytest.fixture(scope="module")
def findings(shipped: KnowledgeBase) -> tuple[Finding, ...]:
    return find_all(shipped)


def test_claims_are_many_and_of_every_kind(shipped: KnowledgeBase) -> None:
    located = [claim for claim in shipped.claims if claim.role is Role.CLAIM]
    assert len(located) >= 600
    assert all(claim.locator for claim in located)
    assert {claim.source for claim in located} == {document.id for document in shipped.documents}
    assert len({claim.kind for claim in located}) == 3


def test_spans_are_tight(shipped: KnowledgeBase) -> None:
    lengths = [c.locator.end - c.locator.start for c in shipped.claims if c.locator]
    assert sum(length > 300 for length in lengths) * 50 <= len(lengths)


def test_claim_files_are_in_canonical_form(shipped: KnowledgeBase) -> None:
    assert unformatted(shipped) == []


def test_evidence_says_how_far_it_was_checked(shipped: KnowledgeBase) -> None:
    states = Counter(claim.checked.value for claim in shipped.claims if claim.role is Role.EVIDENCE)
    assert set(states) == {"verified", "inferred", "unverified"}
    assert all(claim.checked == "read_twice" for claim in shipped.claims if claim.role is Role.CLAIM)


@needs_pages
def test_every_locator_holds(shipped: KnowledgeBase) -> None:
    assert set(shipped.texts) == {document.id for document in shipped.documents}
    assert check_sources(shipped, [PAGES]) == []


@needs_pages
def test_every_number_that_states_a_fact_is_inside_a_locator(shipped: KnowledgeBase) -> None:
    missed = []
    for document in shipped.documents:
        text = shipped.texts[document.id]
        covered = {i for c in shipped.claims if c.source == document.id and c.locator for i in _span(c.locator)}
        for pattern in NO_FACT.get(document.id, ()):
            for match in re.finditer(pattern, text, re.MULTILINE):
                covered.update(range(*match.span()))
        for match in re.finditer(r"\d[\d,.]*\d|\d", text):
            if not covered.issuperset(range(*match.span())):
                missed.append((document.id, match.start(), text[match.start() - 20 : match.end() + 20]))
    assert missed == []


def _span(at: object) -> range:
    return range(at.start, at.end)  # type: ignore[attr-defined]


@needs_pages
def test_one_changed_character_fails_loudly(shipped: KnowledgeBase, tmp_path: Path) -> None:
    changed = shipped.texts["page-002"].replace("0.5–1.0 mg/kg", "0.5–1.5 mg/kg", 1)
    assert changed != shipped.texts["page-002"]
    (tmp_path / "page.txt").write_text(changed, "utf-8")
    kb = build(DATA, [tmp_path])
    report = [str(p) for p in check_sources(kb, [tmp_path])]
    assert any("page-002" in line and "another version" in line and "quotes stand" in line for line in report)


@needs_pages
def test_a_wrong_quote_hash_is_named(shipped: KnowledgeBase, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(DATA, tmp_path / "ketamine")
    shutil.copy(ROOT / "references.bib", tmp_path / "references.bib")
    policy = tmp_path / "ketamine" / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("../../references.bib", "../references.bib"), "utf-8")
    file = tmp_path / "ketamine" / "claims" / "page-000.yaml"
    lines = file.read_text("utf-8").split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("  at:"))
    start, end = re.findall(r"\d+", lines[at])
    lines[at] = f"  at: {int(start) + 1}-{int(end) + 1}"
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(InputError, match="is not what was quoted"):
        build(tmp_path / "ketamine", [PAGES])


def test_the_three_states_of_citations(shipped: KnowledgeBase) -> None:
    by_id = {document.id: document for document in shipped.documents}
    listed = by_id["page-003"].listed
    assert (len(listed), len(set(listed))) == (17, 15)
    assert by_id["page-003"].references == "list without markers"
    assert by_id["page-004"].references == "markers without list"
    assert by_id["page-004"].listed == ()
    assert all(by_id[f"page-00{n}"].references == "none" for n in range(3))
    rows = citation_rows(shipped.documents, shipped.claims)
    markers = {row.marker for row in rows if row.source == "page-004" and row.marker}
    assert markers == {f"[{n}]" for n in range(1, 12)}
    unresolved = {row.marker for row in rows if row.state == "unresolved"}
    assert unresolved == {"[4]", "[5]", "[7]", "[9]", "[11]"}
    assert all(row.confidence < 1 for row in rows if row.state == "ours")


@needs_pages
def test_references_and_damage_are_what_the_pages_show(shipped: KnowledgeBase) -> None:
    assert capture_problems(shipped) == []
    by_id = {document.id: document for document in shipped.documents}
    assert len(by_id["page-000"].damage) == 10
    wrong = replace(shipped, documents=(by_id["page-003"].model_copy(update={"references": "none", "damage": ()}),))
    assert [str(p).partition(": page-003: ")[2].partition(":")[0] for p in capture_problems(wrong)] == [
        "references",
        "damage",
    ]


def test_the_two_known_conflicts(shipped: KnowledgeBase, findings: tuple[Finding, ...]) -> None:
    efficacy = _between(findings, "efficacy", {"page-003", "page-004"}, FindingKind.TENSION)
    onset = _between(findings, "onset-of-action", {"page-002", "page-004"}, FindingKind.TENSION)
    assert [f.severity for f in efficacy + onset] == [3, 3]
    assert _between(findings, "efficacy", {"page-003", "molero2018"}, FindingKind.CONTRADICTION)
    assert _between(findings, "onset-of-action", {"page-002", "ketalarlabel"}, FindingKind.CONTRADICTION)


def _between(findings: tuple[Finding, ...], name: str, sources: set[str], kind: FindingKind) -> list[Finding]:
    """Return the findings of a kind on a property in which the named sources stand on different poles."""
    return [
        finding
        for finding in findings
        if finding.property == name
        and finding.kind is kind
        and len({m.pole for m in finding.members if m.source in sources}) > 1
        and sources <= {m.source for m in finding.members}
    ]


def test_explained_names_a_dimension_and_no_contradiction_does(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        assert bool(finding.explained_by) == (finding.kind is FindingKind.EXPLAINED)
        assert bool(finding.unknown) == (finding.kind is FindingKind.POSSIBLE)
        assert finding.kind is FindingKind.FAULT or len({member.pole for member in finding.members}) >= 2
        assert finding.sentence.endswith(".")
    assert any(f.explained_by == ("indication",) for f in findings)
    assert any(f.explained_by == ("molecule",) for f in findings)


def test_findings_do_not_depend_on_order(shipped: KnowledgeBase, findings: tuple[Finding, ...]) -> None:
    turned = replace(shipped, claims=tuple(reversed(shipped.claims)), documents=tuple(reversed(shipped.documents)))
    assert find_all(turned) == findings


def test_nothing_in_the_code_knows_the_domain(shipped: KnowledgeBase) -> None:
    works = [re.escape(work.key) for work in shipped.works]
    cited = [re.escape(name) for w in shipped.works if re.search(r"\d", name := shipped.names[w.key])]
    substances = [c.label for c in shipped.domain.concepts.values() if c.scheme in ("molecule", "treatment")]
    substances = [label for label in substances if label not in set(Appeal)]  # a guideline is any field's
    names = re.compile(
        "|".join((r"\bketamine", r"\bspravato", *works, *cited, *(rf"\b{re.escape(s)}\b" for s in substances))), re.I
    )
    for path in sorted((ROOT / "kb").rglob("*")):
        if path.suffix in (".py", ".ttl", ".yaml", ".md"):
            found = names.search(path.read_text("utf-8"))
            assert not found, f"{path.name} names {found}"
