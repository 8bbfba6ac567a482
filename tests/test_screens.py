"""Every screen in Streamlit's own test harness: as it is, empty, with a stale address, with broken files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from kb.ui.store import shelf
from kb.verdicts import FILE, Ruling, load_verdicts
from streamlit.testing.v1 import AppTest

from small_folder import small_folder

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("overview", "findings", "topics", "documents", "works", "graph", "summary", "data")
FAILED = "This screen failed"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shipped data, in a folder that a test may write to."""
    folder = tmp_path / "data" / "ketamine"
    shutil.copytree(ROOT / "data" / "ketamine", folder, ignore=shutil.ignore_patterns("sources", "verdicts*"))
    shutil.copy(ROOT / "references.bib", tmp_path / "references.bib")
    monkeypatch.setenv("KB_DATA", str(folder))
    monkeypatch.delenv("KB_SOURCES", raising=False)
    monkeypatch.setenv("KB_USER", "Ada")
    yield folder
    shelf.clear()


def opened(page: str, /, **names: str) -> AppTest:
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    at.run()
    for name, value in names.items():
        at.query_params[name] = value
    return at.switch_page(f"kb/ui/scripts/{page}.py").run()


def words(at: AppTest) -> str:
    assert not at.exception
    bodies = (str(element.proto.body) for element in at.get("html"))
    shown = "\n".join(body for body in bodies if not body.startswith("<style>"))
    assert FAILED not in shown, shown[shown.index(FAILED) :][:3000]
    return shown


@pytest.mark.parametrize("page", PAGES)
def test_a_screen_shows_the_shipped_data(data: Path, page: str) -> None:
    shown = words(opened(page))
    assert f'data-page="{page}"' in shown
    assert "<h1" in shown


@pytest.mark.parametrize(
    ("page", "names", "told"),
    [
        ("findings", {"f": "f-000000000000"}, "is not in this build"),
        ("findings", {"q": "no such words anywhere"}, "No findings in this selection"),
        ("findings", {"kind": "none"}, "No findings in this selection"),
        ("findings", {"topic": "no-such-topic", "doc": "nobody", "state": "x", "sev": "9"}, "kb-card"),
        ("topics", {"topic": "no-such-topic"}, "no-such-topic"),
        ("documents", {"doc": "page-999"}, "page-999"),
        ("works", {"work": "nobody1900"}, "is not in the bibliography"),
        ("graph", {"centre": "c-000000000000"}, "is not in this build"),
        ("data", {"claim": "c-000000000000"}, "is not in this build"),
        ("data", {"q": "no such words anywhere"}, "No claims in this selection"),
        ("data", {"page": "99999"}, "kb-table"),
        ("data", {"page": "-1"}, "kb-table"),
    ],
)
def test_a_stale_address_is_said_to_be_one(data: Path, page: str, names: dict[str, str], told: str) -> None:
    assert told in words(opened(page, **names))


def test_deep_links_lead_to_what_they_name(data: Path) -> None:
    assert 'data-finding="f-db7204ff27fe"' in words(opened("findings", f="f-db7204ff27fe"))
    assert "Bahji, A." in words(opened("works", work="bahji2021"))
    assert "code points 8962–9022" in words(opened("data", claim="c-00df3bfdeb52"))
    assert "BibTeX" in words(opened("data", tab="export"))
    for tab in ("unsourced", "lost", "ours"):
        assert "kb-table" in words(opened("works", tab=tab))
    assert "Every work in a reference list is tied" in words(opened("works", tab="listed")), (
        "every listed work is tied to a claim"
    )
    for centre in ("page-003", "bahji2021", "f-db7204ff27fe", "c-00df3bfdeb52"):
        assert "Next to the centre" in words(opened("graph", centre=centre))


def press(at: AppTest, start: str) -> AppTest:
    return next(button for button in at.button if button.key and button.key.startswith(start)).click().run()


def test_a_verdict_is_one_line_in_the_log_and_can_be_taken_back(data: Path) -> None:
    at = press(opened("findings", f="f-db7204ff27fe"), "stands ")
    (verdict,) = load_verdicts(data / FILE, FILE)
    assert (verdict.finding, verdict.verdict, verdict.by) == ("f-db7204ff27fe", Ruling.CONFIRMED, "Ada")
    assert 'data-finding="f-db7204ff27fe"' not in words(at), "the next card is up"
    at = press(at, "undo ")
    assert [v.verdict for v in load_verdicts(data / FILE, FILE)] == [Ruling.CONFIRMED, Ruling.WITHDRAWN]
    assert 'data-finding="f-db7204ff27fe"' in words(at)


def test_a_dismissal_asks_for_its_reason(data: Path) -> None:
    at = press(opened("findings", f="f-db7204ff27fe"), "dismissed ")
    submit = next(button for button in at.button if "Save" in button.label)
    at = submit.click().run()
    assert not (data / FILE).exists()
    field = next(entry for entry in at.text_input if entry.label == "In your words")
    field.set_value("about two drugs")
    at = next(button for button in at.button if "Save" in button.label).click().run()
    (verdict,) = load_verdicts(data / FILE, FILE)
    assert (verdict.verdict, verdict.reason) == (Ruling.DISMISSED, "about two drugs")


def forms(at: AppTest) -> bool:
    return any("Save" in button.label for button in at.button)


def test_the_form_for_a_reason_goes_away_again(data: Path) -> None:
    at = press(opened("findings", f="f-db7204ff27fe"), "dismissed ")
    assert forms(at)
    assert not forms(press(at, "dismissed ")), "a second press closes it"
    at = press(at, "explained ")
    assert not forms(next(button for button in at.button if button.label == "Cancel").click().run())
    at = press(press(press(at, "dismissed "), "next "), "back ")
    assert 'data-finding="f-db7204ff27fe"' in words(at)
    assert not forms(at), "it does not come back"


def test_a_reason_says_differs_only_of_what_differs(data: Path) -> None:
    at = press(opened("findings", f="f-db7204ff27fe"), "explained ")
    (pills,) = (group for group in at.button_group if "explains" in group.label)
    assert pills.options == ["outcome", "comparator", "indication"]
    pills.set_value(["outcome"])
    next(button for button in at.button if "Save" in button.label).click().run()
    (verdict,) = load_verdicts(data / FILE, FILE)
    assert verdict.reason == "explained by outcome, not stated on every side"


def test_a_filter_that_no_control_shows_can_be_taken_away(data: Path) -> None:
    shown = words(opened("findings", sev="3", claim="c-43c15a223d93"))
    assert "kb-chips" in shown
    assert "gravity: ●●● could mislead" in shown
    at = opened("findings", sev="9", claim="c-000000000000")
    assert "Claim c-000000000000 is not in this build" in words(at)
    assert not {"sev", "claim"} & set(at.query_params)


def test_an_empty_list_names_its_filters_and_what_is_there_without_them(data: Path) -> None:
    shown = words(opened("findings", q="no such words anywhere", topic="efficacy"))
    assert "words: no such words anywhere: " in shown
    assert "topic: efficacy: " in shown
    assert re.search(r"words: [^(]*leave it out</a> \([1-9]\d* findings\)", shown)


def test_a_filter_turned_by_hand_lets_go_of_a_card_outside_it(data: Path) -> None:
    at = opened("findings", f="f-db7204ff27fe")
    topic = next(box for box in at.selectbox if box.label == "Topic")
    at = topic.set_value("cost").run()
    assert "f" not in at.query_params
    assert 'data-finding="f-db7204ff27fe"' not in words(at)
    followed = opened("findings", f="f-db7204ff27fe", topic="cost")
    assert 'data-finding="f-db7204ff27fe"' in words(followed), "a link is taken at its word"


def test_the_headline_and_the_foot_count_alike(data: Path) -> None:
    def told(at: AppTest) -> tuple[int, int, int, int]:
        shown = words(at)
        opposed, severe = map(int, re.findall(r">(\d+) disagreements</a> still count; (\d+) of them", shown)[0])
        foot = int(re.findall(r"(\d+) of the contradictions, discrepancies and tensions", shown)[0])
        listed = words(opened("findings", kind="contradiction,discrepancy,tension", state="remaining"))
        return opposed, severe, foot, int(re.findall(r"(\d+) findings, most serious first", listed)[0])

    opposed, severe, foot, listed = told(opened("overview"))
    assert (severe, opposed) == (foot, listed)
    at = press(opened("findings", f="f-db7204ff27fe"), "dismissed ")
    next(entry for entry in at.text_input if entry.label == "In your words").set_value("about two drugs")
    at = next(button for button in at.button if "Save" in button.label).click().run()
    assert "1 settled by a verdict." in words(at)
    assert told(opened("overview")) == (opposed - 1, severe - 1, foot - 1, listed - 1)


def test_a_log_that_cannot_be_written_to_is_said_to_be_one(data: Path) -> None:
    at = opened("findings", f="f-db7204ff27fe")
    (data / FILE).mkdir()
    shown = words(press(at, "stands "))
    assert "Not recorded" in shown or "cannot be read" in shown


def test_a_broken_file_keeps_the_last_good_state(data: Path) -> None:
    before = words(opened("findings", f="f-db7204ff27fe"))
    path = data / "claims" / "page-003.yaml"
    good = path.read_text("utf-8")
    path.write_text(good.replace("kind: comparison", "kind: comparision", 1), "utf-8")
    shown = words(opened("findings", f="f-db7204ff27fe"))
    assert "kb-banner" in shown
    assert "claims/page-003.yaml:" in shown
    assert "last state that could be read" in shown
    assert 'data-finding="f-db7204ff27fe"' in shown
    path.write_text(good, "utf-8")
    mended = words(opened("findings", f="f-db7204ff27fe"))
    assert "kb-banner" not in mended
    assert mended == before


def test_a_file_broken_from_the_start_leaves_the_rest(data: Path) -> None:
    path = data / "claims" / "page-003.yaml"
    path.write_text("source: page-003\nclaims: no\n", "utf-8")
    shown = words(opened("data"))
    assert "Not loaded: page-003. The rest is shown." in shown
    assert "kb-table" in shown


@pytest.mark.parametrize("page", PAGES)
def test_no_data_folder_is_said_in_words(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_DATA", str(tmp_path / "nowhere"))
    shown = words(opened(page))
    assert "is no knowledge base" in shown
    assert "kb init DIR" in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_folder_without_sources_is_no_fault(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small_folder(tmp_path)
    (folder / "documents.yaml").write_text("documents: []\n", "utf-8")
    shutil.rmtree(folder / "claims")
    (folder / "claims").mkdir()
    (folder / "references.bib").write_text("", "utf-8")
    (folder / FILE).unlink()
    (folder / "policy.yaml").write_text("bibliography: references.bib\n", "utf-8")
    monkeypatch.setenv("KB_DATA", str(folder))
    assert f'data-page="{page}"' in words(opened(page))
    shelf.clear()


def test_the_summary_holds_its_choices_in_its_address_and_cannot_drop_disagreements(data: Path) -> None:
    at = opened("summary", topic="onset", scope="route:intravenous", noanswers="1", nogaps="1", style="bmj")
    shown = words(at)
    assert "Where they disagree" in shown
    assert "Citation style: BMJ" in shown
    assert "What the sources say</h2>" not in shown
    assert "What is not known" not in shown
    assert 'href="/findings?f=' in shown or 'href="/documents?doc=' in shown
