"""The commands for tables of claims: to write and to read one, and findings on one by way of the filter."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kb.build import KnowledgeBase, build
from kb.bulk.adding import opened_by
from kb.bulk.asking import Asking
from kb.bulk.beside import Record, look_beside
from kb.bulk.claims_table import Table, is_table, write_table
from kb.bulk.engines import DuckEngine, Engine
from kb.bulk.finding import find_gravest, find_in
from kb.bulk.findings_table import FOLDER, is_found, is_stale, read_mark
from kb.bulk.looking import World
from kb.bulk.opened_table import open_table
from kb.bulk.restoring import restore
from kb.bulk.spark_engine import LOCAL, SparkEngine, is_loopback, spark_session
from kb.claims import load_claims
from kb.console import progress_bar
from kb.errors import InputError, Problem
from kb.model import Finding, Role
from kb.opening import refuse_table
from kb.place import Place
from kb.standing import Standing, review


class EngineName(StrEnum):
    """How findings are searched: record by record in Python, or behind a filter in DuckDB or on Spark."""

    SMALL = "small"
    DUCKDB = "duckdb"
    SPARK = "spark"


EngineOption = Annotated[
    EngineName | None, typer.Option("--engine", help="How to search.", show_default="duckdb for a table folder")
]
MasterOption = Annotated[
    str | None,
    typer.Option(
        "--master",
        metavar="URL",
        help="With --engine spark: the cluster, as spark://HOST:PORT.",
        show_default=f"{LOCAL}, this machine",
    ),
]
TopOption = Annotated[
    int | None, typer.Option("--top", min=1, help="Only the so many gravest parts in which something may clash.")
]
ExactOption = Annotated[
    bool, typer.Option("--exact", help="With --with: compare with every claim on record, though there is an index.")
]
WithOption = Annotated[
    Path | None, typer.Option("--with", metavar="FILE", help="Only what this claim file would open, were it on record.")
]


def add(export_app: typer.Typer, import_app: typer.Typer) -> None:
    """Add the commands to “kb export” and “kb import”."""
    export_app.command(name="table")(export_table)
    import_app.command(name="table")(import_table)


def export_table(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", help="A folder that does not exist yet.")],
) -> None:
    """Write the claims as a Parquet data set that “kb --data DIR findings” and other programs read."""
    place: Place = context.obj
    refuse_table(place)
    with progress_bar("reading") as advance:
        kb = build(place.data, place.folders, advance)
    ordered = sorted(kb.claims, key=lambda claim: (claim.property, claim.subject, claim.id))
    count = write_table(kb, ordered, out)
    typer.echo(f"{out}: {count:,} claims", err=True)


def import_table(
    folder: Annotated[Path, typer.Argument(help="A table folder.")],
    into: Annotated[Path, typer.Option("--into", help="A data folder that does not exist yet.")],
) -> None:
    """Write the claims of a table as claim files of a new data folder."""
    count = restore(Table(folder), into)
    typer.echo(f"{into}: {count:,} claim files", err=True)


def standings(
    context: typer.Context,
    engine: EngineName | None,
    master: str | None,
    top: int | None,
    added: Path | None,
    exact: bool = False,
) -> tuple[KnowledgeBase, Callable[[], list[Standing]]] | None:
    """Return what findings are about and how to search them behind the filter; None if that is not asked for.

    A table folder is always searched so; a data folder by way of a table that is kept only so long. A session of Spark
    ends with the command.
    """
    place: Place = context.obj
    table = is_table(place.data)
    asked = top is not None or added is not None
    _check_choice(engine, master, table, asked)
    if not table and engine in (None, EngineName.SMALL) and not asked:
        return None

    def start(opened: Table) -> Engine:
        if engine is not EngineName.SPARK:
            return DuckEngine(opened.parts, opened.links)
        session = context.with_resource(spark_session(master or LOCAL))
        return SparkEngine(session, opened.parts, opened.links)

    if table:
        opened = open_table(place.data, start)
        return opened[0], lambda: _search(*opened, top, added, exact)
    with progress_bar("reading") as advance:
        kb = build(place.data, place.folders, advance)
    return kb, lambda: _by_table(kb, start, top, added, exact)


def _check_choice(engine: EngineName | None, master: str | None, table: bool, asked: bool) -> None:
    problems = []
    if engine is EngineName.SMALL and (table or asked):
        remedy = "leave --engine out, or make a data folder with: kb import table"
        what = "reads claim files and knows neither --top nor --with"
        problems.append(Problem("--engine small", 0, what, remedy))
    if master is not None and engine is not EngineName.SPARK:
        problems.append(Problem(f"--master {master}", 0, "names a cluster of Spark", "add --engine spark"))
    elif master is not None and not table and not is_loopback(master):
        remedy = "write one with: kb export table --out DIR, where every worker sees it under the same path"
        problems.append(Problem(f"--master {master}", 0, "reads a table folder only", remedy))
    if problems:
        raise InputError(problems)


def _by_table(
    kb: KnowledgeBase, start: Callable[[Table], Engine], top: int | None, added: Path | None, exact: bool
) -> list[Standing]:
    with tempfile.TemporaryDirectory() as folder:
        write_table(kb, kb.claims, Path(folder) / "table")
        return _search(*open_table(Path(folder) / "table", start), top, added, exact)


def _search(
    kb: KnowledgeBase, world: World, engine: Engine, jobs: int, top: int | None, added: Path | None, exact: bool
) -> list[Standing]:
    """Return the findings with where they stand: all, those of the gravest parts, or those that one more file opens."""
    with progress_bar("comparing") as advance:
        if added is not None:
            found = _opened(engine, world, kb.path, added, exact)
        elif top is not None:
            found, parts = find_gravest(engine, world, top, advance, jobs=jobs)
            typer.echo(f"looked at {min(top, parts):,} of {parts:,} parts in which something may clash", err=True)
        else:
            return list(review(kb, find_in(engine, world, advance, jobs=jobs)).standings)
    known = {finding.id for finding in found}  # of only some findings nobody can say which waivers are in vain
    return [standing for standing in review(kb, found).standings if standing.finding.id in known]


def _opened(engine: Engine, world: World, table: Path, path: Path, exact: bool) -> tuple[Finding, ...]:
    document = next((d for d in world.documents if d.id == path.stem), None)
    roles = {d.id: Role.CLAIM for d in world.documents} | dict.fromkeys(world.works, Role.EVIDENCE)
    if roles.get(path.stem) is Role.EVIDENCE:
        raise InputError([Problem(str(path), 0, "holds claims of a work", "give the claim file of a document")])
    claims = load_claims(path, str(path), world.domain, roles | {path.stem: Role.CLAIM})
    if exact or not is_found(table):
        return opened_by(engine, world, claims, document)
    if is_stale(table, read_mark(table)):
        remedy = "run: kb --data DIR index; or add --exact, which reads every claim that may matter"
        raise InputError([Problem(str(table / FOLDER), 0, "was made of other claims", remedy)])
    typer.echo("compared with the claims on record that clash most likely; --exact compares with all", err=True)
    return look_beside(Record(Asking(table)), claims, world.codes, document)
