import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kb.intake.html_page import read
from kb.intake.records import UnreadableError
from kb.passages import blocks, markers, references


def page(body, head=""):
    return read(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())


def lines(body):
    return [line for line in page(body).text.split("\n") if line]


def excluded(body):
    captured = page(body)
    return {captured.text[span.start : span.end]: span.reason for span in captured.excluded}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div>bare <b>bold</b> and <a href=x>link</a>.</div>", ["bare bold and link."]),
        (
            "<p>one<!-- no --><script>no</script><style>no</style><noscript>no</noscript><template>no</template></p>",
            ["one"],
        ),
        ("<p>caf&eacute; 5&nbsp;mg &amp; more<img alt=no></p>", ["café 5\xa0mg & more"]),
        ("<h2>A <i>title</i><br>of two</h2><p>Text.", ["## A title of two", "Text."]),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", ["- a", "- b", "  - c", "- d"]),
        ("<ol start=3><li>a<li value=9>b<li>c</ol>", ["3. a", "9. b", "10. c"]),
        ("<ol reversed><li>a<li>b</ol>", ["2. a", "1. b"]),
        ("<ol type=a><li>x</ol><ol type=I><li>x<li>y</ol>", ["- a. x", "- I. x", "- II. y"]),
        ("<ol><li>[1] Own.<li>2. Own.<li>None.</ol>", ["[1] Own.", "2. Own.", "3. None."]),
        ("<ul><li><p>first</p><p>second</p></ul>", ["- first", "second"]),
        ("<dl><dt>Term<dd>Meaning.</dl>", ["Term", "Meaning."]),
        ("<details><summary>Ask</summary><p>Answer.</details>", ["Ask", "Answer."]),
        ("<p>12 Long Road<br>Anytown", ["12 Long Road", "Anytown"]),
        ("<p>a sentence that<br>goes on", ["a sentence that goes on"]),
        ("<pre>a\nb</pre>", ["a", "b"]),
        ("<p>said <q>so</q></p>", ["said “so”"]),
        ("<a href=1>Home</a><a href=2>About</a>", ["Home About"]),
        ("text<p>para</p>tail", ["text", "para", "tail"]),
        ("<p>in <span style='display: none'>not</span>line</p>", ["in line"]),
        ("<h1>never closed<p>" + "word " * 90, ["never closed", ("word " * 90).strip()]),
    ],
)
def test_what_stands_on_which_line(body, expected):
    assert lines(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("works.<sup>1,2</sup>", "works.¹,²"),
        ("works.<sup>3-5</sup>", "works.³-⁵"),
        ("works.<sup> 3 – 5 </sup>", "works. ³–⁵"),
        ("works.<sup>[1]</sup>", "works.[1]"),
        ("works.<sup><a href='#r1'>1</a></sup><sup><a href='#r2'>2</a></sup>", "works.¹ ²"),
        ("works.<sup>1</sup><sup>,</sup><sup>2</sup>", "works.¹,²"),
        ("works.<a class='footnote-ref' href='#fn1'>1</a>", "works.¹"),
        ("works.<a href='#contents'>1</a>", "works.1"),
        ("10<sup>-3</sup> and Ca<sup>2+</sup>", "10⁻³ and Ca²⁺"),
        ("the 1<sup>st</sup> H<sub>2</sub>O C<sub>max</sub> Smith<sup>a,b</sup>", "the 1st H₂O Cmax Smithᵃ,ᵇ"),
    ],
)
def test_raised_and_lowered(body, expected):
    assert lines(f"<p>{body}</p>") == [expected]


def test_a_page_that_cites_is_read_by_passages():
    captured = page(
        "<h1>Title</h1><p>It works.<sup>1,2</sup> It lasts.<sup>2</sup></p><h2>References</h2><ol>"
        "<li>Roe A. <a href=x>On wheels</a>. J Roads. 2001;3(2):1-5.<li>Doe B. On tyres. J Roads. 2002;4(1):6-9.</ol>"
    )
    found = blocks(captured.text)
    assert [marker.numbers for marker in markers(captured.text, found)] == [(1, 2), (2,)]
    assert [entry.number for entry in references(found)] == [1, 2]


def test_tables_keep_their_columns():
    body = "<table><tr><th>Drug<th>Dose<th>Time<tr><td rowspan=2>A<td>1|2<td><ul><li>x<li>y</ul><tr><td colspan=2>b"
    captured = page(body)
    assert captured.text == "| Drug | Dose | Time |\n| A | 1¦2 | • x • y |\n|  | b |  |\n"
    assert [len(block.cells) for block in blocks(captured.text)] == [3, 3, 3]


def test_a_table_for_layout_is_walked():
    assert lines("<table><tr><td><h1>T</h1><p>One.</p><td><p>Two.</table>") == ["# T", "One.", "Two."]


@pytest.mark.parametrize(
    ("furniture", "reason"),
    [
        ("<nav><a href=1>Home</a></nav>", "navigation"),
        ("<div role=navigation>Home</div>", "navigation"),
        ("<ul><li><a href=1>Home</a><li><a href=2>Prices</a><li><a href=3>About us</a></ul>", "navigation"),
        ("<header><a href=1>Logo</a></header>", "header"),
        ("<footer>Street 1</footer>", "footer"),
        ("<p>© 2031 The Makers. All rights reserved.</p>", "footer"),
        ("<aside>Beside</aside>", "aside"),
        ("<form>Name <button>Send</button></form>", "form"),
        ("<div id=cookie-banner>We store things</div>", "cookie notice"),
        ("<p>We use cookies to improve.</p>", "cookie notice"),
        ("<div class='box newsletterSignup'>Join us</div>", "newsletter"),
        ("<div class=social-share>Tell others</div>", "share links"),
        ("<section class='related-posts'>Read on</section>", "related pages"),
        ("<div class=ad-slot>Buy</div>", "advertisement"),
        ("<div hidden>Later</div>", "hidden"),
        ("<div id=comments>First!</div>", "comments"),
    ],
)
def test_furniture_stays_and_is_listed(furniture, reason):
    prose = "<p>" + "Here is the content of the page. " * 9 + "</p>"
    found = excluded(prose + furniture + prose)
    assert list(found.values()) == [reason]
    assert re.sub(r"<[^>]*>", " ", furniture).split()[0] in "".join(found)


@pytest.mark.parametrize(
    "content",
    [
        "<form><h1>T</h1><p>ASP wraps its pages in a form.</p></form>",
        "<header><h1>Title</h1><p>By Ann.</p></header>",
        "<section id=social-anxiety><p>On social anxiety.</p></section>",
        "<div class='shared-decisions related-conditions'>On sharing.</div>",
        "<h2 class=menu>On menus</h2>",
        "<p>(c) the third of these options</p>",
        "<div style='visibility:hidden'><p>" + "Shown by a script when the page is ready. " * 20 + "</div>",
        "<p>See <a href=1>one</a>, and also the longer <a href=2>two</a> in the text.</p>",
    ],
)
def test_content_is_not_taken_for_furniture(content):
    assert excluded(content + "<p>" + "More of the content. " * 9) == {}


def test_reference_titles_that_are_links_are_no_menu():
    entries = "".join(f"<li><a href={n}>Wheels {n}</a>" for n in range(5))
    assert excluded("<p>" + "Content here. " * 30 + "<h2>References</h2><ul>" + entries + "</ul>") == {}


def test_what_the_page_says_of_itself():
    head = (
        "<title>T | Site</title><meta property=og:site_name content=Site><link rel=canonical href=https://x.example/a>"
    )
    captured = page("<h1>H</h1>", head)
    assert (captured.title, captured.publisher, captured.address) == ("T | Site", "Site", "https://x.example/a")
    assert page("<h1>H</h1>", "<link rel=canonical href='javascript:x'>").address == ""
    assert page("<h1>H</h1>").title == "H"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>café".encode(), "café"),
        ("<p>café".encode("utf-8-sig"), "café"),
        ("<p>café".encode("utf-16"), "café"),
        ("<p>café “x”".encode("cp1252"), "café “x”"),
        ("<meta charset=iso-8859-1><p>café “x”".encode("cp1252"), "café “x”"),
        ("<meta charset=iso-8859-1><p>café".encode(), "café"),
        ("<meta charset='Shift_JIS'><p>自転車".encode("shift_jis"), "自転車"),
    ],
)
def test_encodings(data, text):
    assert read(data).text == text + "\n"


def test_an_assumed_encoding_is_on_record_and_a_bad_one_is_refused():
    assert read("<p>café".encode("cp1252")).extractor.endswith(", windows-1252 assumed")
    with pytest.raises(UnreadableError, match="byte 15 cannot be read"):
        read("<p>éééééé".encode() + b"\xff\xfe\xff")
    with pytest.raises(UnreadableError, match="is binary"):
        read(b"<p>a\0b")


WORD = st.from_regex(r"[a-z]{3,8}", fullmatch=True)
INLINE = "b i a span em sup sub label code q".split()
BLOCK = "div p section ul ol li table tr td th h1 h2 h3 dl dt dd details summary blockquote nav footer form pre".split()


@st.composite
def markup(draw):
    """Return markup whose words number themselves: none may be lost, in order."""
    parts = []
    for number in range(draw(st.integers(1, 30))):
        tag = draw(st.sampled_from(INLINE + BLOCK))
        closes = draw(st.sampled_from(["", f"</{tag}>", "</div>", "<br>", "</table>"]))
        parts.append(f"<{tag}>{draw(WORD)}{number}x{closes}{draw(st.sampled_from(['', ' ', chr(10)]))}")
    return "".join(parts)


@settings(max_examples=150, deadline=None)
@given(markup())
def test_no_visible_word_is_lost_and_excluded_spans_are_whole_blocks(body):
    captured = page(f"<main>{body}</main>")
    words = re.findall(r"[a-z]{3,8}\d+x", re.sub(r"<[^>]*>", " ", body))
    said = captured.text
    assert sorted(words) == sorted(re.findall(r"[a-z]{3,8}\d+x", said))
    found = blocks(said)
    in_blocks = "\n".join(said[block.start : block.end] for block in found)
    assert all(word in in_blocks for word in words)
    for span in captured.excluded:
        assert span.start == 0 or said[span.start - 1] == "\n"
        assert said[span.end] == "\n"
        assert all(
            span.start <= b.start < b.end <= span.end or b.end <= span.start or b.start >= span.end for b in found
        )


@pytest.mark.parametrize("unit", ["<b>", "<sup>", "<font>", "<ul><li>", "<table><tr><td>", "<div>"])
def test_depth_takes_neither_recursion_nor_the_square(unit):
    started = time.process_time()
    captured = read((unit * 3000 + "word" + "</p>" * 9).encode())
    assert captured.text.split()[-1] == "word"
    assert time.process_time() - started < 5


def test_a_hundred_thousand_nested_elements_are_refused_at_once():
    started = time.process_time()
    with pytest.raises(UnreadableError, match="nests elements 100,000 deep"):
        read(b"<div>" * 100_000 + b"x")
    assert time.process_time() - started < 3
