"""The commands on the texts of documents: which are at hand, where a quote stands, what a text's hash is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from kb.documents import attach
from kb.errors import InputError, Problem
from kb.ids import sha256_text
from kb.opening import load
from kb.place import Place
from kb.yamlfile import read_text


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(locate)
    sources = typer.Typer(help="The texts of the documents, found by their hash.", no_args_is_help=True)
    sources.command("list")(list_)
    sources.command("digest")(digest)
    sources.command("attach")(attach_)
    app.add_typer(sources, name="sources")


def locate(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="A document whose text is attached.")],
    quote: Annotated[str, typer.Argument(help="The words, exactly as they stand in the text.")],
) -> None:
    """Print the locator lines of a quote, ready for a claim file."""
    kb = load(context)
    text = kb.texts.get(source)
    if text is None:
        remedy = "attach it with kb sources attach, or name one of " + ", ".join(sorted(kb.texts))
        raise InputError([Problem(source, 0, "is no document with an attached text", remedy)])
    places = [match.start() for match in re.finditer(re.escape(quote), text)] if quote else []
    if not places:
        remedy = "copy it from the text, with its quotation marks and blanks"
        raise InputError([Problem(source, 0, f"the text does not hold “{quote[:60]}”", remedy)])
    for start in places:
        typer.echo(f"  at: {start}-{start + len(quote)}\n  quote_sha256: {sha256_text(quote)}")


def list_(context: typer.Context) -> None:
    """Say for each document whether its text was found."""
    kb = load(context)
    for document in kb.documents:
        state = "attached" if document.id in kb.texts else "not attached"
        typer.echo(
            f"{document.id}  {state:12}  {document.characters:>7,} characters  {document.sha256[:16]}  {document.title}"
        )


def digest(file: Annotated[Path, typer.Argument(help="The text of a page, as UTF-8.")]) -> None:
    """Print the length and hash of a text, ready for documents.yaml."""
    text = read_text(file, str(file))
    typer.echo(f"  characters: {len(text)}\n  sha256: {sha256_text(text)}")


def attach_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder that holds the texts, under any names.")],
) -> None:
    """Copy the texts that belong to this knowledge base into its (git-ignored) sources folder."""
    place: Place = context.obj
    kb = load(context)
    found = attach(folder, kb.documents, place.data / "sources")
    for document in kb.documents:
        typer.echo(f"{document.id}  {'attached' if document.id in found else 'no file has its SHA-256'}")
    if not found:
        raise InputError(
            [Problem(str(folder), 0, "holds no text of this knowledge base", "compare with: kb documents")]
        )
