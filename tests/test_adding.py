"""The app's "Add a document": from an uploaded file to claims in the claim file, with the toy domain."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from kb.build import build
from kb.model import Bound
from kb.propose.accepting import accepted_claims
from kb.propose.drafts import Draft, drafts, load_draft
from kb.ui import decisions
from kb.ui.components import proposed
from kb.ui.screens.deciding import after, beside
from kb.ui.screens.outcome import new_findings
from kb.ui.store import shelf
from streamlit.testing.v1 import AppTest
from tools.small_pdf import small_pdf

from test_screens import opened, press, words

PAGE = """<html><head><title>Our <b>tips</b></title></head><body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a> <a href="/about">About us</a></nav>
<main><h1>Tyre tips</h1><p>Pump slick tyres to 6 bar on asphalt. Sealant does not damage the rim.</p>
<p>The shop has opened 14 branches. Solid tyres roll with less resistance than slick tyres.</p></main></body></html>"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The toy domain, in a folder that a test may write to."""
    folder = tmp_path / "toy"
    shutil.copytree("tests/toy", folder)
    monkeypatch.setenv("KB_DATA", str(folder))
    monkeypatch.delenv("KB_SOURCES", raising=False)
    monkeypatch.setattr(decisions, "CALM", 0.0)
    yield folder
    shelf.clear()


def uploaded(content: bytes, file: str, name: str = "") -> AppTest:
    at = opened("documents", add="")
    at = at.file_uploader[0].upload(file, content).run()
    if name:
        at = next(f for f in at.text_input if f.label.startswith("Name of the document")).set_value(name).run()
    return next(b for b in at.button if b.label == "Propose claims").click().run()


def added(data: Path) -> AppTest:
    at = uploaded(PAGE.encode(), "Tyre Tips.html")
    words(at)
    return at


def draft(data: Path, name: str = "tyre-tips") -> Draft:
    return load_draft(data, name)


def current(at: AppTest) -> str:
    return next(button.key.partition(" ")[2] for button in at.button if button.key and button.key.startswith("skip "))


def in_file(data: Path, name: str = "tyre-tips") -> str:
    path = data / "claims" / f"{name}.yaml"
    return path.read_text("utf-8") if path.is_file() else ""


def test_a_file_becomes_a_draft_and_accepting_writes_the_claim(data: Path) -> None:
    before = (data / "documents.yaml").read_bytes()
    at = added(data)
    assert at.query_params["add"] == "tyre-tips"
    shown = words(at)
    first = draft(data).proposals[0]
    assert f'data-proposal="{first.id}"' in shown
    assert f"confidence {first.confidence:.2f}" in shown
    assert "Left out: navigation" in shown
    assert "Our tips" in shown or "Our &lt;b&gt;" in shown
    assert (data / "documents.yaml").read_bytes() == before, "nothing counts before it is accepted"
    at = press(at, "accept ")
    assert first.claim is not None
    assert first.claim.id in in_file(data)
    kb = build(data, [data / "sources"])
    assert "tyre-tips" in kb.texts
    assert current(at) == draft(data).proposals[1].id, "the next one is up"


def test_reject_skip_and_undo(data: Path) -> None:
    at = added(data)
    first, second = draft(data).proposals[:2]
    at = press(press(at, "reject "), "skip ")
    assert [d.state for d in draft(data).decisions] == ["rejected", "skipped"]
    at = press(at, "undo ")
    assert current(at) == second.id
    at = press(press(at, "undo "), "accept ")
    assert first.claim is not None
    assert first.claim.id in in_file(data)
    at = press(at, "undo ")
    assert first.claim.id not in in_file(data)
    assert current(at) == first.id
    assert draft(data).decisions == ()


def test_next_and_back_decide_nothing(data: Path) -> None:
    at = press(press(press(added(data), "next "), "next "), "back ")
    assert current(at) == draft(data).proposals[1].id
    assert at.query_params["p"] == draft(data).proposals[1].id
    assert draft(data).decisions == ()


def test_a_draft_is_there_after_a_reload_and_listed_with_its_counts(data: Path) -> None:
    press(added(data), "accept ")
    name = draft(data).proposals[2].id
    assert f'data-proposal="{name}"' in words(opened("documents", add="tyre-tips", p=name))
    listed = words(opened("documents", add=""))
    assert 'href="/documents?add=tyre-tips"' in listed
    assert "1 accepted" in listed
    assert "/documents?add=" in words(opened("documents"))


def test_after_a_review_the_document_is_on_its_screen(data: Path) -> None:
    at = press(added(data), "accept ")
    claim = draft(data).proposals[0].claim
    assert claim is not None
    shown = words(opened("documents", doc="tyre-tips"))
    assert "verified" in shown
    assert claim.id in str(opened("documents", doc="tyre-tips").get("bidi_component")) or "1 claim" in shown
    assert at.query_params["add"] == "tyre-tips"


def field(elements: object, label: str) -> object:
    return next(element for element in elements if element.label == label)  # type: ignore[attr-defined]


def test_an_edited_proposal_is_accepted_as_edited(data: Path) -> None:
    at = press(added(data), "edit ")
    field(at.text_area, "In your own words").set_value("Slick tyres: 6 to 7 bar.\n<script>x</script>")
    field(at.text_input, "High").set_value("7")
    field(at.selectbox, "Bound").set_value(Bound.RANGE)
    field(at.selectbox, "Subject").set_value("knobbly-tyre")
    at = next(b for b in at.button if b.label == "Save and accept").click().run()
    words(at)
    (claim,) = accepted_claims(draft(data)).values()
    assert (claim.subject, str(claim.value.high), claim.checked.value) == ("knobbly-tyre", "7", "read_once")
    assert claim.id in in_file(data)
    assert "<script>" not in words(at)


def test_faults_of_an_edit_are_told_all_at_once_and_nothing_is_written(data: Path) -> None:
    at = press(added(data), "edit ")
    field(at.text_area, "In your own words").set_value(" ")
    field(at.text_input, "Low").set_value("six")
    at = next(b for b in at.button if b.label == "Save and accept").click().run()
    shown = words(at)
    assert "text is empty" in shown
    assert "“six” is no number" in shown
    field(at.text_area, "In your own words").set_value("Slick tyres.")
    field(at.text_input, "Low").set_value("9")
    at = next(b for b in at.button if b.label == "Save and accept").click().run()
    assert "low 9 is above high 6" in words(at)
    assert draft(data).decisions == ()
    assert in_file(data) == ""


def test_a_quantity_without_a_property_opens_the_form_or_says_why_not(data: Path) -> None:
    at = added(data)
    bare = next(p for p in draft(data).proposals if p.claim is None)
    at = press(opened("documents", add="tyre-tips", p=bare.id), "accept ")
    assert "no property of the vocabulary takes" in words(at)
    assert draft(data).decisions == ()


def test_filters_of_kind_and_confidence(data: Path) -> None:
    added(data)
    at = opened("documents", add="tyre-tips", kind="comparison")
    chosen = [p for p in draft(data).proposals if p.kind.value == "comparison"]
    assert f"1 of {len(chosen)}<" in words(at)
    assert current(at) == chosen[0].id
    high = [p for p in draft(data).proposals if p.confidence >= Decimal("0.9")]
    assert f"of {len(high)}<" in words(opened("documents", add="tyre-tips", conf="0.9"))
    assert "No proposals in this selection" in words(opened("documents", add="tyre-tips", state="accepted"))


def test_done_with_counts_difference_and_new_findings(data: Path) -> None:
    at = added(data)
    while draft(data).pending():
        at = press(at, "accept " if draft(data).pending()[0].claim else "reject ")
    shown = words(at)
    assert "Done" in shown
    accepted = len(accepted_claims(draft(data)))
    assert f"{accepted} accepted, {len(draft(data).proposals) - accepted} rejected" in shown
    at = press(at, "count findings")
    kb = build(data)
    found = new_findings(kb, draft(data))
    assert found
    assert f"{len(found)} findings are new" in words(at) or "1 finding is new" in words(at)
    assert {m.source for f in found for m in f.members} >= {"tyre-tips"}


@pytest.mark.parametrize(
    ("content", "file", "name", "told"),
    [
        (small_pdf([[]]), "scan.pdf", "", "no text layer"),
        (b"", "empty.txt", "", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "", "is a picture"),
        (b"not a docx", "a.docx", "My Page!", "cannot be the name"),
        (PAGE.encode(), "a.html", "lantern", "on record with another text"),
        (PAGE.encode(), "a.html", "orrin2014", "key of a work"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_kept(
    data: Path, content: bytes, file: str, name: str, told: str
) -> None:
    texts = sorted((data / "sources").iterdir())
    shown = words(uploaded(content, file, name))
    assert "The page was not added" in shown
    assert told in shown
    assert drafts(data) == ()
    assert sorted((data / "sources").iterdir()) == texts


def test_a_page_without_proposals_says_so(data: Path) -> None:
    shown = words(uploaded(b"Nothing here is about wheels.", "calm.txt"))
    assert "No claims are proposed for this page" in shown


def test_a_text_that_is_on_record_is_proposed_for_its_document(data: Path) -> None:
    at = uploaded((data / "sources" / "lantern.txt").read_bytes(), "copy.txt")
    assert at.query_params["add"] == "lantern"
    assert "on record already" in words(at)


def test_a_folder_that_cannot_be_written_to_is_said_to_be_one(data: Path) -> None:
    (data / "drafts").write_text("in the way", "utf-8")
    assert "cannot be written to" in words(uploaded(PAGE.encode(), "a.html"))


def test_a_claim_file_that_cannot_be_written_keeps_the_draft(data: Path) -> None:
    at = added(data)
    (data / "claims" / "tyre-tips.yaml").mkdir()
    shown = words(press(at, "accept "))
    assert "Not written" in shown
    assert draft(data).decisions == ()


@pytest.mark.parametrize("name", ["no-such-draft", "../toy/drafts/x", "<b>"])
def test_a_draft_that_is_not_there(data: Path, name: str) -> None:
    assert "There is no draft of" in words(opened("documents", add=name))


def test_a_damaged_draft_and_a_lost_text_are_said_to_be_so(data: Path) -> None:
    added(data)
    (data / "sources" / "tyre-tips.txt").unlink()
    assert "text of the page cannot be shown" in words(opened("documents", add="tyre-tips"))
    (data / "drafts" / "tyre-tips.json").write_text("{", "utf-8")
    assert "The draft cannot be read" in words(opened("documents", add="tyre-tips"))
    assert "is damaged" in words(opened("documents", add=""))


def test_markup_in_a_page_stays_text(data: Path) -> None:
    hostile = b"Pump slick tyres to 6 bar <script>alert(1)</script> **bold** [x](javascript:y) on asphalt."
    shown = words(uploaded(hostile, "<img src=x onerror=y>.txt"))
    assert "<script>" not in shown
    assert "<img" not in shown


def test_the_pieces_join_to_the_page_and_say_what_was_decided(data: Path) -> None:
    press(added(data), "accept ")
    text = (data / "sources" / "tyre-tips.txt").read_text("utf-8")
    page = proposed.page(text, draft(data), draft(data).proposals, "")
    assert "".join(piece["text"] for piece in page["pieces"]) == text
    looks = {piece["look"] for piece in page["pieces"] if "look" in piece}
    assert looks == {"proposed", "accepted"}
    assert [end for piece in page["pieces"] for end in piece.get("ends", [])] == [{"look": "accepted", "glyph": "✓"}]
    assert any(piece.get("omitted") for piece in page["pieces"])


def test_where_a_decision_and_the_keys_lead(data: Path) -> None:
    added(data)
    found = draft(data).proposals
    ids = [p.id for p in found]
    assert after(draft(data), found, ids[-1]) == ids[0], "round to what was passed over"
    assert after(draft(data), found[:1], ids[0]) == ""
    assert (beside(found, ids[0], -1), beside(found, ids[0], 1), beside(found, ids[-1], 1)) == (ids[0], ids[1], ids[-1])


def test_while_a_draft_is_on_screen_files_are_not_read_anew(data: Path) -> None:
    first = added(data)
    at = press(first, "accept ")
    assert "51 claims in 3 documents" in words(at)
    assert "Counted before this review" in words(at)
    other = words(opened("documents"))
    assert "52 claims in 4 documents" in other
    assert "Counted before this review" not in other
