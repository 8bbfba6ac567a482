"""The pure part of the reader: pieces of a page, and what the browser is given."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb.look import KINDS
from kb.model import FindingKind
from kb.ui.components.reader import STRENGTH, Mark, Note, Segment, build, segments, style_sheet

FAULT, TENSION, CONTRADICTION = FindingKind.FAULT, FindingKind.TENSION, FindingKind.CONTRADICTION
CHARACTERS = st.sampled_from("ab .\n😀\u202e\u200b<&*é")
SPANS = st.tuples(st.integers(-3, 45), st.integers(-3, 45))
KIND = st.none() | st.sampled_from(list(FindingKind))


def texts(pieces: list[Segment]) -> list[str]:
    return [piece.text for piece in pieces]


def test_a_page_without_marks_is_one_piece() -> None:
    assert segments("abc", [], []) == [Segment(0, 3, "abc", (), None, False, ())]
    assert segments("", [Mark("a", 0, 0, None)], [(0, 5)]) == []


def test_a_mark_within_a_mark_is_a_piece_of_its_own() -> None:
    pieces = segments("0123456789", [Mark("outer", 1, 9, TENSION), Mark("inner", 3, 5, CONTRADICTION)], [])
    assert texts(pieces) == ["0", "12", "34", "5678", "9"]
    assert [piece.claims for piece in pieces] == [(), ("outer",), ("inner", "outer"), ("outer",), ()]
    assert [piece.kind for piece in pieces] == [None, TENSION, CONTRADICTION, TENSION, None]
    assert [piece.ends for piece in pieces] == [(), (), ("inner",), ("outer",), ()]


def test_marks_that_overlap_share_a_piece_with_the_strongest_kind() -> None:
    pieces = segments("0123456789", [Mark("a", 0, 6, None), Mark("b", 4, 10, FAULT)], [])
    assert [(piece.text, piece.claims, piece.kind) for piece in pieces] == [
        ("0123", ("a",), None),
        ("45", ("a", "b"), FAULT),
        ("6789", ("b",), FAULT),
    ]


def test_two_claims_may_stand_on_the_same_words() -> None:
    (piece,) = segments("abc", [Mark("a", 0, 3, None), Mark("b", 0, 3, FAULT)], [])
    assert (piece.claims, piece.ends, piece.kind) == (("a", "b"), ("a", "b"), FAULT)


def test_places_are_code_points() -> None:
    pieces = segments("😀é\u202ex", [Mark("a", 1, 3, None)], [])
    assert texts(pieces) == ["😀", "é\u202e", "x"]


def test_headings_and_sentences_without_a_claim_are_told_apart() -> None:
    pieces = segments("Title\nNobody read it.", [], [(6, 21)], [(0, 5)])
    assert [(piece.text, piece.unread, piece.heading) for piece in pieces] == [
        ("Title", False, True),
        ("\n", False, False),
        ("Nobody read it.", True, False),
    ]


@given(
    st.text(CHARACTERS, max_size=40),
    st.lists(st.tuples(SPANS, KIND), max_size=8),
    st.lists(SPANS, max_size=5),
    st.lists(SPANS, max_size=3),
)
def test_pieces_join_to_the_text_and_belong_to_their_claims(
    text: str,
    drawn: list[tuple[tuple[int, int], FindingKind | None]],
    unread: list[tuple[int, int]],
    headings: list[tuple[int, int]],
) -> None:
    marks = [Mark(f"c{number}", start, end, kind) for number, ((start, end), kind) in enumerate(drawn)]
    pieces = segments(text, marks, unread, headings)
    assert "".join(texts(pieces)) == text
    assert all(piece.text == text[piece.start : piece.end] != "" for piece in pieces)
    for mark in marks:
        covered = "".join(piece.text for piece in pieces if mark.claim in piece.claims)
        assert covered == text[max(0, mark.start) : max(0, mark.end)]
        ends = [piece.end for piece in pieces if mark.claim in piece.ends]
        assert ends == ([min(mark.end, len(text))] if covered else [])
    for piece in pieces:
        kinds = [mark.kind for mark in marks if mark.claim in piece.claims and mark.kind]
        assert piece.kind == min(kinds, key=STRENGTH.__getitem__, default=None)
        for place in range(piece.start, piece.end):
            assert piece.unread == any(start <= place < end for start, end in unread)
            assert piece.heading == any(start <= place < end for start, end in headings)


def test_a_long_page_with_many_marks_is_quick() -> None:
    text = "word " * 20_000
    marks = [Mark(f"c{number}", number * 190, number * 190 + 400, TENSION) for number in range(500)]
    began = time.perf_counter()
    pieces = segments(text, marks, [(number * 100, number * 100 + 60) for number in range(1000)])
    assert "".join(texts(pieces)) == text
    assert time.perf_counter() - began < 1


# What the browser is given


def test_text_is_data_and_nothing_is_made_of_it() -> None:
    hostile = "<script>alert(1)</script> **bold** &lt; \u202e"
    note = Note("a", TENSION, hostile, "names no source", ((hostile, "/findings?f=x"),))
    payload = json.loads(json.dumps(build(segments(hostile, [Mark("a", 0, 8, TENSION)], []), [note], True, "a")))
    assert "".join(piece["text"] for piece in payload["pieces"]) == hostile
    assert payload["pieces"][0]["ends"] == [{"look": "tension", "glyph": KINDS[TENSION].glyph}]
    assert payload["notes"][0]["text"] == hostile
    assert (payload["showUnread"], payload["focus"]) == (True, "a")


def test_a_claim_without_findings_is_named_so() -> None:
    payload = build(segments("abc", [Mark("a", 0, 3, None)], []), [Note("a", None, "t", "", ())], False, "")
    assert payload["pieces"] == [{"text": "abc", "claims": ["a"], "look": "claim", "word": "Claim"}]
    assert payload["notes"][0]["word"] == "Claim, no finding left"


def test_the_page_is_drawn_anew_only_when_it_changed() -> None:
    pieces, note = segments("abc", [Mark("a", 0, 3, None)], []), Note("a", None, "t", "", ())
    first = build(pieces, [note], False, "")["version"]
    assert build(pieces, [note], True, "a")["version"] == first
    assert build(pieces, [note._replace(text="u")], False, "")["version"] != first


@pytest.mark.parametrize("kind", list(FindingKind))
def test_every_kind_has_its_tone_and_underline(kind: FindingKind) -> None:
    assert f".kb-r-{kind}{{--kb-r-tone:var(--kb-{kind});--kb-r-line:{KINDS[kind].line};}}" in style_sheet()
