"""`kb export …` and `kb import …`: each format adds its own command."""

from __future__ import annotations

import typer

export_app = typer.Typer(help="Write the knowledge base for other tools.", no_args_is_help=True)
import_app = typer.Typer(help="Bring in what was exported, or what other programs hold.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(export_app, name="export")
    app.add_typer(import_app, name="import")
