"""Drafts: the proposals of one page with the decisions on them, kept as one file until the page is reviewed.

A draft lies in ``drafts/`` of the data folder, its page's text in ``sources/``. A build reads neither drafts nor
proposals.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.model import Claim, Record, Sha256, Slug, Text
from kb.propose.records import Proposal

FOLDER = "drafts"
MAX_BYTES = 64 * 1024 * 1024
Decided = Literal["accepted", "rejected", "skipped"]


class Omitted(Record):
    """A span of the page that is no content (navigation, a cookie notice) and why it is thought so."""

    start: int
    end: int
    reason: str


class PageRecord(Record):
    """The page of a draft, as its entry in documents.yaml will say; ``captured`` names file, reader and version."""

    id: Slug
    title: Text
    publisher: Text
    kind: Slug
    short: Annotated[str, Field(min_length=1, max_length=40)]
    captured: Text
    characters: int
    sha256: Sha256
    raw_sha256: Sha256
    media_type: str


class Decision(Record):
    """What a person decided on a proposal; ``claim`` is the accepted claim, edited or as proposed."""

    proposal: str
    state: Decided
    claim: Claim | None = None


class Draft(Record):
    """One page, its proposals in order of place, and the decisions in the order in which they were made."""

    page: PageRecord
    omitted: tuple[Omitted, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def decided(self) -> dict[str, Decision]:
        """Return the last decision on each proposal."""
        return {decision.proposal: decision for decision in self.decisions}

    def pending(self) -> tuple[Proposal, ...]:
        """Return the proposals on which nothing was decided, in order of place."""
        known = self.decided()
        return tuple(proposal for proposal in self.proposals if proposal.id not in known)

    def with_decision(self, decision: Decision) -> Draft:
        """Return the draft with one more decision."""
        return self.model_copy(update={"decisions": (*self.decisions, decision)})

    def without_last(self) -> tuple[Draft, Decision | None]:
        """Return the draft as it was before the last decision, and that decision."""
        if not self.decisions:
            return self, None
        return self.model_copy(update={"decisions": self.decisions[:-1]}), self.decisions[-1]


def draft_path(data: Path, document: str) -> Path:
    """Return where the draft of a page lies."""
    return data / FOLDER / f"{document}.json"


def dump_draft(draft: Draft) -> bytes:
    """Return the bytes of a draft: the same records give the same bytes."""
    content = draft.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def load_draft(data: Path, document: str) -> Draft:
    """Read the draft of a page; raise `InputError` where there is none or it is damaged."""
    path = draft_path(data, document)
    shown = f"{FOLDER}/{document}.json"
    if not path.is_file():
        known = ", ".join(drafts(data)) or "none"
        raise InputError([Problem(shown, 0, "is not there", f"drafts are: {known}; make one with “kb propose FILE”")])
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError([Problem(shown, 0, "is too large", "propose the page in parts")])
        return Draft.model_validate_json(path.read_bytes())
    except (ValidationError, UnicodeDecodeError, OSError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else type(error).__name__
        remedy = "propose the page again; accepted claims are in their claim file already"
        raise InputError([Problem(shown, 0, f"is damaged: {reason}", remedy)]) from None


def save_draft(data: Path, draft: Draft) -> Path:
    """Write a draft in one step and return its path."""
    path = draft_path(data, draft.page.id)
    write_atomically(path, dump_draft(draft))
    return path


def drafts(data: Path) -> tuple[str, ...]:
    """Return the ids of the pages that have a draft, sorted."""
    return tuple(sorted(path.stem for path in (data / FOLDER).glob("*.json")))


@contextmanager
def held(data: Path, document: str) -> Iterator[None]:
    """Keep others from changing a draft and its claim file meanwhile; raise `InputError` after ten seconds."""
    (data / FOLDER).mkdir(parents=True, exist_ok=True)
    lock = FileLock(data / FOLDER / f".{document}.lock", timeout=10)
    try:
        with lock:
            yield
    except Timeout:
        message = f"{document} is being reviewed by someone else"
        raise InputError([Problem(f"{FOLDER}/{document}.json", 0, message, "try again in a moment")]) from None


def kept_decisions(old: Iterable[Decision], proposals: Iterable[Proposal]) -> tuple[Decision, ...]:
    """Return the decisions that still name a proposal: a page that is proposed anew keeps what was decided."""
    known = {proposal.id for proposal in proposals}
    return tuple(decision for decision in old if decision.proposal in known)
