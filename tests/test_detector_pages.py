"""The manual page of each detector is its test: every table is built into claims and judged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from kb.detectors import DETECTORS, Detector
from kb.domain import Domain
from kb.groups import make_groups
from kb.model import Claim, Finding, FindingKind
from kb.vocabulary import load_domain

from building import claim_from_row, faults

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "detectors"
VOCABULARY = ROOT / "data" / "ketamine" / "vocabulary.ttl"
SECTIONS = ["What it finds", "Why it matters", "What is not flagged", "Examples"]
COLUMNS = set(
    "source subject property object value relation than polarity certainty duty attribution checked scope".split()
)
NOT_FLAGGED = "Not flagged"
FLAGGED = {f"Flagged as {kind.value}": [kind] for kind in FindingKind}
LEAST = 3
SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


class Example(NamedTuple):
    """One case of a page: its heading, the sentence above the table, and the rows of the table."""

    page: str
    heading: str
    prose: str
    rows: list[dict[str, str]]

    def __str__(self) -> str:
        return f"{self.page}: {self.heading}: {self.prose}"

    @property
    def claims(self) -> list[Claim]:
        return [claim_from_row(number, row) for number, row in enumerate(self.rows, 1)]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def examples(path: Path) -> list[Example]:
    """Read the examples of a page; a heading without one sentence and one table is an error."""
    found = []
    for block in path.read_text("utf-8").partition("\n## Examples\n")[2].split("\n### ")[1:]:
        heading, *parts = (part.strip() for part in block.split("\n\n"))
        if len(parts) != 2 or not parts[1].startswith("|"):
            raise ValueError(f"{path.name}: “{heading}” needs one sentence and one table")
        header, _, *lines = (cells(line) for line in parts[1].splitlines())
        rows = [dict(zip(header, line, strict=True)) for line in lines]
        found.append(Example(path.stem, heading, parts[0], rows))
    return found


def judged(detector: Detector, domain: Domain, claims: list[Claim]) -> list[Finding]:
    """Return what a detector finds; a comparison lies in two groups, its finding counts once."""
    found = {f.id: f for group in make_groups(domain, claims) for f in detector.find(group)}
    return list(found.values())


def pages() -> list[Path]:
    return sorted(PAGES.glob("*.md"))


EXAMPLES = [example for path in pages() for example in examples(path)]
BY_NAME = {detector.NAME: detector for detector in DETECTORS}


@pytest.fixture(scope="module")
def domain() -> Domain:
    return load_domain(VOCABULARY, "vocabulary.ttl")


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_detector_does_what_its_page_says(domain: Domain, example: Example) -> None:
    found = judged(BY_NAME[example.page], domain, example.claims)
    expected = [] if example.heading == NOT_FLAGGED else FLAGGED[example.heading]
    assert [finding.kind for finding in found] == expected, "\n".join(f.sentence for f in found)
    if found:
        assert {member.claim for member in found[0].members} == {claim.id for claim in example.claims}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_tables_keep_to_the_vocabulary(domain: Domain, example: Example) -> None:
    assert set(example.rows[0]) <= COLUMNS
    assert len(example.rows) >= 2
    assert faults(domain, example.claims) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_is_explained_in_one_sentence(example: Example) -> None:
    assert "\n" not in example.prose
    assert len(SENTENCE_END.findall(example.prose)) == 1
    assert example.prose.endswith(".")


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.CODE)
def test_every_detector_has_a_page_with_its_sections_in_order(detector: Detector) -> None:
    text = (PAGES / f"{detector.NAME}.md").read_text("utf-8")
    assert text.startswith(f"# {detector.CODE} {detector.NAME}\n")
    assert re.findall(r"^# ", text, re.M) == ["# "]
    parts = re.split(r"^## (.+)$", text, flags=re.M)
    assert parts[1::2] == SECTIONS
    assert all(part.strip() for part in parts[2::2])


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.CODE)
def test_every_page_has_enough_examples_of_both_sorts(detector: Detector) -> None:
    headings = [example.heading for example in EXAMPLES if example.page == detector.NAME]
    assert set(headings) <= {*FLAGGED, NOT_FLAGGED}
    assert sum(heading in FLAGGED for heading in headings) >= LEAST
    assert headings.count(NOT_FLAGGED) >= LEAST


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.CODE)
def test_every_kind_that_a_page_names_has_an_example(detector: Detector) -> None:
    what = (PAGES / f"{detector.NAME}.md").read_text("utf-8").partition("## Why it matters")[0]
    named = {f"Flagged as {kind}" for kind in re.findall(r"^- \*\*(\w+)\*\*", what, re.M)}
    assert named == {e.heading for e in EXAMPLES if e.page == detector.NAME and e.heading in FLAGGED}


def test_every_page_belongs_to_a_detector() -> None:
    assert {path.stem for path in pages()} == set(BY_NAME)


def test_codes_and_names_are_given_once() -> None:
    assert len({detector.CODE for detector in DETECTORS}) == len(BY_NAME) == len(DETECTORS)
