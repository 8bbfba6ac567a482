"""The command that makes the findings of a table folder and keeps them beside its claims, for the app."""

from __future__ import annotations

from typing import Annotated

import typer

from kb.bulk.claims_table import is_table
from kb.bulk.finding import find_gravest, find_in
from kb.bulk.findings_table import FOLDER, write_found
from kb.bulk.opened_table import duck, open_table
from kb.console import progress_bar
from kb.errors import InputError, Problem
from kb.place import Place


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="index")(index)


def index(
    context: typer.Context,
    top: Annotated[
        int | None, typer.Option("--top", min=1, help="Only the so many gravest parts in which something may clash.")
    ] = None,
) -> None:
    """Find what disagrees in a table folder and keep it there, so that “kb serve” can show it."""
    place: Place = context.obj
    if not is_table(place.data):
        remedy = "make one with: kb export table --out DIR (a data folder needs no index)"
        raise InputError([Problem(str(place.data), 0, "is no table folder", remedy)])
    opened = open_table(place.data, duck)
    searched = (0, 0)
    with progress_bar("comparing") as advance:
        if top is None:
            found = find_in(opened.engine, opened.world, advance, jobs=opened.jobs)
        else:
            found, parts = find_gravest(opened.engine, opened.world, top, advance, jobs=opened.jobs)
            searched = (min(top, parts), parts)
            typer.echo(f"looked at {searched[0]:,} of {parts:,} parts in which something may clash", err=True)
    count = write_found(opened.kb, opened.engine, found, searched)
    typer.echo(f"{place.data / FOLDER}: {count:,} findings", err=True)
