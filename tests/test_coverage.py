"""Coverage: what each document says on each topic, and which sentences nobody read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from kb.audit import find_all
from kb.build import KnowledgeBase
from kb.coverage import Cell, matrix, sentences_read, unread_sentences
from kb.model import FindingKind

from building import TOY, build_folder


@pytest.fixture(scope="module")
def toy() -> KnowledgeBase:
    return build_folder(TOY)


def by_place(cells: Iterable[Cell]) -> dict[tuple[str, str], Cell]:
    return {(cell.topic, cell.document): cell for cell in cells}


def test_every_topic_meets_every_document_once(toy: KnowledgeBase) -> None:
    cells = matrix(toy, find_all(toy))
    assert len(by_place(cells)) == len(cells) == len(toy.domain.topics) * len(toy.documents)


def test_a_cell_counts_the_claims_of_its_document_on_its_topic(toy: KnowledgeBase) -> None:
    for cell in matrix(toy, find_all(toy)):
        own = [
            c for c in toy.claims if c.source == cell.document and toy.domain.properties[c.property].topic == cell.topic
        ]
        assert cell.claims == len(own)


def test_a_document_disagrees_where_it_has_a_part_in_a_disagreement_and_nowhere_else(toy: KnowledgeBase) -> None:
    findings = find_all(toy)
    cells = by_place(matrix(toy, findings))
    strong = [f for f in findings if f.kind in ("contradiction", "discrepancy", "tension")]
    opposed = {(f.topic, m.source) for f in strong for m in f.members} & set(cells)
    assert opposed
    assert {place for place, cell in cells.items() if cell.state == "disagrees"} == opposed


def test_what_scope_explains_is_no_disagreement(toy: KnowledgeBase) -> None:
    explained = [f for f in find_all(toy) if f.kind in (FindingKind.EXPLAINED, FindingKind.POSSIBLE)]
    assert explained
    assert {cell.state for cell in matrix(toy, explained)} <= {"stated", "silent"}


def test_silent_means_that_there_is_no_claim(toy: KnowledgeBase) -> None:
    cells = matrix(toy, [])
    assert {cell.state for cell in cells} == {"stated", "silent"}
    for cell in cells:
        assert (cell.state == "silent") == (cell.claims == 0)


def test_unread_sentences_and_read_ones_make_up_the_text(toy: KnowledgeBase) -> None:
    for document in toy.documents:
        read, total = sentences_read(toy, document)
        missed = unread_sentences(toy, document)
        assert read + len(missed) == total > 0
        for sentence in missed:
            text = toy.texts[document.id][sentence.start : sentence.end]
            assert " ".join(text.split()) == sentence.text
            located = [c.locator for c in toy.claims if c.source == document.id and c.locator]
            assert all(at.end <= sentence.start or sentence.end <= at.start for at in located)


def test_a_sentence_with_a_claim_is_read(toy: KnowledgeBase) -> None:
    document = toy.documents[0]
    first = next(c.locator for c in toy.claims if c.source == document.id and c.locator)
    assert not any(s.start <= first.start < s.end for s in unread_sentences(toy, document))


def test_without_claims_nothing_is_read(toy: KnowledgeBase, tmp_path: Path) -> None:
    from dataclasses import replace

    bare = replace(toy, claims=())
    for document in bare.documents:
        assert sentences_read(bare, document)[0] == 0
