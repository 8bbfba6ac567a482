"""What every command shares: where it works, how it shows progress, and how results leave it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kb import tables
from kb.documents import source_folders
from kb.errors import InputError, Problem, visible
from kb.files import write_atomically

START = "start one with: kb init DIR"


class Format(StrEnum):
    """The formats of every list command."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True)
class Place:
    """Where the command works: the data folder and the folders of texts."""

    named: Path | None
    sources: Path | None

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return known_folder(self.named)

    @property
    def folders(self) -> list[Path]:
        """Return the folders in which texts are looked for."""
        return source_folders(self.sources, self.data)


def known_folder(named: Path | None) -> Path:
    """Return the data folder: the one named, else the only one below ``data``; raise `InputError` if unclear."""
    if named is not None:
        if not (named / "vocabulary.ttl").is_file():
            raise InputError([Problem(str(named), 0, "is no knowledge base (it has no vocabulary.ttl)", START)])
        return named
    found = sorted(path.parent for path in Path("data").glob("*/vocabulary.ttl"))
    if not found:
        raise InputError([Problem("data", 0, "holds no knowledge base", f"name one with --data DIR, or {START}")])
    if len(found) > 1:
        names = ", ".join(str(path) for path in found)
        raise InputError([Problem("data", 0, f"holds {len(found)}: {names}", "name one with --data DIR or KB_DATA")])
    return found[0]


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on a terminal; show nothing elsewhere, so that logs stay clean."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not (sys.stderr and sys.stderr.isatty())) as bar:
        task = bar.add_task(what, total=None)

        def advance(name: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what} {name[:40]}", completed=done, total=total)

        yield advance


def say(text: str) -> None:
    """Print text in which nothing can act on a terminal."""
    typer.echo("\n".join(map(visible, text.split("\n"))), nl=False)


def check_out(out: Path | None) -> None:
    """Raise `InputError` if a file cannot be written at ``out``."""
    if out is not None and out.is_dir():
        raise InputError([Problem(str(out), 0, "is a folder", "name a file with --out")])
    if out is not None and not out.parent.is_dir():
        raise InputError([Problem(str(out), 0, "lies in a folder that does not exist", "make the folder first")])


def put(name: str, rows: list[dict[str, Any]], form: Format, out: Path | None) -> None:
    """Print rows, or write them to a file."""
    check_out(out)
    if form is Format.PARQUET:
        if out is None:
            raise InputError([Problem("--format parquet", 0, "is binary", "name a file with --out FILE")])
        tables.write_parquet(rows, out)
        return
    text = tables.render(name, rows, form.value)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text.encode("utf-8"))
