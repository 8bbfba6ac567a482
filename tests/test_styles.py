"""Citation styles against entries as the public guides of the styles print them, written out by hand here."""

import re
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kb.bibliography import Work, read_bibliography
from kb.errors import InputError
from kb.reports.bibliography import Form, bibliography_text
from kb.reports.csl_json import csl_item
from kb.reports.styles import STYLES, address, check_style, format_works


def article(authors, title, journal, year, **fields):
    known = {"key": "a1", "entry_type": "article", "line": 1, "authors": tuple(authors.split("; "))}
    return Work.model_validate(known | {"title": title, "journal": journal, "year": year} | fields)


def marked(entry):
    signs = {"plain": "", "italic": "_", "bold": "*", "link": ""}
    return "".join(f"{signs[kind]}{text}{signs[kind]}" for text, kind in entry.runs)


GRADY = article(
    "Grady, Jessica S.; Her, Mai; Moreno, Geena; Perez, Cristina; Yelinek, Jennifer",
    "Emotions in storybooks: A comparison of storybooks that represent ethnic and racial groups in the United States",
    "Psychology of Popular Media Culture",
    2019,
    volume="8",
    number="3",
    pages="207–217",
    doi="10.1037/ppm0000185",
)
HOUSE = article(
    "Jerrentrup, A.; Mueller, T.; Glowalla, U.; Herder, M.; Henrichs, N.; Neubauer, A.; Schaefer, J. R.",
    "Teaching medicine with the help of “Dr. House.”",
    "PLoS ONE",
    2018,
    volume="13",
    number="3",
    eid="e0193972",
    doi="10.1371/journal.pone.0193972",
)
PREVENTION = article(
    "Diabetes Prevention Program Research Group",
    "Hypertension, insulin, and proinsulin in participants with impaired glucose tolerance",
    "Hypertension",
    2002,
    volume="40",
    number="5",
    pages="679–686",
)
ROSE = article(
    "Rose, M. E.; Huerbin, M. B.; Melick, J.; Marion, D. W.; Palmer, A. M.; Schiding, J. K.; Kochanek, P. M.",
    "Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury",
    "Brain Res",
    2002,
    volume="935",
    number="1-2",
    pages="40–46",
)
WARFARIN = article(
    "Gage, B. F.; Fihn, S. D.; White, R. H.",
    "Management and dosing of warfarin therapy",
    "Am J Med",
    2000,
    volume="109",
    number="6",
    pages="481-488",
    doi="10.1016/S0002-9343(00)00545-3",
)
INJURY = article(
    "Koziol-Mclain, J.; Brand, D.; Morgan, D.; Leff, M.; Lowenstein, S. R.",
    "Measuring injury risk factors: question reliability in a statewide sample",
    "Inj Prev",
    2000,
    volume="6",
    pages="148–150",
)
VESICLE = article(
    "Schott, D. H.; Collins, R. N.; Bretscher, A.",
    "Secretory vesicle transport velocity in living cells depends on the myosin V lever arm length",
    "J. Cell Biol.",
    2002,
    volume="156",
    pages="35–39",
)
CHIP = article(
    "Bellin, D. L.; Sakhtah, H.; Zhang, Y.; Price-Whelan, A.; Dietrich, L. E. P.; Shepard, K. L.",
    "Electrochemical camera chip for simultaneous imaging of multiple metabolites in biofilms",
    "Nat. Commun.",
    2016,
    volume="7",
    eid="10535",
)
HEALTH = Work(
    key="who",
    entry_type="online",
    line=1,
    title="The top 10 causes of death",
    authors=("World Health Organization",),
    url="https://www.who.int/news-room/fact-sheets/detail/the-top-10-causes-of-death",
)
OPEN = article("Müller-Łuć, Jörg; Ó Néill, Áine", "Is it so?", "Tée", 2020, volume="1", eid="7", authors_complete=False)

GUIDES = [
    # https://apastyle.apa.org/style-grammar-guidelines/references/examples/journal-article-references
    (
        "apa",
        GRADY,
        "Grady, J. S., Her, M., Moreno, G., Perez, C., & Yelinek, J. (2019). Emotions in storybooks: A comparison of "
        "storybooks that represent ethnic and racial groups in the United States. _Psychology of Popular Media "
        "Culture_, _8_(3), 207–217. https://doi.org/10.1037/ppm0000185",
    ),
    (
        "apa",
        HOUSE,
        "Jerrentrup, A., Mueller, T., Glowalla, U., Herder, M., Henrichs, N., Neubauer, A., & Schaefer, J. R. (2018). "
        "Teaching medicine with the help of “Dr. House.” _PLoS ONE_, _13_(3), Article e0193972. "
        "https://doi.org/10.1371/journal.pone.0193972",
    ),
    (
        "apa",
        HEALTH,
        "World Health Organization. (n.d.). _The top 10 causes of death_. "
        "https://www.who.int/news-room/fact-sheets/detail/the-top-10-causes-of-death",
    ),
    # https://www.nlm.nih.gov/bsd/uniform_requirements.html; CSL prints an en dash between pages, the samples a hyphen
    (
        "vancouver",
        PREVENTION,
        "Diabetes Prevention Program Research Group. Hypertension, insulin, and proinsulin in participants with "
        "impaired glucose tolerance. Hypertension. 2002;40(5):679–86.",
    ),
    (
        "vancouver",
        ROSE,
        "Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial "
        "excitatory amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40–6.",
    ),
    # AMA Manual of Style, 11th edition, chapter 3.11
    (
        "ama",
        WARFARIN,
        "Gage BF, Fihn SD, White RH. Management and dosing of warfarin therapy. _Am J Med_. 2000;109(6):481-488. "
        "doi:10.1016/S0002-9343(00)00545-3",
    ),
    (
        "ama",
        ROSE,
        "Rose ME, Huerbin MB, Melick J, et al. Regulation of interstitial excitatory amino acid concentrations after "
        "cortical contusion injury. _Brain Res_. 2002;935(1-2):40-46.",
    ),
    # https://authors.bmj.com/writing-and-formatting/formatting-your-paper/; the style file adds the full stop
    # after the journal and the italics of "et al.", which the guide's older example does not have
    (
        "bmj",
        INJURY,
        "Koziol-Mclain J, Brand D, Morgan D, _et al._ Measuring injury risk factors: question reliability in a "
        "statewide sample. _Inj Prev_. 2000;6:148–50.",
    ),
    # https://www.thelancet.com/pb/assets/raw/Lancet/authors/tl-info-for-authors.pdf: three of more than six authors
    (
        "lancet",
        ROSE,
        "Rose ME, Huerbin MB, Melick J, _et al._ Regulation of interstitial excitatory amino acid concentrations "
        "after cortical contusion injury. _Brain Res_ 2002; *935*: 40–6.",
    ),
    # https://www.nature.com/nature/for-authors/formatting-guide
    (
        "nature",
        VESICLE,
        "Schott, D. H., Collins, R. N. & Bretscher, A. Secretory vesicle transport velocity in living cells depends "
        "on the myosin V lever arm length. _J. Cell Biol._ *156*, 35–39 (2002).",
    ),
    (
        "nature",
        CHIP,
        "Bellin, D. L. _et al._ Electrochemical camera chip for simultaneous imaging of multiple metabolites in "
        "biofilms. _Nat. Commun._ *7*, 10535 (2016).",
    ),
    # An open list of authors, an article number, no DOI, letters beyond ASCII, a question for a title
    ("apa", OPEN, "Müller-Łuć, J., Ó Néill, Á., et al. (2020). Is it so? _Tée_, _1_, Article 7."),
    ("ama", OPEN, "Müller-Łuć J, Ó Néill Á, et al. Is it so? _Tée_. 2020;1:7."),
    ("vancouver", OPEN, "Müller-Łuć J, Ó Néill Á, et al. Is it so? Tée. 2020;1:7."),
    ("bmj", OPEN, "Müller-Łuć J, Ó Néill Á, _et al._ Is it so? _Tée_. 2020;1:7."),
    ("lancet", OPEN, "Müller-Łuć J, Ó Néill Á, _et al._ Is it so? _Tée_ 2020; *1*: 7."),
    ("nature", OPEN, "Müller-Łuć, J., Ó Néill, Á. _et al._ Is it so? _Tée_ *1*, 7 (2020)."),
]


@pytest.mark.parametrize(("style", "work", "expected"), GUIDES, ids=[f"{g[0]}-{g[1].authors[0]}" for g in GUIDES])
def test_the_guides(style, work, expected):
    (entry,) = format_works([work], style)
    assert marked(entry) == expected
    assert entry.text == "".join(text for text, _ in entry.runs)


def test_every_style_is_checked_against_its_guide():
    assert {style for style, _, _ in GUIDES} == set(STYLES)


def test_works_of_one_author_and_year_get_letters_in_apa_alone():
    works = [article("Cole, D.", title, "Tea", 2001, key=key) for title, key in (("Beta", "a1"), ("Alpha", "a2"))]
    assert [(e.key, e.text[:16]) for e in format_works(works)] == [
        ("a2", "Cole, D. (2001a)"),
        ("a1", "Cole, D. (2001b)"),
    ]
    assert [entry.key for entry in format_works(works, "ama")] == ["a1", "a2"]
    assert "2001a" not in format_works(works, "ama")[0].text


def test_more_than_twenty_authors_and_then_others():
    names = "; ".join(f"N{chr(97 + n)}, A." for n in range(22))
    open_list = article(names, "Many", "Tea", 2001, authors_complete=False)
    text = format_works([open_list])[0].text
    assert text.startswith("Na, A., Nb, A.,")
    assert ", et al. (2001). Many." in text


def test_an_unknown_style_names_those_that_are_near():
    with pytest.raises(InputError, match="did you mean vancouver"):
        check_style("Vancover")
    with pytest.raises(InputError, match="use one of apa, ama, bmj"):
        format_works([GRADY], "chicago")


def test_nothing_gives_nothing():
    assert format_works([], "nature") == ()


def test_links_say_where_they_go():
    links = [text for text, kind in format_works([WARFARIN], "ama")[0].runs if kind == "link"]
    assert [address(link) for link in links] == ["https://doi.org/10.1016/S0002-9343(00)00545-3"]
    (entry,) = format_works([HEALTH], "apa")
    assert address(entry.runs[-1][0]) == HEALTH.url


def test_csl_names():
    item = csl_item(article("Zarate Jr., C. A.; WHO; aan het Rot, M.", "T", "J", 2001))
    assert item["author"] == [
        {"family": "Zarate", "given": "C. A.", "suffix": "Jr."},
        {"literal": "WHO"},
        {"family": "aan het Rot", "given": "M."},
    ]


def test_the_bibliography_of_this_repository_in_every_style():
    path = Path(__file__).resolve().parents[1] / "references.bib"
    if not path.exists():
        pytest.skip("the repository has no references.bib yet")
    works = read_bibliography(path)
    for style in STYLES:
        entries = format_works(works, style)
        assert sorted(entry.key for entry in entries) == [work.key for work in works]
        titles = {work.key: work.title for work in works}
        for entry in entries:
            assert titles[entry.key].rstrip(".") in entry.text
            assert not {"..", " ,", ",,", " .", "  ", "?."} & {entry.text[i : i + 2] for i in range(len(entry.text))}


LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30)
TITLES = (
    LINE | st.sampled_from(["<i>x</i>", '<span class="nocase">A</span>', "a & b", "\ufdd0x\ufdd2", "{}", "...?"])
).filter(lambda text: text.strip(" {}"))


@settings(max_examples=60)
@given(
    title=TITLES, author=TITLES, journal=TITLES | st.none(), style=st.sampled_from(sorted(STYLES)), full=st.booleans()
)
def test_any_text_stays_text(title, author, journal, style, full):
    clean = author.replace("; ", ";")
    work = article(clean, title, journal, 2001, authors_complete=full)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (entry,) = format_works([work], style)
    assert entry.key == "a1"
    assert not any("\ufdd0" <= sign <= "\ufdef" for sign in entry.text)
    assert [text for text, _ in entry.runs if not text] == []


ATTACK = '<img src=x onerror="a()"> [a](javascript:b) ![c](d) `e` | $f$ &lt; \u202e\x07'


@pytest.mark.parametrize("style", sorted(STYLES))
def test_nothing_that_a_record_says_can_act(style):
    work = article(ATTACK, ATTACK, ATTACK, 2001, url="https://example.org/)>\"'<b>", key="a1", pages="1")
    page = bibliography_text([work], style, Form.HTML)
    assert set(re.findall(r"<(\w+)", page)) <= {"ul", "ol", "li", "i", "b", "a"}
    assert re.findall(r'href="([^"]*)"', page) in ([], ["https://example.org/)%3E%22&#x27;%3Cb%3E"])
    text = bibliography_text([work], style, Form.MARKDOWN)
    assert not re.search(r"(?<!\\)[`|$]|(?<!\\)<(?!http)|(?<!\\)!\[|(?<!\\)\]\(java|&lt;(?<!\\&lt;)", text)
    assert "\u202e" not in page + text
    assert "\x07" not in page + text


def test_an_entry_cannot_start_a_list():
    work = article("1", "T", "J", 2001)
    assert bibliography_text([work], "apa", Form.MARKDOWN).startswith("1\\. (2001)")
