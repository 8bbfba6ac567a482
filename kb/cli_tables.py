"""``kb export tables``, ``graphml``, ``csl`` and ``bibtex``: files that other tools read as they are."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.console import check_out
from kb.exports import bibtex, csl, graphml, typed_tables
from kb.exports.using import works_in_use
from kb.files import write_atomically
from kb.opening import load, reviewed


class TableFormat(StrEnum):
    """The formats of exported tables."""

    PARQUET = "parquet"
    CSV = "csv"


OutFile = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of printing.")]
UsedOption = Annotated[bool, typer.Option("--used", help="Only works that are cited, listed, or have recorded facts.")]


def add(export_app: typer.Typer) -> None:
    """Add the commands to ``kb export``."""
    export_app.command("tables")(export_tables)
    export_app.command("graphml")(export_graphml)
    export_app.command("csl")(export_csl)
    export_app.command("bibtex")(export_bibtex)


def export_tables(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into; it is made if absent.")],
    form: Annotated[TableFormat, typer.Option("--format", "-f", help="What to write.")] = TableFormat.PARQUET,
) -> None:
    """Write claims, findings, citations, documents and works as typed tables, one file each."""
    kb = load(context)
    for path, rows in typed_tables.write_all(kb, reviewed(kb), out, form.value):
        typer.echo(f"wrote {path}: {rows:,} rows", err=True)


def export_graphml(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
) -> None:
    """Write the graph of claims, sources, concepts, positions and findings as GraphML (Gephi, Cytoscape, yEd)."""
    check_out(out)
    kb = load(context)
    graph = graphml.typed_graph(kb, reviewed(kb))
    write_atomically(out, graphml.to_xml(graph))
    typer.echo(f"wrote {out}: {len(graph):,} nodes, {graph.number_of_edges():,} edges", err=True)


def export_csl(context: typer.Context, used: UsedOption = False, out: OutFile = None) -> None:
    """Write the works as CSL-JSON (Zotero, pandoc, citeproc)."""
    kb = load(context)
    bibtex.refuse_own(kb, out)
    _hand_over(csl.to_json(_chosen(kb, used)), out)


def export_bibtex(context: typer.Context, used: UsedOption = False, out: OutFile = None) -> None:
    """Write the works as BibTeX, made from the records; your own file is never written to."""
    kb = load(context)
    bibtex.refuse_own(kb, out)
    _hand_over(bibtex.to_bibtex(_chosen(kb, used)), out)


def _chosen(kb: KnowledgeBase, used: bool) -> Iterable[Work]:
    return works_in_use(kb) if used else kb.works


def _hand_over(text: str, out: Path | None) -> None:
    check_out(out)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text.encode("utf-8"))
