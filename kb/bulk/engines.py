"""The engines that the filter runs on: one SQL text, DuckDB over Parquet, or SQLite over rows that it is given."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kb.bulk.rows import COLUMNS, LINK_COLUMNS, Row
from kb.errors import InputError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 10_000
NUMBERS = 1_000_000
"""How many rows of whole numbers are read at once."""
SORTING = "2GB"
"""What DuckDB may hold while it orders them; the rest spills."""
MEMORY = "3GB"
"""What DuckDB may hold at any time: without a limit it takes four fifths of what the machine has."""
TYPES = {"text": "TEXT", "whole": "BIGINT", "real": "DOUBLE"}


class Engine(Protocol):
    """What the filter needs of an engine."""

    def load(self, name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Make a table of rows; a column is given as ``name type``."""

    def create(self, name: str, query: str) -> None:
        """Make a table of what a query returns."""

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def stream(self, query: str) -> Iterator[Row]:
        """Yield the rows of a query by column, a bounded number in memory at once."""


class SurveyEngine(Engine, Protocol):
    """What the survey needs beside that."""

    def view(self, name: str, query: str) -> None:
        """Give a query a name; it runs, with the columns that are needed, whenever that is read."""

    def batches(self, query: str) -> Iterator[NDArray[np.int64]]:
        """Yield the rows of a query that returns whole numbers only, a bounded number of them at once."""


class DuckEngine:
    """DuckDB in this process; what does not fit into memory spills to the folder of temporary files."""

    def __init__(self, claims: Sequence[Path], links: Sequence[Path]) -> None:
        try:
            import duckdb
        except ImportError:
            remedy = "python -m pip install 'claims-kb[scale]'"
            raise InputError([Problem("--engine duckdb", 0, "needs the package duckdb", remedy)]) from None
        self.connection = duckdb.connect(":memory:")
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET autoinstall_known_extensions = false")
        self.connection.execute("SET preserve_insertion_order = false")
        self.connection.execute(f"SET memory_limit = '{MEMORY}'")
        self.connection.execute("SET temp_directory = ?", [str(Path(tempfile.gettempdir()) / "claims-kb-spill")])
        self._view("claims", claims)
        self._view("links", links)

    def _view(self, name: str, files: Sequence[Path]) -> None:
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
        self.connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608 - quoted

    def load(self, name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Make a table of rows; a column is given as ``name type``."""
        import pyarrow as pa

        types = {"text": pa.string(), "whole": pa.int64(), "real": pa.float64()}
        fields = [tuple(column.split()) for column in columns]
        rows = list(rows)
        data = [pa.array([row[n] for row in rows], types[kind]) for n, (_, kind) in enumerate(fields)]
        self.connection.register("loaded", pa.table(data, names=[field for field, _ in fields]))
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM loaded")  # noqa: S608 - our own name
        self.connection.unregister("loaded")

    def create(self, name: str, query: str) -> None:
        """Make a table of what a query returns."""
        self.connection.execute(f"CREATE TABLE {name} AS {query}")

    def has(self, name: str) -> bool:
        """Say whether there is a table of this name."""
        query = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = $name"
        return bool(self.ask(query, {"name": name})[0][0])

    def view(self, name: str, query: str) -> None:
        """Give a query a name."""
        self.connection.execute(f"CREATE VIEW {name} AS {query}")

    def batches(self, query: str) -> Iterator[NDArray[np.int64]]:
        """Yield the rows of a query that returns whole numbers only."""
        import numpy as np

        self.connection.execute(f"SET memory_limit = '{SORTING}'")  # unbounded, it takes twice as much, no faster
        relation = self.connection.cursor().sql(query)
        read = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader  # the name before DuckDB 1.5
        for batch in read(NUMBERS):
            if batch.num_rows:
                yield np.column_stack([column.to_numpy() for column in batch.columns])

    def ask(self, query: str, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query; ``$name`` in it stands for what is given under that name."""
        found: list[tuple[Any, ...]] = self.connection.execute(query, given or {}).fetchall()
        return found

    def stream(self, query: str) -> Iterator[Row]:
        """Yield the rows of a query by column."""
        cursor = self.connection.cursor()
        done = cursor.execute(query)
        names = [column[0] for column in done.description]
        while rows := done.fetchmany(BATCH):
            for row in rows:
                yield dict(zip(names, row, strict=True))


class LiteEngine:
    """SQLite in memory: slower, part of Python, and the judge of the other in the tests."""

    def __init__(self, claims: Iterable[Row], links: Iterable[Row]) -> None:
        self.connection = sqlite3.connect(":memory:")
        self._fill("claims", COLUMNS, claims)
        self._fill("links", LINK_COLUMNS, links)

    def _fill(self, name: str, columns: Mapping[str, str], rows: Iterable[Row]) -> None:
        self.load(
            name,
            [f"{column} {kind}" for column, kind in columns.items()],
            (tuple(map(row.get, columns)) for row in rows),
        )

    def load(self, name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Make a table of rows; a column is given as ``name type``."""
        fields = [tuple(column.split()) for column in columns]
        typed = ", ".join(f'"{field}" {TYPES[kind]}' for field, kind in fields)
        marks = ", ".join("?" * len(fields))
        self.connection.execute(f"DROP TABLE IF EXISTS {name}")
        self.connection.execute(f"CREATE TABLE {name} ({typed})")
        self.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608 - our own names
        self._index(name)

    def create(self, name: str, query: str) -> None:
        """Make a table of what a query returns."""
        self.connection.execute(f"CREATE TABLE {name} AS {query}")
        self._index(name)

    def view(self, name: str, query: str) -> None:
        """Give a query a name."""
        self.connection.execute(f"CREATE VIEW {name} AS {query}")

    def batches(self, query: str) -> Iterator[NDArray[np.int64]]:
        """Yield the rows of a query that returns whole numbers only."""
        import numpy as np

        done = self.connection.execute(query)
        while rows := done.fetchmany(BATCH):
            yield np.array(rows, np.int64)

    def _index(self, name: str) -> None:
        columns = {row[1] for row in self.connection.execute(f"PRAGMA table_info({name})")}
        for column in columns & {"id", "family", "source", "claim", "concept"}:
            self.connection.execute(f"CREATE INDEX {name}_{column} ON {name} ({column})")
        self.connection.execute("ANALYZE")

    def ask(self, query: str, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query; ``$name`` in it stands for what is given under that name."""
        return self.connection.execute(query, given or {}).fetchall()

    def stream(self, query: str) -> Iterator[Row]:
        """Yield the rows of a query by column."""
        done = self.connection.execute(query)
        names = [column[0] for column in done.description]
        for row in done:
            yield dict(zip(names, row, strict=True))
