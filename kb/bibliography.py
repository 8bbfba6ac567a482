"""A strict reader of the bibliography: BibTeX in, frozen works out, or every fault of the file at once."""

from __future__ import annotations

import difflib
import logging
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bibtexparser.library import Library
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.splitter import Splitter
from pydantic import BaseModel, ConfigDict

from kb.designs import STUDY_DESIGNS
from kb.errors import Problems
from kb.yamlfile import read_text

_PLAIN = ("title", "journal", "volume", "number", "pages", "eid", "doi", "pmid", "url", "year", "shorthand")
_FIELDS = {  # name in the file: name in `Work`
    **{name: name for name in (*_PLAIN, "population", "species", "erratum", "note")},
    "studydesign": "design",
    "samplesize": "sample_size",
    "supersededby": "superseded_by",
    "retraction": "retracted",
}
_KNOWN_FIELDS = (*_FIELDS, "author", "organization", "verified", "unverified")
_NOT_SLIPS = frozenset({"pmcid", "volumes"})  # fields of others that look like a slip of ours
_VERBATIM = frozenset({"doi", "url"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_SHAPES = {  # field: what it must match, what it must be, and how to mend it
    "year": (r"\d{4}", "a year of four digits", "write the year of publication alone, such as 2019"),
    "doi": (r"10\.\d{4,9}/\S+", "a DOI", "write it from '10.' on, without address or blanks"),
    "pmid": (r"[1-9]\d{0,7}", "a PubMed number", "write one to eight digits, without 'PMID'"),
    "samplesize": (
        r"[1-9]\d*",
        "a sample size",
        "write the number of participants in digits, or drop the field",
    ),
    "studydesign": ("|".join(STUDY_DESIGNS), "a known study design", "use one of: " + ", ".join(STUDY_DESIGNS)),
}
_KEY = re.compile(r"[^\s,{}()\"'#%~\\=@]+")
_LOST = re.compile(r"^[ \t]*(?:@|[A-Za-z]+[ \t]*\{|[\w-]+[ \t]*=|[)}])", re.M)
_ACCENTS = {  # after a backslash: the combining character
    **{"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306"},
    **{".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323"},
    **{"c": "\u0327", "k": "\u0328", "b": "\u0331"},
}
_LETTERS = {
    **{"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø"},
    **{"l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "textendash": "–"},
    **{"textemdash": "—", "ldots": "…", "dots": "…", "textbackslash": "\ufdd0", "textasciitilde": "\ufdd1"},
}
_PLAIN_SIGNS = str.maketrans({"\ufdd0": "\\", "\ufdd1": "~"})  # they stand for these until all LaTeX is read
_ACCENTED = re.compile(
    r"\\(?P<accent>[`'^\"~=.]|[uvHcdbrk](?![A-Za-z]))\s*(?:\{\\?([^\W\d_])\}|\\([ij])(?![A-Za-z])|([^\W\d_]))"
)
_LETTER = re.compile(r"\\([A-Za-z]+)(?:\{\}|[ \t]+|(?![A-Za-z]))")
_FONT = re.compile(r"\\(?:emph|text(?:it|bf|sc|rm|subscript|superscript))\s*(?=\{)")
_ESCAPED = re.compile(r"\\([&%$#_{} ])")


class Work(BaseModel):
    """One entry of the bibliography, as printed there but for LaTeX, which is decoded.

    ``authors`` are "Surname, Given"; a corporate name is one string as it stands. An entry with no author but
    an organization has that as its only author. ``authors_complete`` is false after "and others".
    ``verified`` and ``unverified`` name fields as the file does (``studydesign``). ``line`` counts from 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    entry_type: str
    title: str
    authors: tuple[str, ...] = ()
    authors_complete: bool = True
    year: int | None = None
    journal: str | None = None
    volume: str | None = None
    number: str | None = None
    pages: str | None = None
    eid: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    shorthand: str | None = None
    design: str | None = None
    population: str | None = None
    sample_size: int | None = None
    species: str | None = None
    erratum: str | None = None
    superseded_by: str | None = None
    retracted: str | None = None
    verified: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    note: str | None = None
    line: int


class _Value(NamedTuple):
    text: str  # as in the file, without the outer braces or quotes
    line: int


class _Entry(NamedTuple):
    key: str
    kind: str
    line: int
    fields: Mapping[str, _Value]


def read_bibliography(path: Path) -> tuple[Work, ...]:
    """Return the works of a BibTeX file, sorted by key.

    Raises `kb.errors.InputError` with every problem of the file: bytes that are not UTF-8, broken or repeated
    entries and fields, missing or malformed values, and text between entries that looks like a lost one.
    """
    problems = Problems(str(path))
    text = read_text(path, str(path))
    if not text.strip():
        problems.add(0, "is empty", "add a BibTeX entry, such as @article{key, title = {…}, …}")
        problems.raise_any()
    with _silenced():
        library = Splitter(text).split()
    entries = _entries(library, problems)
    if not entries and not problems.found:
        problems.add(0, "holds no entry", "add a BibTeX entry, such as @article{key, title = {…}, …}")
    works = [work for entry in entries if (work := _work(entry, problems)) is not None]
    _check_together(entries, problems)
    problems.raise_any()
    return tuple(sorted(works, key=lambda work: work.key))


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep bibtexparser from logging the blocks it gives up: they are reported as problems."""
    logger = logging.getLogger("bibtexparser.splitter")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _entries(library: Library, problems: Problems) -> list[_Entry]:
    """Return the entries with distinct keys; whatever is not sound in the others is a problem."""
    strings: dict[str, str] = {month: month for month in _MONTHS}
    first_lines: dict[str, int] = {}
    found: list[_Entry] = []
    for read in library.blocks:
        block: Block | None = read
        if isinstance(read, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            block = read.ignore_error_block  # repetition is found below, whatever the case of the letters
        line = (read.start_line or 0) + 1
        if isinstance(block, ImplicitComment):
            _report_lost(block.comment, line, problems)
            continue
        if isinstance(block, ParsingFailedBlock):
            reason = " ".join(str(getattr(block.error, "abort_reason", block.error)).split())
            problems.add(line, f"broken entry: {reason}", "close every brace and quote, part fields with commas")
        elif isinstance(block, String):
            if block.key.lower() in strings:
                problems.add(line, f"@string '{block.key}' is defined twice", "keep one of them")
            strings[block.key.lower()] = _resolved(block.value, strings, line, problems)
        elif isinstance(block, Entry):
            entry = _Entry(block.key, block.entry_type.lower(), line, _fields(block, strings, problems))
            if _has_sound_key(entry, first_lines, problems):
                found.append(entry)
    return found


def _report_lost(comment: str, line: int, problems: Problems) -> None:
    if lost := _LOST.search(comment):
        at = line + comment.count("\n", 0, lost.start())
        excerpt = comment[lost.start() :].strip().splitlines()[0][:40]
        remedy = "write @type{key, …}, or start the line with % if it is a remark"
        problems.add(at, f"text outside the entries looks like a lost entry: '{excerpt}'", remedy)


def _has_sound_key(entry: _Entry, first_lines: dict[str, int], problems: Problems) -> bool:
    if not _KEY.fullmatch(entry.key):
        problems.add(entry.line, f"the key '{entry.key}' is not one word", "start the entry with @type{key,")
        return False
    first = first_lines.setdefault(entry.key.casefold(), entry.line)
    if first != entry.line:
        remedy = "rename or remove one of the two (capitals do not tell keys apart)"
        problems.add(entry.line, f"the key '{entry.key}' is already used on line {first}", remedy)
    return first == entry.line


def _fields(block: Entry, strings: Mapping[str, str], problems: Problems) -> dict[str, _Value]:
    """Return the fields that are not empty by their name in lower case."""
    found: dict[str, _Value] = {}
    for field in block.fields:
        name, line = field.key.lower(), field.start_line + 1
        if name in found:
            remedy = "keep one of them"
            problems.add(line, f"'{block.key}' has the field '{name}' already on line {found[name].line}", remedy)
            continue
        found[name] = _Value(_resolved(field.value, strings, line, problems), line)
        known = difflib.get_close_matches(name, _KNOWN_FIELDS, 1, 0.85)
        if known and known[0] != name and name not in _NOT_SLIPS:
            problems.add(line, f"unknown field '{name}'", f"write '{known[0]}', if that is meant")
    return {name: value for name, value in found.items() if value.text.strip("{} \t\n")}


def _resolved(value: str, strings: Mapping[str, str], line: int, problems: Problems) -> str:
    """Return the text of ``{braced}``, ``"quoted"``, numeric and named parts joined by ``#``."""
    parts: list[str] = []
    for part in _split(value, r"\s*#\s*", quotes=True):
        if _is_enclosed(part):
            parts.append(part[1:-1])
            continue
        parts.append(strings.get(part.lower(), part))
        if part[:1] in ("{", '"'):
            excerpt = " ".join(part.split())[:40]
            remedy = "put a comma after each field, and balance braces and quotes"
            problems.add(line, f"a value does not end where its brace or quote closes: '{excerpt}'", remedy)
        elif not part.isdigit() and part.lower() not in strings:
            remedy = "enclose the value in braces, or define the name with @string before it is used"
            problems.add(line, f"'{part}' is not a defined @string", remedy)
    return "".join(parts)


def _is_enclosed(part: str) -> bool:
    """Tell whether the first brace or quotation mark of a value is closed by its last, and not before."""
    if len(part) < 2 or part[0] + part[-1] not in ("{}", '""'):
        return False
    depth = 0
    for mark in re.findall(r'\\.|[{}"]', part[1:-1], re.S):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth < 0 or (mark == part[0] == '"' and depth == 0):
            return False
    return depth == 0


def _split(text: str, separator: str, quotes: bool = False) -> list[str]:
    """Split at a pattern where no brace (nor, with ``quotes``, quotation) is open; parts are stripped."""
    parts, start, depth, quoted = [], 0, 0, False
    for token in re.finditer(rf'\\.|(?P<open>\{{)|(?P<close>\}})|(?P<quote>")|(?P<split>{separator})', text, re.S):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
        elif token["quote"] and depth == 0:
            quoted = quotes and not quoted
        elif token["split"] and depth == 0 and not quoted:
            parts.append(text[start : token.start()].strip())
            start = token.end()
    return [*parts, text[start:].strip()]


def _work(entry: _Entry, problems: Problems) -> Work | None:
    """Return the work of an entry, or nothing if that added a problem."""
    before = len(problems.found)
    values: dict[str, object] = {"key": entry.key, "entry_type": entry.kind, "line": entry.line}
    for name, value in entry.fields.items():
        if name in _FIELDS:
            values[_FIELDS[name]] = _decoded(entry.key, name, value, problems)
    _check_required(entry, problems)
    _check_shapes(entry, problems)
    for name in ("verified", "unverified"):
        values[name] = _names(entry, name, problems)
    values["authors"], values["authors_complete"] = _authors(entry, problems)
    return Work.model_validate(values) if len(problems.found) == before else None


def _check_required(entry: _Entry, problems: Problems) -> None:
    """Ask for a title; for year and author too, but for web pages that explain themselves."""
    fields = entry.fields
    note = fields["note"].text.lower() if "note" in fields else ""
    is_loose = entry.kind in ("online", "misc") and ("organization" in fields or note)
    for name in ("title", "author", "year"):
        if name not in fields and (name == "title" or not (is_loose or name in note)):
            remedy = f"add {name} = {{…}}"
            if name != "title":
                remedy += "; an @online or @misc may instead have an organization, or a note of what is missing"
            problems.add(entry.line, f"'{entry.key}' has no {name}", remedy)


def _check_shapes(entry: _Entry, problems: Problems) -> None:
    for name, (shape, noun, remedy) in _SHAPES.items():
        value = entry.fields.get(name)
        if value and not re.fullmatch(shape, value.text, re.A):
            problems.add(value.line, f"{name} of '{entry.key}' is not {noun}: '{value.text}'", remedy)


def _names(entry: _Entry, name: str, problems: Problems) -> tuple[str, ...]:
    """Return the field names listed in ``verified`` or ``unverified``; none may be absent or in both."""
    names, others = (_listed(entry, field) for field in (name, "verified"))
    for listed in names:
        line = entry.fields[name].line
        if listed not in entry.fields:
            problems.add(line, f"'{entry.key}' has no field '{listed}' to be {name}", "add it or do not name it")
        elif name == "unverified" and listed in others:
            problems.add(line, f"'{entry.key}' has '{listed}' verified and unverified", "name it in one of them")
    return names


def _listed(entry: _Entry, name: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\s,]+", entry.fields[name].text.strip())) if name in entry.fields else ()


def _authors(entry: _Entry, problems: Problems) -> tuple[tuple[str, ...], bool]:
    """Return the authors (or else the organization), and whether the list is complete."""
    value = entry.fields.get("author")
    if value is None:
        body = entry.fields.get("organization")
        return ((_decoded(entry.key, "organization", body, problems),) if body else ()), True
    parts = _split(f" {value.text} ", r"(?<=\s)and(?=\s)")
    complete = parts[-1].lower() != "others"
    parts = parts if complete else parts[:-1]
    for part in parts:
        commas = len(_split(part, ",")) - 1
        if not part or commas > 2 or part.lower() == "others" or re.search(r"\bet al\b", part):
            remedy = "part names by 'and', write each as 'Surname, Given', end an open list with 'and others'"
            problems.add(value.line, f"'{entry.key}' has an author that is no name: '{part}'", remedy)
    names = tuple(_decoded(entry.key, "author", value._replace(text=_sorted_name(p)), problems) for p in parts)
    return names, complete


def _sorted_name(name: str) -> str:
    """Return a name as "Surname, Given": a suffix stays with the surname, small particles too."""
    parts = _split(name, ",")
    if len(parts) == 3:
        return f"{parts[0]} {parts[1]}, {parts[2]}"
    words = _split(name, r"\s+")
    if len(parts) == 2 or len(words) == 1:
        return ", ".join(parts)
    surname = len(words) - 1
    while surname > 1 and words[surname - 1][0].islower():
        surname -= 1
    return f"{' '.join(words[surname:])}, {' '.join(words[:surname])}"


def _decoded(key: str, name: str, value: _Value, problems: Problems) -> str:
    """Return the text of a field without LaTeX; report a command that is not known."""
    if name in _VERBATIM:
        return _ESCAPED.sub(r"\1", value.text)
    text = _FONT.sub("", value.text)
    text = _ACCENTED.sub(lambda m: "".join(m.groups("")[1:]) + _ACCENTS[m["accent"]], text)
    text = _LETTER.sub(lambda m: _LETTERS.get(m[1], m[0]), text)
    if unknown := re.search(r"\\(?![&%$#_{} ])(?:[A-Za-z]+|.?)", text):
        problems.add(value.line, f"{name} of '{key}' has unknown LaTeX: '{unknown[0]}'", "write the character itself")
    text = text.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    text = re.sub(r"(?<!\\)[{}]", "", re.sub(r"(?<!\\)~", " ", text))
    text = _ESCAPED.sub(r"\1", text).translate(_PLAIN_SIGNS)
    return " ".join(unicodedata.normalize("NFC", text).split())


def _check_together(entries: list[_Entry], problems: Problems) -> None:
    """Report identifiers that two entries share and successors that do not exist."""
    keys = {entry.key for entry in entries}
    first: dict[tuple[str, str], str] = {}
    for entry in entries:
        for name in ("doi", "pmid"):
            value = entry.fields.get(name)
            holder = first.setdefault((name, value.text.casefold()), entry.key) if value else entry.key
            if value and holder != entry.key:
                remedy = "keep one entry for each work"
                problems.add(value.line, f"'{entry.key}' has the same {name} as '{holder}'", remedy)
        successor = entry.fields.get("supersededby")
        if successor and (successor.text not in keys or successor.text == entry.key):
            remedy = "name the key of another entry of this file"
            problems.add(successor.line, f"'{entry.key}' is superseded by '{successor.text}'", remedy)
