"""``kb survey``: on which questions sources give answers that cannot stand together, and what scope says of it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from kb.build import build
from kb.bulk.claims_table import Table, is_table
from kb.bulk.engines import DuckEngine, LiteEngine, SurveyEngine
from kb.bulk.rows import claim_row
from kb.bulk.survey_order import Order
from kb.console import Format, progress_bar, put
from kb.domain import Domain
from kb.errors import InputError, Problem
from kb.place import Place

LIMIT = 20


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(survey)


def survey(
    context: typer.Context,
    topic: Annotated[str | None, typer.Option(help="Only this topic.")] = None,
    sort: Annotated[
        Order, typer.Option(help="What comes first: pairs in one scope, all pairs, or claims.")
    ] = Order.SAME,
    limit: Annotated[int, typer.Option(min=0, help="Show at most so many questions (0: all).")] = LIMIT,
    form: Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file (needed for parquet).")] = None,
) -> None:
    """List the questions on which answers cannot stand together: how many claims, and whether scope explains it."""
    if find_spec("numpy") is None:
        remedy = "python -m pip install 'claims-kb[scale]'"
        raise InputError([Problem("kb survey", 0, "needs the package numpy", remedy)])
    from kb.bulk import survey as surveying
    from kb.bulk.survey_rows import ordered, survey_row

    domain, engine = _open(context.obj)
    if topic is not None and topic not in domain.topics:
        raise InputError([Problem(topic, 0, "is no topic", f"use one of {', '.join(domain.topics)}")])
    with progress_bar("counting") as advance:
        found = list(surveying.survey(engine, domain, topic, progress=advance))
    shown = ordered(found, sort, limit)
    put("questions", [survey_row(domain, one) for one in shown], form, out)
    if len(shown) < len(found):
        typer.echo(f"{len(shown):,} of {len(found):,} questions; --limit 0 shows all.", err=True)


def _open(place: Place) -> tuple[Domain, SurveyEngine]:
    """Return the vocabulary and the claims of a table folder or, in memory, of a data folder."""
    if is_table(place.data):
        table = Table(place.data)
        return table.domain, DuckEngine(table.parts, table.links)
    with progress_bar("reading") as advance:
        kb = build(place.data, place.folders, advance)
    rows: Iterator[dict[str, object]] = map(claim_row, kb.claims)
    return kb.domain, LiteEngine(rows, ())
