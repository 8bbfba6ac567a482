"""Printed references taken apart and matched: styles, corporate authors, twins, and nothing by chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb.bibliography import Work
from kb.passages import blocks
from kb.propose.references import ParsedReference, candidates, match_reference, parse_references

TITLE = "Rolling resistance of city tyres on wet cobbles"


def work(key: str, **fields: object) -> Work:
    base = {
        "key": key,
        "entry_type": "article",
        "title": TITLE,
        "line": 1,
        "year": 2014,
        "journal": "Journal of Cycling",
    }
    base |= {"authors": ("Le Brun, A. B.", "O’Neil, C.", "Ødegård Jr., D."), "volume": "12", "pages": "31--39"}
    return Work.model_validate(base | fields)


WORKS = (
    work("brun2014", doi="10.1000/abc.12", pmid="1234567"),
    work("brun2014b", title="Bells that are heard: a survey of ringing", volume="13", pages="77--80"),
    work(
        "who2010", title="Model rules for helmets", authors=("WHO",), year=2010, journal=None, volume=None, pages=None
    ),
)
TAIL = {
    "apa": f"Le Brun, A. B., O’Neil, C., & Ødegård Jr, D. (2014). {TITLE}. Journal of Cycling, 12(3), 31–39.",
    "vancouver": f"Le Brun AB, O’Neil C, et al. {TITLE}. J Cycling. 2014;12(3):31-9.",
    "ama": f"Le Brun AB, O’Neil C, Ødegård D Jr. {TITLE}. J Cycling. 2014 Mar 2;12(3):31-39.",
    "nature": f"Le Brun, A. B. et al. {TITLE}. J. Cycling 12, 31–39 (2014).",
    "harvard": f"Le Brun, A.B., O’Neil, C. and Ødegård, D., 2014. {TITLE}. Journal of Cycling, 12(3), pp.31-39.",
    "mla": f"Le Brun, Anna, et al. “{TITLE}.” Journal of Cycling 12.3 (2014): 31-39.",
}


def parsed(entry: str) -> ParsedReference:
    text = f"Some words.\n\nReferences\n\n1. {entry}\n"
    return parse_references(text, blocks(text))[0]


@pytest.mark.parametrize("style", TAIL)
def test_styles(style: str) -> None:
    entry = parsed(TAIL[style])
    assert (entry.surnames[0], entry.year, entry.title) == ("Le Brun", 2014, TITLE)
    assert (entry.volume, entry.pages.partition("-")[0]) == ("12", "31")
    assert entry.container.endswith("Cycling")
    match = match_reference(entry, WORKS)
    assert match is not None
    assert match.work == "brun2014"


def test_a_corporate_author_and_its_acronym() -> None:
    entry = parsed("World Health Organization. Model rules for helmets. Geneva; 2010.")
    assert entry.surnames == ("World Health Organization",)
    match = match_reference(entry, WORKS)
    assert match is not None
    assert match.work == "who2010"


def test_identifiers_decide() -> None:
    for identifier, reason in (("doi:10.1000/ABC.12", "doi"), ("PMID: 1234567", "pmid")):
        match = match_reference(parsed(f"Brown X. A misprinted name. J Cyc. 2014;1(1):1-2. {identifier}."), WORKS)
        assert match is not None
        assert (match.work, match.reasons) == ("brun2014", (reason,))


def test_two_works_of_one_author_and_year_do_not_collide() -> None:
    bells = parsed("Le Brun AB. Bells that are heard. J Cycling. 2014;13:77-80.")
    match = match_reference(bells, WORKS)
    assert match is not None
    assert match.work == "brun2014b"
    twins = (work("one", pages=None, volume=None), work("two", pages=None, volume=None))
    assert match_reference(parsed(TAIL["apa"]), twins) is None
    assert [match.work for match in candidates(parsed(TAIL["apa"]), twins)] == ["one", "two"]


def test_a_year_that_is_one_off_is_noted() -> None:
    match = match_reference(parsed(TAIL["apa"].replace("2014", "2015")), WORKS)
    assert match is not None
    assert "year 2015 for 2014" in match.reasons


def test_same_author_and_year_alone_are_no_match() -> None:
    assert (
        match_reference(parsed("Le Brun AB. Lamps and how to mend them at night. Lux. 2014;1(1):5-6."), WORKS) is None
    )


def test_entries_that_run_over_lines() -> None:
    text = f"Words.\n\nReferences\n\n1. Le Brun AB, O’Neil C.\n{TITLE}.\nJ Cycling. 2014;12(3):31-9.\n"
    entries = parse_references(text, blocks(text))
    assert [entry.number for entry in entries] == [1]
    assert match_reference(entries[0], WORKS) is not None


@given(st.text(max_size=300))
def test_any_text_is_read(entry: str) -> None:
    text = f"Words.\n\nReferences\n\n{entry}"
    for found in parse_references(text, blocks(text)):
        assert 0 <= found.start < found.end <= len(text)
        match_reference(found, WORKS)
