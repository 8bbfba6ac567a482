"""Findings kept beside the claims of a table folder: ``DIR/found/``, which is what the app reads.

The folder holds all that a screen asks for, in files that are sorted by what they are asked by, so that a page is read
from a few pages of Parquet: findings, who takes part in them, sources, answers by property, and the claims once more in
order of source and place. ``found.json`` says of which claims, vocabulary and policy this was made.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.audit import order_findings
from kb.build import KnowledgeBase
from kb.bulk.claims_table import check_table
from kb.bulk.engines import DuckEngine
from kb.bulk.found_claims import write_claims
from kb.bulk.found_rows import (
    FINDINGS,
    MEMBERS,
    SOURCES,
    TAKING_PART,
    Row,
    finding_rows,
    member_rows,
    part_rows,
    source_rows,
)
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.ids import sha256_bytes
from kb.model import Finding
from kb.waivers import unused_waivers

FOLDER, MARK, VERSION = "found", "found.json", 1
REMEDY = "make it anew with: kb --data DIR index"
COPIED = ("vocabulary.ttl", "policy.yaml")
ROWS_PER_GROUP = 2_048
"""Rows of Parquet that are read together."""

FILES = (
    "findings.parquet",
    "members.parquet",
    "taking_part.parquet",
    "sources.parquet",
    "claims.parquet",
    "taken.parquet",
    "ids.parquet",
    "by_property.parquet",
    "edges.parquet",
    "said.parquet",
    "properties.parquet",
    "answers.parquet",
    "opponents.parquet",
    "facts.parquet",
)


@dataclass(frozen=True)
class Mark:
    """What ``found.json`` says: how much there is, of which parts, and the stamp of what it was made from.

    Documents make ``made`` of the claims; ``looked`` of ``parts`` parts were searched, both are 0 where all were.
    """

    claims: int
    made: int
    findings: int
    looked: int
    parts: int
    stamp: str


def stamp_of(table: Path) -> str:
    """Return a hash of all that findings depend on: the footer of each Parquet file, vocabulary and policy.

    A footer holds number, size and bounds of the rows, so that it tells one version of a file from another without
    reading the file. Raises `InputError` for a folder that is no sound table folder.
    """
    parts = [f"claims {check_table(table)}"]
    files = [table / "documents.parquet", table / "works.parquet"]
    files += [path for name in ("claims", "links") for path in sorted((table / name).glob("part-*.parquet"))]
    problems = []
    for path in (*files, *(table / name for name in COPIED)):
        try:
            found = sha256_bytes(path.read_bytes()) if path.name in COPIED else _footer(path)
            parts.append(f"{path.relative_to(table).as_posix()} {path.stat().st_size} {found}")
        except (OSError, struct.error):
            problems.append(Problem(str(path), 0, "cannot be read", "make the table with: kb export table --out DIR"))
    if problems:
        raise InputError(problems)
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def _footer(path: Path) -> str:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 8, 0))
        (length,) = struct.unpack("<I", file.read(4))
        file.seek(max(size - 8 - length, 0))
        return sha256_bytes(file.read())


# Writing


def write_found(
    kb: KnowledgeBase, engine: DuckEngine, findings: Sequence[Finding], searched: tuple[int, int] = (0, 0)
) -> int:
    """Write ``found/`` into the table folder of ``kb``, in place of one that is there; return how many findings.

    ``searched`` is how many parts were looked at and how many there are; (0, 0) is all, and then waivers that hide
    nothing are among the findings, as they are where data folders are reviewed.
    """
    folder = kb.path / FOLDER
    stamp = stamp_of(kb.path)
    if searched == (0, 0):
        findings = order_findings([*findings, *unused_waivers(kb, findings)])
    working = Path(tempfile.mkdtemp(dir=kb.path, prefix=f".{FOLDER}."))
    try:
        _write_rows(kb, findings, working)
        counts = write_claims(engine, kb.domain, working)
        about = {
            "format": "claims-kb findings",
            "version": VERSION,
            **counts,
            "findings": len(findings),
            "looked": searched[0],
            "parts": searched[1],
            "stamp": stamp,
        }
        for name in COPIED:
            shutil.copyfile(kb.path / name, working / name)
        write_atomically(working / MARK, (json.dumps(about, indent=2) + "\n").encode())
        if stamp_of(kb.path) != stamp:
            raise InputError([Problem(str(kb.path), 0, "changed while it was searched", "run the command again")])
        working.chmod(0o755)
        _replace(working, folder)
    except BaseException:
        shutil.rmtree(working, ignore_errors=True)
        raise
    return len(findings)


def _write_rows(kb: KnowledgeBase, findings: Sequence[Finding], folder: Path) -> None:
    rows = finding_rows(findings, kb.policy, frozenset(document.id for document in kb.documents))
    members = member_rows(findings)
    parts = part_rows(rows, members)
    _write(rows, FINDINGS, folder / "findings.parquet")
    _write(members, MEMBERS, folder / "members.parquet")
    _write(parts, TAKING_PART, folder / "taking_part.parquet")
    _write(source_rows(kb.documents, kb.works, parts), SOURCES, folder / "sources.parquet")


def _write(rows: Sequence[Row], columns: Mapping[str, str], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"text": pa.string(), "whole": pa.int64()}
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, max(len(rows), 1), ROWS_PER_GROUP):
            writer.write_table(pa.Table.from_pylist(list(rows[first : first + ROWS_PER_GROUP]), schema))


def _replace(working: Path, folder: Path) -> None:
    """Put a folder in place of another; whoever looks between the two steps sees no findings yet."""
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{FOLDER}.old."))
    try:
        if folder.exists():
            folder.rename(old / FOLDER)
        working.rename(folder)
    finally:
        shutil.rmtree(old, ignore_errors=True)


# Reading


def is_found(table: Path) -> bool:
    """Say whether a table folder has findings beside its claims."""
    return (table / FOLDER).is_dir()


def read_mark(table: Path) -> Mark:
    """Return what ``found.json`` says; raise `InputError` if the findings are not there, not whole or too old."""
    folder = table / FOLDER
    try:
        about: Any = json.loads((folder / MARK).read_text("utf-8"))
        version = about["version"]
        counts = {name: int(about[name]) for name in ("claims", "made", "findings", "looked", "parts")}
        mark = Mark(**counts, stamp=str(about["stamp"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError([Problem(str(folder), 0, f"holds no findings (it has no sound {MARK})", REMEDY)]) from None
    if version != VERSION:
        raise InputError([Problem(str(folder / MARK), 0, f"is of version {version}, not {VERSION}", REMEDY)])
    _check_files(folder, mark)
    return mark


def _check_files(folder: Path, mark: Mark) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = {"findings.parquet": mark.findings, "claims.parquet": mark.claims, "ids.parquet": mark.claims}
    problems = []
    for name in FILES:
        try:
            rows = pq.read_metadata(folder / name).num_rows
        except (pa.ArrowException, OSError):
            problems.append(Problem(str(folder / name), 0, "is no Parquet file", REMEDY))
            continue
        if rows != wanted.get(name, rows):
            what = f"holds {rows:,} rows, but {MARK} says {wanted[name]:,}"
            problems.append(Problem(str(folder / name), 0, what, REMEDY))
    problems += [Problem(str(folder / n), 0, "is missing", REMEDY) for n in COPIED if not (folder / n).is_file()]
    if problems:
        raise InputError(problems)


def is_stale(table: Path, mark: Mark) -> bool:
    """Say whether claims, vocabulary or policy changed since the findings were made."""
    return stamp_of(table) != mark.stamp


def read_findings(table: Path) -> Iterator[Finding]:
    """Yield the findings in order, a group of rows in memory at a time."""
    import pyarrow.parquet as pq

    read_mark(table)
    with pq.ParquetFile(table / FOLDER / "findings.parquet") as file:
        for batch in file.iter_batches(ROWS_PER_GROUP, columns=["record"]):
            for text in batch.column("record").to_pylist():
                yield Finding.model_validate_json(text)
