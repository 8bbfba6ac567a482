"""The command that says what changed between two states of a data folder, or two versions of a page."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kb.audit import find_all
from kb.build import build
from kb.changing import claim_rows
from kb.console import Format, check_out, progress_bar, put, say
from kb.differing import WHATS, Change, State, differences, summed_up
from kb.documents import source_folders
from kb.errors import InputError, Problem, visible
from kb.files import write_atomically
from kb.ids import sha256_text
from kb.place import Place, known_folder
from kb.propose.recapturing import recapture
from kb.reports.bibliography import ACTS
from kb.standing import review
from kb.yamlfile import read_text


class DiffFormat(StrEnum):
    """How to print differences."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "md"


def add(app: typer.Typer) -> None:
    """Give the command line its command."""
    app.command()(diff)


def diff(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(help="A data folder, or the text of a page.")],
    new: Annotated[Path, typer.Argument(help="The same at another time.")],
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if there is a difference.")] = False,
    form: Annotated[DiffFormat, typer.Option("--format", "-f", help="How to print them.")] = DiffFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
) -> None:
    """Say what changed between two data folders: claims, findings, verdicts; or which quotes a new page still has."""
    check_out(out)
    if old.is_file() and new.is_file():
        changed = _diff_texts(context.obj, old, new, form, out)
    else:
        changed = _diff_folders(context.obj, old, new, form, out)
    if changed and exit_code:
        raise typer.Exit(1)


def _diff_folders(place: Place, old: Path, new: Path, form: DiffFormat, out: Path | None) -> bool:
    changes = differences(_state(place, old), _state(place, new))
    if form is DiffFormat.MARKDOWN:
        _print(markdown(changes), out)
    else:
        put("changes", [change.model_dump(mode="json") for change in changes], Format(form.value), out)
    typer.echo(summed_up(changes), err=True)
    return bool(changes)


def _state(place: Place, folder: Path) -> State:
    data = known_folder(folder)
    with progress_bar("reading") as advance:
        kb = build(data, source_folders(place.sources, data), advance)
    with progress_bar("comparing") as advance:
        return State(kb, review(kb, find_all(kb, advance)))


def _print(text: str, out: Path | None) -> None:
    if out is None:
        say(text)
    else:
        write_atomically(out, text.encode("utf-8"))


def markdown(changes: tuple[Change, ...]) -> str:
    """Return the changes as Markdown, a section for each kind of record and change."""
    lines = ["# What changed", "", f"{summed_up(changes).capitalize()}.", ""]
    for what in WHATS:
        kinds = sorted({change.change for change in changes if change.what == what})
        for kind in kinds:
            lines += [f"## {what.capitalize()}s: {kind}", ""]
            found = [change for change in changes if (change.what, change.change) == (what, kind)]
            lines += [f"- `{c.id}` ({_plain(c.source)}): {_plain(c.sentence)}" for c in found]
            lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def _plain(text: str) -> str:
    return ACTS.sub(r"\\\1", visible(text))


# Two versions of a page


def _diff_texts(place: Place, old: Path, new: Path, form: DiffFormat, out: Path | None) -> bool:
    before, after = (read_text(path, str(path)) for path in (old, new))
    with progress_bar("reading") as advance:
        kb = build(place.data, place.folders, advance)
    document = next((d for d in kb.documents if d.sha256 == sha256_text(before)), None)
    if document is None:
        remedy = "give the very text that was captured as OLD; compare with: kb documents"
        raise InputError([Problem(str(old), 0, "is the snapshot of no document", remedy)])
    mine = [claim for claim in kb.claims if claim.source == document.id]
    plan = recapture(document, mine, before, after, document.captured)
    rows = claim_rows(kb, plan)
    if form is DiffFormat.MARKDOWN:
        lines = [f"- {row['state']}: `{row['id']}` {_plain(row['text'])} ({_plain(row['reason'])})" for row in rows]
        _print("\n".join([f"# {_plain(document.title)}: its claims in the new version", "", *lines]) + "\n", out)
    else:
        put("recaptured", rows, Format(form.value), out)
    typer.echo(f"{document.id}: claims: {plan.counts() or 'none'}", err=True)
    return before != after
