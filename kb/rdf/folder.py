"""A data folder from an import: vocabulary, works, documents, claims and verdicts, checked before it appears.

The policy (levels, waivers) is no part of the export; the folder gets an empty one.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from kb.bibliography import Work
from kb.build import build
from kb.claims import dump_claims
from kb.errors import InputError, Problem
from kb.model import Claim, Document
from kb.rdf.facts import Facts
from kb.rdf.importing import Imported
from kb.rdf.terms import DCTERMS, KB, NAMESPACES, RDF, SKOS, Term
from kb.rdf.tokens import Quad, root_of, text
from kb.rdf.writers import Turtle
from kb.verdicts import FILE, dump_verdict

TYPES = (KB.Domain, KB.Topic, KB.Scheme, SKOS.Concept, KB.Property, KB.Dimension, KB.Unit, KB.Axiom)
SPOKEN = tuple(NAMESPACES[name] for name in ("kb", "skos"))
ALSO = tuple(term[1:-1] for term in (RDF.type, DCTERMS.title, DCTERMS.source))
TO_ESCAPE = re.compile(r"[&%$#_{}]")


def write_folder(facts: Facts, found: Imported, folder: Path) -> list[Path]:
    """Write the folder and return its files; raise `InputError` if it is not empty or cannot hold the records."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError([Problem(str(folder), 0, "exists and is not empty", "name a new folder")])
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        files = _files(facts, found)
        for name, data in files.items():
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_bytes(data)
        (draft / "claims").mkdir(exist_ok=True)
        _check(found, draft)
        draft.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return [folder / name for name in files]


def _check(found: Imported, draft: Path) -> None:
    """Read the folder and compare: what a file cannot hold must not be lost in silence."""
    kb = build(draft)
    read = {"claims": kb.claims, "documents": kb.documents, "verdicts": kb.verdicts, "works": _unplaced(kb.works)}
    given = {name: getattr(found, name) for name in read} | {"works": _unplaced(found.works)}
    given["verdicts"] = tuple(sorted(found.verdicts, key=lambda v: v.at))
    problems = []
    for name, records in read.items():
        for ours, theirs in zip(given[name], records, strict=True):
            if ours != theirs:
                label = getattr(ours, "id", None) or getattr(ours, "key", None) or getattr(ours, "finding", "")
                problems.append(Problem(f"{name}: {label}", 0, "cannot be written as it was read", "simplify its text"))
    if problems:
        raise InputError(problems)


def _unplaced(works: tuple[Work, ...]) -> tuple[Work, ...]:
    return tuple(work.model_copy(update={"line": 0}) for work in works)


def _files(facts: Facts, found: Imported) -> dict[str, bytes]:
    by_source: dict[str, list[Claim]] = defaultdict(list)
    documents = {document.id: document for document in found.documents}
    for claim in found.claims:
        by_source[claim.source].append(_own_scope(claim, documents.get(claim.source)))
    files = {
        "vocabulary.ttl": _vocabulary(facts, found.base).encode("utf-8"),
        "policy.yaml": b"bibliography: references.bib\nlevels: {}\n",
        "references.bib": "\n".join(_entry(work) for work in found.works).encode("utf-8"),
        "documents.yaml": _yaml({"documents": [_document(document) for document in found.documents]}),
    }
    files |= {f"claims/{source}.yaml": dump_claims(source, by_source[source]) for source in sorted(by_source)}
    if found.verdicts:
        files[FILE] = "".join(map(dump_verdict, found.verdicts)).encode("utf-8")
    return files


def _own_scope(claim: Claim, document: Document | None) -> Claim:
    """Return the claim without what it has from its page: the page gives that again."""
    given = document.scope if document else ()
    kept = tuple(entry for entry in claim.scope if entry not in given)
    return claim.model_copy(update={"scope": kept})


def _vocabulary(facts: Facts, base: str) -> str:
    root = root_of(base)
    turtle = Turtle(root, graphs=False)
    parts = [turtle.header]
    for kind in TYPES:
        for node in facts.of_type(kind):
            quads = []
            for predicate, thing in facts.about(node):
                known = predicate.startswith(SPOKEN) or predicate in ALSO
                if known and not (thing.text.startswith(NAMESPACES["kb"]) and predicate != ALSO[0]):
                    value = f"<{thing.text}>" if thing.is_iri else text(thing.text)
                    value = Term(value) if thing.is_iri and not thing.text.startswith(root) else value
                    quads.append(Quad(f"<{node}>", Term(f"<{predicate}>"), value, ""))
            parts.append(turtle(quads))
    return "".join(parts)


def _yaml(data: dict[str, Any]) -> bytes:
    dumped: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    return dumped.encode("utf-8")


def _document(document: Document) -> dict[str, Any]:
    fields = document.model_dump(mode="json", exclude={"scope", "lists"}, exclude_defaults=True)
    if document.scope:
        fields["scope"] = {"inherited": {e.dimension: {"is": list(e.values), "from": e.basis} for e in document.scope}}
    if document.lists:
        fields["lists"] = [entry.model_dump(mode="json", exclude_defaults=True) for entry in document.lists]
    return fields


def _entry(work: Work) -> str:
    named = {*work.verified, *work.unverified}
    loose = work.entry_type in ("online", "misc") and len(work.authors) == 1 and work.authors_complete
    as_organization = "organization" in named or (loose and "author" not in named)
    people = [_braced(author) for author in work.authors] + ([] if work.authors_complete else ["others"])
    fields: dict[str, str | None] = {"organization" if as_organization else "author": " and ".join(people)}
    plain = ("title", "journal", "volume", "number", "pages", "eid", "doi", "pmid", "url", "shorthand")
    fields |= {name: _escaped(getattr(work, name) or "") for name in plain}
    fields |= {
        "year": str(work.year or ""),
        "studydesign": work.design,
        "samplesize": str(work.sample_size or ""),
        "population": _escaped(work.population or ""),
        "species": _escaped(work.species or ""),
        "erratum": _escaped(work.erratum or ""),
        "supersededby": work.superseded_by,
        "retraction": _escaped(work.retracted or ""),
        "note": _escaped(work.note or ""),
        "verified": ", ".join(work.verified),
        "unverified": ", ".join(work.unverified),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{work.entry_type}{{{work.key},\n{body}}}\n"


def _escaped(value: str) -> str:
    return TO_ESCAPE.sub(r"\\\g<0>", value)


def _braced(author: str) -> str:
    return f"{{{_escaped(author)}}}"
