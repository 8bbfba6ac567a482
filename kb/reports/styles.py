"""Bibliographies in the citation styles of journals, by citeproc-py and the style files in ``csl``.

What citeproc-py 0.11 does not do is mended here: open author lists, letters after the year, full stops after "et al."
and other marks. See docs/bibliography.md for what it still does wrong.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from kb.bibliography import Work
from kb.errors import InputError, Problem
from kb.model import Record
from kb.reports.csl_json import Item, csl_item

RunKind = Literal["plain", "italic", "bold", "link"]


class _Style(NamedTuple):
    label: str
    file: str  # in the folder csl, without its ending
    italic: bool = False  # whether "et al." is
    comma: bool = True  # whether one stands before "et al."
    numbers_as_pages: bool = False  # whether the style file knows article numbers as pages only


_STYLES = {
    "apa": _Style("APA, 7th edition", "apa"),
    "ama": _Style("AMA, 11th edition", "american-medical-association"),
    "bmj": _Style("BMJ", "bmj", italic=True, numbers_as_pages=True),
    "lancet": _Style("The Lancet", "the-lancet", italic=True, numbers_as_pages=True),
    "nature": _Style("Nature", "nature", italic=True, comma=False, numbers_as_pages=True),
    "vancouver": _Style("Vancouver (NLM, 2nd edition)", "nlm-citation-sequence"),
}
STYLES: dict[str, str] = {name: style.label for name, style in _STYLES.items()}
"""The citation styles on offer: id and label."""

FOLDER = Path(__file__).parent / "csl"
CSL = "{http://purl.org/net/xbiblio/csl}"

# Code points that no text may use (Unicode, section 23.7) carry typefaces through the processor.
ITALIC, BOLD, END, OTHERS = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")
OPEN_LIST = re.compile(rf",?(?: (?:…|\. \. \.))?(?: (?:&|and))? *{OTHERS}\.?")
STOPPED = re.compile(rf"(?P<mark>[?!]{END}*|[.?!]”{END}*|\.{END}+)\.(?=[\s{ITALIC}{BOLD}]|$)")
ADDRESS = re.compile(r"https?://\S+?(?=\.?(?:\s|$))|(?i:doi): ?10\.\d{4,9}/\S+?(?=\.?(?:\s|$))")


class Formatted(Record):
    """A work as an entry of a bibliography, without the number that some styles put before it.

    ``runs`` are its parts in order with their typeface; joined they give ``text``. `address` says where a link goes.
    """

    key: str
    text: str
    runs: tuple[tuple[str, RunKind], ...]


def check_style(style: str) -> None:
    """Raise `InputError` if there is no such style; name the nearest ones first."""
    if style in _STYLES:
        return
    near = difflib.get_close_matches(style.casefold(), _STYLES, 3, 0.5)
    remedy = f"did you mean {' or '.join(near)}? " if near else ""
    remedy += f"use one of {', '.join(_STYLES)}"
    raise InputError([Problem(style, 0, "is no citation style", remedy)])


def format_works(works: Sequence[Work], style: str = "apa") -> tuple[Formatted, ...]:
    """Return the works as entries of a bibliography, in the order of the style, or by key where it has none.

    Raises `InputError` for an unknown style. An entry takes 2 to 12 ms; the last bibliographies are remembered.
    """
    check_style(style)
    return _format(tuple(works), style)


@lru_cache(maxsize=16)
def _format(works: tuple[Work, ...], style: str) -> tuple[Formatted, ...]:
    chosen = _STYLES[style]
    ordered = sorted(works, key=lambda work: work.key)
    lettered = _letters(ordered)
    items = [_item(work, chosen, lettered.get(work.key, "")) for work in ordered]
    rendered = _render(chosen, items) if items else []
    by_key = {work.key: work for work in ordered}
    return tuple(_formatted(by_key[key], chosen, text) for key, text in rendered)


def address(link: str) -> str:
    """Return the web address of the text of a run that is a link."""
    return link if link.startswith("http") else "https://doi.org/" + link.partition(":")[2].strip()


# What the processor is given


def _item(work: Work, style: _Style, letter: str) -> Item:
    item = csl_item(work)
    if style.numbers_as_pages and work.eid and not work.pages:
        item["page"] = work.eid
    if work.authors and not work.authors_complete:
        item["author"] = [*item["author"], {"literal": OTHERS}]
    if letter:
        item["year-suffix"] = letter
    return item


def _letters(works: Sequence[Work]) -> dict[str, str]:
    """Return the letters that tell works of the same authors and year apart, in the order of their titles."""
    alike: dict[tuple[object, ...], list[Work]] = defaultdict(list)
    for work in works:
        if work.authors:
            alike[(work.authors, work.authors_complete, work.year)].append(work)
    letters: dict[str, str] = {}
    for group in alike.values():
        for number, work in enumerate(sorted(group, key=lambda w: (w.title.casefold(), w.key))):
            if len(group) > 1:
                letters[work.key] = _letter(number)
    return letters


def _letter(number: int) -> str:
    """Return a, b, … z, aa, ab, … for 0, 1, …."""
    tail = chr(ord("a") + number % 26)
    return tail if number < 26 else _letter(number // 26 - 1) + tail


# The processor


class _Typefaces:
    """What citeproc-py calls a formatter: it marks typefaces, and keeps such marks out of what users wrote."""

    Oblique = Light = Underline = Superscript = Subscript = SmallCaps = str

    @staticmethod
    def preformat(text: object) -> str:
        """Return text of a record as it may stand in an entry."""
        return str(text)

    @staticmethod
    def Italic(text: object) -> str:  # noqa: N802 - citeproc-py asks for this name
        """Mark text as italic."""
        return f"{ITALIC}{text}{END}"

    @staticmethod
    def Bold(text: object) -> str:  # noqa: N802 - citeproc-py asks for this name
        """Mark text as bold."""
        return f"{BOLD}{text}{END}"


def _render(style: _Style, items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """Yield key and marked text of each item, in the order of the style."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
    from citeproc.source.json import CiteProcJSON
    from citeproc.string import MixedString, NoCase

    class Source(CiteProcJSON):  # type: ignore[misc]
        """Items as they are: no tag in a title means anything, and its capitals are those of the record."""

        def parse_string(self, string: object) -> Any:
            return MixedString([NoCase(string)])

    sheet = CitationStylesStyle(str(FOLDER / f"{style.file}.csl"), validate=False)
    for number in sheet.root.findall(f".//{CSL}bibliography//{CSL}text[@variable='citation-number']"):
        number.getparent().remove(number)
    source = Source([{**_clean(item), "id": str(number)} for number, item in enumerate(items)])
    bibliography = CitationStylesBibliography(sheet, source, _Typefaces)
    bibliography.register(Citation([CitationItem(str(number)) for number in range(len(items))]))
    if sheet.root.find(f"{CSL}bibliography/{CSL}sort") is not None:
        bibliography.sort()
    texts = bibliography.bibliography()
    for key, text in zip(bibliography.keys, texts, strict=True):
        yield items[int(key)]["id"], str(text)


def _clean(item: Any) -> Any:
    """Return an item without the marks that carry typefaces; the sign of an open list stays."""
    if isinstance(item, dict):
        return {name: _clean(value) for name, value in item.items()}
    if isinstance(item, list):
        return [_clean(value) for value in item]
    return NONCHARACTERS.sub("", item) if isinstance(item, str) and item != OTHERS else item


# What the processor gives back


def _formatted(work: Work, style: _Style, marked: str) -> Formatted:
    et_al = f"{ITALIC}et al.{END}" if style.italic else "et al."
    marked = OPEN_LIST.sub(f", {et_al}" if style.comma else f" {et_al}", marked)
    marked = STOPPED.sub(r"\g<mark>", marked)
    if work.url and marked.endswith(f"Retrieved {work.url}"):  # nobody recorded when: then APA prints no such word
        marked = marked.removesuffix(f"Retrieved {work.url}") + work.url
    runs = tuple(_runs(" ".join(marked.split())))
    return Formatted(key=work.key, text="".join(text for text, _ in runs), runs=runs)


def _runs(marked: str) -> Iterator[tuple[str, RunKind]]:
    """Yield the parts of a marked text with their typeface; addresses outside of them are links."""
    open_: list[RunKind] = []
    for part in re.split(f"([{ITALIC}{BOLD}{END}])", marked):
        if part == END:
            open_ = open_[:-1]
        elif part in (ITALIC, BOLD) and part:
            open_ = [*open_, "italic" if part == ITALIC else "bold"]
        elif open_ and part:
            yield part, open_[-1]
        elif part:
            yield from _linked(part)


def _linked(text: str) -> Iterator[tuple[str, RunKind]]:
    at = 0
    for found in ADDRESS.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], "plain"
        yield found[0], "link"
        at = found.end()
    if at < len(text):
        yield text[at:], "plain"
