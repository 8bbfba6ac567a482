"""Where the claims of an old snapshot stand in a new one; never silently where the meaning may have changed.

Both texts are cut into sentences and aligned in order. A claim follows its *whole sentence*, because a "not"
outside the quoted words turns them round as well.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from kb.ids import sha256_text
from kb.model import Claim, Record
from kb.propose.meaning import changed_meaning as changed_meaning
from kb.propose.meaning import word_changes

LEAST_LIKENESS = 72.0  # of two sentences, 0 to 100, from which one is a version of the other
LEAST_QUOTE = 80.0  # of the quote itself, for a drifted claim
CLOSE = 10.0  # two sentences whose likeness is this near cannot be told apart
MOST_SENTENCES = 8000  # beyond, only the common start and end of the two texts are aligned
_MOST_COMPARED = 12
_MOST_CHARS = 2000  # of a sentence that is compared with others
_BREAK = re.compile(r"\n+|(?<=[.!?])[”\"’)\]]*\s+(?=[A-ZÀ-Þ“\"(\[\d])")
_WORD = re.compile(r"\w+")

State = Literal["exact", "moved", "drifted", "ambiguous", "lost"]


class Anchored(Record):
    """Where a claim stands now. ``start``, ``end`` (code points) and the hash are absent if ambiguous or lost."""

    claim: str
    state: State
    start: int | None = None
    end: int | None = None
    quote_sha256: str | None = None
    reason: str


class _Cut(NamedTuple):
    text: str
    starts: list[int]
    parts: list[str]  # sentences, without outer white space

    def stretch(self, first: int, last: int) -> str:
        return self.text[self.starts[first] : self.starts[last] + len(self.parts[last])]


class _Pair(NamedTuple):
    old: _Cut
    new: _Cut
    followed: dict[int, int]  # sentence of the old text: the same sentence of the new one
    free: list[int]  # sentences of the new text that no old one became
    holders: dict[str, list[int]]  # word: free sentences that hold it


def reanchor(claims: Iterable[Claim], old: str, new: str) -> tuple[Anchored, ...]:
    """Return one answer for every claim with a locator, in their order.

    *exact*: same offsets, same words; *moved*: same words elsewhere; *drifted*: words changed, but no number,
    unit, negation, comparative or hedge; *ambiguous*: in several places; *lost*: anything else, with the reason.
    """
    pair = _pair(old, new)
    return tuple(_anchor(claim, pair) for claim in claims if claim.locator is not None)


def _pair(old: str, new: str) -> _Pair:
    one, other = _cut(old), _cut(new)
    matched = _matched(one.parts, other.parts)
    followed, taken = _sure(matched, one.parts, other.parts), set(matched.values())
    free = [at for at in range(len(other.parts)) if at not in taken]
    index: dict[str, list[int]] = defaultdict(list)
    for at in free:
        for word in set(_WORD.findall(other.parts[at][:_MOST_CHARS].casefold())):
            index[word].append(at)
    return _Pair(one, other, followed, free, dict(index))


def _cut(text: str) -> _Cut:
    starts, parts, at = [], [], 0
    for stop in [*(m.span() for m in _BREAK.finditer(text)), (len(text), len(text))]:
        piece = text[at : stop[0]] if text[stop[0] : stop[1]].isspace() else text[at : stop[1]]
        if stripped := piece.strip():
            starts.append(at + len(piece) - len(piece.lstrip()))
            parts.append(stripped)
        at = stop[1]
    return _Cut(text, starts, parts)


def _matched(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return which sentence became which: equal ones, in order."""
    matched: dict[int, int] = {}
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        matched[head] = head
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
        matched[len(old) - tail] = len(new) - tail
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(one), len(other)) <= MOST_SENTENCES:
        for code in Indel.opcodes(one, other):
            if code.tag == "equal":
                span = range(code.src_end - code.src_start)
                matched.update({head + code.src_start + k: head + code.dest_start + k for k in span})
    return matched


def _sure(matched: dict[int, int], old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return the matches that are beyond doubt: a copy of which there are more or fewer now needs both neighbours."""
    before, after = Counter(old), Counter(new)
    fenced = matched | {-1: -1, len(old): len(new)}
    return {
        at: to
        for at, to in matched.items()
        if before[old[at]] == after[new[to]] or (fenced.get(at - 1) == to - 1 and fenced.get(at + 1) == to + 1)
    }


def _anchor(claim: Claim, pair: _Pair) -> Anchored:
    locator = claim.locator
    assert locator is not None  # noqa: S101 - asked for by the caller
    quote = pair.old.text[locator.start : locator.end]
    if sha256_text(quote) != locator.quote_sha256:
        return Anchored(
            claim=claim.id, state="lost", reason="the old text does not hold the quoted words at that place"
        )
    first = max(0, bisect_right(pair.old.starts, locator.start) - 1)
    last = max(first, bisect_right(pair.old.starts, locator.end - 1) - 1)
    if not pair.old.parts:
        return Anchored(claim=claim.id, state="lost", reason="the old text holds no words")
    offset = locator.start - pair.old.starts[first]
    places = [pair.followed.get(at) for at in range(first, last + 1)]
    if places[0] is not None and places == list(range(places[0], places[0] + len(places))):
        start = pair.new.starts[places[0]] + offset
        if pair.new.text[start : start + len(quote)] == quote:
            return _kept(claim.id, quote, start, locator.start)
    return _searched(claim.id, quote, offset, first, last, pair)


def _kept(claim: str, quote: str, start: int, before: int) -> Anchored:
    same = start == before
    reason = "the same words at the same place" if same else f"the same sentence, {abs(start - before)} characters "
    reason += "" if same else ("further on" if start > before else "earlier")
    digest = sha256_text(quote)
    state: State = "exact" if same else "moved"
    return Anchored(claim=claim, state=state, start=start, end=start + len(quote), quote_sha256=digest, reason=reason)


def _searched(claim: str, quote: str, offset: int, first: int, last: int, pair: _Pair) -> Anchored:
    """Look for a changed or displaced version among the sentences that are new."""
    before = pair.old.stretch(first, last)
    if len(before) > _MOST_CHARS:
        return Anchored(claim=claim, state="lost", reason="its sentence changed and is too long to compare")
    ranked = _versions(before, first, last, pair)
    if not ranked:
        if before in pair.new.parts:
            return Anchored(
                claim=claim, state="ambiguous", reason="the sentence is repeated, and some of its copies changed"
            )
        return Anchored(claim=claim, state="lost", reason="no sentence of the new text is like it")
    score, at, to = ranked[0]
    rivals = [entry for entry in ranked[1:] if entry[0] > score - CLOSE]
    if rivals:
        return Anchored(
            claim=claim, state="ambiguous", reason=f"{len(rivals) + 1} sentences of the new text are like it"
        )
    after = pair.new.stretch(at, to)
    changes = changed_meaning(before, after)
    start, end = _mapped(before, after, offset, offset + len(quote))
    found = after[start:end]
    changes = changes or changed_meaning(quote, found)
    if changes:
        return Anchored(claim=claim, state="lost", reason=f"{'; '.join(changes[:4])} in its sentence")
    if not found.strip() or fuzz.ratio(quote, found) < LEAST_QUOTE:
        return Anchored(claim=claim, state="lost", reason="its sentence was rewritten")
    start += pair.new.starts[at]
    digest, end = sha256_text(found), start + len(found)
    if found == quote:
        reason = (
            "the same words; the rest of the sentence changed" if before != after else "the same sentence, elsewhere"
        )
        return Anchored(claim=claim, state="moved", start=start, end=end, quote_sha256=digest, reason=reason)
    reason = "; ".join(word_changes(quote, found)[:4]) or "punctuation or spacing changed"
    return Anchored(claim=claim, state="drifted", start=start, end=end, quote_sha256=digest, reason=reason)


def _versions(before: str, first: int, last: int, pair: _Pair) -> list[tuple[float, int, int]]:
    """Return likeness, first and last sentence of the free stretches that may be versions, the best first."""
    count = last - first + 1
    free = set(pair.free)
    found: dict[tuple[int, int], float] = {}
    for at in _promising(before, pair):
        for length in {max(1, count - 1), count, count + 1}:
            for start in range(at - length + 1, at + 1):
                if start >= 0 and all(k in free for k in range(start, start + length)):
                    text = pair.new.stretch(start, start + length - 1)
                    if len(text) > 2 * _MOST_CHARS:
                        continue
                    found[(start, start + length - 1)] = fuzz.ratio(before[:_MOST_CHARS], text[:_MOST_CHARS])
    ranked = sorted(
        ((score, *place) for place, score in found.items() if score >= LEAST_LIKENESS), key=lambda e: (-e[0], e[1:])
    )
    return [ranked[0], *(e for e in ranked[1:] if e[1] > ranked[0][2] or e[2] < ranked[0][1])] if ranked else []


def _promising(before: str, pair: _Pair) -> list[int]:
    """Return the free sentences that share the rarest words."""
    votes: dict[int, float] = defaultdict(float)
    for word in sorted(set(_WORD.findall(before[:_MOST_CHARS].casefold()))):
        holders = pair.holders.get(word, [])
        for at in holders[:200]:
            votes[at] += 1 / len(holders)
    return sorted(votes, key=lambda at: (-votes[at], at))[:_MOST_COMPARED]


def _mapped(before: str, after: str, start: int, end: int) -> tuple[int, int]:
    """Return where the span of ``before`` lies in ``after``, widened to whole words."""
    ends = [0, len(after)]
    for code in Levenshtein.opcodes(before, after):
        for side, at in enumerate((start, end)):
            if code.src_start <= at <= code.src_end and (side == 0 or at > code.src_start):
                inside = min(at - code.src_start, code.dest_end - code.dest_start) if code.tag != "delete" else 0
                ends[side] = code.dest_start + inside
                if code.tag == "insert" and side == 0:
                    ends[side] = code.dest_end
    first, last = min(ends), max(ends)
    while 0 < first < len(after) and after[first - 1].isalnum() and after[first].isalnum():
        first -= 1
    while 0 < last < len(after) and after[last - 1].isalnum() and after[last].isalnum():
        last += 1
    return first, last
