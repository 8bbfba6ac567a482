"""The walk over an HTML page that puts every visible word on a line, in order of the page.

One block is one line. Inside a heading, a table cell or a term, blocks run on with a space. What is furniture or
hidden stays, with its reason. No recursion: pages nest as deep as they like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborNode

from kb.intake import furniture
from kb.intake.lines import Line, collapsed
from kb.intake.listing import Listing
from kb.intake.raised import lowered, raised
from kb.intake.rows import Rows, is_of_data
from kb.intake.tree import BLOCKS, HEADINGS, NOTHING, TEXT, Facts, steps

FLAT_CHARS = 300  # a longer "heading" is a tag that was never closed
MAX_INDENT = 8
_BREAK = "\0"  # a <br>; a parsed page holds no NUL
_REFERENCES = re.compile(
    r"(?:references?|bibliography|works cited|literature|sources|citations|notes|footnotes):?", re.I
)
_NOTE_WORDS = re.compile(r"footnote|fn-?ref|noteref|citation|reference|superscript|\bsup\b", re.I)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super", re.I)
_RAISED_DIGITS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")

Attributes = Mapping[str, str | None]


class _Frame:
    """An element that is open: what to undo or finish when it closes."""

    __slots__ = (
        "adjoins",
        "at",
        "attributes",
        "flat",
        "flushes",
        "level",
        "listing",
        "muted",
        "pre",
        "reason",
        "rows",
        "shift",
    )

    def __init__(self, attributes: Attributes) -> None:
        self.attributes = attributes
        self.adjoins = False  # right behind another raised number
        self.reason = self.flat = self.muted = self.pre = self.listing = self.rows = False
        self.shift = ""  # "raised" or "lowered"
        self.level = self.at = self.flushes = 0


class Walk:
    """Lines of a page; use `lines_of`."""

    def __init__(self, found: Mapping[int, Facts], page: Facts) -> None:
        self.lines: list[Line] = []
        self._facts, self._page = found, page
        self._frames: list[_Frame] = []
        self._inline: list[str] = []
        self._reason = ""
        self._flat = self._muted = self._pre = self._shifted = self._flushes = 0
        self._lists: list[Listing] = []
        self._rows: list[Rows | None] = []
        self._mark = ""
        self._close = False  # the next line follows without a blank line
        self._in_references = False
        self._ended = ("", -1)  # tag that closed last, and the length of the inline text then
        self._raised_at = -1

    def run(self, root: LexborNode) -> None:
        """Walk everything below ``root``."""
        for node, tag, enters in steps(root):
            if tag == TEXT:
                self._say(node.text_content or "")
            elif enters:
                self._enter(node, tag)
            else:
                self._leave(tag)
        self._flush()

    def _say(self, text: str) -> None:
        if not self._muted:
            text = text.replace(_BREAK, "")
            self._inline.append(text.replace("\n", _BREAK) if self._pre else text)

    def _enter(self, node: LexborNode, tag: str) -> None:
        attributes: Attributes = node.attributes
        frame = _Frame(attributes)
        self._frames.append(frame)
        facts = self._facts.get(node.mem_id, NOTHING)
        is_block = tag in BLOCKS
        if furniture.is_hidden(attributes) and not is_block and not facts.has_blocks:
            frame.muted = True
            self._muted += 1
        if self._muted:
            return
        if tag == "br":
            self._inline.append(" " if self._flat else _BREAK)
        elif is_block:
            self._break()
        else:
            self._enter_inline(tag, frame, facts)
        self._exclude(tag, is_block, frame, facts)
        self._open(node, tag, frame, facts)

    def _exclude(self, tag: str, is_block: bool, frame: _Frame, facts: Facts) -> None:
        if self._reason or self._flat or not (is_block or facts.has_blocks):
            return
        reason = furniture.reason(tag, frame.attributes, facts, self._page)
        if reason == "navigation" and self._in_references and tag != "nav":
            reason = ""  # titles of works are links, too
        is_shut = furniture.is_hidden(frame.attributes) or (tag == "dialog" and "open" not in frame.attributes)
        if is_shut and tag != "body" and facts.chars <= furniture.LARGEST * self._page.chars:
            reason = reason or "hidden"
        if reason:
            self._flush()
            self._reason, frame.reason = reason, True

    def _enter_inline(self, tag: str, frame: _Frame, facts: Facts) -> None:
        if tag == "q":
            self._inline.append("“")
        if tag == "a" and self._ended == ("a", len(self._inline)):
            self._inline.append(" ")  # two links side by side are two words
        if tag == "sub":
            frame.shift = "lowered"
        elif tag == "sup" or _is_raised(tag, frame.attributes, facts):
            frame.shift = "raised"
        if frame.shift:
            self._shifted += 1
            frame.at, frame.flushes = len(self._inline), self._flushes
            frame.adjoins = self._raised_at == frame.at

    def _open(self, node: LexborNode, tag: str, frame: _Frame, facts: Facts) -> None:
        if tag in HEADINGS and not self._flat and facts.chars <= FLAT_CHARS:
            frame.level, frame.flat = int(tag[1]), True
        elif tag in ("dt", "summary", "caption", "figcaption") and facts.chars <= FLAT_CHARS:
            frame.flat = True
        elif tag in ("ul", "ol", "menu", "dir"):
            listing = Listing(node, tag, frame.attributes)
            listing.follows = bool(self._lists)
            self._lists.append(listing)
            frame.listing = True
        elif tag == "li":
            self._open_item(frame)
        elif tag == "pre":
            frame.pre = True
            self._pre += 1
        elif tag == "table":
            self._rows.append(Rows() if not self._flat and is_of_data(node, frame.attributes, self._facts) else None)
            frame.rows = True
        elif tag == "tr" and self._data is not None:
            self._data.open_row()
        elif tag in ("td", "th") and self._data is not None:
            frame.flat = True
        if frame.flat:
            self._flat += 1

    @property
    def _data(self) -> Rows | None:
        return self._rows[-1] if self._rows else None

    def _open_item(self, frame: _Frame) -> None:
        mark = self._lists[-1].mark(frame.attributes) if self._lists else "- "
        if self._flat:
            self._inline.append("• " if mark == "- " else mark)
        else:
            self._mark = mark

    def _leave(self, tag: str) -> None:
        frame = self._frames.pop()
        if self._muted:
            self._muted -= frame.muted
            return
        if frame.shift:
            self._shift(frame)
        if tag == "q":
            self._inline.append("”")
        if tag in ("td", "th") and frame.flat and self._data is not None:
            self._flat -= 1
            self._data.add(self._taken(), frame.attributes)
        elif tag == "tr" and self._data is not None:
            self._end_row(self._data)
        elif frame.flat:
            self._end_flat(tag, frame)
        elif tag in BLOCKS:
            self._break()
        self._undo(tag, frame)
        self._ended = (tag, len(self._inline))

    def _undo(self, tag: str, frame: _Frame) -> None:
        if frame.reason:
            self._flush()
            self._reason = ""
        if frame.listing:
            self._lists.pop()
            self._close = self._close and bool(self._lists)
        if tag == "li" and not self._flat:
            self._mark = ""
        if frame.pre:
            self._pre -= 1
        if frame.rows:
            self._rows.pop()
            self._close = False

    def _shift(self, frame: _Frame) -> None:
        self._shifted -= 1
        if self._shifted or frame.flushes != self._flushes:
            return  # inside another one, or a block stands in it
        said = "".join(self._inline[frame.at :])
        changed = raised(said) if frame.shift == "raised" else lowered(said)
        if frame.adjoins and changed[:1] in _RAISED_DIGITS and changed != said:
            changed = " " + changed  # ¹ and ² are not ¹²
        self._inline[frame.at :] = [changed]
        if frame.shift == "raised" and changed != said and changed[-1:] not in ",– ":
            self._raised_at = len(self._inline)

    def _end_row(self, rows: Rows) -> None:
        line = rows.close_row()
        if line:
            self._emit(line, gap=rows.is_first)
            rows.is_first = False

    def _end_flat(self, tag: str, frame: _Frame) -> None:
        self._flat -= 1
        if self._flat:
            self._inline.append(" ")
            return
        text = self._taken()
        if text and frame.level:
            self._mark = ""
            self._in_references = bool(_REFERENCES.fullmatch(text))
            self._emit("#" * frame.level + " " + text)
        elif text:
            self._emit(self._marked(text))
        self._close = tag in ("dt", "summary") and bool(text)

    def _break(self) -> None:
        if self._flat:
            self._inline.append(" ")
        else:
            self._flush()

    def _taken(self) -> str:
        text = collapsed("".join(self._inline).replace(_BREAK, " "))
        self._clear()
        return text

    def _clear(self) -> None:
        self._inline = []
        self._flushes += 1
        self._raised_at = -1

    def _flush(self) -> None:
        """Put the text that has gathered on lines of its own."""
        if not self._inline:
            return
        parts = [collapsed(part) for part in "".join(self._inline).split(_BREAK)]
        self._clear()
        for text, gap in _pieces(parts, bool(self._pre), bool(self._lists)):
            self._emit(self._marked(text), gap)

    def _marked(self, text: str) -> str:
        """Return a line with the mark of its list item, if it is the first of one that prints none itself."""
        mark, self._mark = self._mark, ""
        if not mark:
            return text
        self._close = self._lists[-1].follows if self._lists else False
        if self._lists:
            self._lists[-1].follows = True
        indent = "  " * min(len(self._lists) - 1, MAX_INDENT)
        number = mark.rstrip(". ")
        printed = number.isdigit() and re.match(rf"(?:\[{number}\]|{number}[.)])\s", text)
        return indent + ("" if printed else mark) + text

    def _emit(self, text: str, gap: bool = True) -> None:
        reason = self._reason or furniture.line_reason(text)
        self.lines.append(Line(text, reason, gap and not self._close))
        self._close = False


def _pieces(parts: list[str], is_pre: bool, in_item: bool) -> list[tuple[str, bool]]:
    """Return lines, each with whether a blank line stands before it, of what ``<br>`` parts.

    A break inside a sentence is layout and becomes a space; so does one between the sentences of a list item.
    """
    pieces: list[tuple[str, bool]] = []
    run: list[str] = []
    gap = opens = True
    for part in parts:
        if not part:
            gap = True
            continue
        if run and not gap and not is_pre and _runs_on(run[-1], part, in_item):
            run.append(part)
            continue
        if run:
            pieces.append((" ".join(run), opens))
        run, opens, gap = [part], gap, False
    if run:
        pieces.append((" ".join(run), opens))
    return pieces


def _runs_on(before: str, after: str, in_item: bool) -> bool:
    return after[0].islower() or before[-1] in ",;–(" or (in_item and before[-1] in ".!?:")


def _is_raised(tag: str, attributes: Attributes, facts: Facts) -> bool:
    """Tell whether a short inline element is shown raised: by its style, or a link to a note."""
    if not 0 < facts.chars <= 40:
        return False
    if _RAISED_STYLE.search((attributes.get("style") or "")[:500]):
        return True
    if tag != "a" or facts.chars > 4 or not (attributes.get("href") or "").startswith("#"):
        return False
    words = " ".join((attributes.get(name) or "")[:200] for name in ("class", "id", "role", "rel", "href"))
    return bool(_NOTE_WORDS.search(words))
