from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kb.bibliography import read_bibliography
from kb.designs import STUDY_DESIGNS
from kb.errors import InputError
from pydantic import ValidationError

GOOD = """% remarks between entries are fine
@string{leaf = "The Leaf"}
@article{cole1999,
  author = {Cole, Dora and {Tea and Cake Society} and van der Berg, Jan and Ames, Jr., Bo and others},
  title = "On {Assam} and {\\'E}clairs: caf{\\'e}, na{\\"\\i}ve, Stra{\\ss}e",
  journal = leaf # " \\& Mug",
  year = 1999,
  pages = {10--12},
  number = {2},
  doi = {10.1000/leaf_(99)1},
  pmid = {123},
  samplesize = {40},
  studydesign = {randomized-trial},
  supersededby = {ames2001},
  verified = {author, title doi},
  unverified = {pmid},
}

@Online{ames2001, organization = {{Tea Board}}, title = {A page}, url = {https://example.org/~tea--1}}
"""


def read(folder, text):
    path = folder / "references.bib"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_bibliography(path)


def faults(folder, text):
    """Return the (line, message) pairs of a file that must be refused; each comes with a remedy."""
    with pytest.raises(InputError) as raised:
        read(folder, text)
    assert all(problem.remedy for problem in raised.value.problems)
    return [(problem.line, problem.message) for problem in raised.value.problems]


def entry(*lines, key="a1", kind="article"):
    body = "".join(f"  {line},\n" for line in lines)
    return f"@{kind}{{{key},\n{body}}}\n"


BASE = ("title = {A}", "author = {Ames, B.}", "year = {2001}")


def test_a_sound_file(tmp_path):
    ames, cole = read(tmp_path, GOOD)
    assert (ames.key, ames.entry_type, ames.line) == ("ames2001", "online", 19)
    assert ames.authors == ("Tea Board",)
    assert ames.url == "https://example.org/~tea--1"
    assert ames.year is None
    assert cole.line == 3
    assert cole.authors == ("Cole, Dora", "Tea and Cake Society", "van der Berg, Jan", "Ames Jr., Bo")
    assert not cole.authors_complete
    assert cole.title == "On Assam and Éclairs: café, naïve, Straße"
    assert cole.journal == "The Leaf & Mug"
    assert (cole.year, cole.sample_size, cole.number, cole.pages) == (1999, 40, "2", "10–12")
    assert (cole.design, cole.superseded_by) == ("randomized-trial", "ames2001")
    assert cole.verified == ("author", "title", "doi")
    assert cole.unverified == ("pmid",)
    with pytest.raises(ValidationError):
        cole.title = "other"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Bo Ames and Dora M. Cole", ("Ames, Bo", "Cole, Dora M.")),
        ("Ludwig van der Berg", ("van der Berg, Ludwig",)),
        ("Homer", ("Homer",)),
        ("{Tea Board} and {{Cake Board}}", ("Tea Board", "Cake Board")),
        ("Cole,\n   D. and\n Ames, B.", ("Cole, D.", "Ames, B.")),
        ("Mu{\\~n}oz, J. and K{\\\"o}hl, {\\L}. and G\\'omez, A.", ("Muñoz, J.", "Köhl, Ł.", "Gómez, A.")),
    ],
)
def test_names(tmp_path, author, names):
    (work,) = read(tmp_path, entry("title = {A}", "year = 2001", f"author = {{{author}}}"))
    assert work.authors == names


def test_a_note_may_explain_what_is_missing(tmp_path):
    text = entry("title = {A}", "year = {2001}", "note = {The authors are not recorded.}")
    assert read(tmp_path, text)[0].authors == ()
    assert faults(tmp_path, entry("title = {A}", "year = {2001}", "note = {Seen once.}"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", [(0, "is empty")]),
        (b" \n\n", [(0, "is empty")]),
        (b"% only a remark\n", [(0, "holds no entry")]),
        (b"\xef\xbb\xbf" + entry(*BASE).encode(), [(1, "byte order mark")]),
        (b"\n\n% caf\xe9\n", [(3, "not UTF-8")]),
        (entry(*BASE) + entry(*BASE), [(6, "'a1' is already used on line 1")]),
        (entry(*BASE) + entry(*BASE, key="A1"), [(6, "'A1' is already used on line 1")]),
        (entry(*BASE, "Year = {2002}"), [(5, "field 'year' already on line 4")]),
        (entry(*BASE, "year = {2002}"), [(5, "field 'year' already on line 4")]),
        (entry(*BASE[1:]), [(1, "has no title")]),
        (entry("title = {}", *BASE[1:]), [(1, "has no title")]),
        (entry(*BASE[:2]), [(1, "has no year")]),
        (entry("title = {A}", "year = 2001"), [(1, "has no author")]),
        (entry("title = {A}", kind="online"), [(1, "has no author"), (1, "has no year")]),
        (entry(*BASE, "doi = {https://doi.org/10.1000/1}"), [(5, "is not a DOI")]),
        (entry(*BASE, "doi = {10.1000/a b}"), [(5, "is not a DOI")]),
        (entry(*BASE, "pmid = {PMID1}"), [(5, "is not a PubMed number")]),
        (entry(*BASE, "pmid = {123456789}"), [(5, "is not a PubMed number")]),
        (entry(*BASE[:2], "year = {99}"), [(4, "is not a year")]),
        (entry(*BASE[:2], "year = {2001a}"), [(4, "is not a year")]),
        (entry(*BASE, "samplesize = {0}"), [(5, "is not a sample size")]),
        (entry(*BASE, "samplesize = {1.5}"), [(5, "is not a sample size")]),
        (entry(*BASE, "studydesign = {trial}"), [(5, "is not a known study design")]),
        (entry(*BASE, "supersededby = {b2}"), [(5, "superseded by 'b2'")]),
        (entry(*BASE, "supersededby = {a1}"), [(5, "superseded by 'a1'")]),
        (
            entry(*BASE, "doi = {10.1000/X}") + entry(*BASE, "doi = {10.1000/x}", key="b2"),
            [(11, "'b2' has the same doi as 'a1'")],
        ),
        (
            entry(*BASE, "pmid = {5}") + entry(*BASE, "pmid = {5}", key="b2"),
            [(11, "'b2' has the same pmid as 'a1'")],
        ),
        (entry(*BASE[1:], "title = tea"), [(4, "'tea' is not a defined @string")]),
        ("@string{tea = {A}}\n@string{TEA = {B}}\n" + entry(*BASE), [(2, "defined twice")]),
        (entry(*BASE, "samplsize = {4}"), [(5, "unknown field 'samplsize'")]),
        (entry(*BASE, "verified = {title doi}"), [(5, "no field 'doi' to be verified")]),
        (entry(*BASE, "verified = {title}", "unverified = {title}"), [(6, "verified and unverified")]),
        (entry(*BASE[1:], "title = {\\foo A}"), [(4, "unknown LaTeX: '\\foo'")]),
        (entry("title = {A}", "year = 2001", "author = {Ames B, Cole D, Dunn E, Eck F}"), [(4, "is no name")]),
        (entry("title = {A}", "year = 2001", "author = {Ames, B. et al.}"), [(4, "is no name")]),
        (entry("title = {A}", "year = 2001", "author = {Ames, B. and and Cole, D.}"), [(4, "is no name")]),
        (entry(*BASE, key="a b"), [(1, "the key 'a b' is not one word")]),
        (entry(*BASE, key=""), [(1, "the key '' is not one word")]),
    ],
)
def test_bad_input(tmp_path, text, expected):
    found = faults(tmp_path, text)
    assert len(found) == len(expected), found
    for (line, message), (expected_line, part) in zip(found, expected, strict=True):
        assert line == expected_line, found
        assert part in message


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("@article{a1, title = {A}, year = {2001", 1, "broken entry"),
        ("@article{a1,\n title = {A,\n year = {2001}\n}\n\n" + entry(*BASE, key="b2"), 1, "broken entry"),
        ("@article{a1,\n title = {A}\n year = {2001}\n}\n", 2, "does not end where"),
        ('@article{a1,\n title = "A {b",\n year = {2001}\n}\n', 2, "does not end where"),
        ("@article{title = {A}, year = {2001}}\n", 1, "broken entry"),
        (entry(*BASE) + "\n@article b2, title = {A}\n", 7, "lost entry"),
        (entry(*BASE) + "\narticle{b2, title = {A}}\n", 7, "lost entry"),
        (entry(*BASE) + "% a remark\n}\n" + entry(*BASE, key="b2"), 7, "lost entry"),
        ("@article{a1, title = {A}}},\n year = {2001},\n}\n", 1, "has no year"),
    ],
)
def test_broken_and_lost_entries(tmp_path, capfd, text, line, part):
    found = faults(tmp_path, text)
    assert any(at == line and part in message for at, message in found), found
    assert capfd.readouterr() == ("", "")


def test_all_problems_come_at_once_in_order(tmp_path):
    text = entry(*BASE, "doi = {x}", "pmid = {x}") + "@article{broken,\n" + entry(*BASE, "year = 1", key="b2")
    assert [line for line, _ in faults(tmp_path, text)] == [5, 6, 8, 13]


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_bibliography(tmp_path / "absent.bib")


def test_every_design_is_accepted(tmp_path):
    entries = [entry(*BASE, f"studydesign = {{{design}}}", key=design) for design in STUDY_DESIGNS]
    assert {work.design for work in read(tmp_path, "\n".join(entries))} == set(STUDY_DESIGNS)


PIECES = ["@article", "@string", "@comment", "{", "}", "(", ")", '"', ",", "=", "#", "\n", " ", "a", "year", "\\", "'"]
PIECES += ["title = {A}", "author = ", "and", "others", "%", "é", "2001", "@", entry(*BASE), "{b, ", "doi"]


@settings(max_examples=300, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_read_or_refused_with_places(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.bib"
    path.write_text(text, encoding="utf-8")
    with suppress(InputError):
        works = read_bibliography(path)
        assert len({work.key for work in works}) == len(works) > 0
        return
    with pytest.raises(InputError) as raised:
        read_bibliography(path)
    assert all(0 <= problem.line <= text.count("\n") + 1 for problem in raised.value.problems)


def test_the_bibliography_of_this_repository():
    path = Path(__file__).resolve().parents[1] / "references.bib"
    if not path.exists():
        pytest.skip("the repository has no references.bib yet")
    assert read_bibliography(path)
