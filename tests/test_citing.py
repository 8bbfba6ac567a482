"""What a page cites: markers of every print, studies told of in words, and lists whose markers were lost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb.bibliography import Work, read_bibliography
from kb.model import Citation
from kb.passages import blocks, sentences
from kb.propose.citing import Citing, citations_at, read_citing

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT.parent / "shared" / "documents"
needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason="the pages' text belongs to its publishers and is not here")


def work(key: str, author: str, year: int, title: str, **fields: object) -> Work:
    base = {"key": key, "entry_type": "article", "title": title, "authors": (author,), "year": year, "line": 1}
    return Work.model_validate(base | {"journal": "Journal of Cycling", "volume": str(year), "pages": "1--9"} | fields)


WORKS = (
    work("brun2014", "Brun, A.", 2014, "Rolling resistance of city tyres", sample_size=47),
    work("ode2016", "Ode, B.", 2016, "Bells that are heard", journal="Annals of Ringing"),
    work("ode2016x", "Ode, B.", 2017, "Brakes in the rain", design="meta-analysis"),
    work("kim2019", "Kim, C.", 2019, "Helmets and the wearing of them", authors=("Kim, C.", "Lee, D.")),
    *(work(f"other{n}", f"Other{n}, X.", 1900 + n, f"Something numbered {n}", journal=f"Paper {n}") for n in range(40)),
)
LIST = (
    "\n\nReferences\n\n"
    "1. Brun A. Rolling resistance of city tyres. J Cycling. 2014;2014(1):1-9.\n"
    "2. Ode B. Bells that are heard. Annals of Ringing. 2016;2016(1):1-9.\n"
    "3. Ode B. Brakes in the rain. J Cycling. 2017;2017(1):1-9.\n"
)


def read(text: str) -> Citing:
    found = blocks(text)
    return read_citing(text, found, sentences(text, found), WORKS)


def cited(text: str) -> list[tuple[str, str | None, str]]:
    return [(c.marker, c.work, c.basis) for link in read(text).links for c in [link.citation]]


def test_numeric_markers_lead_through_the_list() -> None:
    assert cited(f"Tyres roll well [1]. Bells help [2,3].{LIST}") == [
        ("[1]", "brun2014", "marker"),
        ("[2]", "ode2016", "marker"),
        ("[3]", "ode2016x", "marker"),
    ]
    assert [work for _, work, _ in cited(f"All of it [1–3].{LIST}")] == ["brun2014", "ode2016", "ode2016x"]
    assert [work for _, work, _ in cited(f"Tyres roll well.¹{LIST}")] == ["brun2014"]


def test_markers_of_a_lost_list_stay_unresolved() -> None:
    assert cited("Tyres roll well on wet stones [4].") == [("[4]", None, "marker")]


@pytest.mark.parametrize(
    ("said", "works"),
    [
        ("Tyres roll (Brun, 2014).", ["brun2014"]),
        ("Tyres roll (see Brun et al., 2014; Ode 2016).", ["brun2014", "ode2016"]),
        ("As Brun et al. (2014) say, tyres roll.", ["brun2014"]),
        ("Kim & Lee 2019 count helmets.", ["kim2019"]),
        ("Brun and colleagues reported in 2014 that tyres roll.", ["brun2014"]),
        ("It was shown (Unknown et al., 2003).", [None]),
        ("It was sold in London (2014) and in May (2016).", []),
        ("See Figure 2 (page 14), which holds if (x + 2014) is even.", []),
        ("In 2014 the shop of Brun opened.", []),
        ("The value was 3.5 (95% CI [2, 5]).", []),
    ],
)
def test_author_year_markers(said: str, works: list[str | None]) -> None:
    assert [work for _, work, basis in cited(said) if basis == "marker"] == works


def test_letters_tell_years_apart() -> None:
    text = (
        "Bells (Ode, 2016b) help.\n\nReferences\n\n"
        "Ode, B. (2016a). Brakes in the rain. Journal of Cycling, 2017(1), 1-9.\n"
        "Ode, B. (2016b). Bells that are heard. Annals of Ringing, 2016(1), 1-9.\n"
    )
    assert cited(text) == [("Ode 2016b", "ode2016", "marker")]


def test_a_study_told_of_in_words() -> None:
    assert cited("A 2014 study was about the trains of the town.") == []
    assert cited("A 2014 study of 47 volunteers rolled tyres. The study found little.") == [
        ("", "brun2014", "described"),
        ("", "brun2014", "described"),
    ]
    assert cited("A 2016 paper in the Annals of Ringing was about bells [7].") == [("[7]", "ode2016", "described")]
    assert cited("A study found that things are so.") == []


def test_a_list_without_markers_is_laid_beside_the_text() -> None:
    text = (
        f"City tyres have little rolling resistance.\n\nNothing here.\n\nBells are heard.\n\nBrakes fail in rain.{LIST}"
    )
    citing = read(text)
    assert [link.citation.work for link in citing.links] == ["brun2014", "ode2016", "ode2016x"]
    assert all(link.citation.basis == "inferred" and link.citation.confidence < Decimal("0.9") for link in citing.links)
    wanted = Citation(work="ode2016", basis="inferred", confidence=citing.links[1].citation.confidence)
    assert citations_at(citing, text.index("Bells are"), text.index("Bells are") + 5) == (wanted,)
    assert citations_at(citing, text.index("Nothing"), text.index("Nothing") + 5) == ()


def test_excluded_blocks_cite_nothing() -> None:
    text = "Tyres roll [4].\n\nBells ring [5]."
    found = blocks(text)
    citing = read_citing(text, found, sentences(text, found), WORKS, frozenset({0}))
    assert [link.citation.marker for link in citing.links] == ["[5]"]


@given(
    st.lists(
        st.sampled_from(["[1]", "(Brun, 2014)", "A 2014 study", "\n", ". ", "tyres", "References\n", LIST]), max_size=20
    )
)
def test_any_page_is_read_the_same_twice(parts: list[str]) -> None:
    text = " ".join(parts)
    citing = read(text)
    assert citing == read(text)
    assert all(0 <= link.start < link.end <= len(text) for link in citing.links)


@needs_pages
def test_every_reference_of_a_real_list_is_matched() -> None:
    text = next(PAGES.glob("003*")).read_text(encoding="utf-8")
    found = blocks(text)
    citing = read_citing(text, found, sentences(text, found), read_bibliography(ROOT / "references.bib"))
    assert len(citing.references) == 17
    assert all(match is not None for _, match in citing.references)
