"""Reviewing in the terminal: one proposal at a time beside its sentence; a key decides, and is written at once."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from kb.build import KnowledgeBase
from kb.claims import dump_claims, load_claims
from kb.errors import InputError, Problem, visible
from kb.model import Checked, Claim, Role
from kb.propose.accepting import accept, reject, undo
from kb.propose.blanks import blank_claim
from kb.propose.drafts import Draft
from kb.propose.records import Proposal
from kb.wording import claim_value

CONTEXT = 90  # code points shown before and behind the place
KEYS = "a accept · e edit · r reject · s skip · u undo · q quit"
Ask = Callable[[], str]
Edit = Callable[[str], str | None]


def review_draft(kb: KnowledgeBase, draft: Draft, text: str, ask: Ask | None = None, edit: Edit | None = None) -> Draft:
    """Ask for a decision on each pending proposal, until all are decided or the person quits; return the draft."""
    reader = ask or _key
    editor = edit or _edited
    while draft.pending():
        proposal = draft.pending()[0]
        typer.echo(_shown(kb, draft, proposal, text))
        key = reader().strip().lower()[:1]
        try:
            changed = _done(kb, draft, proposal, key, editor, text)
        except InputError as error:
            typer.echo(str(error), err=True)
            continue
        if changed is None:
            return draft
        draft = changed
    return draft


def _done(kb: KnowledgeBase, draft: Draft, proposal: Proposal, key: str, edit: Edit, text: str) -> Draft | None:
    """Return the draft after a key; None to quit. An unknown key changes nothing."""
    document = draft.page.id
    if key == "q":
        return None
    if key == "a":
        return accept(kb.path, document, proposal.id)
    if key == "e":
        claim = edited(kb, draft, proposal, edit, text)
        return accept(kb.path, document, proposal.id, claim) if claim else draft
    if key in ("r", "s"):
        return reject(kb.path, document, proposal.id, skip=key == "s")
    if key == "u":
        return undo(kb.path, document)[0]
    typer.echo(KEYS, err=True)
    return draft


def _shown(kb: KnowledgeBase, draft: Draft, proposal: Proposal, text: str) -> str:
    """Return the proposal as lines: number, place in its context, content, scope, reasons, keys."""
    done = len(draft.proposals) - len(draft.pending())
    before = visible(text[max(0, proposal.start - CONTEXT) : proposal.start].replace("\n", " ⏎ "))
    here = visible(text[proposal.start : proposal.end].replace("\n", " ⏎ "))
    behind = visible(text[proposal.end : proposal.end + CONTEXT].replace("\n", " ⏎ "))
    lines = [
        "",
        f"[{done + 1}/{len(draft.proposals)}] {draft.page.id} {proposal.start}–{proposal.end}, {proposal.kind.value}",
        f"  …{before}{typer.style(here, bold=True)}{behind}…",
    ]
    lines += [f"  {line}" for line in content(kb, proposal)]
    lines += [f"  because {reason}" for reason in proposal.reasons]
    return "\n".join([*lines, f"  {KEYS}"])


def content(kb: KnowledgeBase, proposal: Proposal) -> list[str]:
    """Return what a proposal claims, in lines; a quantity without a property says so."""
    claim = proposal.claim
    if claim is None:
        printed = proposal.measured.printed if proposal.measured else ""
        return [f"quantity “{visible(printed)}”: no property of the vocabulary fits; edit it to name one"]
    domain = kb.domain
    said = [
        claim.text,
        f"property {claim.property}, subject {claim.subject}" + (f", object {claim.object}" if claim.object else ""),
    ]
    if claim.value is not None:
        said.append(f"value {claim_value(domain, claim)}")
    if claim.relation is not None:
        said.append(f"{claim.relation.value} than {claim.than}")
    scope = [
        f"{e.dimension} {', '.join(e.values)} ({e.state.value}{', ' + e.basis if e.basis else ''})" for e in claim.scope
    ]
    return [visible(line) for line in (*said, *([f"scope {'; '.join(scope)}"] if scope else []))]


def edited(kb: KnowledgeBase, draft: Draft, proposal: Proposal, edit: Edit, text: str) -> Claim | None:
    """Let a person edit the claim as it stands in a claim file; None if nothing was changed or saved."""
    start = proposal.claim or _blank(kb, draft, proposal, text)
    before = dump_claims(draft.page.id, [start]).decode("utf-8")
    after = edit(before)
    return None if after is None else read_edited(kb, draft, after)


def read_edited(kb: KnowledgeBase, draft: Draft, content: str) -> Claim:
    """Read the one claim of an edited text; raise `InputError` with every fault in it."""
    roles = {d.id: Role.CLAIM for d in kb.documents} | {w.key: Role.EVIDENCE for w in kb.works}
    roles[draft.page.id] = Role.CLAIM
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{draft.page.id}.yaml"
        path.write_text(content, "utf-8")
        found = load_claims(path, "the edited claim", kb.domain, roles, check_ids=False)
    return found[0].model_copy(update={"checked": Checked.READ_ONCE})


def _blank(kb: KnowledgeBase, draft: Draft, proposal: Proposal, text: str) -> Claim:
    """Return a claim to start from where a quantity has no property: the likeliest names of the vocabulary."""
    return blank_claim(kb.domain, draft.page.id, proposal, text)


def _key() -> str:
    answer: str = typer.prompt("", prompt_suffix="> ", default="", show_default=False)
    return answer


def _edited(content: str) -> str | None:
    """Open the text in the editor that VISUAL or EDITOR names; None if it was left unchanged or cannot be opened."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "claim.yaml"
        path.write_text(content, "utf-8")
        try:
            subprocess.run([*command, str(path)], check=True)  # noqa: S603 - the person's own editor
        except (OSError, subprocess.CalledProcessError) as error:
            message = f"the editor “{command[0]}” did not work: {error}"
            raise InputError([Problem("EDITOR", 0, message, "set EDITOR to an editor of yours")]) from None
        after = path.read_text("utf-8")
    return None if after == content else after
