"""The commands that bring in what other programs hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.build import build
from kb.console import Format, progress_bar, put
from kb.incoming.importing import Outcome, append_works, counted, plan_import, read_references
from kb.place import Place


def add(app: typer.Typer) -> None:
    """Add the command to the group of imports."""
    app.command()(bibliography)


def bibliography(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .ris, .json (CSL-JSON) or .bib file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    form: Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file (needed for parquet).")] = None,
) -> None:
    """Append works from Zotero and its like to the bibliography; exit with 1 if one is in conflict or refused."""
    place: Place = context.obj
    references = read_references(file)
    with progress_bar("reading") as advance:
        kb = build(place.data, place.folders, advance)
    plan = plan_import(str(file), references, kb.works, kb.names)
    target = (kb.path / kb.policy.bibliography).resolve()
    if not dry_run:
        append_works(target, plan.added)
    put("imported", [row.model_dump(mode="json") for row in plan.rows], form, out)
    typer.echo(f"{', '.join(counted(plan.rows))}{' (nothing was written)' if dry_run else ''}", err=True)
    if any(row.outcome in (Outcome.CONFLICT, Outcome.REFUSED) for row in plan.rows):
        raise typer.Exit(1)
