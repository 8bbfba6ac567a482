"""`kb export rdf` and `kb import rdf`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kb.build import KnowledgeBase
from kb.console import check_out
from kb.errors import InputError, Problem
from kb.opening import load, reviewed
from kb.rdf.exporting import all_quads, copy_texts, export_texts, write_texts
from kb.rdf.facts import read_facts
from kb.rdf.folder import write_folder
from kb.rdf.importing import import_facts
from kb.rdf.simple import simple_texts
from kb.rdf.validating import nanopublication_problems, shape_problems
from kb.rdf.writers import RdfFormat


class Profile(StrEnum):
    """How much is exported."""

    FULL = "full"
    SIMPLE = "simple"


def add(export_app: typer.Typer, import_app: typer.Typer) -> None:
    """Add both commands."""
    export_app.command("rdf")(export_rdf)
    import_app.command("rdf")(import_rdf)


def export_rdf(
    context: typer.Context,
    profile: Annotated[Profile, typer.Option(help="full: everything; simple: schema.org only.")] = Profile.FULL,
    form: Annotated[RdfFormat | None, typer.Option("--format", "-f", help="trig, for simple jsonld.")] = None,
    packed: Annotated[bool, typer.Option("--gzip", help="Pack the result.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
    quotes: Annotated[bool, typer.Option("--quotes", help="Give the quotes of attached texts.")] = False,
) -> None:
    """Write claims, sources, findings and verdicts as linked data (docs/rdf-profile.md)."""
    check_out(out)
    simple = profile is Profile.SIMPLE
    if simple and form not in (None, RdfFormat.JSONLD):
        raise InputError([Problem(f"--format {form}", 0, "is not for the simple profile", "use --format jsonld")])
    if simple and quotes:
        raise InputError([Problem("--quotes", 0, "is not for the simple profile", "use --profile full")])
    kb = load(context)
    texts = simple_texts(kb) if simple else export_texts(kb, reviewed(kb), form or RdfFormat.TRIG, quotes)
    if out is None:
        sys.stdout.flush()
        copy_texts(texts, sys.stdout.buffer, packed)
    else:
        write_texts(texts, out, packed)


def import_rdf(
    file: Annotated[Path, typer.Argument(help="An export of the full profile, in any of its formats.")],
    into: Annotated[Path | None, typer.Option("--into", help="Write a data folder here (new or empty).")] = None,
) -> None:
    """Read an export back, and with --into make a data folder of it."""
    facts = read_facts(file)
    found = import_facts(facts)
    if into is not None:
        for path in write_folder(facts, found, into):
            typer.echo(f"wrote {path}")
    typer.echo(
        f"{file}: {len(found.claims)} claims, {len(found.documents)} documents, {len(found.works)} works, "
        f"{len(found.verdicts)} verdicts.",
        err=True,
    )


def check_export(kb: KnowledgeBase) -> None:
    """Say that the export is sound; raise `InputError` with everything that the shapes or the four graphs show."""
    judged = reviewed(kb)
    problems = [
        *shape_problems("".join(export_texts(kb, judged, RdfFormat.NTRIPLES))),
        *nanopublication_problems(all_quads(kb, judged)),
    ]
    if problems:
        raise InputError(problems)
    typer.echo(f"RDF: the shapes hold; {len(kb.claims) + len(kb.verdicts)} nanopublications are whole.")
