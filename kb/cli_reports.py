"""The commands that print reports to hand over: the evidence summary, and the audit as a document."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kb.audit import find_all, findings_about
from kb.build import KnowledgeBase, build
from kb.console import check_out, progress_bar, say
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.place import Place
from kb.reports.annotations import workflow_commands
from kb.reports.desk import open_desk
from kb.reports.letter import letter
from kb.reports.parts import Report
from kb.reports.question import ask
from kb.reports.rendering import BINARY, ReportFormat, rendered
from kb.reports.styles import STYLES, check_style
from kb.reports.summary import summary
from kb.standing import Review, review


class AuditFormat(StrEnum):
    """What an audit can be printed as; jsonl gives its findings as rows."""

    TEXT = "text"
    MD = "md"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    JSONL = "jsonl"
    GITHUB = "github"


StyleOption = Annotated[str, typer.Option("--style", help=f"The citation style: {', '.join(STYLES)}.")]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")]


def add(app: typer.Typer) -> None:
    """Give the command line its command."""
    app.command("summary")(summary_command)


def summary_command(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="TOPIC|QUERY", help="A topic, or words: “efficacy of …”.")],
    properties: Annotated[list[str] | None, typer.Option("--property", help="Only this property.")] = None,
    scope: Annotated[list[str] | None, typer.Option("--scope", metavar="DIM=CONCEPT", help="Only this scope.")] = None,
    sources: Annotated[list[str] | None, typer.Option("--source", help="Only this document or work.")] = None,
    style: StyleOption = "apa",
    form: Annotated[ReportFormat, typer.Option("--format", "-f", help="What to write it as.")] = ReportFormat.MD,
    out: OutOption = None,
) -> None:
    """Say what the sources say on a question, how well supported it is, and where they disagree."""
    check_style(style)
    check_binary(form, out)
    place: Place = context.obj
    with progress_bar("reading") as advance:
        kb = build(place.data, place.folders, advance)
    question = ask(kb, query, properties or (), scope or (), sources or ())
    with progress_bar("comparing") as advance:
        found = review(kb, find_all(kb, advance))
    put_report(summary(open_desk(kb, found), question, style), form, out)


def check_audit(form: AuditFormat, source: str | None, style: str, out: Path | None) -> None:
    """Raise `InputError` if an audit cannot be printed as it was asked for."""
    check_style(style)
    if form in (AuditFormat.TEXT, AuditFormat.JSONL, AuditFormat.GITHUB):
        check_out(out)
        return
    check_binary(ReportFormat(form.value), out)
    if source is None:
        raise InputError([Problem(f"--format {form}", 0, "is a report on one source", "name a document or a work")])


def put_audit(
    kb: KnowledgeBase, found: Review, source: str | None, form: AuditFormat, style: str, quotes: bool, out: Path | None
) -> None:
    """Print the audit as a report, or its findings as annotations."""
    if form is AuditFormat.GITHUB:
        chosen = [s for s in found.standings if source is None or findings_about([s.finding], source)]
        text = workflow_commands(kb, chosen, source, Path.cwd())
        put_text(text, out)
    elif source is not None:
        put_report(letter(open_desk(kb, found), source, style, quotes), ReportFormat(form.value), out)


def check_binary(form: ReportFormat, out: Path | None) -> None:
    """Raise `InputError` if a report cannot be written where it was asked for."""
    check_out(out)
    if form in BINARY and out is None:
        raise InputError([Problem(f"--format {form}", 0, "is binary", "name a file with --out FILE")])


def put_report(report: Report, form: ReportFormat, out: Path | None) -> None:
    """Print a report, or write it to a file."""
    data = rendered(report, form)
    if out is not None:
        write_atomically(out, data)
        typer.echo(f"wrote {out}", err=True)
    elif sys.stdout.isatty():
        say(data.decode("utf-8"))
    else:
        typer.echo(data.decode("utf-8"), nl=False)


def put_text(text: str, out: Path | None) -> None:
    """Print text, or write it to a file."""
    if out is None:
        say(text)
    else:
        write_atomically(out, text.encode("utf-8"))
