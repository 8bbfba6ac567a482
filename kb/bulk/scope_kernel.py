"""Counting pairs of claims that are apart, by what scope says of them: matrix products instead of a double loop.

Every claim of a question is a position (its answer) and a signature (its scope in the dimensions that separate on the
property). The number of apart pairs of each two signatures is a product of two matrices; what scope says of two
signatures is put together from one small matrix for each dimension. All counts are exact below 2**53.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
States = NDArray[np.uint8]
Flags = NDArray[np.bool_]

SAME, UNKNOWN, DIFFERS = 0, 1, 2
"""Codes of the states of a dimension."""

CELLS = 4_000_000
"""About how many numbers a matrix may hold: 32 MB."""
FULL = 30
"""A matrix with one entry in so many cells or more is multiplied whole."""
PAIRED = 500_000
"""About so many single pairs are looked at together."""
FEW = 32
"""Claims of one source on one question are paired one by one up to so many, beyond that by a product."""


@dataclass(frozen=True)
class Entries:
    """A sparse matrix of counts, in order of ``rows``; each of the ``size`` rows has at least one entry."""

    rows: Ints
    columns: Ints
    counted: Floats
    size: int

    def full(self, width: int) -> bool:
        """Say whether the matrix is better multiplied whole."""
        return self.size * width <= FULL * len(self.rows)

    def block(self, block: slice) -> Entries:
        """Return some of the rows, numbered from 0."""
        own = slice(*np.searchsorted(self.rows, (block.start, block.stop)))
        return Entries(self.rows[own] - block.start, self.columns[own], self.counted[own], block.stop - block.start)

    def runs(self, width: int) -> Iterator[tuple[int, slice, Ints]]:
        """Yield the first row of each run of rows, its entries, and where in them each row starts.

        A run has so few entries that ``width`` times as many numbers can be held, or is one row.
        """
        ends = np.searchsorted(self.rows, np.arange(self.size + 1))
        first, most = 0, max(1, CELLS // width)
        while first < self.size:
            last = max(first + 1, int(np.searchsorted(ends, ends[first] + most, side="right")) - 1)
            yield first, slice(int(ends[first]), int(ends[last])), ends[first:last] - ends[first]
            first = last


@dataclass(frozen=True)
class Positions:
    """The answers to one question, P of them, and which of them are apart.

    Position q lies above position p, and apart from it, if ``low[q] >= reach[p]``; both count steps of one ladder.
    Of sets and of classes, statements and rankings that is not so: ``off`` (P) is their row in ``rows`` (rows × P),
    which says with which positions they are apart; -1 is on the ladder.
    """

    low: Ints
    reach: Ints
    off: Ints
    rows: Flags

    def apart(self, a: Ints, b: Ints) -> Flags:
        """Say of each pair of positions whether it is apart."""
        found: Flags = (self.low[b] >= self.reach[a]) | (self.low[a] >= self.reach[b])
        for one, other in ((a, b), (b, a)):
            beside = np.flatnonzero(self.off[one] >= 0)
            found[beside] = self.rows[self.off[one[beside]], other[beside]]
        return found

    @cached_property
    def _falling(self) -> Ints:
        """The positions on the ladder, highest first."""
        ladder = np.flatnonzero(self.off < 0)
        return ladder[np.argsort(-self.low[ladder], kind="stable")]

    @cached_property
    def slot(self) -> Ints:
        """Where `above` returns the weight apart from each position."""
        falling = self._falling
        rising = self.low[falling][::-1]
        higher = len(falling) - np.searchsorted(rising, self.reach, side="left")
        return np.where(self.off < 0, higher, len(falling) + 1 + self.off)

    @cached_property
    def _once(self) -> Flags:
        """The rows, turned (P × rows), with each pair of two of them only in the first."""
        beside = np.flatnonzero(self.off >= 0)
        once = self.rows[self.off[beside]] & ((self.off < 0) | (np.arange(len(self.off)) > beside[:, None]))
        return np.ascontiguousarray(once.T)

    def above(self, entries: Entries) -> Floats:
        """Return what is apart from each position, by ``slot``, for every row of ``entries`` (rows × slots).

        A pair counts for one of both: on the ladder for the lower, else for the one off it, of two for the first.
        """
        height = len(self._falling) + 1
        found = np.zeros((entries.size, height + len(self.rows)))
        weights = np.zeros((entries.size, len(self.low)))
        weights[entries.rows, entries.columns] = entries.counted
        np.cumsum(weights[:, self._falling], axis=1, out=found[:, 1:height])
        if not len(self.rows):
            return found
        if entries.full(len(self.low)):
            for part in _blocks(len(self.rows), len(self.low)):
                found[:, height + part.start : height + part.stop] = weights @ self._once[:, part].astype(np.float64)
            return found
        for first, part, starts in entries.runs(len(self.rows)):
            gathered = self._once[entries.columns[part]] * entries.counted[part, None]
            found[first : first + len(starts), height:] = np.add.reduceat(gathered, starts, axis=0)
        return found


@dataclass(frozen=True)
class Scopes:
    """What the dimensions say: ``codes`` (signatures × dimensions) are rows of the ``states`` of each dimension.

    ``always`` says which dimensions must be known on both sides.
    """

    codes: Ints
    states: Sequence[States]
    always: Sequence[bool]

    def compared(self, a: Ints, b: Ints) -> tuple[Flags, Flags, list[Flags]]:
        """Return where signatures ``a`` and ``b`` (broadcast) differ, where one is unknown, and where each differs."""
        shape = np.broadcast_shapes(a.shape, b.shape)
        differs, unknown, each = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_), []
        for number, table in enumerate(self.states):
            state = table[self.codes[a, number], self.codes[b, number]]
            each.append(state == DIFFERS)
            differs |= each[-1]
            if self.always[number]:
                unknown |= state == UNKNOWN
        return differs, unknown & ~differs, each


@dataclass(frozen=True)
class Tally:
    """Apart pairs of claims: all, those that scope explains or leaves open, those left out, and those by dimension."""

    pairs: int
    same: int
    explained: int
    unknown: int
    left_out: int
    by_dimension: tuple[int, ...]

    def less(self, other: Tally) -> Tally:
        """Return the difference."""
        return Tally(
            self.pairs - other.pairs,
            self.same - other.same,
            self.explained - other.explained,
            self.unknown - other.unknown,
            self.left_out - other.left_out,
            tuple(a - b for a, b in zip(self.by_dimension, other.by_dimension, strict=True)),
        )


@dataclass(frozen=True)
class Claims:
    """Claims of one question: position, signature and source of each (N)."""

    position: Ints
    signature: Ints
    source: Ints

    def only(self, wanted: slice | Ints) -> Claims:
        """Return some of the claims."""
        return Claims(self.position[wanted], self.signature[wanted], self.source[wanted])


def tally(claims: Claims, positions: Positions, scopes: Scopes, kept: Flags) -> Tally:
    """Count the apart pairs of claims of different sources; those with a signature not ``kept`` are left out."""
    found = _among(claims, positions, scopes, kept)
    if not found.pairs:
        return found
    order = np.argsort(claims.source, kind="stable")
    ordered = claims.only(order)
    starts = np.flatnonzero(np.diff(ordered.source, prepend=ordered.source[0] - 1))
    sizes = np.diff(np.append(starts, len(order)))
    for start, size in zip(starts[sizes > FEW], sizes[sizes > FEW], strict=True):
        found = found.less(_among(ordered.only(slice(start, start + size)), positions, scopes, kept))
    few = ordered.only(np.flatnonzero(np.repeat(sizes <= FEW, sizes)))
    for first, second in _within(few.source, int(sizes[sizes <= FEW].max(initial=1))):
        found = found.less(_of_pairs(few.only(first), few.only(second), positions, scopes, kept))
    return found


def _within(source: Ints, most: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield, many at once, all pairs of neighbours of one source; ``source`` is in order, with at most so many each."""
    firsts: list[Ints] = []
    seconds: list[Ints] = []
    for lag in range(1, most):
        firsts.append(np.flatnonzero(source[lag:] == source[:-lag]))
        seconds.append(firsts[-1] + lag)
        if lag == most - 1 or sum(map(len, firsts)) > PAIRED:
            yield np.concatenate(firsts), np.concatenate(seconds)
            firsts, seconds = [], []


def _of_pairs(a: Claims, b: Claims, positions: Positions, scopes: Scopes, kept: Flags) -> Tally:
    """Count the apart pairs among those given, one by one."""
    apart = np.flatnonzero(positions.apart(a.position, b.position))
    ours, theirs = a.signature[apart], b.signature[apart]
    inside = kept[ours] & kept[theirs]
    differs, unknown, each = scopes.compared(ours[inside], theirs[inside])
    explained, open_, known = int(differs.sum()), int(unknown.sum()), int(inside.sum())
    by_dimension = tuple(int(flags.sum()) for flags in each)
    return Tally(len(apart), known - explained - open_, explained, open_, len(apart) - known, by_dimension)


def _among(claims: Claims, positions: Positions, scopes: Scopes, kept: Flags) -> Tally:
    """Count all apart pairs of the claims."""
    width = len(positions.low)
    everybody = _entries(np.zeros_like(claims.signature), claims.position, width)
    total = int(everybody.counted @ positions.above(everybody)[0, positions.slot[everybody.columns]])
    if not total:
        return Tally(0, 0, 0, 0, 0, (0,) * len(scopes.states))
    inside = claims.only(np.flatnonzero(kept[claims.signature]))
    chosen, signature = np.unique(inside.signature, return_inverse=True)
    entries = _entries(signature, inside.position, width)
    known = explained = open_ = 0
    by_dimension = [0] * len(scopes.states)
    for block in _blocks(len(chosen), max(width, len(chosen))):
        pairs = _products(entries, positions, block)
        differs, unknown, each = scopes.compared(chosen[block, None], chosen[None, :])
        known += int(pairs.sum())
        explained += int(pairs.sum(where=differs))
        open_ += int(pairs.sum(where=unknown))
        for number, flags in enumerate(each):
            by_dimension[number] += int(pairs.sum(where=flags))
    return Tally(total, known - explained - open_, explained, open_, total - known, tuple(by_dimension))


def _entries(row: Ints, column: Ints, width: int) -> Entries:
    cell, counts = np.unique(row * width + column, return_counts=True)
    rows = cell // width
    return Entries(rows, cell % width, counts.astype(np.float64), int(rows[-1]) + 1 if len(rows) else 0)


def _products(entries: Entries, positions: Positions, block: slice) -> Floats:
    """Return the apart pairs of the signatures of a block with every one (block × signatures)."""
    above = positions.above(entries.block(block))
    slots = positions.slot[entries.columns]
    if entries.full(above.shape[1]):
        counts = np.zeros((above.shape[1], entries.size))
        np.add.at(counts, (slots, entries.rows), entries.counted)
        product: Floats = above @ counts
        return product
    found = np.zeros((len(above), entries.size))
    for first, part, starts in entries.runs(len(above)):
        gathered = above[:, slots[part]]
        gathered *= entries.counted[part]
        found[:, first : first + len(starts)] = np.add.reduceat(gathered, starts, axis=1)
    return found


def _blocks(size: int, height: int) -> Iterator[slice]:
    step = max(1, CELLS // height)
    return (slice(start, min(start + step, size)) for start in range(0, size, step))


def signatures(codes: Ints) -> tuple[Ints, Ints]:
    """Return the distinct rows of ``codes`` (N × dimensions), in order, and the number of each row's (N)."""
    if not codes.shape[1]:
        return codes[:1], np.zeros(len(codes), np.int64)
    number = codes[:, 0]
    for column in codes.T[1:]:
        ranked = np.unique(number, return_inverse=True)[1]  # keeps the product far below 2**63
        number = ranked * (int(column.max()) + 1) + column
    _, first, number = np.unique(number, return_index=True, return_inverse=True)
    return codes[first], number


def most_frequent(signature: Ints, size: int, cap: int) -> Flags:
    """Say which of ``size`` signatures are kept: the ``cap`` with most claims, of equal ones the first."""
    kept = np.ones(size, np.bool_)
    if size > cap:
        order = np.argsort(-np.bincount(signature, minlength=size), kind="stable")
        kept[order[cap:]] = False
    return kept


def apart_positions(positions: Positions) -> int:
    """Return how many pairs of positions are apart."""
    each = np.arange(len(positions.low))
    found = positions.above(_entries(np.zeros_like(each), each, len(each)))
    return int(found[0, positions.slot].sum())
