"""Captured page text as blocks, sentences and citation markers, all as spans of the untouched text.

Every ``start`` and ``end`` is an offset in code points into the whole text, so ``text[start:end]`` is what
the page says. Nothing is rewritten, repaired or dropped: a page that lost a list is reported by `damage`.

One line is one block, because captured pages keep a paragraph on one line. The mark of layout in front of a
line (bullet, number, ``#``) stands outside the span of its block. A line without letter or digit is no block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

import sentencex

from kb.model import Record

Span = tuple[int, int]
Kind = Literal["heading", "paragraph", "list-item", "table-row", "reference"]

HEADING_CHARS = 100
HEADING_WORDS = 14
ITEM_CHARS = 100  # of one line of a list that lost its bullets
RANGE_SPAN = 50  # a printed range of more works than this is not taken for a range of markers

_LINE = re.compile(r"[^\n]+")
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")
_BULLET = re.compile(r"[•‣◦·*–-]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_BRACKET = re.compile(r"\[(\d{1,3})\]\s*(?=\S)")
_LABEL = re.compile(r"[A-Z0-9][^:.!?|\n]{0,60}:\s+(?=\S)")
_REFERENCE_HEADING = re.compile(
    r"(?:references?|bibliography|works cited|literature(?: cited)?|sources|citations):?", re.I
)
_YEAR = re.compile(r"\b(?:18|19|20)\d\d[a-z]?\b")
_IMPRINT = re.compile(  # volume(issue), volume, pages — or a printed identifier
    r"\d ?\(\d{1,4}[^()]{0,12}\) ?[,:]|\b\d{1,5} ?[,:] ?e?\d{1,6} ?[-–] ?e?\d|\b(?:doi|pmid)\b", re.I
)
_SMALL_WORD = re.compile(r"an?|and|as|at|but|by|for|from|in|into|is|it|of|on|or|per|the|to|via|vs|with")
_WINDOW = 5000  # sentencex takes time with the square of a text full of open quotation marks
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|vs|cf|ca|al|[Ff]igs?|Dr|Prof|Mrs?|Ms|St|[Vv]ols?|pp|[Ee]ds?|resp|[Rr]efs?|incl|max))\.$"
)
_SUPERSCRIPT_STOP = re.compile(r"[.!?][”\"]?[⁰¹²³⁴-⁹]{1,3}(?:[,⁻–-][⁰¹²³⁴-⁹]{1,3}){0,30}\s(?=\s*[A-Z“\"(])")
_BRACKET_AFTER_STOP = re.compile(r"\s*(?:\[\d[\d,;– —-]{0,60}\])+\s+(?=[A-Z“\"(])")
_MARKER = re.compile(r"\[ ?\d{1,3}(?: ?[,;–—-] ?\d{1,3}){0,30} ?\]|[⁰¹²³⁴-⁹]{1,3}(?:[,⁻–-][⁰¹²³⁴-⁹]{1,3}){0,30}")
_EXPONENT = re.compile(r"(?:^|[\s(⁻\d])$|(?:\b[^\W\d_]|\b[cdkmnµμ]m|\bft)$")  # what stands before it
_INTERVAL = re.compile(r"\b(?:CI|IQR|range|interval)[\s:,=]{0,3}$")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


class Block(Record):
    """One line of a page.

    ``level`` is the depth of a heading marked with ``#``; ``number`` is the printed number of an item or
    reference. ``lead_in`` is the index of the block right before the list, if that is a heading or ends with
    a colon. ``cells`` are the spans of a table row, empty cells included; ``header`` are those of the first
    row of its table, and empty for that first row itself.
    """

    kind: Kind
    start: int
    end: int
    level: int | None = None
    number: int | None = None
    lead_in: int | None = None
    header: tuple[Span, ...] = ()
    cells: tuple[Span, ...] = ()


class Sentence(Record):
    """A sentence, or a whole heading, table row or reference; ``block`` is the index of its block."""

    start: int
    end: int
    block: int


class Damage(Record):
    """A loss of the capture: the sentence ``start:end`` of ``block`` announces a list that is not there."""

    kind: Literal["list-lost"] = "list-lost"
    start: int
    end: int
    block: int


class Marker(Record):
    """A numeric citation marker as ``printed``; ``numbers`` are the reference numbers, ranges spelt out."""

    start: int
    end: int
    numbers: tuple[int, ...]
    printed: str


class _Line(NamedTuple):
    start: int
    end: int
    after_gap: bool  # a blank line or a rule stands before it
    text: str


class _Mark(NamedTuple):
    family: Literal["bullet", "number", "bracket"]
    width: int
    number: int | None


def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a captured page in order; they do not overlap. Never raises."""
    lines = list(_lines(text))
    found: list[Block] = []
    at = 0
    while at < len(lines):
        before = found[-1] if found else None
        announced = before is not None and text[before.start : before.end].endswith(":")
        run = _table(lines, at) or _marked_list(text, lines, at, before) or _label_list(lines, at)
        if not run and announced:
            run = _plain_list(lines, at)
        if not run:
            run = [_single(text, lines, at, before)]
        at += len(run)
        if before is not None and (announced or before.kind == "heading"):
            lead_in = len(found) - 1
            run = [b.model_copy(update={"lead_in": lead_in}) if b.kind == "list-item" else b for b in run]
        found.extend(run)
    return tuple(found)


def sentences(text: str, blocks: tuple[Block, ...]) -> tuple[Sentence, ...]:
    """Return the sentences of ``blocks(text)`` in order.

    Paragraphs and list items are segmented; any other block is one sentence. Together the sentences cover
    every non-space character of the blocks.
    """
    return tuple(
        Sentence(start=start, end=end, block=index)
        for index, block in enumerate(blocks)
        for start, end in _sentence_spans(text, block)
    )


def references(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the entries of the page's reference list, in order; empty if it has none."""
    return tuple(block for block in blocks if block.kind == "reference")


def markers(text: str, blocks: tuple[Block, ...]) -> tuple[Marker, ...]:
    """Return the citation markers outside the reference list: ``[1]``, ``[2,3]``, ``[1–3]``, ``word.¹``."""
    found: list[Marker] = []
    for block in blocks:
        if block.kind == "reference":
            continue
        for match in _MARKER.finditer(text, block.start, block.end):
            numbers = _numbers(match[0])
            before = text[max(block.start, match.start() - 12) : match.start()]
            exempt = _INTERVAL if match[0].startswith("[") else _EXPONENT
            if 0 not in numbers and not exempt.search(before):
                found.append(Marker(start=match.start(), end=match.end(), numbers=numbers, printed=match[0]))
    return tuple(found)


def damage(text: str, blocks: tuple[Block, ...]) -> tuple[Damage, ...]:
    """Return the lead-ins (sentences that end with a colon) whose list, table or quotation is not there.

    Not reported: a title with a colon over prose ("About the Centre:"), and a lead-in of what a single line
    can be (a label with its value, a quotation, an address).
    """
    found: list[Damage] = []
    for index, block in enumerate(blocks):
        if block.kind in ("table-row", "reference") or not text[block.start : block.end].endswith(":"):
            continue
        if not _is_followed_up(text, block, blocks[index + 1 : index + 3]):
            start, end = list(_sentence_spans(text, block))[-1]
            found.append(Damage(start=start, end=end, block=index))
    return tuple(found)


def _is_followed_up(text: str, lead_in: Block, following: tuple[Block, ...]) -> bool:
    if not following:
        return False
    after = following[0]
    if after.kind == "heading":  # the caption of the table that was announced
        return len(following) > 1 and following[1].kind == "table-row"
    if after.kind != "paragraph" or lead_in.kind == "heading":
        return True
    opening = text[after.start : min(after.end, after.start + 100)]
    return bool(_LABEL.match(opening)) or opening.startswith(('"', "“", "«", "„", "http", "www."))


def _sentence_spans(text: str, block: Block) -> Iterator[Span]:
    if block.kind in ("paragraph", "list-item"):
        return _segmented(text, block.start, block.end)
    return iter([(block.start, block.end)])


def _segmented(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences of ``text[start:end]`` without outer white space."""
    pieces: list[list[int]] = []
    for piece in pairwise([start, *_boundaries(text, start, end), end]):
        previous = text[slice(*pieces[-1])].strip() if pieces else ""
        if pieces and (re.fullmatch(r"\(?\d{1,3}[.)]", previous) or not _has_word(text[slice(*piece)])):
            pieces[-1][1] = piece[1]
        else:
            pieces.append(list(piece))
    for first, last in pieces:
        sentence = text[first:last]
        if stripped := sentence.strip():
            lead = first + len(sentence) - len(sentence.lstrip())
            yield lead, lead + len(stripped)


def _boundaries(text: str, start: int, end: int) -> list[int]:
    """Return where sentencex starts a sentence, corrected for markers behind the stop and abbreviations."""
    found = {match.end() for match in _SUPERSCRIPT_STOP.finditer(text, start, end)}
    while start < end:
        stop = min(end, start + _WINDOW)
        if stop < end:
            full_stop = text.rfind(". ", start, stop)
            stop = full_stop + 2 if full_stop >= start else stop
        for piece in sentencex.segment("en", text[start:stop]):
            start += len(piece)
            marker = _BRACKET_AFTER_STOP.match(text, start, end)
            found.add(marker.end() if marker else start)
        start = stop
    return [at for at in sorted(found) if at < end and _parts(text, at)]


def _parts(text: str, at: int) -> bool:
    """Tell whether a sentence can end before ``at``: not after "vs.", nor before a small letter."""
    before, after = text[max(0, at - 12) : at].rstrip(), text[at : at + 40].lstrip()
    return not after[:1].islower() and not _ABBREVIATION.search(before)


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that hold a letter or digit, without outer white space."""
    ended = 0
    gap = False
    for match in _LINE.finditer(text):
        gap = gap or match.start() > ended + 1
        ended = match.end()
        line = match[0].strip()
        if not _has_word(line):
            gap = gap or "|" not in line  # the dashes under a table's header do not part it from its rows
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        yield _Line(start, start + len(line), gap, line)
        gap = False


def _run(lines: list[_Line], at: int, fits: Callable[[_Line], bool], across_gaps: bool = False) -> list[_Line]:
    """Return the lines from ``at`` on that fit, up to the first that does not or that follows a gap."""
    end = at
    while end < len(lines) and fits(lines[end]) and (across_gaps or end == at or not lines[end].after_gap):
        end += 1
    return lines[at:end]


def _table(lines: list[_Line], at: int) -> list[Block]:
    """Two or more successive lines of cells; the first is the header."""
    rows = [_cells(line) for line in _run(lines, at, lambda line: len(_cells(line)) > 1)]
    if len(rows) < 2:
        return []
    return [
        Block(kind="table-row", start=line.start, end=line.end, cells=cells, header=rows[0] if row else ())
        for row, (line, cells) in enumerate(zip(lines[at:], rows, strict=False))
    ]


def _cells(line: _Line) -> tuple[Span, ...]:
    """Return the cells of a line with outer pipes or with three or more cells, else nothing."""
    if "|" not in line.text:
        return ()
    body = line.text.removesuffix("|")
    offset = line.start + body.startswith("|")
    parts = body.removeprefix("|").split("|")
    if len(parts) < 3 and not (line.text.startswith("|") or line.text.endswith("|")):
        return ()
    spans = []
    for part in parts:
        start = offset + len(part) - len(part.lstrip()) if part.strip() else offset
        spans.append((start, start + len(part.strip())))
        offset += len(part) + 1
    return tuple(spans)


def _mark(line: _Line) -> _Mark | None:
    if match := _BULLET.match(line.text):
        return _Mark("bullet", match.end(), None)
    if match := _NUMBER.match(line.text):
        return _Mark("number", match.end(), int(match[1]))
    if match := _BRACKET.match(line.text):
        return _Mark("bracket", match.end(), int(match[1]))
    return None


def _marked_list(text: str, lines: list[_Line], at: int, before: Block | None) -> list[Block]:
    """Successive lines with marks of one family: a list, or a reference list if half of them look cited."""
    first = _mark(lines[at])
    if first is None:
        return []
    run = _run(lines, at, lambda line: (mark := _mark(line)) is not None and mark.family == first.family, True)
    if first.family == "number" and len(run) == 1 and _is_heading(run[0].text, at + 1 < len(lines)):
        return [_block("heading", run[0], first)]
    cited = 2 * sum(_is_cited(line.text) for line in run) >= len(run) or _opens_references(text, before)
    if first.family == "bracket" and not cited:
        return [_block("paragraph", line, None) for line in run]
    return [_block("reference" if cited else "list-item", line, _mark(line)) for line in run]


def _block(kind: Kind, line: _Line, mark: _Mark | None) -> Block:
    width, number = (mark.width, mark.number) if mark else (0, None)
    return Block(kind=kind, start=line.start + width, end=line.end, number=number)


def _label_list(lines: list[_Line], at: int) -> list[Block]:
    """Two or more successive "Label: value" lines, alike in their full stop: a list whose bullets were lost.

    A single one stays a paragraph: it is as likely a sentence with a colon in it ("Note: …").
    """
    stop = lines[at].text.endswith(".")
    run = _run(lines, at, lambda line: _is_label_line(line.text) and line.text.endswith(".") == stop)
    return [_block("list-item", line, None) for line in run] if len(run) > 1 else []


def _plain_list(lines: list[_Line], at: int) -> list[Block]:
    """The lines right after a lead-in that read as its items: two short phrases, or three short sentences."""
    if lines[at].after_gap:
        return []
    stop, title = lines[at].text.endswith("."), _is_title(lines[at].text)

    def fits(line: _Line) -> bool:
        if len(line.text) > ITEM_CHARS or _mark(line) or _HASHES.match(line.text) or "|" in line.text:
            return False
        if stop:
            return line.text.endswith(".") and ". " not in line.text
        return line.text[-1] not in ".:!?" and (title or not _is_title(line.text))

    run = _run(lines, at, fits)
    return [_block("list-item", line, None) for line in run] if len(run) >= (3 if stop else 2) else []


def _single(text: str, lines: list[_Line], at: int, before: Block | None) -> Block:
    line = lines[at]
    if hashes := _HASHES.match(line.text):
        start = line.start + hashes.end()
        return Block(kind="heading", start=start, end=line.end, level=len(hashes[1]))
    if _is_cited(line.text) and (_opens_references(text, before) or (before and before.kind == "reference")):
        return _block("reference", line, None)
    return _block("heading" if _is_heading(line.text, at + 1 < len(lines)) else "paragraph", line, None)


def _is_heading(line: str, is_followed: bool) -> bool:
    """A short line without closing punctuation over other text; a colon only in or after a title."""
    if not is_followed or len(line) > HEADING_CHARS or len(line.split()) > HEADING_WORDS:
        return False
    if line[0].islower() or line[-1] in ".,;!>…" or "://" in line or "www." in line:
        return False
    if line.endswith(":"):
        return _is_title(line)
    label = _LABEL.match(line)
    return label is None or (_is_title(line) and not any(char.isdigit() for char in line[label.end() :]))


def _is_label_line(line: str) -> bool:
    return bool(_LABEL.match(line)) and not line.endswith(":") and not _is_heading(line, True)


def _is_title(line: str) -> bool:
    """Two words or more, each with a capital but for articles, conjunctions and prepositions."""
    words = re.findall(r"[^\W\d_][\w’'-]*", line[: HEADING_CHARS + 1])
    return len(words) > 1 and all(word[0].isupper() or _SMALL_WORD.fullmatch(word) for word in words)


def _is_cited(line: str) -> bool:
    return bool(_YEAR.search(line, 0, 2000) and _IMPRINT.search(line, 0, 2000))


def _opens_references(text: str, before: Block | None) -> bool:
    return (
        before is not None
        and before.kind == "heading"
        and bool(_REFERENCE_HEADING.fullmatch(text, before.start, before.end))
    )


def _numbers(printed: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in re.split("[,;]", printed.strip("[] ").translate(_SUPERSCRIPTS)):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] <= RANGE_SPAN:
            ends = list(range(ends[0], ends[1] + 1))
        numbers.extend(ends)
    return tuple(numbers)
