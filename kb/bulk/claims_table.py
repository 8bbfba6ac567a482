"""A table folder: the claims of a knowledge base as a Parquet data set, beside the small files it needs.

``claims/part-00000.parquet`` and on hold the claims, ``links/`` what they cite; ``table.json`` says the version and
how many claims there are; documents and works stand in one Parquet file each; vocabulary, policy and the other small
files are copied as they are. A part is all that is held in memory at once. The
folder appears under its name only when it is complete.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from kb.bibliography import Work
from kb.build import KnowledgeBase
from kb.bulk.rows import COLUMNS, LINK_COLUMNS, VERSION, Row, claim_of, claim_row, link_rows
from kb.domain import Domain
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.model import Claim, Document
from kb.policy import Policy, load_policy
from kb.vocabulary import load_domain

ROWS_PER_PART = 100_000
MARK = "table.json"
REMEDY = "make one with: kb export table --out DIR"
COPIED = ("vocabulary.ttl", "policy.yaml", "documents.yaml", "verdicts.jsonl")


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        remedy = "python -m pip install 'claims-kb[scale]'"
        raise InputError([Problem("Parquet", 0, "needs the package pyarrow", remedy)]) from None
    return pa, pq


def write_table(kb: KnowledgeBase, claims: Iterable[Claim], out: Path, rows_per_part: int = ROWS_PER_PART) -> int:
    """Write the table folder ``out`` and return how many claims it holds; raise `InputError` if ``out`` exists."""
    if out.exists():
        raise InputError([Problem(str(out), 0, "exists already", "name a folder that does not")])
    if not out.parent.is_dir():
        raise InputError([Problem(str(out), 0, "lies in a folder that does not exist", "make the folder first")])
    working = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        count = _write_parts(claims, working, rows_per_part)
        _write_records(kb.documents, working / "documents.parquet")
        _write_records(kb.works, working / "works.parquet")
        for name in (*COPIED, kb.policy.bibliography):
            _copy(kb.path / name, working / Path(name).name)
        about = {"format": "claims-kb table", "version": VERSION, "claims": count}
        write_atomically(working / MARK, (json.dumps(about, indent=2) + "\n").encode())
        working.chmod(0o755)
        working.rename(out)
    except BaseException:
        shutil.rmtree(working, ignore_errors=True)
        raise
    return count


def _write_parts(claims: Iterable[Claim], folder: Path, size: int) -> int:
    """Write claims and links in parts of ``size`` claims (at least one part) and return how many claims there are."""
    (folder / "claims").mkdir()
    (folder / "links").mkdir()
    left = iter(claims)
    batch, number, count = list(islice(left, size)), 0, 0
    while batch or not number:
        name = f"part-{number:05d}.parquet"
        _write_rows([claim_row(claim) for claim in batch], COLUMNS, folder / "claims" / name)
        links = [row for claim in batch for row in link_rows(claim)]
        _write_rows(links, LINK_COLUMNS, folder / "links" / name)
        count, number, batch = count + len(batch), number + 1, list(islice(left, size))
    return count


def _copy(origin: Path, target: Path) -> None:
    if origin.is_file():
        shutil.copyfile(origin, target)


def _write_rows(rows: list[Row], columns: Any, path: Path) -> None:
    pa, pq = _pyarrow()
    types = {"text": pa.string(), "whole": pa.int64(), "real": pa.float64()}
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    pq.write_table(pa.Table.from_pylist(rows, schema), path, compression="zstd")


def _write_records(records: Iterable[BaseModel], path: Path) -> None:
    rows = [{"record": record.model_dump_json(by_alias=True)} for record in records]
    _write_rows(rows, {"record": "text"}, path)


class Table:
    """A table folder, opened; nothing but its small records is read until claims are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = check_table(path)
        self.domain: Domain = load_domain(path / "vocabulary.ttl", "vocabulary.ttl")
        self.policy: Policy = load_policy(path / "policy.yaml", "policy.yaml")

    @property
    def parts(self) -> list[Path]:
        """The files of the claims, in order."""
        return sorted((self.path / "claims").glob("part-*.parquet"))

    @property
    def links(self) -> list[Path]:
        """The files of the links from claims to works, in order."""
        return sorted((self.path / "links").glob("part-*.parquet"))

    def documents(self) -> tuple[Document, ...]:
        """Return the documents."""
        return tuple(Document.model_validate_json(text) for text in _texts(self.path / "documents.parquet"))

    def works(self) -> tuple[Work, ...]:
        """Return the works."""
        return tuple(Work.model_validate_json(text) for text in _texts(self.path / "works.parquet"))

    def claims(self) -> Iterator[Claim]:
        """Yield every claim, checked, one part in memory at a time; raise `InputError` at the first bad row."""
        _, pq = _pyarrow()
        for path in self.parts:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(10_000):
                    for row in batch.to_pylist():
                        yield _checked(row, path)


def _checked(row: Row, path: Path) -> Claim:
    try:
        return claim_of(row)
    except (ValueError, TypeError) as error:
        what = str(error).split("\n")[0]
        raise InputError([Problem(str(path), 0, f"{row.get('id')}: is no claim ({what})", REMEDY)]) from None


def _texts(path: Path) -> list[str]:
    _, pq = _pyarrow()
    texts: list[str] = pq.read_table(path).column("record").to_pylist()
    return texts


def row_count(path: Path) -> int:
    """Return how many rows a Parquet file has; raise `InputError` if it is none."""
    pa, pq = _pyarrow()
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        raise InputError([Problem(str(path), 0, "is no Parquet file", REMEDY)]) from None


def is_table(path: Path) -> bool:
    """Say whether a folder is a table folder."""
    return (path / MARK).is_file()


def check_table(path: Path) -> int:
    """Return how many claims a table folder holds; raise `InputError` if it is none, or one of another version."""
    pa, pq = _pyarrow()
    try:
        about = json.loads((path / MARK).read_text("utf-8"))
        version, count = about["version"], int(about["claims"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError([Problem(str(path), 0, f"is no table folder (it has no sound {MARK})", REMEDY)]) from None
    if version != VERSION:
        raise InputError([Problem(str(path / MARK), 0, f"is of version {version}, not {VERSION}", REMEDY)])
    problems = []
    held = 0
    for part in sorted((path / "claims").glob("part-*.parquet")):
        try:
            found = pq.read_metadata(part)
            held += found.num_rows
            lacking = sorted(set(COLUMNS) - set(found.schema.to_arrow_schema().names))
        except (pa.ArrowException, OSError):
            problems.append(Problem(str(part), 0, "is no Parquet file", REMEDY))
            continue
        if lacking:
            problems.append(Problem(str(part), 0, f"lacks the columns {', '.join(lacking)}", REMEDY))
    if not problems and held != count:
        problems.append(Problem(str(path), 0, f"holds {held:,} claims, but {MARK} says {count:,}", REMEDY))
    if problems:
        raise InputError(problems)
    return count
