"""The scopes of claims as numbers: a code for each value of a dimension, and what two values of one say."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np

from kb.bulk.scope_kernel import DIFFERS, SAME, UNKNOWN, Ints, States
from kb.domain import Dimension, Domain
from kb.model import ScopeState
from kb.scopes import compare_dimension

CODES = {ScopeState.SAME: SAME, ScopeState.UNKNOWN: UNKNOWN, ScopeState.DIFFERS: DIFFERS}
NOT_ASKED = 255


class DimensionTable:
    """The values of one dimension by code, 0 is unknown; two values are compared once, when they first meet."""

    def __init__(self, domain: Domain, dimension: Dimension) -> None:
        self._domain, self._dimension = domain, dimension
        self._codes: dict[tuple[str, ...], int] = {(): 0}
        self._values: list[tuple[str, ...]] = [()]
        self._states: States = np.full((0, 0), NOT_ASKED, np.uint8)

    def code(self, values: tuple[str, ...]) -> int:
        """Return the code of a value: of concept ids, or of one measured quantity."""
        if values not in self._codes:
            self._codes[values] = len(self._values)
            self._values.append(values)
        return self._codes[values]

    def states(self, used: Ints) -> States:
        """Return what each two of the codes ``used`` (K, distinct) say, K × K."""
        if len(self._states) < len(self._values):
            grown = np.full((2 * len(self._values),) * 2, NOT_ASKED, np.uint8)
            known = len(self._states)
            grown[:known, :known] = self._states
            self._states = grown
        found: States = self._states[used[:, None], used]
        missing = np.argwhere(np.triu(found == NOT_ASKED))
        for a, b in used[missing]:
            state = compare_dimension(self._domain, self._dimension, self._values[a], self._values[b])
            self._states[a, b] = self._states[b, a] = CODES[state]
        return self._states[used[:, None], used] if len(missing) else found


class ScopeTable:
    """All scopes by number, as codes of each dimension: ``codes`` is scopes × dimensions."""

    def __init__(self, domain: Domain, texts: Iterable[str]) -> None:
        self.names = sorted(domain.dimensions)
        self.dimensions = {name: DimensionTable(domain, domain.dimensions[name]) for name in self.names}
        self._places = {name: place for place, name in enumerate(self.names)}
        flat: list[int] = []
        for text in texts:
            row = [0] * len(self.names)
            for entry in json.loads(text):
                name = entry["dimension"]
                row[self._places[name]] = self.dimensions[name].code(tuple(entry["values"]))
            flat += row
        self.codes: Ints = np.array(flat, np.int64).reshape(-1, len(self.names))

    def within(self, scopes: Ints, names: list[str], implied: dict[str, str]) -> Ints:
        """Return the codes (N × names) of scopes by row; what naming the subject implies stands where nothing else."""
        found: Ints = self.codes[scopes[:, None], [self._places[name] for name in names]]
        for column, name in enumerate(names):
            if name in implied:
                own = self.dimensions[name].code((implied[name],))
                found[:, column] = np.where(found[:, column] == 0, own, found[:, column])
        return found
