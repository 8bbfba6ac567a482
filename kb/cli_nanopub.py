"""`kb export nanopub` and `kb nanopub verify`: one claim or verdict, signed, and whether a signed one is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.console import check_out, say
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.opening import load
from kb.rdf.keys import need, read_key
from kb.rdf.signing import signed_text
from kb.rdf.verifying import verify_file

nanopub_app = typer.Typer(help="Signed nanopublications; nothing is ever sent or fetched.", no_args_is_help=True)


def add(app: typer.Typer, export_app: typer.Typer) -> None:
    """Add both commands."""
    export_app.command("nanopub")(export_nanopub)
    nanopub_app.callback()(_commands)
    nanopub_app.command("verify")(verify_nanopub)
    app.add_typer(nanopub_app, name="nanopub")


def _commands() -> None:
    """Signed nanopublications; nothing is ever sent or fetched."""


def export_nanopub(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="CLAIM", help="A claim, a verdict (v-…), or a finding with a verdict.")
    ],
    key: Annotated[Path, typer.Option("--key", help="Your private RSA key (PEM); it is only read.")],
    by: Annotated[str, typer.Option("--by", help="Who signs: an ORCID or a name.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
) -> None:
    """Write one claim or verdict as a signed nanopublication in TriG (extra nanopub)."""
    need("export nanopub")
    check_out(out)
    if out is not None and out.resolve() == key.resolve():
        raise InputError([Problem(str(out), 0, "is your key, which would be lost", "name another file with --out")])
    text = signed_text(load(context), name, read_key(key, private=True), by)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text.encode("utf-8"))


def verify_nanopub(
    file: Annotated[Path, typer.Argument(help="A signed nanopublication (.trig or .nq).")],
    key: Annotated[Path | None, typer.Option("--key", help="The public key that it must be signed with.")] = None,
) -> None:
    """Check the four graphs of a nanopublication, its name and its signature (extra nanopub)."""
    need("nanopub verify")
    sound = verify_file(file, read_key(key, private=False) if key else None)
    say(f"{sound.name}\nsound: {sound.statements} statements, unchanged since they were signed.\n")
    say(f"says it is signed by {sound.signed_by or 'nobody named'}\nkey: RSA, {sound.bits} bits, SHA-256 {sound.key}\n")
    if key is None:
        typer.echo("Whose key that is no file can show: give --key PUBLIC.pem, or compare its SHA-256.", err=True)
