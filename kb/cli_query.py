"""``kb query`` and ``kb sparql``: questions in SPARQL, here or at a store of one's own."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kb import tables
from kb.console import check_out, say
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.opening import load, reviewed
from kb.rdf import remote
from kb.rdf.answers import Answer, to_csv, to_json, to_jsonl
from kb.rdf.library import bound, find_query, library
from kb.rdf.protocol import Endpoint
from kb.rdf.refusing import checked
from kb.rdf.store import Limits, Store, check_extra

MOST_SECONDS, MOST_ROWS = Limits()


class AnswerFormat(StrEnum):
    """The formats of answers; json is that of SPARQL, with types."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


RowsOption = Annotated[int, typer.Option(min=1, max=10_000_000, help="Most rows of an answer.")]
SecondsOption = Annotated[float, typer.Option(min=0.1, max=86_400, help="When to end a query.")]


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(query)
    app.command()(sparql)


def query(
    context: typer.Context,
    asked: Annotated[str | None, typer.Argument(metavar="[NAME|FILE|TEXT]", help="What to run; - reads it.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the queries of the library.")] = False,
    bind: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="Set a parameter of the query.")] = None,
    form: Annotated[AnswerFormat, typer.Option("--format", "-f", help="How to print.")] = AnswerFormat.TABLE,
    rows: RowsOption = MOST_ROWS,
    seconds: SecondsOption = MOST_SECONDS,
    endpoint: Annotated[str | None, typer.Option(metavar="URL", help="Ask this store instead.")] = None,
    loaded: Annotated[Path | None, typer.Option("--load", help="Add this file to the store at --endpoint.")] = None,
    graph: Annotated[str | None, typer.Option(metavar="IRI", help="The graph for --load of triples.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
) -> None:
    """Ask in SPARQL: a query of the library, a file or a text; CONSTRUCT and DESCRIBE give N-Triples."""
    check_out(out)
    if loaded is not None:
        if endpoint is None:
            raise InputError([Problem("--load", 0, "has no store", "name its address with --endpoint URL")])
        remote.load(endpoint, loaded, graph, seconds)
        typer.echo(f"loaded {loaded} into {endpoint}", err=True)
    if listed:
        _hand_over(_listing(form), out)
    if listed or (loaded is not None and asked is None):
        return
    if asked is None:
        raise InputError([Problem("query", 0, "is missing", "name one (kb query --list), a file, or write it")])
    name, text = ("-", sys.stdin.read()) if asked == "-" else find_query(asked)
    text = checked(bound(text, bind or (), name), name)
    if endpoint is not None:
        answer = remote.run(endpoint, text, seconds)
    else:
        check_extra()
        kb = load(context)
        with Store.of(kb, reviewed(kb)) as store:
            answer = store.run(text, Limits(seconds, rows), name)
    _hand_over(_shown(answer, form), out)
    if answer.truncated:
        typer.echo(f"There is more than {rows:,}: raise --rows or narrow the query.", err=True)


def sparql(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 8502,
    rows: RowsOption = MOST_ROWS,
    seconds: SecondsOption = MOST_SECONDS,
) -> None:
    """Serve a read-only SPARQL endpoint on this machine until it is interrupted."""
    check_extra()
    kb = load(context)
    with Store.of(kb, reviewed(kb)) as store:
        try:
            server = Endpoint(store, port, Limits(seconds, rows))
        except OSError as error:
            remedy = "is it taken? Name another with --port"
            raise InputError([Problem(f"port {port}", 0, f"cannot be opened: {error.strerror}", remedy)]) from None
        with server:
            typer.echo(f"Answering at {server.address} (Ctrl-C ends it)", err=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return


def _listing(form: AnswerFormat) -> str:
    found = [
        {"name": q.name, "for": q.user, "parameters": list(q.parameters), "about": q.about} for q in library().values()
    ]
    if form is AnswerFormat.JSON:
        raise InputError([Problem("--format json", 0, "is for answers", "use table, csv or jsonl")])
    return tables.render("queries", found, form.value)


def _shown(answer: Answer, form: AnswerFormat) -> str:
    if answer.triples is not None:
        return "".join(f"{line}\n" for line in answer.triples)
    if form is AnswerFormat.JSON:
        return to_json(answer)
    if answer.truth is not None:
        return "yes\n" if answer.truth else "no\n"
    if form is AnswerFormat.TABLE:
        return tables.wide_table("rows", answer.names, [answer.cells(row) for row in answer.rows])
    return to_csv(answer) if form is AnswerFormat.CSV else to_jsonl(answer)


def _hand_over(text: str, out: Path | None) -> None:
    if out is not None:
        write_atomically(out, text.encode("utf-8"))
    elif sys.stdout.isatty():
        say(text)
    else:
        typer.echo(text, nl=False)
