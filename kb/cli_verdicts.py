"""The commands by which a person judges a finding, and sees what has become of each verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb import tables
from kb.console import Format, put, say
from kb.errors import InputError, Problem
from kb.judging import judge
from kb.opening import load, reviewed
from kb.verdicts import FILE, Ruling, append_verdict, now

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file (needed for parquet).")]


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(verdict)
    app.command()(verdicts)


def verdict(
    context: typer.Context,
    finding: Annotated[str, typer.Argument(help="The id of a finding, or the start of it.")],
    ruling: Annotated[Ruling, typer.Argument(metavar="VERDICT", help="What you decided.")],
    reason: Annotated[str, typer.Option(help="Why (not needed to withdraw).")] = "",
    by: Annotated[str, typer.Option(envvar=["KB_USER", "USER"], help="Who judges.", show_default=False)] = "",
) -> None:
    """Record what you decided about a finding; it holds until one of its claims or its outcome changes."""
    if not by.strip():
        raise InputError([Problem("--by", 0, "nobody is named", "give --by NAME or set KB_USER")])
    kb = load(context)
    new = judge(kb, reviewed(kb), finding, ruling, reason, by, now())
    append_verdict(kb.path / FILE, FILE, new)
    say(f"{new.finding} {new.code} {new.verdict} by {new.by}{f': {new.reason}' if new.reason else ''}\n")


def verdicts(context: typer.Context, form: FormatOption = Format.TABLE, out: OutOption = None) -> None:
    """List what people decided about findings, what has become of each verdict, and why."""
    put("verdicts", tables.verdict_table(reviewed(load(context))), form, out)
