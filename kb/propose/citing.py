"""What a page cites, and where: printed markers, studies told of in words, and a list laid beside the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate

from kb.bibliography import Work
from kb.model import Citation, Record
from kb.passages import Block, Sentence, markers
from kb.propose.aligning import MOST_CELLS, align
from kb.propose.authoryear import AuthorYear, author_years
from kb.propose.describing import Profiles, describe, profiles
from kb.propose.links import Link as Link
from kb.propose.links import cues
from kb.propose.references import Match, ParsedReference, match_reference, parse_references, surname

DIRECT = Decimal("0.9")  # an author and a year that fit one work of the bibliography, with no list on the page
TOLD = Decimal("0.9")
CARRIED = Decimal("0.8")  # a sentence that goes on about the study of the one before
MOST_PRINTED = 40


class Citing(Record):
    """The reference list with the work of each entry, and the links of the page in order of place."""

    references: tuple[tuple[ParsedReference, Match | None], ...]
    links: tuple[Link, ...]


def read_citing(
    text: str,
    blocks: tuple[Block, ...],
    sentences: tuple[Sentence, ...],
    works: Iterable[Work],
    excluded_blocks: frozenset[int] = frozenset(),
) -> Citing:
    """Return what a page cites. Never raises; a marker whose entry is lost stays unresolved."""
    known = tuple(sorted(works, key=lambda work: work.key))
    parsed = parse_references(text, blocks)
    listed = tuple((entry, match_reference(entry, known)) for entry in parsed)
    entries = _Spans(parsed)
    inside = [
        s
        for s in sentences
        if s.block not in excluded_blocks and blocks[s.block].kind != "reference" and entries.holder(s.start) is None
    ]
    printed = [*_numeric(text, blocks, inside, listed), *_named(text, inside, listed, known)]
    described = _described(text, blocks, inside, profiles(known, frozenset(m.work for _, m in listed if m)))
    links = _together(text, inside, printed, described)
    if listed and not printed:
        links += _aligned(text, blocks, inside, listed, described)
    unique = {(link.start, link.end, link.citation.marker, link.citation.work or ""): link for link in links}
    return Citing(references=listed, links=tuple(unique[key] for key in sorted(unique)))


def citations_at(citing: Citing, start: int, end: int) -> tuple[Citation, ...]:
    """Return the citations of a span, each work once: printed before described before inferred, surest first."""
    return citer(citing)(start, end)


def citer(citing: Citing) -> Callable[[int, int], tuple[Citation, ...]]:
    """Return what `citations_at` does for one page, for many spans of it: its cost does not grow with the page."""
    starts = [link.start for link in citing.links]
    reach = list(accumulate((link.end for link in citing.links), max))

    def at(start: int, end: int) -> tuple[Citation, ...]:
        found: list[Citation] = []
        index = bisect_left(starts, end)
        while index and reach[index - 1] > start:
            index -= 1
            if citing.links[index].end > start:
                found.append(citing.links[index].citation)
        return _each_once(reversed(found))

    return at


def _each_once(found: Iterable[Citation]) -> tuple[Citation, ...]:
    order = {"marker": 0, "described": 1, "inferred": 2}
    ranked = sorted(found, key=lambda c: (not c.marker, order[c.basis], -c.confidence, c.marker, c.work or ""))
    kept: dict[tuple[str, str], Citation] = {}
    works: set[str] = set()
    for citation in ranked:
        if not (citation.work and citation.work in works):
            kept.setdefault((citation.marker if citation.work is None else "", citation.work or ""), citation)
            works.add(citation.work or "")
    return tuple(kept.values())


class _Spans:
    """Spans in order, none within another: finds the one that holds a place."""

    def __init__(self, spans: Iterable[Sentence | ParsedReference]) -> None:
        self._spans = sorted((span.start, span.end, number) for number, span in enumerate(spans))
        self._starts = [start for start, _, _ in self._spans]

    def holder(self, at: int) -> int | None:
        """Return the number of the span that holds ``at``."""
        index = bisect_right(self._starts, at) - 1
        return self._spans[index][2] if index >= 0 and at < self._spans[index][1] else None


def _numeric(
    text: str,
    blocks: tuple[Block, ...],
    inside: Sequence[Sentence],
    listed: Sequence[tuple[ParsedReference, Match | None]],
) -> Iterator[Link]:
    spans = _Spans(inside)
    by_number = {entry.number: (entry, match) for entry, match in listed}
    for marker in markers(text, blocks):
        if spans.holder(marker.start) is None:
            continue
        shown = marker.printed if len(marker.printed) <= MOST_PRINTED else ""
        for number in marker.numbers:
            entry, match = by_number.get(number, (None, None))
            own = shown if len(marker.numbers) == 1 else f"[{number}]"
            if match is not None:
                reason = f"{own} is entry {number} of the page's list, which means {match.work}."
                citation = Citation(marker=own, work=match.work, basis="marker", confidence=match.score)
            else:
                reason = f"{own} points to an entry that is not on the page."
                if entry is not None:
                    reason = (
                        f"{own} is entry {number} of the page's list, which fits no work of the bibliography alone."
                    )
                citation = Citation(marker=own, basis="marker")
            yield Link(start=marker.start, end=marker.end, citation=citation, reason=reason)


def _named(
    text: str, inside: Sequence[Sentence], listed: Sequence[tuple[ParsedReference, Match | None]], works: Sequence[Work]
) -> Iterator[Link]:
    entries: dict[tuple[int | None, str], list[tuple[ParsedReference, Match | None]]] = defaultdict(list)
    for entry, match in listed:
        if entry.surnames:
            entries[entry.year, surname(entry.surnames[0])].append((entry, match))
    for sentence in inside:
        for marker in author_years(text, sentence.start, sentence.end):
            shown = f"{marker.names[0]} {marker.year}"[:MOST_PRINTED]
            alike = entries.get((int(marker.year[:4]), surname(marker.names[0])), [])
            work, confidence, reason = _resolved(text, marker, alike, works)
            if work is not None or marker.sure:
                citation = Citation(marker=shown, work=work, basis="marker", confidence=confidence)
                yield Link(start=marker.start, end=marker.end, citation=citation, reason=reason)


def _resolved(
    text: str, marker: AuthorYear, entries: Sequence[tuple[ParsedReference, Match | None]], works: Sequence[Work]
) -> tuple[str | None, Decimal, str]:
    """Return the work that a name and a year mean, how surely, and why; ``entries`` of the list bear both."""
    name, year = surname(marker.names[0]), int(marker.year[:4])
    lettered = [(e, m) for e, m in entries if re.search(rf"\b{marker.year}\b", text[e.start : e.end])]
    entries = lettered if len(marker.year) > 4 else entries
    means = {m.work: m.score for _, m in entries if m is not None}
    if len(means) == 1 and len(entries) == sum(m is not None for _, m in entries):
        work, score = next(iter(means.items()))
        return work, score, f"{marker.names[0]} {marker.year} is in the page's list, which means {work}."
    if entries or len(marker.year) > 4:
        return None, Decimal(1), f"{marker.names[0]} {marker.year} fits no single entry of the page's list."
    fits = [w for w in works if w.year == year and w.authors and surname(w.authors[0]) == name]
    if len(marker.names) == 2:
        second = surname(marker.names[1])
        fits = [w for w in fits if not w.authors_complete or second in map(surname, w.authors)]
    if len(fits) == 1:
        return (
            fits[0].key,
            DIRECT,
            f"{marker.names[0]} {marker.year} fits {fits[0].key} of the bibliography and no other.",
        )
    return (
        None,
        Decimal(1),
        f"{marker.names[0]} {marker.year} fits {'several works' if fits else 'no work'} of the bibliography.",
    )


def _described(text: str, blocks: tuple[Block, ...], inside: Sequence[Sentence], known: Profiles) -> dict[int, Link]:
    """Return the link of each sentence that tells of a study, by its place in ``inside``."""
    found: dict[int, Link] = {}
    current: tuple[str, int] | None = None  # the work, and the block that last spoke of it
    for at, sentence in enumerate(inside):
        said = text[sentence.start : sentence.end]
        opening = said[:40].casefold()
        hit = describe(said, known) if blocks[sentence.block].kind != "heading" else None
        if hit is not None:
            current = (hit.work, sentence.block)
            reason = f"The wording fits {hit.work} alone: {', '.join(hit.features)}."
            found[at] = _told(sentence, hit.work, TOLD, reason)
        elif current is not None and _goes_on(opening, said, sentence.block, current[1]):
            found[at] = _told(sentence, current[0], CARRIED, f"It goes on about the study of {current[0]}.")
            current = (current[0], sentence.block)
        elif current is not None and sentence.block > current[1]:
            current = None
    return found


def _goes_on(opening: str, said: str, block: int, last: int) -> bool:
    if block - last > 1:
        return False
    return opening.startswith(cues().continues) or (block == last and bool(cues().reports.search(said)))


def _told(sentence: Sentence, work: str, confidence: Decimal, reason: str) -> Link:
    citation = Citation(work=work, basis="described", confidence=confidence)
    return Link(start=sentence.start, end=sentence.end, citation=citation, reason=reason)


def _together(text: str, inside: Sequence[Sentence], printed: Sequence[Link], described: dict[int, Link]) -> list[Link]:
    """Let markers cover the sentences that lead up to them, and name the works that the wording gives away."""
    held: list[list[Link]] = [[] for _ in inside]
    spans = _Spans(inside)
    for link in printed:
        holder = spans.holder(link.start)
        if holder is not None:
            held[holder].append(link)
    links = []
    settled: set[int] = set()
    for at, own in enumerate(held):
        told = described.get(at)
        if not own:
            links += [told] if told else []
            continue
        covered = _covered(text, inside, held, described, at)
        for link in own:
            single = told is not None and len(own) == 1 and link.citation.work is None
            if single and told is not None:
                update = {"marker": link.citation.marker}
                link = link.model_copy(
                    update={"citation": told.citation.model_copy(update=update), "reason": told.reason}
                )
            links.append(link)
            for k in covered:
                span = {"start": inside[k].start, "end": inside[k].end}
                reason = f"{link.citation.marker} closes the passage. {link.reason}"
                links.append(link.model_copy(update={**span, "reason": reason}))
                if k in described and link.citation.work == described[k].citation.work:
                    settled.add(id(described[k]))
    return [link for link in links if id(link) not in settled]


def _covered(
    text: str, inside: Sequence[Sentence], held: Sequence[Sequence[Link]], described: dict[int, Link], at: int
) -> list[int]:
    """Return the sentences before a marked one, of its block, that the marker covers as well."""
    covered: list[int] = []
    for k in range(at - 1, -1, -1):
        if inside[k].block != inside[at].block or held[k] or at - k > 4:
            break
        after = text[inside[k + 1].start : inside[k + 1].end]
        leans = after.casefold().startswith(cues().leans)
        same = k in described and at in described and described[k].citation.work == described[at].citation.work
        if not (leans or same or cues().study.search(text[inside[k].start : inside[k].end])):
            break
        covered.append(k)
    return covered


def _aligned(
    text: str,
    blocks: tuple[Block, ...],
    inside: Sequence[Sentence],
    listed: Sequence[tuple[ParsedReference, Match | None]],
    described: dict[int, Link],
) -> list[Link]:
    """Return the probable links of a list whose markers were lost; what the wording settles is left alone."""
    first = listed[0][0].start
    places = [s for at, s in enumerate(inside) if s.start < first and blocks[s.block].kind != "heading"]
    if len(listed) * len(places) > MOST_CELLS:
        return []
    said = [text[s.start : s.end] for s in places]
    entries = [f"{entry.title} {entry.year or ''}" for entry, _ in listed]
    links = []
    groups = [
        b.lead_in if (b := blocks[s.block]).kind == "list-item" and b.lead_in is not None else s.block for s in places
    ]
    fixed = _fixed(places, listed, described)
    contexts = [_context(text, blocks, s) for s in places]
    for placed in align(entries, said, contexts, groups, fixed):
        entry, match = listed[placed.entry]
        sentence = places[placed.place]
        if match is None or placed.entry in fixed:
            continue
        citation = Citation(work=match.work, basis="inferred", confidence=placed.confidence)
        reason = (
            f"Entry {entry.number} of the list stands at about this place in its order, and speaks of the same things."
        )
        links.append(Link(start=sentence.start, end=sentence.end, citation=citation, reason=reason))
    return links


def _fixed(
    places: Sequence[Sentence], listed: Sequence[tuple[ParsedReference, Match | None]], described: dict[int, Link]
) -> dict[int, int]:
    """Return the entries whose place the wording settles; only the first mention, and of works listed once."""
    starts = {s.start: at for at, s in enumerate(places)}
    count = Counter(match.work for _, match in listed if match is not None)
    fixed: dict[int, int] = {}
    for entry, (_, match) in enumerate(listed):
        told = [link.start for link in described.values() if match is not None and link.citation.work == match.work]
        if match is not None and count[match.work] == 1 and told and min(told) in starts:
            fixed[entry] = starts[min(told)]
    return fixed


def _context(text: str, blocks: tuple[Block, ...], sentence: Sentence) -> str:
    """Return the heading above a sentence and the block around it."""
    block = blocks[sentence.block]
    heading = next((b for b in reversed(blocks[: sentence.block]) if b.kind == "heading"), None)
    return f"{text[heading.start : heading.end] if heading else ''} {text[block.start : block.end]}"
