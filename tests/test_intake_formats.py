"""Plain text, Markdown, PDF and Word files; what a file is; files that cannot be read."""

import io
import os
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kb.errors import InputError
from kb.ids import sha256_bytes, sha256_text
from kb.intake import SUFFIXES, guarded, markdown, plain, read_capture
from kb.passages import blocks, markers
from tools.small_pdf import small_pdf

SHARED = Path(__file__).resolve().parents[2] / "shared"
SET_ASIDE = "010 015 018 023 024 025 026 029 031 034 035 036".split()


def captured(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return read_capture(path)


def refusal(path):
    with pytest.raises(InputError) as raised:
        read_capture(path)
    return str(raised.value)


def test_snapshots_come_through_unchanged():
    pages = [path for path in sorted(SHARED.glob("pages/*.txt")) if path.stem not in SET_ASIDE]
    found = [*sorted(SHARED.glob("documents/*.txt")), *pages]
    if not found:
        pytest.skip("the captured documents are not attached (../shared/documents)")
    for path in found:
        capture = read_capture(path)
        assert sha256_text(capture.text) == capture.raw_sha256 == sha256_bytes(path.read_bytes())


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_plain_text_keeps_every_character(text):
    assert plain.read(text.removeprefix("\ufeff").encode()).text == text.removeprefix("\ufeff")


def test_line_ends_become_one_kind():
    assert plain.read(b"One.\r\nTwo.\rThree.").text == "One.\nTwo.\nThree."


WRAPPED = """The wheel was turned by hand for some time before anyone
thought of pedals, and the road was no help to the riders
who came first. A self-
contained pump was carried by each of them, as were pre- and
post-war tools of every kind that could be had in the town
- a list item that was wrapped in the same manner as the oth
ers of the text.

The second paragraph is also wrapped at the same width as
the first one, so that the whole text is clearly wrapped at
that width, as mail and old text files are in most places
where they are still to be found today.
"""


def test_a_wrapped_text_is_joined_and_its_lists_are_not():
    text = plain.unwrapped(WRAPPED)
    assert "before anyone thought of pedals" in text
    assert "\n- a list item" in text
    assert text.split("\n\n")[1].count("\n") == 1
    assert plain.unwrapped(text) == text


def test_short_lines_are_no_wrapped_text():
    text = "Heading\n" + "A line of its own with forty-five characters.\nShort one.\n" * 20
    assert plain.unwrapped(text) == text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("# A **bold** title #", "# A bold title"),
        ("Title\n=====\nSub\n---", "# Title\n## Sub"),
        ('see [the page](https://x.example/a_(b) "t") and <https://y.example>', "see the page and https://y.example"),
        ("a [label][1] and [1] and [none][x]\n\n[1]: https://x.example", "a label and [1] and [none][x]"),
        ("![alt](x.png)It works[^1].\n\n[^1]: Roe 2001.", "It works¹.\n\n1. Roe 2001."),
        ("x<sup>2,3</sup> H<sub>2</sub>O<br>next <!-- no -->&nbsp;end", "x²,³ H₂O next \xa0end"),
        (r"5 \* 3 and snake_case_word and `a*b*c` 2*3*4", "5 * 3 and snake_case_word and a*b*c 2*3*4"),
        ("* one\n+ two\n  1) three", "- one\n- two\n  1) three"),
        ("a | b\n--|--\n1 | 2\\|3", "| a | b |\n1 | 2¦3"),
        ("> quoted *words*", "quoted words"),
        ("```\n*kept*\n```", "*kept*"),
    ],
)
def test_markdown_as_a_reader_sees_it(source, shown):
    assert markdown.read(source.encode()).text == shown + "\n"


def test_front_matter_names_the_page_and_is_excluded():
    capture = markdown.read(b"---\ntitle: 'On wheels'\ntags: [a]\n---\n\n# Wheels\n\nText.\n")
    assert capture.title == "On wheels"
    (span,) = capture.excluded
    assert (capture.text[span.start : span.end].split("\n")[-1], span.reason) == ("---", "front matter")
    assert markdown.read(b"# Wheels\n").title == "Wheels"


PLACES = ("", "Ada wrote it in the spring.", "Ben read it in the summer.", "Cid printed it in the autumn.")


def prose(number):
    return [
        "The Journal of Wheels",
        PLACES[number],
        f"Paragraph {number} of this paper tells of wheels that were turned by hand and",
        "of the treat-",
        "ment of roads, which is self-",
        "explanatory. Another treatment is known.",
        PLACES[-number],
        f"Page {number}",
    ]


def test_pdf_pages_become_paragraphs(tmp_path):
    capture = captured(tmp_path, "a.pdf", small_pdf([prose(number) for number in (1, 2, 3)], title="On wheels"))
    assert (capture.title, capture.media_type) == ("On wheels", "application/pdf")
    assert "by hand and of the treatment of roads, which is self-explanatory. Another" in capture.text
    reasons = {capture.text[span.start : span.end]: span.reason for span in capture.excluded}
    assert "running head" in reasons.values()
    assert any("Page 3" in text for text in reasons)
    assert not any("roads" in text for text in reasons)


def test_pdf_that_gives_no_text(tmp_path):
    (tmp_path / "empty.pdf").write_bytes(small_pdf([[], []]))
    assert "This PDF has no text layer" in refusal(tmp_path / "empty.pdf")
    (tmp_path / "shut.pdf").write_bytes(small_pdf([["word"]], encrypted=True))
    assert "This PDF is encrypted" in refusal(tmp_path / "shut.pdf")


def word_file():
    document = docx.Document()
    document.core_properties.title = "On wheels"
    document.sections[0].header.paragraphs[0].text = "Journal"
    document.add_heading("Wheels", 1)
    paragraph = document.add_paragraph("They work")
    for text in ("1", ",2"):
        paragraph.add_run(text).font.superscript = True
    paragraph.add_run(". Hidden").font.hidden = True
    for text, style in (("one", "List Number"), ("two", "List Number"), ("x", "List Bullet")):
        document.add_paragraph(text, style=style)
    table = document.add_table(2, 3)
    for at, text in enumerate("Wheel Size Age A 28 3".split()):
        table.cell(at // 3, at % 3).text = text
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def test_word_files(tmp_path):
    capture = captured(tmp_path, "a.docx", word_file())
    assert capture.title == "On wheels"
    assert capture.text == (
        "Journal\n\n# Wheels\n\nThey work¹,²\n1. one\n2. two\n- x\n\n| Wheel | Size | Age |\n| A | 28 | 3 |\n"
    )
    assert [span.reason for span in capture.excluded] == ["running head"]
    found = blocks(capture.text)
    assert [block.kind for block in found][-5:] == ["list-item"] * 3 + ["table-row"] * 2
    assert [marker.numbers for marker in markers(capture.text, found)] == [(1, 2)]


def test_a_zip_bomb_is_refused_by_its_sizes(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (65 * 2**20))
    assert "unpacks to 65 MB" in refusal(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("page.txt", b"<!doctype html><p>word", "text/html"),
        ("page", b"\n<!-- saved --><HTML><p>word", "text/html"),
        ("page.html", b"Just words, no markup.", "text/plain"),
        ("page.pdf", b"Just words, no PDF.", "text/plain"),
        ("page.html", small_pdf([["word"]]), "application/pdf"),
        ("page.md", b"<p align=center>word</p>", "text/markdown"),
        ("page.txt", b"a < b and <p> is a tag", "text/plain"),
    ],
)
def test_content_tells_more_than_the_suffix(tmp_path, name, data, media_type):
    assert captured(tmp_path, name, data).media_type == media_type


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.html", b"", "is empty"),
        ("a.html", b"<p>", "holds no words"),
        ("a.txt", b"PK\x03\x04junk", "broken archive"),
        ("a.docx", b"\xd0\xcf\x11\xe0junk", "old Word file or one with a password"),
        ("a.txt", b"\x89PNG\r\n", "is a picture"),
        ("a.txt", b"word\0word", "is binary"),
        ("a.pdf", b"%PDF-1.7\njunk", "is a broken PDF"),
        ("a.txt", b"a" * 50_000_000, "more than 5,000,000 characters"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    assert message in refusal(tmp_path / name)


def test_a_file_may_have_64_megabytes(tmp_path):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    assert "is larger than 64 MB" in refusal(tmp_path / "a.txt")


def test_only_regular_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "loop.html").symlink_to(tmp_path / "loop.html")
    for name, message in (("pipe", "no regular file"), ("folder", "no regular file"), ("loop", "cannot be read")):
        assert message in refusal(tmp_path / f"{name}.html")
    assert "cannot be read" in refusal(tmp_path / "absent.html")
    assert "no name of a file" in refusal(tmp_path / "a\0b.html")


def test_a_reader_that_does_not_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(guarded, "SECONDS", 0.01)
    (tmp_path / "a.pdf").write_bytes(small_pdf([["word"]]))
    assert "takes longer than" in refusal(tmp_path / "a.pdf")


def test_a_reader_that_takes_too_much_memory_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(guarded, "MEMORY", 128 * 2**20)
    (tmp_path / "a.html").write_bytes(b"<p>word" * 400_000)
    assert "more than 128 MB of memory" in refusal(tmp_path / "a.html")


@pytest.mark.parametrize(("library", "reader", "kind"), [("pypdf", "pdf", "PDF"), ("docx", "word", "DOCX")])
def test_a_missing_library_names_the_extra(monkeypatch, library, reader, kind):
    from kb.intake import pdf, word
    from kb.intake.records import UnreadableError

    monkeypatch.setitem(sys.modules, library, None)
    data = small_pdf([["word"]]) if kind == "PDF" else word_file_bytes
    with pytest.raises(UnreadableError, match=f"reading {kind} needs the extra ingest") as raised:
        {"pdf": pdf, "word": word}[reader].read(data)
    assert raised.value.remedy == "pip install 'claims-kb[ingest]'"


word_file_bytes = word_file()


def test_suffixes():
    assert {".html", ".pdf", ".docx", ".md", ".txt"} <= set(SUFFIXES)
