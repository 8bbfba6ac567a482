"""The command line. Results go to stdout, errors and progress to stderr.

Exit status: 0 fine, 1 findings at or above ``--fail-on``, 2 wrong input.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from kb import (
    cli_bibliography,
    cli_bulk,
    cli_diff,
    cli_export,
    cli_import,
    cli_index,
    cli_nanopub,
    cli_propose,
    cli_query,
    cli_rdf,
    cli_recapture,
    cli_reports,
    cli_sources,
    cli_survey,
    cli_tables,
    cli_verdicts,
    tables,
    waivers,
)
from kb.audit import find_all, findings_about
from kb.build import KnowledgeBase
from kb.checking import capture_problems, check_sources, format_claims, unformatted, unknown_codes
from kb.cli_reports import AuditFormat
from kb.console import Format, fails, progress_bar, put, say
from kb.coverage import matrix, sentences_read, unread_sentences
from kb.detectors import RULES
from kb.errors import InputError, Problem
from kb.explaining import explain_code, explain_finding
from kb.judging import check_threshold, failing, find_one
from kb.model import FindingKind
from kb.opening import load, reviewed
from kb.place import Place
from kb.reading import audit_text, waived_line
from kb.serving import serve_app
from kb.standing import Standing, StandingState
from kb.starting import start_folder
from kb.verdicts import FILE, load_verdicts

app = typer.Typer(
    help="A knowledge base of claims: what documents say, what backs it, and where they disagree in scope.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file (needed for parquet).")]
WaivedOption = Annotated[bool, typer.Option("--waived", help="Show what the policy waives, too.")]
FailOption = Annotated[
    str | None,
    typer.Option(
        metavar="LEVEL",
        help="Exit with 1 if a finding remains of this level (error, warning, info) or as strong as this kind.",
    ),
]


@app.callback()
def main_options(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option("--data", "-d", envvar="KB_DATA", help="The data folder.", show_default="the only one in data/"),
    ] = None,
    sources: Annotated[
        Path | None, typer.Option("--sources", "-s", help="A folder with the texts of the documents (or KB_SOURCES).")
    ] = None,
) -> None:
    """Read where the data folder and the texts lie."""
    context.obj = Place(data, sources)


def _loaded(context: typer.Context) -> tuple[KnowledgeBase, Callable[[], Sequence[Standing]]]:
    kb = load(context)
    return kb, lambda: reviewed(kb).standings


def about(standings: Iterable[Standing], source: str | None) -> list[Standing]:
    """Return the findings that have a member from ``source``; all of them without one."""
    return [s for s in standings if source is None or findings_about([s.finding], source)]


def known_source(kb: KnowledgeBase, source: str | None) -> str | None:
    """Return a source id, or raise `InputError` naming those that exist."""
    if source is None or source in kb.names:
        return source
    ids = ", ".join(document.id for document in kb.documents)
    raise InputError([Problem(source, 0, "is neither a document nor a work", f"documents are {ids}; works: kb works")])


@app.command()
def claims(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="A document or work; all if absent.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only this topic.")] = None,
    text: Annotated[str | None, typer.Option(help="Only claims whose wording contains this.")] = None,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """List claims with their typed content, scope and locator."""
    kb = load(context)
    known_source(kb, source)
    known_topic(kb, topic)
    chosen = [
        claim
        for claim in sorted(kb.claims, key=lambda c: (c.role, c.source, c.locator.start if c.locator else 0, c.id))
        if source in (None, claim.source)
        and topic in (None, kb.domain.properties[claim.property].topic)
        and (text is None or text.casefold() in claim.text.casefold())
    ]
    put("claims", [tables.claim_row(kb, claim) for claim in chosen], form, out)


def known_topic(kb: KnowledgeBase, topic: str | None) -> None:
    """Raise `InputError` if the vocabulary has no such topic."""
    if topic is not None and topic not in kb.domain.topics:
        raise InputError([Problem(topic, 0, "is no topic", f"use one of {', '.join(kb.domain.topics)}")])


@app.command()
def findings(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Only findings with a member from this source.")] = None,
    kind: Annotated[FindingKind | None, typer.Option(help="Only this kind.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only this topic.")] = None,
    state: Annotated[StandingState | None, typer.Option(help="Only findings in this state.")] = None,
    waived: WaivedOption = False,
    fail_on: FailOption = None,
    engine: cli_bulk.EngineOption = None,
    master: cli_bulk.MasterOption = None,
    top: cli_bulk.TopOption = None,
    added: cli_bulk.WithOption = None,
    exact: cli_bulk.ExactOption = False,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """List where claims disagree, most serious first."""
    check_threshold(fail_on)
    kb, standings = cli_bulk.standings(context, engine, master, top, added, exact) or _loaded(context)
    known_source(kb, source)
    known_topic(kb, topic)
    chosen = [
        standing
        for standing in about(standings(), source)
        if kind in (None, standing.finding.kind)
        and topic in (None, standing.finding.topic)
        and state in (None, standing.state)
    ]
    shown = [standing for standing in chosen if waived or standing.waiver is None]
    put("findings", [tables.finding_row(standing) for standing in shown], form, out)
    if len(shown) < len(chosen):
        typer.echo(waived_line(len(chosen) - len(shown), source), err=True)
    if fails(failing(kb, chosen, fail_on), fail_on):
        raise typer.Exit(1)


@app.command()
def citations(context: typer.Context, form: FormatOption = Format.TABLE, out: OutOption = None) -> None:
    """List links from claims to works: printed, described, ours, unresolved, or listed and never used."""
    put("citations", tables.citation_table(load(context)), form, out)


@app.command()
def documents(context: typer.Context, form: FormatOption = Format.TABLE, out: OutOption = None) -> None:
    """List the documents, their snapshots and the state of their references."""
    put("documents", tables.document_table(load(context)), form, out)


@app.command()
def works(context: typer.Context, form: FormatOption = Format.TABLE, out: OutOption = None) -> None:
    """List the works with design and size, who cites them, and how much of them is recorded."""
    put("works", tables.work_table(load(context)), form, out)


@app.command()
def audit(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="A document or work; all if absent.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Show at most so many findings of a kind (0: all).")] = 0,
    waived: WaivedOption = False,
    fail_on: FailOption = None,
    form: Annotated[AuditFormat, typer.Option("--format", "-f", help="What to print.")] = AuditFormat.TEXT,
    style: cli_reports.StyleOption = "apa",
    quotes: Annotated[bool, typer.Option("--quotes", help="Quote the texts that are attached.")] = False,
    out: OutOption = None,
) -> None:
    """Say what a source claims, what backs it and what contradicts it; as a report its publisher can answer."""
    cli_reports.check_audit(form, source, style, out)
    check_threshold(fail_on)
    kb = load(context)
    known_source(kb, source)
    found = reviewed(kb)
    chosen = about(found.standings, source)
    shown = [standing for standing in chosen if waived or standing.waiver is None]
    if form not in (AuditFormat.TEXT, AuditFormat.JSONL):
        cli_reports.put_audit(kb, found, source, form, style, quotes, out)
    elif form is AuditFormat.JSONL:
        rows = [tables.finding_row(standing) for standing in shown]
        put("findings", rows, Format.JSONL, out)
        if len(shown) < len(chosen):
            typer.echo(waived_line(len(chosen) - len(shown), source), err=True)
    else:
        cli_reports.put_text(audit_text(kb, shown, source, limit, len(chosen) - len(shown)), out)
    if fails(failing(kb, chosen, fail_on), fail_on):
        raise typer.Exit(1)


@app.command()
def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A detector (V001 or its name) or the id of a finding.")],
) -> None:
    """Show the manual page of a detector, or the whole reasoning behind a finding."""
    rules = (*RULES, waivers)
    detector = next((rule for rule in rules if name.casefold() in (rule.CODE.casefold(), rule.NAME)), None)
    if detector is not None:
        typer.echo(explain_code(detector), nl=False)
        return
    if not name.startswith("f-"):
        codes = ", ".join(rule.CODE for rule in rules)
        raise InputError(
            [Problem(name, 0, "is no detector and no finding", f"detectors are {codes}; findings: kb findings")]
        )
    kb = load(context)
    say(explain_finding(kb, find_one(reviewed(kb), name)))


@app.command()
def check(
    context: typer.Context,
    rdf: Annotated[bool, typer.Option("--rdf", help="Check what would be exported as RDF, too (extra rdf).")] = False,
) -> None:
    """Check every file and, where the texts are at hand, every locator."""
    place: Place = context.obj
    kb = load(context)
    load_verdicts(kb.path / FILE, FILE)
    named = [folder for folder in place.folders if folder != place.data / "sources"]
    problems = [*check_sources(kb, named), *capture_problems(kb), *unknown_codes(kb), *unformatted(kb)]
    if problems:
        raise InputError(problems)
    if rdf:
        cli_rdf.check_export(kb)
    located = [claim for claim in kb.claims if claim.locator]
    verified = sum(claim.source in kb.texts for claim in located)
    typer.echo(
        f"{place.data}: no problem in {len(kb.claims)} claims, {len(kb.documents)} documents, {len(kb.works)} works."
    )
    typer.echo(f"{verified} of {len(located)} locators verified against {len(kb.texts)} attached texts.")
    if verified < len(located):
        typer.echo("The other texts are not attached: kb sources attach DIR", err=True)


@app.command()
def coverage(
    context: typer.Context,
    unread: Annotated[
        str | None, typer.Option(help="List the sentences of this document from which no claim was taken.")
    ] = None,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """List what each document says on each topic: stated, disagrees or silent; or the sentences left unread."""
    kb = load(context)
    if unread is None:
        with progress_bar("comparing") as advance:
            cells = matrix(kb, find_all(kb, advance))
        put("coverage", [cell.model_dump(mode="json") for cell in cells], form, out)
        return
    document = next((d for d in kb.documents if d.id == unread and d.id in kb.texts), None)
    if document is None:
        remedy = "attach it with kb sources attach, or name one of " + ", ".join(sorted(kb.texts))
        raise InputError([Problem(unread, 0, "is no document with an attached text", remedy)])
    put("unread", [sentence.model_dump(mode="json") for sentence in unread_sentences(kb, document)], form, out)
    read, total = sentences_read(kb, document)
    typer.echo(f"{read} of {total} sentences bear a claim; headings and references are not counted.", err=True)


@app.command("format")
def format_(context: typer.Context) -> None:
    """Restore the canonical form of all claim files (order, ids, layout)."""
    place: Place = context.obj
    for path in format_claims(place.data):
        typer.echo(f"formatted {path}")


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]) -> None:
    """Start a knowledge base of your own, with one example of everything."""
    for path in start_folder(folder):
        typer.echo(f"wrote {path}")
    format_claims(folder)
    typer.echo(f"Next: kb --data {folder} audit", err=True)


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 8501,
    sparql_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Serve a SPARQL endpoint beside it, as kb sparql does.")
    ] = None,
) -> None:
    """Show the knowledge base in the browser, on this machine only."""
    place: Place = context.obj
    serve_app(place, port, sparql_port)


cli_sources.add(app)
cli_verdicts.add(app)
cli_bibliography.add(app)
cli_diff.add(app)
cli_reports.add(app)
cli_propose.add(app)
cli_export.add(app)
cli_import.add(cli_export.import_app)
cli_rdf.add(cli_export.export_app, cli_export.import_app)
cli_nanopub.add(app, cli_export.export_app)
cli_tables.add(cli_export.export_app)
cli_query.add(app)
cli_recapture.add(app)
cli_survey.add(app)
cli_bulk.add(cli_export.export_app, cli_export.import_app)
cli_index.add(app)


def main() -> None:
    """Run the command line; every expected error becomes one report and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our glyphs shows something all the same
    try:
        app(standalone_mode=True)
    except InputError as error:
        for problem in error.problems:
            typer.echo(f"error: {problem}", err=True)
        count = len(error.problems)
        typer.echo(f"{count} problem{'s' if count > 1 else ''}.", err=True)
        sys.exit(2)
    except (RuntimeError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
