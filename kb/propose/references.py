"""Printed reference lists: each entry taken apart, and matched to a work of the bibliography on its features.

No feature decides alone but a printed identifier (DOI, PubMed number). Where two works fit alike, none is
taken: `candidates` then says which ones, and why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from kb.bibliography import Work
from kb.model import Record
from kb.passages import Block, references

MAX_ENTRY = 3000  # characters of one entry that are read
LEAST_TITLE = 0.8  # likeness of titles, 0 to 1, from which a title counts as the same
LEAST_SCORE = Decimal("0.70")
MARGIN = Decimal("0.06")  # the best must lead by this, or the reference is ambiguous

_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>,;]+)")
_PMID = re.compile(r"\bPMID:?\s{0,3}(\d{1,8})\b", re.I)
_NOISE = re.compile(
    r"https?://\S+|\bdoi:?\s{0,2}10\.\S+|\bPMID:?\s{0,3}\d+|\bPMC\d+|\[?\bAvailable (?:from|at):?.*$", re.I
)
_INITIALS = r"(?:[A-ZÀ-Þ]\.?[ -]?){1,4}"
_PARTICLE = (
    r"(?:(?:van|von|de|der|den|del|della|la|le|du|di|da|dos|aan|het|ter|ten|el|al|bin"
    r"|Le|La|De|Van|Von|Di|Da|Mc|St\.?)[ ’'])*"
)
_WORD = r"[A-ZÀ-Þ][^\W\d_]*[a-zß-ÿ][^\W\d_]*"  # "Berman", "McIntyre", but no initials
_SURNAME = rf"{_PARTICLE}(?:[A-ZÀ-Þ]['’])?{_WORD}(?:[-’' ](?!(?:et|and|In)\b){_WORD}){{0,2}}"
_SUFFIX = r"(?:,? (?:Jr|Sr|II|III|2nd|3rd)\b\.?)?"
_GIVEN = r"[A-ZÀ-Þ][^\W\d_]+(?: [A-ZÀ-Þ]\.?)*"
_NAMES = (
    re.compile(rf"(?P<surname>{_SURNAME}){_SUFFIX}, {_INITIALS}(?![^\W\d_]|[’']){_SUFFIX}"),  # Berman, R. M.
    re.compile(rf"(?P<surname>{_SURNAME}) (?-i:[A-ZÀ-Þ]{{1,4}}){_SUFFIX}(?![\w’'-])"),  # Berman RM
    re.compile(rf"{_INITIALS} ?(?P<surname>{_SURNAME})(?=,| and| &|\.)"),  # R. M. Berman
    re.compile(rf"(?P<surname>{_SURNAME}), {_GIVEN}(?=,|\.| and| &)"),  # Berman, Robert
)
_BETWEEN = re.compile(r"\s*(?:,|;|…|\.\.\.|&|\band\b)?\s*(?:…|\.\.\.)?\s*(?:&|\band\b)?\s*")
_ET_AL = re.compile(r"\s*,?\s*(?:\bet al\b\.?|\band others\b)", re.I)
_YEAR = re.compile(r"(?<![\d.:/–-])((?:18|19|20)\d\d)(?=[a-z]?\b)")
_YEAR_HEAD = re.compile(r"[\s,.]*[(\[]?((?:18|19|20)\d\d)[a-z]?(?:,[^)\]]{0,30})?[)\]]?[.,:;]?\s*(?=\D)")
_YEAR_PLACED = re.compile(r"(?:[(\[](\d{4})[a-z]?(?:,[^)]{0,20})?[)\]]|\b(\d{4})(?:\s[A-Z][a-z]{2}[^;.]{0,12})?;)")
_QUOTED = re.compile(r"[“\"]([^”\"]{8,400})[”\"]")
_TITLE_END = re.compile(r"[.?!]+[”\"]?\s+(?=[A-ZÀ-Þ(\[“\"\d])|\.\s*$")
_NUMBERS = (
    re.compile(r"\b(?P<volume>\d{1,5})\.\d{1,3}\s?\(\d{4}\)\s?:\s?(?P<pages>[A-Za-z]?\d+(?:\s?[-–]\s?[A-Za-z]?\d+)?)"),
    re.compile(
        r"\b(?P<volume>\d{1,5})\s?\([^()]{1,14}\)\s?[,:]\s?(?:pp?\.\s?)?(?P<pages>[A-Za-z]?\d+(?:\s?[-–]\s?[A-Za-z]?\d+)?)"
    ),
    re.compile(
        r"\bvol\.?\s?(?P<volume>\d{1,5})[^:]{0,20}\bpp?\.?\s?(?P<pages>[A-Za-z]?\d+(?:\s?[-–]\s?[A-Za-z]?\d+)?)", re.I
    ),
    re.compile(
        r"\b(?P<volume>\d{1,5})\s?[,:]\s?(?:pp?\.\s?)?(?P<pages>[A-Za-z]?\d+\s?[-–]\s?[A-Za-z]?\d+|e\d+|\d{3,})(?![\d/])"
    ),
)
_HEADING = re.compile(
    r"(?:references?|bibliography|works cited|literature(?: cited)?|sources|citations|notes)\s*:?", re.I
)


class ParsedReference(Record):
    """An entry of a printed list: the span ``start`` to ``end`` of it (code points), and what it prints.

    ``number`` is the printed number, or the place in the list (from 1) where none is printed. ``surnames`` are
    those printed, a corporate author as one; anything not found is empty.
    """

    start: int
    end: int
    number: int | None = None
    surnames: tuple[str, ...] = ()
    year: int | None = None
    title: str = ""
    container: str = ""
    volume: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    et_al: bool = False


class Match(NamedTuple):
    """A work that fits a reference: ``score`` from 0 to 1, and the features that agree, in words."""

    work: str
    score: Decimal
    reasons: tuple[str, ...]


def parse_references(text: str, blocks: tuple[Block, ...]) -> tuple[ParsedReference, ...]:
    """Return the entries of the page's reference list in printed order; empty if it has none. Never raises."""
    found = [(block.start, block.end, block.number) for block in references(blocks)]
    if 2 * sum(bool(_YEAR.search(text, start, end)) for start, end, _ in found) <= len(found):  # none, or wrapped lines
        found = _under_heading(text, blocks) or found
    return tuple(
        _parsed(text, start, end, number if number is not None else place)
        for place, (start, end, number) in enumerate(found, 1)
    )


def candidates(reference: ParsedReference, works: Iterable[Work]) -> tuple[Match, ...]:
    """Return every work that may be meant, the best first; equal scores by key."""
    scored = [match for work in works if (match := _compared(reference, work)) is not None]
    return tuple(sorted(scored, key=lambda match: (-match.score, match.work)))


def match_reference(reference: ParsedReference, works: Iterable[Work]) -> Match | None:
    """Return the one work that a reference means; None if none fits or if two fit alike."""
    ranked = [match for match in candidates(reference, works) if match.score >= LEAST_SCORE]
    if not ranked or (len(ranked) > 1 and ranked[0].score - ranked[1].score < MARGIN):
        return None
    return ranked[0]


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return ``text`` for comparison: small letters and digits without accents, parted by single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("ł", "l"))
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", kept))


def surname(author: str) -> str:
    """Return the surname of an author of the bibliography, for comparison; a corporate name as a whole."""
    return re.sub(r" (?:jr|sr|ii|iii)$", "", plain(author.partition(",")[0]))


def _under_heading(text: str, blocks: tuple[Block, ...]) -> list[tuple[int, int, int | None]]:
    """Return the entries under the last heading for references; a line that opens no entry continues one."""
    heads = [i for i, b in enumerate(blocks) if b.end - b.start < 40 and _HEADING.fullmatch(text, b.start, b.end)]
    found: list[tuple[int, int, int | None]] = []
    for block in blocks[heads[-1] + 1 :] if heads else ():
        line = text[block.start : min(block.end, block.start + MAX_ENTRY)]
        if block.level is not None or (found and len(found) > 500):
            break
        names, _, _ = _names(line)
        numbered = bool(found) and found[0][2] is not None
        if block.number is not None or (names and not numbered) or not found:
            found.append((block.start, block.end, block.number))
        elif not _YEAR.search(text, found[-1][0], found[-1][1]):
            found[-1] = (found[-1][0], block.end, found[-1][2])
        elif not numbered and _YEAR.search(line):
            found.append((block.start, block.end, None))
        else:
            break
    return [entry for entry in found if _YEAR.search(text, entry[0], entry[1]) or _DOI.search(text, *entry[:2])]


def _parsed(text: str, start: int, end: int, number: int | None) -> ParsedReference:
    printed = " ".join(text[start : min(end, start + MAX_ENTRY)].split())
    doi, pmid = _DOI.search(printed), _PMID.search(printed)
    body = " ".join(_NOISE.sub(" ", printed).split())
    names, et_al, rest = _names(body)
    if not names:
        names, rest = _corporate(body)
    head = _YEAR_HEAD.match(rest)
    rest = rest[head.end() :] if head else rest.lstrip(" .,:;)")
    numbers = next((found for pattern in _NUMBERS if (found := pattern.search(rest))), None)
    title, container = _title(rest, numbers.start() if numbers else len(rest))
    return ParsedReference(
        start=start,
        end=end,
        number=number,
        surnames=names,
        year=int(head[1]) if head else _year(rest),
        title=title,
        container=container,
        volume=numbers["volume"] if numbers else "",
        pages=re.sub(r"\s?[-–]\s?", "-", numbers["pages"]) if numbers else "",
        doi=doi[1].rstrip(".)]") if doi else "",
        pmid=pmid[1] if pmid else "",
        et_al=et_al,
    )


def _names(body: str) -> tuple[tuple[str, ...], bool, str]:
    """Return the surnames that an entry opens with, whether "et al." follows, and the rest of the entry."""
    names: list[str] = []
    at, et_al = 0, False
    while len(names) < 200:
        if also := _ET_AL.match(body, at):
            et_al, at = True, also.end()
            break
        between = _BETWEEN.match(body, at) if names else None
        start = between.end() if between else at
        found = next((hit for pattern in _NAMES if (hit := pattern.match(body, start))), None)
        if found is None or (names and start == at):
            break
        names.append(found["surname"])
        et_al = et_al or bool(between and "…" in between[0])
        at = found.end()
    return tuple(names), et_al and bool(names), body[at:]


def _corporate(body: str) -> tuple[tuple[str, ...], str]:
    """Return a corporate author: what stands before a year in brackets or before the first full stop."""
    found = re.match(r"([^.(]{2,120}?)\s*(?:\.\s|(?=[(\[](?:19|20)\d\d)|,\s(?=(?:19|20)\d\d\b))", body)
    if found is None or _QUOTED.match(body):
        return (), body
    return (found[1].strip(" ,"),), body[found.end() :]


def _year(rest: str) -> int | None:
    placed = [int(hit[1] or hit[2]) for hit in _YEAR_PLACED.finditer(rest)]
    years = [year for year in placed if 1800 <= year <= 2099] or [int(hit[1]) for hit in _YEAR.finditer(rest)]
    return years[-1] if years else None


def _title(rest: str, numbers: int) -> tuple[str, str]:
    if quoted := _QUOTED.search(rest):
        title, after = quoted[1].strip(" .,"), quoted.end()
    else:
        stop = next(
            (hit for hit in _TITLE_END.finditer(rest) if not rest[: hit.start()].endswith((" vs", " St"))), None
        )
        title, after = rest[: stop.start() if stop else len(rest)].strip(), stop.end() if stop else len(rest)
    container = rest[after : max(after, numbers)]
    container = re.split(r"[\s.,;(]+(?:18|19|20)\d\d\b|[,;:(]\s*(?:vol\b|no\b|\d)", container)[0]
    if not container and _looks_numbered(title):  # no title is printed: "Nature 533, 481–486 (2016)"
        return "", re.split(r"\s\d", title)[0].strip()
    return title, container.strip(" .,;:(")


def _looks_numbered(title: str) -> bool:
    return len(title.split()) < 9 and bool(re.search(r"\s\d+[,:;]", title))


def _compared(reference: ParsedReference, work: Work) -> Match | None:
    """Return how well a work fits, or None if nothing but chance speaks for it."""
    if reference.doi and work.doi and reference.doi.casefold() == work.doi.casefold():
        return Match(work.key, Decimal(1), ("doi",))
    if reference.pmid and reference.pmid == work.pmid:
        return Match(work.key, Decimal(1), ("pmid",))
    likeness = _likeness(plain(reference.title), plain(work.title))
    parts = [
        (0.15, _year_fit(reference, work)),
        (0.25, _surname_fit(reference, work)),
        (0.15, _numbers_fit(reference, work)),
    ]
    if reference.title:
        parts.append((0.45, max(0.0, 2 * likeness - 1)))
    elif reference.container and work.journal:
        parts.append((0.2, float(_same_journal(reference.container, work.journal))))
    known = [(weight, fit) for weight, fit in parts if fit is not None]
    agree = sum(fit is not None and fit >= 0.5 for _, fit in parts)
    if agree < 2 or (reference.title and likeness < LEAST_TITLE) or (not reference.title and agree < 3):
        return None
    score = Decimal(str(round(sum(w * f for w, f in known) / sum(w for w, _ in known), 2)))
    return Match(work.key, score, _reasons(reference, work, likeness))


def _reasons(reference: ParsedReference, work: Work, likeness: float) -> tuple[str, ...]:
    reasons = ["surname"] if (_surname_fit(reference, work) or 0) >= 0.5 else []
    if reference.year and work.year and abs(reference.year - work.year) <= 1:
        reasons.append("year" if reference.year == work.year else f"year {reference.year} for {work.year}")
    if reference.title:
        reasons.append(f"title {likeness:.2f}")
    if (_numbers_fit(reference, work) or 0) >= 0.5:
        reasons.append("volume or pages")
    if reference.doi and work.doi:
        reasons.append("another doi")
    return tuple(reasons)


def _likeness(one: str, other: str) -> float:
    """Return the likeness of two plain titles, 0 to 1; a subtitle that one of them leaves out costs little."""
    if not one or not other:
        return 0.0
    one, other = sorted((one, other), key=len)
    whole = fuzz.token_sort_ratio(one, other)
    part = fuzz.ratio(one, other[: len(one)]) * 0.97 if len(one.split()) >= 4 else 0.0
    return max(whole, part) / 100


def _year_fit(reference: ParsedReference, work: Work) -> float | None:
    if not reference.year or not work.year:
        return None
    return {0: 1.0, 1: 0.6}.get(abs(reference.year - work.year), 0.0)


def _surname_fit(reference: ParsedReference, work: Work) -> float | None:
    if not reference.surnames or not work.authors:
        return None
    printed, known = [surname(name) for name in reference.surnames], [surname(name) for name in work.authors]
    if printed[0] != known[0] and not _acronym_fits(reference.surnames[0], work.authors[0]):
        return 0.3 if printed[0] in known else 0.0
    if len(printed) == 1 or not work.authors_complete:
        return 1.0
    return 0.6 + 0.4 * sum(name in known for name in printed) / len(printed)


def _acronym_fits(one: str, other: str) -> bool:
    """Tell whether one is the acronym of the other: WHO and World Health Organization."""
    short, long = sorted((one, other), key=len)
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", long) if word[0].isupper())
    return len(short) > 2 and short.isupper() and short == initials


def _numbers_fit(reference: ParsedReference, work: Work) -> float | None:
    pairs = [(reference.volume, work.volume), (_first(reference.pages), _first(work.pages or work.eid or ""))]
    known = [plain(one) == plain(other) for one, other in pairs if one and other]
    return sum(known) / len(known) if known else None


def _first(pages: str) -> str:
    return re.split(r"[-–]", pages)[0].strip()


def _same_journal(printed: str, known: str) -> bool:
    """Tell whether two names of a journal agree, word by word, abbreviations included."""
    one, other = plain(printed).split(), [w for w in plain(known).split() if w not in ("of", "the", "and", "in")]
    one = [word for word in one if word not in ("of", "the", "and", "in")]
    return len(one) == len(other) and all(b.startswith(a[:4]) for a, b in zip(one, other, strict=True))
