import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kb.bibliography import read_bibliography
from kb.build import build
from kb.cli import app
from kb.errors import InputError
from kb.incoming.fields import Person, RefusedError, make_work
from kb.incoming.importing import Outcome, append_works, plan_import, read_references
from tests.small_folder import BIBLIOGRAPHY, small_folder
from typer.testing import CliRunner

RIS = """\
TY  - JOUR
TI  - On the keeping of cliff leaf
AU  - Orlo, Mina
PY  - 1911
UR  - https://example.org/leaf
ER  -

TY  - JOUR
TI  - A study of <i>marsh</i> leaf & more: 100 % of it, part
 two
AU  - Žižka Łuć, Ján
AU  - Zarate, C. A., Jr.
AU  - Tea and Cake Society
AU  - others
T2  - Island Leaves
DA  - 2001/05/03/
DO  - https://doi.org/10.1000/leaf.1
VL  - 3
IS  - 1
SP  - 10
EP  - 12
N1  - PMID: 1234
ER  -
"""


def read(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_references(path)


def plan(folder, name, text, works=(), ids=()):
    return plan_import(name, read(folder, name, text), tuple(works), ids)


def works_of(folder, text=BIBLIOGRAPHY):
    path = folder / "references.bib"
    path.write_text(text, encoding="utf-8")
    return path, read_bibliography(path)


def test_ris(tmp_path):
    path, works = works_of(tmp_path)
    rows, added = plan(tmp_path, "z.ris", RIS, works)
    assert [(row.line, row.outcome, row.key) for row in rows] == [
        (1, Outcome.THERE, "orlo1911"),
        (8, Outcome.ADDED, "zizkaluc2001"),
    ]
    assert rows[0].why == "the file also gives url https://example.org/leaf"
    (work,) = added
    assert work.title == "A study of marsh leaf & more: 100 % of it, part two"
    assert work.authors == ("Žižka Łuć, Ján", "Zarate Jr., C. A.", "Tea and Cake Society")
    assert not work.authors_complete
    assert (work.year, work.volume, work.number, work.pages, work.journal) == (2001, "3", "1", "10–12", "Island Leaves")
    assert (work.doi, work.pmid, work.entry_type) == ("10.1000/leaf.1", "1234", "article")
    before = path.read_bytes()
    append_works(path, added)
    assert path.read_bytes().startswith(before)
    assert path.read_text("utf-8").endswith(
        """
@article{zizkaluc2001,
  author = {Žižka Łuć, Ján and Zarate Jr., C. A. and {Tea and Cake Society} and others},
  title = {A study of marsh leaf \\& more: 100 \\% of it, part two},
  journal = {Island Leaves},
  year = {2001},
  volume = {3},
  number = {1},
  pages = {10--12},
  doi = {10.1000/leaf.1},
  pmid = {1234},
  unverified = {author title journal year volume number pages doi pmid},
}
"""
    )


def test_csl_json_as_zotero_writes_it(tmp_path):
    item = {
        "id": "http://zotero.org/users/1/items/AB",
        "type": "article-journal",
        "title": 'Leaves of the <span class="nocase">North</span>',
        "container-title": "Island Leaves",
        "volume": 7,
        "issue": "2",
        "page": "e12345",
        "DOI": "10.1000/x",
        "note": "PMID: 77\nPMCID: PMC1",
        "author": [
            {"family": "Rot", "given": "Marije", "non-dropping-particle": "aan het", "suffix": "Jr."},
            {"literal": "World Leaf Organization"},
        ],
        "issued": {"date-parts": [["2019", 5]]},
    }
    loose = {"type": "webpage", "title": "A page", "author": [], "URL": "https://example.org/a b"}
    for text in (json.dumps([item, loose], indent=1), json.dumps({"items": [item, loose]})):
        _, (work, page) = plan(tmp_path, "z.json", text)
        assert work.authors == ("aan het Rot Jr., Marije", "World Leaf Organization")
        assert (work.title, work.year, work.eid, work.pages) == ("Leaves of the North", 2019, "e12345", None)
        assert (work.key, work.pmid, work.volume) == ("aanhetrot2019", "77", "7")
        assert page.url == "https://example.org/a%20b"
        assert page.note == "The imported record names no author and no year."
    text = json.dumps([item, loose], indent=1)
    second = text[: text.rindex("\n {")].count("\n") + 2
    assert [line for line, _ in read(tmp_path, "z.json", text)] == [2, second]


def test_bibtex_keeps_its_keys_where_they_are_free(tmp_path):
    _, works = works_of(tmp_path)
    text = BIBLIOGRAPHY.replace("tarn1902", "marshes").replace("On the keeping of cliff leaf", "Another paper")
    rows, added = plan(tmp_path, "z.bib", text.replace("The marshes of Ostrava", "Something new"), works)
    assert [(row.outcome, row.key) for row in rows] == [(Outcome.ADDED, "orlo1911a"), (Outcome.ADDED, "marshes")]
    assert added[1].title == "Something new"


DOI = "@article{{{key}, author = {{Orlo, M.}}, title = {{{title}}}, year = {{{year}}}, {rest}}}\n"


@pytest.mark.parametrize(
    ("old", "new", "outcome", "why"),
    [
        ({"rest": "doi={10.1000/A}"}, {"rest": "doi={10.1000/a}"}, "already there", None),
        (
            {"rest": "doi={10.1000/a}"},
            {"title": "Other words", "rest": "doi={10.1000/a}"},
            "conflict",
            "the same DOI, but",
        ),
        ({"rest": "doi={10.1000/a}"}, {"rest": "doi={10.1000/b}"}, "conflict", "the same title, but another DOI"),
        ({"rest": "pmid={1}"}, {"rest": "pmid={2}"}, "conflict", "another PubMed number"),
        ({"rest": "doi={10.1000/a}, pmid={1}"}, {"rest": "doi={10.1000/b}, pmid={1}"}, "conflict", "another DOI"),
        ({"rest": "doi={10.1000/a}"}, {}, "already there", None),
        ({}, {"title": "ON the KEEPING of cliff-leaf.", "year": 2002}, "already there", None),
        ({}, {"title": "On the keepng of cliff leaf"}, "already there", None),
        ({}, {"year": 2009}, "added", None),
        ({"title": "Keeping cliff leaf, part 1"}, {"title": "Keeping cliff leaf, part 2"}, "added", None),
        ({}, {"title": "Quite another matter"}, "added", None),
    ],
)
def test_matching(tmp_path, old, new, outcome, why):
    base = {"title": "On the keeping of cliff leaf", "year": 2001, "rest": ""}
    _, works = works_of(tmp_path, DOI.format(key="orlo2001", **base | old))
    rows, added = plan(tmp_path, "n.bib", DOI.format(key="k", **base | new), works)
    assert rows[0].outcome == outcome
    assert (rows[0].why or "").find(why or "") >= 0
    assert len(added) == (outcome == "added")


def test_one_work_twice_in_a_file_is_added_once(tmp_path):
    text = RIS.split("\n\n")[1]
    rows, added = plan(tmp_path, "z.ris", f"{text}\n{text}")
    assert [row.outcome for row in rows] == [Outcome.ADDED, Outcome.THERE]
    assert len(added) == 1


def test_keys_get_letters_and_never_those_of_a_document(tmp_path):
    text = "".join(f"TY  - JOUR\nTI  - {t}\nAU  - Orlo, M.\nPY  - 1911\nER  - \n" for t in ("First", "Second", "Third"))
    rows, _ = plan(tmp_path, "z.ris", text, (), ["orlo1911a"])
    assert [row.key for row in rows] == ["orlo1911", "orlo1911b", "orlo1911c"]


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("z.ris", "TY  - JOUR\nAU  - A\nER  - \n", [(1, "no title")]),
        ("z.ris", "TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\n", [(1, "not closed"), (3, "not closed")]),
        ("z.ris", "Provider: X\nAU  - A\n\nTY  - JOUR\nTI  - A\nER  -\nTI  - B\n", [(2, "outside"), (7, "outside")]),
        ("z.ris", "TY  - JOUR\nTI  - A\nDO  - 10.1000/a b\nER  - \n", [(1, "DOI is none")]),
        ("z.ris", "TY  - JOUR\nTI  - A\nAU  - Ames B et al.\nER  - \n", [(1, "no name")]),
        (
            "z.json",
            '[1,\n {"title": true},\n {"title": "A", "author": "B"}]',
            [(1, "no item"), (2, "no text"), (3, "no list")],
        ),
        ("z.json", '[{"title": "\\ud800"}]', [(1, "half of a character")]),
        ("z.json", '[{"title": "A", "PMID": "0"}]', [(1, "PubMed")]),
    ],
)
def test_refused_references_have_their_line(tmp_path, name, text, lines):
    found = [(line, read.why) for line, read in read(tmp_path, name, text) if isinstance(read, RefusedError)]
    assert [line for line, _ in found] == [line for line, _ in lines]
    for (_, why), (_, part) in zip(found, lines, strict=True):
        assert part in why


@pytest.mark.parametrize(
    ("name", "text", "line", "part"),
    [
        ("z.ris", b"", 0, "holds no reference"),
        ("z.ris", b"TY  - JOUR\nTI  - caf\xe9\n", 2, "not UTF-8"),
        ("z.json", "[\n{]", 2, "no JSON"),
        ("z.json", '[{"title": "A"} {"title": "B"}]', 1, "comma"),
        ("z.json", '[{"title": "A"},\n', 2, "no JSON"),
        ("z.json", "{}", 1, "no list"),
        ("z.json", "[]", 0, "holds no reference"),
        ("z.json", "[" * 200_000, 1, "nested"),
        ("z.json", '[{"title": ' + "[" * 200_000, 1, "nested"),
        ("z.json", '[{"volume": ' + "9" * 10_000 + "}]", 1, "number"),
        ("z.txt", "x", 0, "of no kind"),
        ("z.bib", "@article{", 1, "broken"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, text, line, part):
    with pytest.raises(InputError) as raised:
        read(tmp_path, name, text)
    assert raised.value.problems[0].line == line
    assert part in raised.value.problems[0].message


def test_byte_order_marks_and_line_ends_of_other_systems(tmp_path):
    plain = read(tmp_path, "z.ris", RIS)
    assert read(tmp_path, "z.ris", b"\xef\xbb\xbf" + RIS.replace("\n", "\r\n").encode()) == plain
    assert read(tmp_path, "z.ris", RIS.replace("\n", "\r")) == plain


SIGNS = st.sampled_from(
    [
        *"\\{}%$#&_~^\"'`-–—@,=ab 1é\u0301\u200b\u2028\u00a0\ufdd0\x00\x85",
        "and",
        "--",
        "``",
        "et",
        "\\foo",
        "@article{x,",
    ]
)
TEXTS = st.text(max_size=20) | st.lists(SIGNS, max_size=12).map("".join)


@settings(max_examples=150)
@given(
    kind=st.sampled_from(["article", "online", "misc", "book"]),
    raw=st.fixed_dictionaries(dict.fromkeys(("title", "journal", "volume", "number", "pages", "eid", "date"), TEXTS)),
    url=TEXTS.map("https://a.b/{}".format),
    doi=st.just("") | st.from_regex(r"10\.1000/[!-~]{1,9}", fullmatch=True),
    people=st.lists(st.builds(Person, TEXTS, TEXTS), max_size=4),
)
def test_what_is_appended_reads_back_as_it_was(tmp_path_factory, kind, raw, url, doi, people):
    try:
        work = make_work(kind, 1, {**raw, "url": url, "doi": doi}, people)
    except RefusedError:
        return
    path = tmp_path_factory.mktemp("bib") / "references.bib"
    path.write_text(BIBLIOGRAPHY, encoding="utf-8")
    _, added = plan_import("z", [(1, work)], read_bibliography(path), [])
    append_works(path, added)  # it compares each work with what is read back
    assert len(read_bibliography(path)) == 2 + len(added)
    assert path.read_text("utf-8").startswith(BIBLIOGRAPHY)


def test_a_fault_leaves_the_file_as_it_was(tmp_path):
    path, works = works_of(tmp_path)
    with pytest.raises(InputError, match="would be broken"):
        append_works(path, works)  # their keys are taken
    assert path.read_text("utf-8") == BIBLIOGRAPHY


def test_a_file_without_a_last_line_end(tmp_path):
    path, _ = works_of(tmp_path, BIBLIOGRAPHY.rstrip())
    append_works(path, plan(tmp_path, "z.ris", RIS.split("\n\n")[1]).added)
    assert len(read_bibliography(path)) == 3


def test_the_command(tmp_path):
    folder = small_folder(tmp_path)
    (tmp_path / "z.ris").write_text(RIS, encoding="utf-8")
    command = ["--data", str(folder), "import", "bibliography", str(tmp_path / "z.ris"), "--format", "jsonl"]
    run = CliRunner().invoke(app, [*command, "--dry-run"])
    assert run.exit_code == 0
    assert "1 added, 1 already there (nothing was written)" in run.stderr
    assert len(build(folder).works) == 2
    again = CliRunner().invoke(app, command)
    assert [json.loads(line) for line in again.stdout.splitlines()] == [json.loads(x) for x in run.stdout.splitlines()]
    assert len(build(folder).works) == 3
    third = CliRunner().invoke(app, command)
    assert "2 already there" in third.stderr
    torn = "TY  - JOUR\n"
    (tmp_path / "z.ris").write_text(torn, encoding="utf-8")
    assert CliRunner().invoke(app, command).exit_code == 1


def test_the_bibliography_command(tmp_path):
    folder = small_folder(tmp_path)
    command = ["--data", str(folder), "bibliography"]
    text = CliRunner().invoke(app, command).stdout
    assert text == (
        "Orlo, M. (1911). On the keeping of cliff leaf. Island Leaves.\nTarn, B. (1902). The marshes of Ostrava.\n"
    )
    used = CliRunner().invoke(app, [*command, "--used", "--style", "nature", "--format", "md"]).stdout
    assert used == "1. Orlo, M. On the keeping of cliff leaf. *Island Leaves* (1911).\n"
    assert '<li id="ref-orlo1911">' in CliRunner().invoke(app, [*command, "--format", "html"]).stdout


def test_many_references_in_seconds(tmp_path):
    count = 3_000  # of one author and one year: the worst case for matching
    text = "".join(
        f"TY  - JOUR\nTI  - Leaf {n} of {n * 7919}\nAU  - Orlo, M.\nPY  - 1911\nER  - \n" for n in range(count)
    )
    started = time.perf_counter()
    rows, added = plan(tmp_path, "z.ris", text)
    assert len(added) == len({row.key for row in rows}) == count
    assert time.perf_counter() - started < 20
