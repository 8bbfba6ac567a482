"""What `kb check` looks at beyond a build: texts that were named but differ, and files out of form."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kb import waivers
from kb.bibliography import read_bibliography
from kb.build import KnowledgeBase
from kb.claims import claim_files, dump_claims, load_claims
from kb.detectors import RULES
from kb.documents import MAX_SNAPSHOT, load_documents
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.ids import sha256_text
from kb.model import Claim, Document, Role
from kb.passages import blocks, damage, markers, references
from kb.policy import load_policy
from kb.vocabulary import load_domain


def check_sources(kb: KnowledgeBase, named: Iterable[Path]) -> list[Problem]:
    """Return a problem for each document whose text is in none of the folders that the user named.

    Where a file there looks like a changed version of it, the report says which and how much still stands.
    """
    folders = list(named)
    problems = []
    for document in kb.documents if folders else ():
        if document.id in kb.texts:
            continue
        claims = [claim for claim in kb.claims if claim.source == document.id and claim.locator]
        problems.append(_missing(document, claims, folders))
    return problems


def _missing(document: Document, claims: list[Claim], folders: list[Path]) -> Problem:
    best, standing = None, 0
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.is_file() and path.stat().st_size <= MAX_SNAPSHOT:
                count = _standing(path.read_bytes().decode("utf-8", "replace"), claims)
                if count > standing:
                    best, standing = path, count
    where = ", ".join(str(folder) for folder in folders)
    if best is None:
        message = f"{document.id}: no file in {where} has SHA-256 {document.sha256}"
        return Problem("documents.yaml", 0, message, "put the exact snapshot there, or correct the hash")
    text = best.read_bytes().decode("utf-8", "replace")
    first = next((claim for claim in claims if not _stands(text, claim)), None)
    at = f"; the first that does not is {first.id} at {first.locator.start}" if first and first.locator else ""
    message = f"{document.id}: {best} is another version: {standing} of {len(claims)} quotes stand{at}"
    return Problem("documents.yaml", 0, message, "restore the exact snapshot; its SHA-256 must match")


def _standing(text: str, claims: list[Claim]) -> int:
    return sum(_stands(text, claim) for claim in claims)


def _stands(text: str, claim: Claim) -> bool:
    at = claim.locator
    return at is not None and sha256_text(text[at.start : at.end]) == at.quote_sha256


def capture_problems(kb: KnowledgeBase) -> list[Problem]:
    """Return a problem for each attached text that shows other references or damage than ``documents.yaml`` records."""
    problems = []
    for document in kb.documents:
        text = kb.texts.get(document.id)
        if text is None:
            continue
        parts = blocks(text)
        listed, marked = len(references(parts)), bool(markers(text, parts))
        state = {
            (True, True): "list and markers",
            (True, False): "list without markers",
            (False, True): "markers without list",
            (False, False): "none",
        }[bool(listed), marked]
        lost = tuple(f"{place.start}-{place.end}" for place in damage(text, parts))
        for name, recorded, found in (
            ("references", document.references, state),
            ("number of listed works", len(document.listed), listed),
            ("damage", document.damage, lost),
        ):
            if recorded != found:
                message = f"{document.id}: {name}: {_shown(recorded)} recorded, {_shown(found)} in the text"
                problems.append(Problem("documents.yaml", 0, message, "record what the text shows"))
    return problems


def _shown(value: object) -> str:
    return (", ".join(str(item) for item in value) or "none") if isinstance(value, tuple) else str(value)


def unknown_codes(kb: KnowledgeBase) -> list[Problem]:
    """Return a problem for each level and waiver in the policy that belongs to no detector."""
    codes = [rule.CODE for rule in RULES]
    remedy = f"detectors are {', '.join(codes)}"
    return [
        Problem("policy.yaml", 0, f"gives a {what} to the unknown detector “{code}”", remedy)
        for what, named, known in (
            ("level", set(kb.policy.levels), {*codes, waivers.CODE}),
            ("waiver", {waiver.code for waiver in kb.policy.waivers}, set(codes)),
        )
        for code in sorted(named - known)
    ]


def unformatted(kb: KnowledgeBase) -> list[Problem]:
    """Return a problem for each claim file that is not in its canonical form."""
    return [
        Problem(f"claims/{path.name}", 0, "is not in canonical form", "run: kb format")
        for path, data in _canonical(kb.path)
        if path.read_bytes() != data
    ]


def format_claims(folder: Path) -> list[Path]:
    """Rewrite every claim file that is out of form; return those that changed."""
    changed = [(path, data) for path, data in _canonical(folder) if path.read_bytes() != data]
    remedy = "keep what they say in “note” fields and remove them"
    lost = [
        Problem(f"claims/{path.name}", number, "has a comment, which formatting would delete", remedy)
        for path, _ in changed
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1)
        if line.lstrip().startswith("#")
    ]
    if lost:
        raise InputError(lost)
    for path, data in changed:
        write_atomically(path, data)
    return [path for path, _ in changed]


def _canonical(folder: Path) -> list[tuple[Path, bytes]]:
    policy = load_policy(folder / "policy.yaml", "policy.yaml")
    domain = load_domain(folder / "vocabulary.ttl", "vocabulary.ttl")
    keys = [work.key for work in read_bibliography(folder / policy.bibliography)]
    documents = load_documents(folder / "documents.yaml", "documents.yaml", domain, keys)
    roles = {document.id: Role.CLAIM for document in documents} | dict.fromkeys(keys, Role.EVIDENCE)
    found: list[tuple[Path, bytes]] = []
    problems: list[Problem] = []
    for path in claim_files(folder / "claims"):
        try:
            claims = load_claims(path, f"claims/{path.name}", domain, roles, check_ids=False)
            found.append((path, dump_claims(path.stem, claims)))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return found
