"""The command that compares a new capture of a page with its snapshot, and puts it in its place."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from kb.build import KnowledgeBase, build
from kb.changing import changes, rows
from kb.checking import capture_problems
from kb.console import Format, progress_bar, put, warn
from kb.errors import InputError, Problem, visible
from kb.intake import Capture, read_capture
from kb.place import Place
from kb.propose.drafts import held
from kb.propose.recapturing import Recapture, recapture
from kb.propose.replacing import replace_capture

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file (needed for parquet).")]


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(name="recapture")(compare)


def compare(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="A document whose text is attached.")],
    file: Annotated[Path, typer.Argument(help="The page as it is now (HTML, PDF, DOCX, Markdown, text).")],
    write: Annotated[
        bool, typer.Option("--write", help="Put the new text, places and entry in the old ones' place.")
    ] = False,
    drop_lost: Annotated[
        bool,
        typer.Option("--drop-lost", help="With --write: take claims without a place out, and keep them in drafts/."),
    ] = False,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """Say what became of each reviewed claim in a new capture of its page, and which findings that changes."""
    place: Place = context.obj
    capture = read_capture(file)
    with held(place.data, document) if write else nullcontext():
        kb = _load(place)
        plan = _plan(kb, document, capture, file.name)
        changed = changes(kb, plan)
        put("recaptured", rows(kb, plan, changed), form, out)
        typer.echo(f"{document}: claims: {plan.counts() or 'none'}; {changed.told()}", err=True)
        if not write:
            return
        if plan.after == plan.before:
            typer.echo(f"{document}: the text is the same; nothing to write", err=True)
            return
        for path in replace_capture(kb, plan, drop_lost):
            typer.echo(visible(f"{'wrote' if path.is_file() else 'removed'} {path.relative_to(place.data)}"), err=True)
    warn(problem for problem in capture_problems(_load(place)) if problem.message.startswith(f"{document}: "))
    typer.echo(f"what is new on the page: kb propose {visible(file.name)} --name {document}", err=True)


def _load(place: Place) -> KnowledgeBase:
    with progress_bar("reading") as advance:
        return build(place.data, place.folders, advance)


def _plan(kb: KnowledgeBase, document: str, capture: Capture, name: str) -> Recapture:
    known = next((d for d in kb.documents if d.id == document), None)
    if known is None or document not in kb.texts:
        remedy = "attach it with kb sources attach, or name one of " + (", ".join(sorted(kb.texts)) or "none")
        raise InputError([Problem(document, 0, "is no document with an attached text", remedy)])
    claims = [claim for claim in kb.claims if claim.source == document]
    captured = visible(f"from {name} by {capture.extractor}")[:500]
    return recapture(known, claims, kb.texts[document], capture.text, captured)
