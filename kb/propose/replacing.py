"""Writes a new capture in place of the old: text, claims and entry, checked first and then all of them or none."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kb.build import KnowledgeBase
from kb.claims import dump_claims
from kb.documents import load_documents
from kb.errors import InputError, Problem
from kb.ids import sha256_text
from kb.model import Claim
from kb.propose.accepting import check_claims, written_claims
from kb.propose.document_entries import edited
from kb.propose.drafts import draft_path, load_draft
from kb.propose.recapturing import Recapture, rewritten
from kb.propose.together import write_together
from kb.yamlfile import read_text


def replace_capture(kb: KnowledgeBase, plan: Recapture, drop_lost: bool = False) -> tuple[Path, ...]:
    """Write what a recapture changes and return the files, in the order in which they were written.

    Claims without a place are refused unless ``drop_lost``: then they are kept aside as a claim file in ``drafts/``.
    The caller holds the lock of the document. Order: texts first, as a build finds them by hash under any name, then
    claims, and documents.yaml last.
    """
    document, gone = plan.before.id, plan.gone()
    if gone and not drop_lost:
        message = f"{len(gone)} claims of {document} have no certain place in the new text"
        remedy = "see the rows “lost” and “ambiguous”; --drop-lost keeps them aside in drafts/"
        raise InputError([Problem(f"claims/{document}.yaml", 0, message, remedy)])
    claims = written_claims(kb.path, kb, document)
    kept = [found for claim in claims if (found := _after(claim, plan)) is not None]
    lost = [claim for claim in claims if _after(claim, plan) is None]
    content = dump_claims(document, kept)
    check_claims(kb, document, content)
    _check_quotes(kept, plan)
    listed = _documents(kb, plan)
    mark = plan.before.sha256[:8]
    changes: dict[Path, bytes | None] = {}
    text = kb.path / "sources" / f"{document}.txt"
    if text.is_file():
        changes[text.with_name(f"{document}.{mark}.txt")] = text.read_bytes()
    changes[text] = plan.text.encode("utf-8")
    if lost:
        changes[draft_path(kb.path, document).with_name(f"{document}.lost-{mark}.yaml")] = dump_claims(document, lost)
    changes |= _without_draft(kb.path, plan)
    if claims:
        changes[kb.path / "claims" / f"{document}.yaml"] = content
    changes[kb.path / "documents.yaml"] = listed
    write_together(changes)
    return tuple(changes)


def _after(claim: Claim, plan: Recapture) -> Claim | None:
    answer = plan.anchored.get(claim.id)
    return claim if answer is None else rewritten(claim, answer)


def _check_quotes(claims: list[Claim], plan: Recapture) -> None:
    """Make sure that every claim quotes what stands at its place, whatever was worked out before."""
    for claim in claims:
        at = claim.locator
        if at and sha256_text(plan.text[at.start : at.end]) != at.quote_sha256:
            message = f"{claim.id} would not quote what stands at {at.start}-{at.end}"
            raise InputError([Problem(f"claims/{claim.source}.yaml", 0, message, "report this; nothing was written")])


def _documents(kb: KnowledgeBase, plan: Recapture) -> bytes:
    """Return documents.yaml with the entry changed, read back to make sure that nothing else did."""
    after = plan.after
    text = read_text(kb.path / "documents.yaml", "documents.yaml")
    values = {"captured": after.captured, "characters": str(after.characters), "sha256": after.sha256}
    content = edited(text, after.id, {**values, "damage": after.damage}).encode("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "documents.yaml"
        path.write_bytes(content)
        found = load_documents(path, "documents.yaml", kb.domain, [work.key for work in kb.works])
    if found != tuple(after if document.id == after.id else document for document in kb.documents):
        message = f"the entry {after.id} cannot be changed by itself"
        raise InputError([Problem("documents.yaml", 0, message, "write its values as plain text on one line each")])
    return content


def _without_draft(data: Path, plan: Recapture) -> dict[Path, bytes | None]:
    """Return the removal of a draft of the old text, if every proposal in it is decided; else refuse."""
    path = draft_path(data, plan.before.id)
    if not path.is_file():
        return {}
    draft = load_draft(data, plan.before.id)
    if draft.page.sha256 == plan.after.sha256:
        return {}
    if draft.pending():
        message = f"has {len(draft.pending())} proposals of the old text that nobody decided on"
        remedy = f"review them first (kb review {plan.before.id}), or remove the file"
        raise InputError([Problem(f"drafts/{path.name}", 0, message, remedy)])
    return {path: None}
