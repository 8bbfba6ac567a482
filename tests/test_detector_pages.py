"""The manual page of each detector is its test: every table is built into claims and judged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from kb.build import work_name
from kb.detectors import DETECTORS, PAGE_DETECTORS, RULES, Rule
from kb.domain import Domain
from kb.groups import make_groups
from kb.model import Claim, Finding, FindingKind
from kb.vocabulary import load_domain

from building import claim_from_row, faults, made_up_works, pages_from_rows

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "detectors"
VOCABULARY = ROOT / "data" / "ketamine" / "vocabulary.ttl"
SECTIONS = ["What it finds", "Why it matters", "What is not flagged", "Examples"]
COLUMNS = set(
    "source subject property object value relation than implied polarity certainty duty strength attribution "
    "appeals_to cites checked scope reference damage".split()
)
WORKS = made_up_works()
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
        return [claim_from_row(number, row) for number, row in enumerate(self.rows, 1) if row.get("subject")]


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


def judged(rule: Rule, domain: Domain, example: Example) -> list[Finding]:
    """Return what a detector finds; a comparison lies in two groups, its finding counts once."""
    found: dict[str, Finding] = {}
    for page_detector in (d for d in PAGE_DETECTORS if d.CODE == rule.CODE):
        pages = pages_from_rows(domain, example.rows, WORKS)
        found |= {f.id: f for page in pages for f in page_detector.find(page)}
    for detector in (d for d in DETECTORS if d.CODE == rule.CODE):
        names = {key: work_name(work) for key, work in WORKS.items()}
        groups = make_groups(domain, example.claims, names, WORKS)
        found |= {f.id: f for group in groups for f in detector.find(group)}
    return list(found.values())


def pages() -> list[Path]:
    return sorted(PAGES.glob("*.md"))


EXAMPLES = [example for path in pages() for example in examples(path)]
BY_NAME: dict[str, Rule] = {rule.NAME: rule for rule in RULES}
ABOUT_PAGES = {detector.NAME for detector in PAGE_DETECTORS}


@pytest.fixture(scope="module")
def domain() -> Domain:
    return load_domain(VOCABULARY, "vocabulary.ttl")


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_detector_does_what_its_page_says(domain: Domain, example: Example) -> None:
    found = judged(BY_NAME[example.page], domain, example)
    expected = [] if example.heading == NOT_FLAGGED else FLAGGED[example.heading]
    assert [finding.kind for finding in found] == expected, "\n".join(f.sentence for f in found)
    if found:
        members = {member.claim for member in found[0].members if member.claim}
        made = {claim.id for claim in example.claims}
        assert members == made or (example.page in ABOUT_PAGES and members < made)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_tables_keep_to_the_vocabulary(domain: Domain, example: Example) -> None:
    assert set(example.rows[0]) <= COLUMNS
    assert len(example.rows) >= (1 if example.page in ABOUT_PAGES else 2)
    assert faults(domain, example.claims, WORKS) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_is_explained_in_one_sentence(example: Example) -> None:
    assert "\n" not in example.prose
    assert len(SENTENCE_END.findall(example.prose)) == 1
    assert example.prose.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.CODE)
def test_every_detector_has_a_page_with_its_sections_in_order(rule: Rule) -> None:
    text = (PAGES / f"{rule.NAME}.md").read_text("utf-8")
    assert text.startswith(f"# {rule.CODE} {rule.NAME}\n")
    assert re.findall(r"^# ", text, re.M) == ["# "]
    parts = re.split(r"^## (.+)$", text, flags=re.M)
    assert parts[1::2] == SECTIONS
    assert all(part.strip() for part in parts[2::2])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.CODE)
def test_every_page_has_enough_examples_of_both_sorts(rule: Rule) -> None:
    headings = [example.heading for example in EXAMPLES if example.page == rule.NAME]
    assert set(headings) <= {*FLAGGED, NOT_FLAGGED}
    assert sum(heading in FLAGGED for heading in headings) >= LEAST
    assert headings.count(NOT_FLAGGED) >= LEAST


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.CODE)
def test_every_kind_that_a_page_names_has_an_example(rule: Rule) -> None:
    what = (PAGES / f"{rule.NAME}.md").read_text("utf-8").partition("## Why it matters")[0]
    named = {f"Flagged as {kind}" for kind in re.findall(r"^- \*\*(\w+)\*\*", what, re.M)}
    assert named == {e.heading for e in EXAMPLES if e.page == rule.NAME and e.heading in FLAGGED}


def test_every_page_belongs_to_a_detector() -> None:
    assert {path.stem for path in pages()} == set(BY_NAME)


def test_codes_and_names_are_given_once() -> None:
    assert len({rule.CODE for rule in RULES}) == len(BY_NAME) == len(RULES)
