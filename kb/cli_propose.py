"""The commands that propose claims of new pages, review them, and measure proposals against reviewed claims."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kb.build import KnowledgeBase, build
from kb.console import Format, progress_bar, put, say
from kb.errors import InputError, Problem, visible
from kb.intake import read_capture
from kb.place import Place
from kb.propose.accepting import accept, difference, find_proposal, reject, undo
from kb.propose.assisting import assist
from kb.propose.drafting import files_in, keep, propose_capture, propose_text, snapshot
from kb.propose.drafts import Draft, PageRecord, drafts, load_draft
from kb.propose.endpoint import Asker, endpoint_from
from kb.propose.evaluating import Score, evaluate, total
from kb.propose.proposing import Proposer
from kb.propose.reviewing import review_draft
from kb.propose.rows import Row, proposal_row, score_row

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file (needed for parquet).")]


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(propose)
    app.command()(review)
    app.command(name="evaluate")(measure)


def _load(context: typer.Context) -> KnowledgeBase:
    place: Place = context.obj
    with progress_bar("reading") as advance:
        return build(place.data, place.folders, advance)


def propose(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A page (HTML, PDF, DOCX, Markdown, text) or a folder of pages.")],
    name: Annotated[str, typer.Option(help="The id of the document; else made of the file's name.")] = "",
    model: Annotated[
        bool,
        typer.Option(
            "--model", help="Ask a language model, too: sends the text to KB_LLM_URL (see docs/proposing.md)."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print only; store neither text nor draft.")] = False,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """Propose claims of new pages: prints them, and keeps text and draft for “kb review”."""
    asker = Asker(endpoint_from(os.environ)) if model else None
    kb = _load(context)
    paths = files_in(path)
    if name and len(paths) > 1:
        raise InputError([Problem(str(path), 0, f"holds {len(paths)} files", "use --name with one file only")])
    proposer = _proposer(kb, None)
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, item in enumerate(paths, 1):
        with progress_bar("proposing") as advance:
            try:
                capture = read_capture(item)
                known = next((d.id for d in kb.documents if kb.texts.get(d.id) == capture.text), None)
                chosen = _proposer(kb, known) if known else proposer
                draft = propose_capture(
                    kb,
                    chosen,
                    capture,
                    item.name,
                    name,
                    lambda done, of, at=item: advance(at.name, done, of),  # type: ignore[misc]
                )
                if asker is not None:
                    draft = _assisted(kb, chosen, draft, capture.text, asker, advance, problems)
                if not dry_run:
                    keep(kb.path, draft, capture.text)
                    draft = load_draft(kb.path, draft.page.id)
            except InputError as error:
                problems.extend(error.problems)
                continue
        _tell(draft, number, len(paths), dry_run)
        rows += [proposal_row(kb.domain, draft, proposal) for proposal in draft.proposals]
    put("proposals", rows, form, out)
    if problems:
        raise InputError(problems)


def _proposer(kb: KnowledgeBase, without: str | None) -> Proposer:
    """Return a proposer that has learnt from all reviewed claims but those of one document."""
    claims = [claim for claim in kb.claims if claim.source != without]
    return Proposer(kb.domain, claims, {source: text for source, text in kb.texts.items() if source != without})


def _assisted(
    kb: KnowledgeBase,
    proposer: Proposer,
    draft: Draft,
    text: str,
    asker: Asker,
    advance: Callable[[str, int, int], None],
    problems: list[Problem],
) -> Draft:
    """Add what a model proposes; what it left unanswered is a problem, and the rules' proposals stand without it."""
    model = asker.endpoint.model
    assisted = assist(kb, proposer, draft, text, asker, lambda done, of: advance(model, done, of))
    typer.echo(visible(f"{draft.page.id}: {assisted.told(model)}"), err=True)
    if assisted.unanswered:
        message = f"{model} gave no answer to {assisted.unanswered.total()} of {assisted.parts} parts"
        problems.append(Problem(draft.page.id, 0, message, "try again later; what was proposed is kept"))
    return assisted.draft


def _tell(draft: Draft, number: int, of: int, dry_run: bool) -> None:
    left_out = f"{len(draft.omitted)} part{'' if len(draft.omitted) == 1 else 's'} of the page left out"
    counted = f"{len(draft.proposals)} proposal{'' if len(draft.proposals) == 1 else 's'}, {left_out}"
    there = "" if dry_run else f"; review them with: kb review {draft.page.id}"
    place = f"[{number}/{of}] " if of > 1 else ""
    typer.echo(f"{place}{draft.page.id}: {counted}{there}", err=True)


def review(
    context: typer.Context,
    document: Annotated[str | None, typer.Argument(help="A document with a draft; the only one if absent.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Print the proposals and their states.")] = False,
    accepted: Annotated[list[str] | None, typer.Option("--accept", help="Accept this proposal (repeatable).")] = None,
    rejected: Annotated[list[str] | None, typer.Option("--reject", help="Reject this proposal (repeatable).")] = None,
    take_back: Annotated[bool, typer.Option("--undo", help="Take the last decision back.")] = False,
    show_difference: Annotated[
        bool, typer.Option("--diff", help="Show what accepting changed in the claim file.")
    ] = False,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """Accept, edit or reject proposals one by one; accepted claims are written to the claim file at once."""
    kb = _load(context)
    chosen = document or _only(kb.path)
    draft = load_draft(kb.path, chosen)
    if listed:
        put("proposals", [proposal_row(kb.domain, draft, proposal) for proposal in draft.proposals], form, out)
        return
    if show_difference:
        say(difference(kb.path, draft) or f"{chosen}: nothing was accepted yet\n")
        return
    for proposal in accepted or []:
        draft = accept(kb.path, chosen, find_proposal(draft, proposal).id)
    for proposal in rejected or []:
        draft = reject(kb.path, chosen, find_proposal(draft, proposal).id)
    if take_back:
        draft, last = undo(kb.path, chosen)
        typer.echo("nothing to take back" if last is None else f"taken back: {last.proposal} ({last.state})", err=True)
    if accepted or rejected or take_back:
        typer.echo(f"{chosen}: {_counts(draft)}", err=True)
        return
    place: Place = context.obj
    draft = review_draft(kb, draft, snapshot(kb.path, place.folders, draft))
    typer.echo(f"{chosen}: {_counts(draft)}", err=True)


def _only(data: Path) -> str:
    found = drafts(data)
    if len(found) != 1:
        message = "there is no draft" if not found else f"there are {len(found)} drafts: {', '.join(found)}"
        remedy = "make one with: kb propose FILE" if not found else "name one: kb review DOCUMENT"
        raise InputError([Problem("drafts", 0, message, remedy)])
    return found[0]


def _counts(draft: Draft) -> str:
    states = [decision.state for decision in draft.decided().values()]
    done = ", ".join(f"{states.count(state)} {state}" for state in ("accepted", "rejected", "skipped"))
    return f"{done}, {len(draft.proposals) - len(states)} to do"


def measure(
    context: typer.Context,
    document: Annotated[
        str | None, typer.Argument(help="A document with reviewed claims and text; all if absent.")
    ] = None,
    known: Annotated[
        bool, typer.Option("--known", help="Let the document's own claims teach, too (says how well they are learnt).")
    ] = False,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """Propose reviewed documents as if they were new, and compare with their claims."""
    kb = _load(context)
    chosen = [d for d in kb.documents if d.id in kb.texts and document in (None, d.id)]
    if not chosen:
        raise InputError([Problem(document or "documents", 0, "has no text at hand", "name its folder with --sources")])
    scores: list[Score] = []
    for item in chosen:
        proposer = _proposer(kb, None if known else item.id)
        page = PageRecord(
            id=item.id, title=item.title, publisher=item.publisher, kind=item.kind, short=item.short,
            captured=item.captured, characters=item.characters, sha256=item.sha256, raw_sha256=item.sha256,
            media_type="text/plain",
        )  # fmt: skip
        proposals = propose_text(kb, proposer, page, kb.texts[item.id])
        scores += evaluate(item.id, [claim for claim in kb.claims if claim.source == item.id], proposals, kb.domain)
    put("scores", [score_row(score) for score in (*scores, *total(scores))], form, out)
