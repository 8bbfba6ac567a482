"""The knowledge base: everything read from a data folder, checked together, and never changed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from kb.bibliography import Work, read_bibliography
from kb.claims import claim_files, load_claims
from kb.documents import find_texts, load_documents
from kb.domain import Domain
from kb.errors import InputError, Problem
from kb.ids import sha256_bytes, sha256_text
from kb.model import Claim, Document, Role, ScopeValue
from kb.policy import Policy, load_policy
from kb.verdicts import FILE, Verdict, load_verdicts
from kb.vocabulary import load_domain

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Called with what is being read, how many are done and how many there are."""


@dataclass(frozen=True)
class KnowledgeBase:
    """The records of one data folder. ``texts`` holds only those documents whose snapshot was found."""

    path: Path
    domain: Domain
    policy: Policy
    documents: tuple[Document, ...]
    works: tuple[Work, ...]
    claims: tuple[Claim, ...]
    texts: Mapping[str, str]
    verdicts: tuple[Verdict, ...] = ()

    @cached_property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of the snapshot of each document."""
        return {document.id: document.sha256 for document in self.documents}

    @cached_property
    def names(self) -> dict[str, str]:
        """Short names of all sources, as sentences use them."""
        return {d.id: d.short for d in self.documents} | {w.key: work_name(w) for w in self.works}


def work_name(work: Work) -> str:
    """Return a work as people cite it: its shorthand, surname and year, or the start of its title."""
    if work.shorthand:
        return work.shorthand
    if not work.authors:
        return work.title if len(work.title) <= 48 else work.title[:47].rstrip() + "…"
    surname = work.authors[0].partition(",")[0].removesuffix(" Jr.").removesuffix(" Jr")
    return f"{surname} {work.year}" if work.year else surname


def build(data: Path, folders: Iterable[Path] = (), progress: Progress | None = None) -> KnowledgeBase:
    """Read the data folder and the texts in ``folders``; raise `InputError` with every problem of every file."""
    kb, problems = read(data, folders, progress)
    if kb is None or problems:
        raise InputError(problems)
    return kb


def read(
    data: Path, folders: Iterable[Path] = (), progress: Progress | None = None, only: str | None = None
) -> tuple[KnowledgeBase | None, list[Problem]]:
    """Return the knowledge base as far as it can be read, and every problem of every file.

    A claim file with a problem is left out as a whole; with ``only``, no claim file but that of this source is read.
    None without vocabulary, policy, bibliography or documents.
    """
    problems: list[Problem] = []
    policy = _collect(lambda: load_policy(data / "policy.yaml", "policy.yaml"), problems)
    domain = _collect(lambda: _domain(data / "vocabulary.ttl"), problems)
    works: tuple[Work, ...] = ()
    if policy is not None:
        works = _collect(lambda: read_bibliography(data / policy.bibliography), problems) or ()
    if policy is None or domain is None or problems:
        return None, problems
    keys = [work.key for work in works]
    documents = _collect(lambda: load_documents(data / "documents.yaml", "documents.yaml", domain, keys), problems)
    if documents is None:
        return None, problems
    roles = {document.id: Role.CLAIM for document in documents} | dict.fromkeys(keys, Role.EVIDENCE)
    claims: list[Claim] = []
    paths = _collect(lambda: claim_files(data / "claims"), problems) or []
    paths = [path for path in paths if only in (None, path.stem)]
    for done, path in enumerate(paths):
        if progress:
            progress(path.name, done, len(paths))
        found = _collect(lambda p=path: load_claims(p, f"claims/{p.name}", domain, roles), problems)  # type: ignore[misc]
        claims.extend(found or ())
    texts = _collect(lambda: find_texts(documents, folders), problems) or {}
    verdicts = _collect(lambda: load_verdicts(data / FILE, FILE), problems) or ()
    by_id = {document.id: document for document in documents}
    problems.extend(_beyond_the_end(data, claims, by_id))
    problems.extend(_misquoted(data, claims, texts))
    left_out = {problem.path for problem in problems}
    scoped = (
        with_page_scope(domain, claim, by_id.get(claim.source))
        for claim in claims
        if f"claims/{claim.source}.yaml" not in left_out
    )
    ordered = tuple(sorted(scoped, key=lambda c: c.id))
    return KnowledgeBase(data, domain, policy, documents, works, ordered, texts, verdicts), problems


def _domain(path: Path) -> Domain:
    """Return the domain of a vocabulary, which is parsed once as long as its bytes are the same."""
    try:
        digest = sha256_bytes(path.read_bytes()) if path.is_file() else ""
    except OSError:
        digest = ""
    return _parsed(path, digest) if digest else load_domain(path, "vocabulary.ttl")  # which says what is wrong


@lru_cache(maxsize=4)
def _parsed(path: Path, digest: str) -> Domain:  # noqa: ARG001 - the digest is the key
    return load_domain(path, "vocabulary.ttl")


def _collect(read: Callable[[], T], problems: list[Problem]) -> T | None:
    try:
        return read()
    except InputError as error:
        problems.extend(error.problems)
        return None


def with_page_scope(domain: Domain, claim: Claim, document: Document | None) -> Claim:
    """Return the claim with the default scope of its page where neither it nor its subject says anything."""
    if document is None or not document.scope:
        return claim
    known = {entry.dimension for entry in claim.scope} | set(claim.unknown) | set(domain.implied(claim.subject))
    added = [entry for entry in document.scope if entry.dimension not in known]
    if not added:
        return claim
    scope: tuple[ScopeValue, ...] = tuple(sorted((*claim.scope, *added), key=lambda entry: entry.dimension))
    return claim.model_copy(update={"scope": scope})


def _beyond_the_end(data: Path, claims: Iterable[Claim], documents: Mapping[str, Document]) -> Iterable[Problem]:
    for claim in claims:
        document = documents.get(claim.source)
        if claim.locator and document and claim.locator.end > document.characters:
            message = f"{claim.id}: ends at {claim.locator.end}, the document at {document.characters}"
            yield _locator_problem(data, claim, message, "correct “at”")


def _misquoted(data: Path, claims: Iterable[Claim], texts: Mapping[str, str]) -> Iterable[Problem]:
    """Yield a problem for every claim whose located text is not the text that was quoted."""
    for claim in claims:
        text = texts.get(claim.source)
        at = claim.locator
        if text is None or at is None or sha256_text(text[at.start : at.end]) == at.quote_sha256:
            continue
        message = f"{claim.id}: the text at {at.start}-{at.end} is not what was quoted"
        yield _locator_problem(data, claim, message, "correct “at” or “quote_sha256”")


def _locator_problem(data: Path, claim: Claim, message: str, remedy: str) -> Problem:
    """Return a problem at the line of the claim file that gives the locator (0 if it is written otherwise)."""
    name = f"claims/{claim.source}.yaml"
    at = claim.locator
    written = f"at: {at.start}-{at.end}" if at else ""
    lines = (data / name).read_text("utf-8").split("\n")
    found = (number for number, line in enumerate(lines, 1) if line.lstrip("- ").rstrip() == written)
    return Problem(name, next(found, 0), message, remedy)
