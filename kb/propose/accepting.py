"""From a decision to the claim file: an accepted claim is checked like any other before a byte is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import Path

import yaml

from kb.build import KnowledgeBase, read
from kb.claims import dump_claims, load_claims
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.model import Checked, Claim, Role
from kb.propose.drafts import Decision, Draft, PageRecord, held, load_draft, save_draft
from kb.propose.records import Proposal


def accept(data: Path, document: str, proposal: str, claim: Claim | None = None) -> Draft:
    """Accept a proposal, as it is or as edited in ``claim``, and write the claim file of its page.

    Raises `InputError` where the claim does not fit the vocabulary or the file; then nothing has changed.
    """
    with held(data, document):
        draft = load_draft(data, document)
        proposed = find_proposal(draft, proposal)
        accepted = reviewed(draft, claim or proposed.claim)
        if accepted is None:
            message = "is a quantity without a property"
            raise InputError([Problem(proposal, 0, message, "edit it: name property and subject, then accept")])
        changed = draft.with_decision(Decision(proposal=proposal, state="accepted", claim=accepted))
        write_page(data, changed)
        save_draft(data, changed)
        return changed


def reject(data: Path, document: str, proposal: str, skip: bool = False) -> Draft:
    """Reject a proposal, or put it aside; a claim that was accepted from it leaves the claim file again."""
    with held(data, document):
        draft = load_draft(data, document)
        find_proposal(draft, proposal)
        before = draft.decided().get(proposal)
        changed = draft.with_decision(Decision(proposal=proposal, state="skipped" if skip else "rejected"))
        if before is not None and before.claim is not None:
            write_page(data, changed, gone=[before.claim.id])
        save_draft(data, changed)
        return changed


def undo(data: Path, document: str) -> tuple[Draft, Decision | None]:
    """Take the last decision back, in the draft and in the claim file."""
    with held(data, document):
        draft, last = load_draft(data, document).without_last()
        if last is None:
            return draft, None
        if last.claim is not None:
            write_page(data, draft, gone=[last.claim.id])
        save_draft(data, draft)
        return draft, last


def find_proposal(draft: Draft, proposal: str) -> Proposal:
    """Return a proposal by its id or a beginning of it that only one has."""
    found = [p for p in draft.proposals if p.id.startswith(proposal)] if proposal else []
    if len(found) != 1:
        message = "names no proposal" if not found else f"names {len(found)} proposals"
        raise InputError([Problem(proposal or "“”", 0, f"{message} of {draft.page.id}", "see kb review --list")])
    return found[0]


def reviewed(draft: Draft, claim: Claim | None) -> Claim | None:
    """Return an accepted claim: read once by a person; its text and place are those of the page."""
    if claim is None:
        return None
    checked = Checked.READ_ONCE if claim.checked is Checked.DRAFT else claim.checked
    return claim.model_copy(update={"checked": checked, "source": draft.page.id})


def accepted_claims(draft: Draft) -> dict[str, Claim]:
    """Return the claims that stand accepted in a draft, by id."""
    claims = (decision.claim for decision in draft.decided().values() if decision.state == "accepted")
    return {claim.id: claim for claim in claims if claim is not None}


def write_page(data: Path, draft: Draft, gone: Iterable[str] = ()) -> None:
    """Write documents.yaml (where the page is new) and the claim file with the accepted claims of a draft.

    Claims that were there already stay. All is checked before the first file is written.
    """
    document = draft.page.id
    kb, problems = read(data, only=document)
    if kb is None:
        raise InputError(problems)
    blocking = [problem for problem in problems if problem.path == f"claims/{document}.yaml"]
    if blocking:
        raise InputError(blocking)
    known = {claim.id: claim for claim in written_claims(data, kb, document)}
    wanted = accepted_claims(draft)
    merged = {**known, **wanted}
    for claim in set(gone) - set(wanted):
        merged.pop(claim, None)
    content = dump_claims(document, merged.values())
    check_claims(kb, document, content)
    if document not in {d.id for d in kb.documents}:
        _add_document(data, draft.page)
    path = data / "claims" / f"{document}.yaml"
    if merged or path.exists():
        write_atomically(path, content)


def difference(data: Path, draft: Draft) -> str:
    """Return what accepting changed in the claim file of a page since its draft began, as a unified diff."""
    path = data / "claims" / f"{draft.page.id}.yaml"
    now = path.read_text("utf-8") if path.is_file() else ""
    kb, problems = read(data, only=draft.page.id)
    if kb is None:
        raise InputError(problems)
    mine = set(accepted_claims(draft))
    before = dump_claims(
        draft.page.id, [c for c in written_claims(data, kb, draft.page.id) if c.id not in mine]
    ).decode("utf-8")
    name = f"claims/{draft.page.id}.yaml"
    return "".join(unified_diff(before.splitlines(True), now.splitlines(True), name, name, n=1))


def written_claims(data: Path, kb: KnowledgeBase, document: str) -> tuple[Claim, ...]:
    """Return the claims of a file as written, without the scope that the page lends them."""
    path = data / "claims" / f"{document}.yaml"
    if not path.is_file():
        return ()
    return load_claims(path, f"claims/{document}.yaml", kb.domain, known_roles(kb, document))


def known_roles(kb: KnowledgeBase, document: str) -> Mapping[str, Role]:
    """Return the sources that claims may name, with a page that is not in documents.yaml yet."""
    works = {work.key: Role.EVIDENCE for work in kb.works}
    return {**{d.id: Role.CLAIM for d in kb.documents}, **works, document: Role.CLAIM}


def check_claims(kb: KnowledgeBase, document: str, content: bytes) -> None:
    """Read the claim file back before it is written, exactly as a build would."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{document}.yaml"
        path.write_bytes(content)
        load_claims(path, f"claims/{document}.yaml", kb.domain, known_roles(kb, document))


def _add_document(data: Path, page: PageRecord) -> None:
    """Append the page to documents.yaml without touching what stands there."""
    path = data / "documents.yaml"
    text = path.read_text("utf-8")
    entry = {
        "id": page.id, "title": page.title, "publisher": page.publisher, "kind": page.kind, "short": page.short,
        "captured": page.captured, "characters": str(page.characters), "sha256": page.sha256, "references": "none",
    }  # fmt: skip
    lines = yaml.serialize(_mapping(entry), Dumper=yaml.BaseDumper, allow_unicode=True, width=110).splitlines()
    added = "\n".join(("- " if number == 0 else "  ") + line for number, line in enumerate(lines)) + "\n"
    indent = _indent(text)
    block = "".join(indent + line for line in added.splitlines(True))
    whole = text.rstrip("\n") + "\n" + block
    if text.strip().endswith("documents: []"):
        whole = text.strip().removesuffix("[]").rstrip() + "\n" + block
    write_atomically(path, whole.encode("utf-8"))


def _indent(text: str) -> str:
    """Return the blanks before the items of the list in documents.yaml."""
    first = next((line for line in text.split("\n") if line.lstrip().startswith("- ")), "- ")
    return first[: len(first) - len(first.lstrip())]


def _mapping(entry: Mapping[str, str]) -> yaml.MappingNode:
    def scalar(value: str) -> yaml.ScalarNode:
        return yaml.ScalarNode("tag:yaml.org,2002:str", value)

    return yaml.MappingNode(
        "tag:yaml.org,2002:map", [(scalar(k), scalar(v)) for k, v in entry.items()], flow_style=False
    )
