"""The command that prints the works as a bibliography in a citation style."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.build import KnowledgeBase, build
from kb.citations import citation_rows
from kb.console import check_out, progress_bar, say
from kb.files import write_atomically
from kb.place import Place
from kb.reports.bibliography import Form, bibliography_text
from kb.reports.styles import STYLES, check_style


def add(app: typer.Typer) -> None:
    """Give the command line its command."""
    app.command()(bibliography)


def bibliography(
    context: typer.Context,
    style: Annotated[str, typer.Option(help=f"The citation style: {', '.join(STYLES)}.")] = "apa",
    used: Annotated[bool, typer.Option("--used", help="Only works that a document cites or lists.")] = False,
    form: Annotated[Form, typer.Option("--format", "-f", help="How to print them.")] = Form.TEXT,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
) -> None:
    """Print the works as a bibliography in a citation style."""
    check_style(style)
    check_out(out)
    place: Place = context.obj
    with progress_bar("reading") as advance:
        kb = build(place.data, place.folders, advance)
    cited = cited_works(kb)
    works = [work for work in kb.works if not used or work.key in cited]
    text = bibliography_text(works, style, form)
    if out is None:
        say(text)
    else:
        write_atomically(out, text.encode("utf-8"))


def cited_works(kb: KnowledgeBase) -> set[str]:
    """Return the keys of the works that a document cites, describes or lists."""
    documents = {document.id for document in kb.documents}
    return {row.work for row in citation_rows(kb.documents, kb.claims) if row.work and row.source in documents}
