"""What a page says held against the work that it cites: which finding stays, and how its sentence tells the link."""

from __future__ import annotations

from pathlib import Path

import pytest
from kb.audit import fold, judge
from kb.build import work_name
from kb.detectors import DETECTORS
from kb.domain import Domain
from kb.groups import make_groups
from kb.model import Finding
from kb.vocabulary import load_domain

from building import claim_from_row, made_up_works

VOCABULARY = Path(__file__).parent.parent / "data" / "ketamine" / "vocabulary.ttl"
WORKS = made_up_works()
STUDY = "harper2012 (study)"
HARM = {"subject": "ketamine", "property": "causes", "object": "bladder-damage"}
RECEPTORS = {"subject": "ketamine", "property": "increases", "scope": "comparator: placebo"}


@pytest.fixture(scope="module")
def domain() -> Domain:
    return load_domain(VOCABULARY, "vocabulary.ttl")


def found(domain: Domain, *rows: dict[str, str]) -> list[Finding]:
    claims = [claim_from_row(number, row) for number, row in enumerate(rows, 1)]
    names = {key: work_name(work) for key, work in WORKS.items()} | {"page-1": "Page 1"}
    groups = make_groups(domain, claims, names, WORKS)
    return sorted(fold(judge(groups, [detector.CODE for detector in DETECTORS])), key=lambda finding: finding.code)


def denied(source: str, cites: str = "") -> dict[str, str]:
    return HARM | {"source": source, "polarity": "negated", "cites": cites}


def test_that_the_source_says_otherwise_takes_the_place_of_a_plain_contradiction(domain: Domain) -> None:
    affirmed = HARM | {"source": STUDY}
    plain = found(domain, denied("page 1"), affirmed)
    cited = found(domain, denied("page 1", "[1] harper2012"), affirmed)
    assert [(f.code, f.kind.value) for f in plain] == [("S001", "contradiction")]
    assert [(f.code, f.kind.value) for f in cited] == [("R001", "contradiction")]
    assert cited[0].sentence.endswith("Page 1 cites Harper 2012 for this, but that work says otherwise.")


def test_a_larger_contradiction_does_not_swallow_that_the_source_says_otherwise(domain: Domain) -> None:
    rows = (denied("page 1", "[1] harper2012"), denied("page 2"), HARM | {"source": STUDY})
    assert [(f.code, len(f.members)) for f in found(domain, *rows)] == [("R001", 2), ("S001", 3)]


def test_an_inferred_link_is_called_our_inference(domain: Domain) -> None:
    rows = (denied("page 1", "inferred harper2012"), HARM | {"source": STUDY})
    ours, plain = found(domain, *rows)
    assert (ours.code, ours.kind.value, plain.code, plain.kind.value) == ("R001", "tension", "S001", "contradiction")
    assert "seems to lean on Harper 2012 for this (our inference)" in ours.sentence


def test_a_work_that_bears_the_page_out_in_part_is_only_a_tension(domain: Domain) -> None:
    page = RECEPTORS | {"source": "page 1", "object": "serotonin-receptor", "cites": "[1] harper2012"}
    nothing = RECEPTORS | {"source": STUDY, "object": "serotonin-receptor", "polarity": "negated"}
    part = RECEPTORS | {"source": STUDY, "object": "hippocampal-serotonin-1b-binding"}
    whole = RECEPTORS | {"source": STUDY, "object": "serotonin-receptor"}

    def own(*rows: dict[str, str]) -> list[str]:
        return [finding.kind.value for finding in found(domain, *rows) if finding.code == "R001"]

    assert own(page, nothing) == ["contradiction"]
    assert own(page, nothing, part) == ["tension"]
    assert own(page, nothing, whole) == []


def test_a_figure_given_for_something_else_is_told_in_the_words_of_both(domain: Domain) -> None:
    page = {"source": "page 1", "subject": "iv-ketamine", "property": "remission-rate", "value": "71 %"}
    work = {"source": STUDY, "subject": "iv-ketamine", "property": "response-rate", "value": "71 %"}
    scope = "indication: depression"
    rows = (page | {"cites": "[1] harper2012", "scope": scope}, work | {"scope": f"{scope}; outcome: response"})
    (finding,) = (finding for finding in found(domain, *rows) if finding.code == "R003")
    assert finding.title == "“row 1” against “row 2”"
    assert "another quantity (response rate, not remission rate)" in finding.sentence
