"""A domain unlike the shipped one (bicycle tyres) builds, and its findings are exactly those planted in it."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from kb.audit import find_all
from kb.build import KnowledgeBase
from kb.errors import InputError
from kb.ids import sha256_text
from kb.model import Claim, Finding, FindingKind, Role, State

from building import TOY, build_folder, called, changed, rename_documents, scoped, toy_copy

DOCUMENTS = ("lantern", "mosshill", "wheelworks")
NAMES = {"wheelworks": "a-shop", "lantern": "z-blog", "mosshill": "m-club"}


class Seen(NamedTuple):
    """What of a finding does not depend on ids: code, kind, dimensions, one source or several, and the poles."""

    code: str
    kind: str
    dimensions: tuple[str, ...]
    same_source: bool
    poles: frozenset[frozenset[str]]


def planted(code: str, kind: str, *poles: str | tuple[str, ...], by: str = "", same_source: bool = False) -> Seen:
    sides = frozenset(frozenset((pole,) if isinstance(pole, str) else pole) for pole in poles)
    return Seen(code, kind, (by,) if by else (), same_source, sides)


EXPECTED = (
    planted(
        "V001",
        "contradiction",
        (
            "wheelworks: Tubeless tyres were first sold in 1999.",
            "venn2003: Tubeless tyres were first sold in 1999.",
        ),
        "mosshill: Tubeless tyres were first sold in 2006.",
    ),
    planted(
        "V001",
        "contradiction",
        "lantern: Slick tyres of silica compound last 3,000 km.",
        "mosshill: Slick tyres of silica compound last 8,000 km.",
        "wheelworks: Slick tyres of silica compound last 5,000 miles.",
    ),
    planted(
        "V001",
        "contradiction",
        "lantern: Tyres are checked once a week.",
        "lantern: Tyres are checked every fourteen days.",
        same_source=True,
    ),
    planted(
        "V001",
        "discrepancy",
        "wheelworks: Slick tyres take 6 bar on asphalt.",
        "lantern: Slick tyres take 87 psi on asphalt.",
        "mosshill: Slick tyres take 7.2 bar on asphalt.",
    ),
    planted(
        "V002",
        "discrepancy",
        "wheelworks: Knobbly tyres take 2 to 3 bar on gravel.",
        "lantern: Knobbly tyres take 2.5 to 3.5 bar on gravel.",
    ),
    planted(
        "C001",
        "contradiction",
        "wheelworks: Studded tyres grip better on ice than knobbly ones.",
        "lantern: Knobbly tyres grip better on ice than studded ones.",
    ),
    planted(
        "C002",
        "contradiction",
        "lantern: Solid tyres have less rolling resistance than slick ones.",
        "orrin2014: Solid tyres lost 34 W on the drum.",
        "orrin2014: Slick tyres lost 18 W on the drum.",
        "orrin2014: Slick tyres lost 22 W in the second run.",
    ),
    planted(
        "C003",
        "tension",
        (
            "wheelworks: Knobbly tyres have more rolling resistance than slick ones.",
            "mosshill: Slick tyres have less rolling resistance than knobbly ones.",
        ),
        "lantern: Knobbly tyres roll lightly.",
    ),
    planted(
        "S001",
        "contradiction",
        "wheelworks: Tubeless tyres suit commuting.",
        "mosshill: Tubeless tyres do not suit commuting.",
    ),
    planted(
        "S001",
        "tension",
        ("lantern: Sealant may damage the rim.", "mosshill: Sealant may damage the rim."),
        "wheelworks: Sealant does not damage the rim.",
    ),
    planted(
        "S001",
        "tension",
        "lantern: Solid tyres get no punctures of any kind.",
        "mosshill: Solid tyres get sidewall cuts.",
    ),
    planted(
        "S002",
        "contradiction",
        "wheelworks: Sealant softens the casing.",
        "mosshill: Sealant hardens the casing.",
    ),
    planted(
        "L001",
        "fault",
        "lantern: Solid tyres get no punctures of any kind.",
        same_source=True,
    ),
    planted(
        "V001",
        "possible",
        "wheelworks: Cargo tyres take 3 bar on asphalt.",
        "lantern: Cargo tyres take 5 bar.",
        by="surface",
    ),
    planted(
        "V001",
        "explained",
        "wheelworks: Studded tyres take 2.5 bar on ice.",
        "mosshill: Studded tyres take 4 bar on asphalt.",
        by="surface",
    ),
    planted(
        "V001",
        "explained",
        "wheelworks: One slick tyre costs 40 euros.",
        "mosshill: Two slick tyres cost 80 euros.",
        by="basis",
    ),
    planted(
        "S001",
        "explained",
        "wheelworks: Butyl tubes suit touring.",
        "lantern: Latex tubes do not suit touring.",
        by="material",
    ),
    planted(
        "S001",
        "explained",
        "lantern: Slick tyres suit touring in summer.",
        "mosshill: Slick tyres do not suit touring in winter.",
        by="season",
    ),
)


class NearMiss(NamedTuple):
    """Two claims that no finding opposes, and the small change of the first one after which one does."""

    why: str
    first: str
    second: str
    change: Mapping[str, Any]


NEAR_MISSES = (
    NearMiss(
        "the same pressure in another unit",
        "mosshill: Knobbly tyres take 37 psi on gravel.",
        "wheelworks: Knobbly tyres take 2 to 3 bar on gravel.",
        {"value": {"low": "60", "high": "60", "unit": "psi"}},
    ),
    NearMiss(
        "a page that repeats what its study found",
        "mosshill: Of tubed tyres, 41 % had a puncture within 1,000 km.",
        "tallis2019: Within 1,000 km, 41 % of tubed tyres had a puncture.",
        {"value": {"low": "60", "high": "60", "unit": "%"}},
    ),
    NearMiss(
        "another subject",
        "mosshill: One solid tyre costs 30 euros.",
        "wheelworks: One slick tyre costs 40 euros.",
        {"subject": "slick-tyre"},
    ),
    NearMiss(
        "an outcome that lies within the other",
        "mosshill: Of tubed tyres, 9 % were ruined within 1,000 km.",
        "tallis2019: Within 1,000 km, 41 % of tubed tyres had a puncture.",
        {"property": "puncture-share"},
    ),
    NearMiss(
        "a narrow denial beside a broad affirmation",
        "wheelworks: Tubeless tyres do not get pinch punctures.",
        "mosshill: Tubeless tyres get punctures.",
        {"object": "puncture"},
    ),
    NearMiss(
        "a value that is only imagined",
        "lantern: A solid tyre at 5 euros is imagined.",
        "mosshill: One solid tyre costs 30 euros.",
        {"attribution": "author"},
    ),
    NearMiss(
        "an opinion of others that the same author rejects",
        "lantern: Solid tyres are said to suit racing.",
        "lantern: Solid tyres do not suit racing.",
        {"attribution": "author"},
    ),
    NearMiss(
        "results of two studies on what varies",
        "orrin2014: Cargo tyres lasted 9,000 km.",
        "tallis2019: Cargo tyres lasted 4,000 km.",
        {"source": "wheelworks", "role": Role.CLAIM},
    ),
    NearMiss(
        "a ranking that measured values bear out, on a scale that runs the other way",
        "wheelworks: A tubeless tyre resists punctures better than a tubed one.",
        "tallis2019: Within 1,000 km, 12 % of tubeless tyres had a puncture.",
        {"relation": "less"},
    ),
    NearMiss(
        "one ranking told from either side",
        "mosshill: Slick tyres have less rolling resistance than knobbly ones.",
        "wheelworks: Knobbly tyres have more rolling resistance than slick ones.",
        {"relation": "greater"},
    ),
)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return build_folder(TOY)


def poles(kb: KnowledgeBase, finding: Finding, name: Callable[[Claim], str] = called) -> frozenset[frozenset[str]]:
    claims = {claim.id: claim for claim in kb.claims}
    letters = {member.pole for member in finding.members}
    return frozenset(
        frozenset(name(claims[member.claim]) for member in finding.members if member.pole == letter)
        for letter in letters
    )


def seen(kb: KnowledgeBase, name: Callable[[Claim], str] = called) -> Counter[Seen]:
    return Counter(
        Seen(f.code, f.kind.value, f.explained_by or f.unknown, f.same_source, poles(kb, f, name)) for f in find_all(kb)
    )


def shown(found: Iterable[Seen]) -> str:
    return "\n".join(sorted(f"{s.code} {s.kind} {s.dimensions} {sorted(map(sorted, s.poles))}" for s in found))


def between(kb: KnowledgeBase, first: str, second: str) -> list[Finding]:
    """Return the findings in which two claims stand on different poles."""
    found = []
    for finding in find_all(kb):
        at = {side: pole for pole in poles(kb, finding) for side in pole}
        if first in at and second in at and at[first] != at[second]:
            found.append(finding)
    return found


def test_exactly_the_planted_findings_come_out(kb: KnowledgeBase) -> None:
    found, expected = seen(kb), Counter(EXPECTED)
    assert not expected - found, "missing:\n" + shown(expected - found)
    assert not found - expected, "unexpected:\n" + shown(found - expected)


def test_every_kind_of_finding_is_planted() -> None:
    assert {item.kind for item in EXPECTED} == {kind.value for kind in FindingKind}
    explained = {item.dimensions for item in EXPECTED if item.kind == FindingKind.EXPLAINED}
    assert {("basis",), ("material",), ("season",), ("surface",)} == explained


def test_severity_comes_from_the_stakes_of_the_property(kb: KnowledgeBase) -> None:
    by_property = {finding.property: finding.severity for finding in find_all(kb)}
    assert (by_property["pressure"], by_property["suits"], by_property["first-sold"]) == (3, 2, 1)


def test_findings_name_the_axiom_they_rest_on(kb: KnowledgeBase) -> None:
    rests = {finding.code: finding.rests_on for finding in find_all(kb) if finding.rests_on}
    assert rests == {"S002": ("soft-hard",), "C003": ("light-rolling",)}


@pytest.mark.parametrize("miss", NEAR_MISSES, ids=lambda miss: miss.why)
def test_near_misses_are_not_flagged_until_they_clash(kb: KnowledgeBase, miss: NearMiss) -> None:
    assert between(kb, miss.first, miss.second) == []
    spoiled = changed(kb, miss.first, **miss.change)
    text = miss.first.partition(": ")[2]
    assert between(spoiled, f"{miss.change.get('source', miss.first.partition(': ')[0])}: {text}", miss.second)


def test_what_is_not_compared_is_not_flagged_until_it_is(tmp_path: Path) -> None:
    pair = "wheelworks: The tyres tested weighed 410 g.", "lantern: The tyres of the author weigh 520 g."
    folder = toy_copy(tmp_path)
    assert between(build_folder(folder), *pair) == []
    vocabulary = folder / "vocabulary.ttl"
    vocabulary.write_text(vocabulary.read_text("utf-8").replace("kb:compared false", "kb:compared true"), "utf-8")
    assert between(build_folder(folder), *pair)


def test_every_locator_holds_against_the_sources(kb: KnowledgeBase) -> None:
    assert set(kb.texts) == set(DOCUMENTS)
    located = [claim for claim in kb.claims if claim.role is Role.CLAIM]
    assert len(located) >= 30
    for claim in located:
        assert claim.locator is not None
        quote = kb.texts[claim.source][claim.locator.start : claim.locator.end]
        assert sha256_text(quote) == claim.locator.quote_sha256, called(claim)
        assert set(re.findall(r"\d[\d.,]*\d|\d", claim.text)) <= set(re.findall(r"\d[\d.,]*\d|\d", quote)) | {"1,000"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_locator_that_slips_by_one_is_refused(tmp_path: Path, name: str) -> None:
    folder = toy_copy(tmp_path)
    path = folder / "claims" / f"{name}.yaml"
    text = path.read_text("utf-8")
    start, end = (int(number) for number in re.search(r"at: (\d+)-(\d+)", text).groups())  # type: ignore[union-attr]
    path.write_text(text.replace(f"at: {start}-{end}", f"at: {start + 1}-{end + 1}", 1), "utf-8")
    with pytest.raises(InputError, match="is not what was quoted"):
        build_folder(folder)


def test_order_of_claims_in_memory_changes_nothing(kb: KnowledgeBase) -> None:
    orders = [list(reversed(kb.claims))]
    orders += [random.Random(seed).sample(kb.claims, len(kb.claims)) for seed in range(20)]  # noqa: S311 - only an order
    for claims in orders:
        assert find_all(replace(kb, claims=tuple(claims))) == find_all(kb)


def test_order_within_the_files_changes_nothing(kb: KnowledgeBase, tmp_path: Path) -> None:
    folder = toy_copy(tmp_path)
    for path in (*sorted((folder / "claims").glob("*.yaml")), folder / "documents.yaml"):
        data = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - scalars stay text
        for entries in data.values():
            if isinstance(entries, list):
                entries.reverse()
        path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    bibliography = folder / "references.bib"
    entries = bibliography.read_text("utf-8").strip().split("\n\n")
    bibliography.write_text("\n\n".join(reversed(entries)) + "\n", "utf-8")
    shuffled = build_folder(folder)
    assert shuffled.claims == kb.claims
    assert find_all(shuffled) == find_all(kb)


def test_renaming_documents_changes_only_names(kb: KnowledgeBase, tmp_path: Path) -> None:
    folder = toy_copy(tmp_path)
    rename_documents(folder, NAMES)
    renamed = build_folder(folder)
    assert sorted(renamed.texts) == sorted(NAMES.values())
    assert not {claim.id for claim in renamed.claims if claim.role is Role.CLAIM} & {c.id for c in kb.claims}

    def new_name(claim: Claim) -> str:
        return f"{NAMES.get(claim.source, claim.source)}: {claim.text}"

    assert seen(renamed) == seen(kb, new_name)


def test_the_unknown_dimension_once_settled_makes_the_stronger_kind(kb: KnowledgeBase) -> None:
    pair = "wheelworks: Cargo tyres take 3 bar on asphalt.", "lantern: Cargo tyres take 5 bar."
    assert [finding.kind for finding in between(kb, *pair)] == [FindingKind.POSSIBLE]
    settled = changed(kb, pair[1], scope=scoped(surface="asphalt"))
    assert [finding.kind for finding in between(settled, *pair)] == [FindingKind.CONTRADICTION]
    apart = changed(kb, pair[1], scope=scoped(surface="gravel"))
    assert [(f.kind, f.explained_by) for f in between(apart, *pair)] == [(FindingKind.EXPLAINED, ("surface",))]


def test_a_broader_value_of_a_dimension_leaves_the_conflict_possible(kb: KnowledgeBase) -> None:
    pair = "wheelworks: Cargo tyres take 3 bar on asphalt.", "lantern: Cargo tyres take 5 bar."
    road = changed(kb, pair[1], scope=scoped(surface="road"))
    assert [(f.kind, f.unknown) for f in between(road, *pair)] == [(FindingKind.POSSIBLE, ("surface",))]


@pytest.mark.parametrize(
    ("first", "second", "dimension", "values"),
    [
        (
            "wheelworks: Tubeless tyres suit commuting.",
            "mosshill: Tubeless tyres do not suit commuting.",
            "season",
            ("summer", "winter"),
        ),
        (
            "lantern: Slick tyres of silica compound last 3,000 km.",
            "mosshill: Slick tyres of silica compound last 8,000 km.",
            "material",
            ("latex", "silica-compound"),
        ),
        (
            "wheelworks: Studded tyres grip better on ice than knobbly ones.",
            "lantern: Knobbly tyres grip better on ice than studded ones.",
            "surface",
            ("ice", "asphalt"),
        ),
    ],
)
def test_a_difference_in_scope_explains_a_contradiction(
    kb: KnowledgeBase, first: str, second: str, dimension: str, values: tuple[str, str]
) -> None:
    assert [finding.kind for finding in between(kb, first, second)] == [FindingKind.CONTRADICTION]
    apart = changed(kb, first, scope=scoped(**{dimension: values[0]}))
    apart = changed(apart, second, scope=scoped(**{dimension: values[1]}))
    assert [(f.kind, f.explained_by) for f in between(apart, first, second)] == [(FindingKind.EXPLAINED, (dimension,))]


def test_page_scope_is_inherited_and_marked_as_such(kb: KnowledgeBase) -> None:
    price = next(claim for claim in kb.claims if called(claim) == "wheelworks: One slick tyre costs 40 euros.")
    basis = price.scope_of("basis")
    assert basis is not None
    assert (basis.values, basis.state, basis.basis) == (("per-tyre",), State.INHERITED, "page")


def test_an_affirmation_on_another_surface_is_no_tension(kb: KnowledgeBase) -> None:
    """What a comparison ranks behind on asphalt may be affirmed on ice, in every domain."""
    first, second = (
        "wheelworks: Studded tyres grip better on ice than knobbly ones.",
        "lantern: Sealant may damage the rim.",
    )
    ranked = {"subject": "slick-tyre", "than": "studded-tyre", "scope": scoped(surface="asphalt")}
    affirmed = {"subject": "studded-tyre", "property": "grips-on", "object": "ice", "certainty": "asserted"}
    assert between(changed(changed(kb, first, **ranked), second, **affirmed), first, second) == []
