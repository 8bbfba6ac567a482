"""The reader: a document with its claims marked, notes beside the lines, and the sentences that nobody recorded.

Where one claim lies within another, the page is cut into pieces (`segments`) of which each lies wholly inside or
outside of every mark. The text goes to the browser as data, and only text nodes are made of it there.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from kb.look import CLAIM, KINDS
from kb.model import FindingKind
from kb.passages import Span

STRENGTH = {kind: number for number, kind in enumerate(FindingKind)}
Payload = dict[str, Any]
"""What the browser is given."""


class Mark(NamedTuple):
    """Where a claim stands (code points), and the strongest kind of finding against it."""

    claim: str
    start: int
    end: int
    kind: FindingKind | None


class Segment(NamedTuple):
    """A piece of a page: ``claims`` cover the whole of it, the narrowest first; ``ends`` are those that end with it.

    ``kind`` is the strongest among theirs; ``unread`` says that no claim touches its sentence.
    """

    start: int
    end: int
    text: str
    claims: tuple[str, ...]
    kind: FindingKind | None
    unread: bool
    ends: tuple[str, ...]
    heading: bool = False


class Note(NamedTuple):
    """What stands beside the line of a claim; ``links`` are words and addresses within the app."""

    claim: str
    kind: FindingKind | None
    text: str
    cited: str
    links: tuple[tuple[str, str], ...]


def segments(text: str, marks: Iterable[Mark], unread: Iterable[Span], headings: Iterable[Span] = ()) -> list[Segment]:
    """Cut a text at every edge of a mark, of a sentence without a claim and of a heading.

    The pieces join to the text. What lies outside of the text is cut off, a mark without extent left out.
    """
    within = [mark for mark in (_clipped(mark, len(text)) for mark in marks) if mark.start < mark.end]
    plain, bold = _depths(unread, len(text)), _depths(headings, len(text))
    starting: dict[int, list[Mark]] = defaultdict(list)
    ending: dict[int, list[Mark]] = defaultdict(list)
    for mark in within:
        starting[mark.start].append(mark)
        ending[mark.end].append(mark)
    edges = sorted({0, len(text), *starting, *ending, *plain, *bold})
    active: Counter[Mark] = Counter()
    pieces: list[Segment] = []
    silent = titled = 0
    for start, end in pairwise(edges):
        active.subtract(ending[start])
        active.update(starting[start])
        active = +active
        silent += plain[start]
        titled += bold[start]
        claims, kind = _covering(active)
        ends = tuple(dict.fromkeys(mark.claim for mark in ending[end]))
        pieces.append(Segment(start, end, text[start:end], claims, kind, silent > 0, ends, titled > 0))
    return pieces


def _clipped(mark: Mark, length: int) -> Mark:
    return mark._replace(start=max(0, mark.start), end=min(length, mark.end))


def _depths(spans: Iterable[Span], length: int) -> Counter[int]:
    """Return at which places how many more spans are open than before."""
    found: Counter[int] = Counter()
    for start, end in spans:
        first, last = max(0, start), min(length, end)
        if first < last:
            found[first] += 1
            found[last] -= 1
    return found


def _covering(active: Iterable[Mark]) -> tuple[tuple[str, ...], FindingKind | None]:
    """Return the claims of marks, the narrowest first, and the strongest kind among them."""
    ordered = sorted(active, key=lambda mark: (mark.end - mark.start, mark.start, mark.claim))
    kinds = [mark.kind for mark in ordered if mark.kind is not None]
    return tuple(dict.fromkeys(mark.claim for mark in ordered)), min(kinds, key=STRENGTH.__getitem__, default=None)


def build(pieces: Sequence[Segment], notes: Sequence[Note], show_unread: bool, focus: str) -> Payload:
    """Return what the browser is given: the pieces, the notes in order of place, and what is to be in view."""
    shown = {note.claim: note.kind for note in notes}
    page: Payload = {
        "pieces": [_piece(piece, shown) for piece in pieces],
        "notes": [_note(note) for note in notes],
    }
    # The browser draws the page anew only when this changes, so that it keeps its place on any other run.
    page["version"] = hashlib.sha256(json.dumps(page).encode()).hexdigest()[:16]
    return page | {"showUnread": show_unread, "focus": focus}


def _piece(piece: Segment, kinds: Mapping[str, FindingKind | None]) -> Payload:
    """Return a piece with short names; what is usual is left out."""
    ended = list(dict.fromkeys(kind for claim in piece.ends if (kind := kinds.get(claim)) is not None))
    given = {
        "text": piece.text,
        "claims": list(piece.claims),
        "look": (piece.kind or "claim") if piece.claims else "",
        "word": KINDS[piece.kind].word if piece.kind else CLAIM.word,
        "ends": [{"look": kind.value, "glyph": KINDS[kind].glyph} for kind in ended],
        "unread": piece.unread,
        "heading": piece.heading,
    }
    return {name: value for name, value in given.items() if value}


def _note(note: Note) -> Payload:
    look = KINDS[note.kind] if note.kind else CLAIM
    return {
        "claim": note.claim,
        "look": note.kind or "claim",
        "glyph": look.glyph,
        "word": look.word if note.kind else f"{CLAIM.word}, no finding left",
        "text": note.text,
        "cited": note.cited,
        "links": [{"words": words, "href": address} for words, address in note.links],
    }


@cache
def style_sheet() -> str:
    """Return the rules of the reader, with tone and underline of each kind from the one table of looks."""
    looks = {kind.value: look.line for kind, look in KINDS.items()} | {"claim": CLAIM.line}
    kinds = "".join(
        f".kb-r-{name}{{--kb-r-tone:var(--kb-{name});--kb-r-line:{line};}}\n" for name, line in looks.items()
    )
    return kinds + Path(__file__).with_name("reader.css").read_text("utf-8")


def show(payload: Payload, key: str, picked: Callable[[str], None]) -> str | None:
    """Show a page; return the claim that was just picked ("" if it was let go), None if none was.

    ``picked`` is told before the run, so that the address names the claim when the screen is drawn.
    """
    component = st.components.v2.component(
        "kb_reader",
        html='<div class="kb-r-root"></div>',
        css=style_sheet(),
        js=Path(__file__).with_name("reader.js").read_text("utf-8"),
        isolate_styles=False,
    )
    result = component(key=key, data=payload, on_picked_change=lambda: picked(_value(st.session_state[key].picked)))
    return None if result.picked is None else _value(result.picked)


def _value(given: object) -> str:
    """Return what the browser says was picked; "-" is its word for nothing."""
    return "" if given is None or given == "-" else str(given)
