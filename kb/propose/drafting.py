"""A file becomes a draft: captured, its snapshot stored, read, cited and proposed. Nothing is accepted here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from kb.build import KnowledgeBase
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.ids import sha256_text
from kb.intake import SUFFIXES, Capture, read_capture
from kb.passages import blocks, sentences
from kb.propose.citing import citer, read_citing
from kb.propose.drafts import (
    MAX_BYTES,
    Draft,
    Omitted,
    PageRecord,
    draft_path,
    dump_draft,
    kept_decisions,
    load_draft,
    save_draft,
)
from kb.propose.page import touched
from kb.propose.proposing import Citer, Proposer
from kb.propose.records import Proposal
from kb.propose.size import refuse_size

Advance = Callable[[int, int], None]
Step = Callable[[str], None]


def files_in(path: Path) -> list[Path]:
    """Return the files to propose: the file itself, or the readable ones of a folder in order of name."""
    if not path.is_dir():
        return [path]
    found = [item for item in sorted(path.iterdir()) if item.suffix.lower() in SUFFIXES and item.is_file()]
    if not found:
        kinds = ", ".join(sorted(SUFFIXES))
        raise InputError([Problem(str(path), 0, "holds no file that can be read", f"readable are {kinds}")])
    return found


def propose_file(
    kb: KnowledgeBase, proposer: Proposer, path: Path, name: str = "", advance: Advance | None = None
) -> Draft:
    """Return the draft of one file; nothing is written. Raises `InputError` where the file cannot be read.

    ``name`` is the id of the document, else made of the file's name. A file whose text is the snapshot of a known
    document is proposed for that document, as new: its reviewed claims teach nothing about it.
    """
    return propose_capture(kb, proposer, read_capture(path), path.name, name, advance)


def propose_capture(
    kb: KnowledgeBase,
    proposer: Proposer,
    capture: Capture,
    file_name: str,
    name: str = "",
    advance: Advance | None = None,
    step: Step | None = None,
) -> Draft:
    """Return the draft of a captured page; ``step`` is told what begins: sentences, citations, proposing."""
    digest = sha256_text(capture.text)
    known = next((document for document in kb.documents if document.sha256 == digest), None)
    if name:
        check_name(name)
        refuse_taken(kb, name, digest)
    page = page_record(kb, capture, file_name, known.id if known else name)
    shut = [(item.start, item.end) for item in capture.excluded]
    proposals = propose_text(kb, proposer, page, capture.text, shut, advance, step)
    omitted = tuple(Omitted(start=item.start, end=item.end, reason=item.reason) for item in capture.excluded)
    return Draft(page=page, omitted=omitted, proposals=proposals)


def propose_text(
    kb: KnowledgeBase,
    proposer: Proposer,
    page: PageRecord,
    text: str,
    shut: Iterable[tuple[int, int]] = (),
    advance: Advance | None = None,
    step: Step | None = None,
) -> tuple[Proposal, ...]:
    """Return the proposals of a text, with the works that its sentences cite."""
    begins = step or (lambda _: None)
    spans = sorted(shut)
    cited = cited_in(kb, page.id, text, spans, step)
    begins("proposing")
    scope = next((document.scope for document in kb.documents if document.id == page.id), ())
    return proposer.propose(page.id, text, spans, page.title, scope, cited, advance)


def cited_in(
    kb: KnowledgeBase, source: str, text: str, shut: Iterable[tuple[int, int]], step: Step | None = None
) -> Citer:
    """Return what tells the citations of a span of a page; raise `InputError` for a page that is too large."""
    begins = step or (lambda _: None)
    begins("sentences")
    parts = blocks(text)
    said = sentences(text, parts)
    refuse_size(source, text, len(said))
    begins("citations")
    return citer(read_citing(text, parts, said, kb.works, frozenset(touched(parts, shut))))


def page_record(kb: KnowledgeBase, capture: Capture, file_name: str, name: str) -> PageRecord:
    """Return the entry that documents.yaml will have; what the file does not tell is said to be not recorded."""
    title = " ".join(capture.title.split())[:300] or Path(file_name).stem or "untitled page"
    identity = name or _free_id(kb, Path(file_name).stem or title, sha256_text(capture.text))
    return PageRecord(
        id=identity,
        title=title,
        publisher=" ".join(capture.publisher.split())[:300] or "not recorded in the capture",
        kind="web-page" if capture.media_type == "text/html" else "document",
        short=title if len(title) <= 40 else title[:39].rstrip() + "…",
        captured=f"from {file_name} by {capture.extractor}",
        characters=len(capture.text),
        sha256=sha256_text(capture.text),
        raw_sha256=capture.raw_sha256,
        media_type=capture.media_type,
    )


def check_name(name: str) -> None:
    """Raise `InputError` for a name that cannot be the id of a document."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,79}", name):
        remedy = "use lower-case letters, digits, hyphens and dots, beginning with a letter or digit"
        raise InputError([Problem(name, 0, "cannot be the name of a document", remedy)])


def refuse_taken(kb: KnowledgeBase, name: str, digest: str) -> None:
    """Raise `InputError` for the name of a work, or of a document with another text: its snapshot must not be lost."""
    if name in {work.key for work in kb.works}:
        raise InputError([Problem(name, 0, "is the key of a work in the bibliography", "choose another name")])
    if any(document.id == name and document.sha256 != digest for document in kb.documents):
        remedy = f"choose another name; for a new capture of that page: kb recapture {name} FILE"
        raise InputError([Problem(name, 0, "is the name of a document that is on record with another text", remedy)])


def _free_id(kb: KnowledgeBase, stem: str, digest: str) -> str:
    """Return a slug of a file's name that no other source bears."""
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:60] or "page"
    taken = {work.key for work in kb.works} | {d.id for d in kb.documents if d.sha256 != digest}
    number = 2
    chosen = slug
    while chosen in taken:
        chosen = f"{slug}-{number}"
        number += 1
    return chosen


def keep(data: Path, draft: Draft, text: str) -> Path:
    """Store a draft and its snapshot; decisions on proposals that are the same as before are kept.

    A draft of another text under the same id is never overwritten: `InputError` says what to do.
    """
    kept = draft
    if draft_path(data, draft.page.id).exists():
        old = load_draft(data, draft.page.id)
        if old.page.sha256 != draft.page.sha256 and old.decisions:
            message = f"is the draft of another version of {draft.page.id}, with {len(old.decisions)} decisions"
            remedy = "name this page otherwise with --name, or remove the draft"
            raise InputError([Problem(f"drafts/{draft.page.id}.json", 0, message, remedy)])
        kept = draft.model_copy(update={"decisions": kept_decisions(old.decisions, draft.proposals)})
    if len(dump_draft(kept)) > MAX_BYTES:
        message = f"has {len(kept.proposals):,} proposals, which is more than a draft holds"
        raise InputError([Problem(draft.page.id, 0, message, "propose the page in parts")])
    write_atomically(data / "sources" / f"{draft.page.id}.txt", text.encode("utf-8"))
    return save_draft(data, kept)


def snapshot(data: Path, folders: Iterable[Path], draft: Draft) -> str:
    """Return the text of a draft's page; raise `InputError` where the snapshot is not found."""
    for folder in (data / "sources", *folders):
        path = folder / f"{draft.page.id}.txt"
        if path.is_file() and sha256_text(text := path.read_text("utf-8")) == draft.page.sha256:
            return text
    message = f"the text of {draft.page.id} is not there"
    raise InputError([Problem(f"sources/{draft.page.id}.txt", 0, message, "propose the page again")])
