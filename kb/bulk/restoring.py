"""A data folder from a table folder: claim files again, one for each source, and everything beside them."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path

from kb.bulk.claims_table import COPIED, Table
from kb.claims import dump_claims
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.model import Claim, Document

BIBLIOGRAPHY = "references.bib"


def restore(table: Table, into: Path) -> int:
    """Write the data folder ``into`` and return how many claim files it has; raise `InputError` if it exists.

    All claims are held in memory, as they are whenever a data folder is read.
    """
    if into.exists():
        raise InputError([Problem(str(into), 0, "exists already", "name a folder that does not")])
    if not into.parent.is_dir():
        raise InputError([Problem(str(into), 0, "lies in a folder that does not exist", "make the folder first")])
    documents = {document.id: document for document in table.documents()}
    by_source: dict[str, list[Claim]] = defaultdict(list)
    for claim in table.claims():
        by_source[claim.source].append(_as_written(claim, documents.get(claim.source)))
    working = Path(tempfile.mkdtemp(dir=into.parent, prefix=f".{into.name}."))
    try:
        (working / "claims").mkdir()
        for source, claims in by_source.items():
            write_atomically(working / "claims" / f"{source}.yaml", dump_claims(source, claims))
        for name in COPIED:
            if (table.path / name).is_file():
                shutil.copyfile(table.path / name, working / name)
        origin = table.path / Path(table.policy.bibliography).name
        if origin.is_file():
            shutil.copyfile(origin, working / BIBLIOGRAPHY)
        _name_bibliography(working / "policy.yaml")
        working.chmod(0o755)
        working.rename(into)
    except BaseException:
        shutil.rmtree(working, ignore_errors=True)
        raise
    return len(by_source)


def _as_written(claim: Claim, document: Document | None) -> Claim:
    """Return a claim without the scope that its page gives it, which reading adds again."""
    if document is None:
        return claim
    scope = tuple(entry for entry in claim.scope if entry not in document.scope)
    return claim.model_copy(update={"scope": scope})


def _name_bibliography(policy: Path) -> None:
    text = policy.read_text("utf-8")
    line = f"bibliography: {BIBLIOGRAPHY}"
    found = re.sub(r"(?m)^bibliography:.*$", line, text)
    write_atomically(policy, found.encode("utf-8"))
