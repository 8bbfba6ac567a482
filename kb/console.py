"""What every command shares: where it works, how it shows progress, and how results leave it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kb import tables
from kb.errors import InputError, Problem, visible
from kb.files import write_atomically
from kb.model import Finding, FindingKind


class Format(StrEnum):
    """The formats of every list command."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


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


def warn(problems: Iterable[Problem]) -> None:
    """Tell of what does not stop a command, on stderr."""
    for problem in problems:
        typer.echo(f"warning: {problem}", err=True)


def fails(found: Sequence[Finding], threshold: str | None) -> bool:
    """Say whether anything fails, and in one line on stderr how much and what is worst."""
    if not found:
        return False
    worst = min(found, key=lambda finding: (list(FindingKind).index(finding.kind), -finding.severity))
    count = "1 finding" if len(found) == 1 else f"{len(found):,} findings"
    typer.echo(
        visible(f"--fail-on {threshold}: {count}; worst: {worst.kind} {worst.id} ({worst.code}): {worst.title}"),
        err=True,
    )
    return True


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
