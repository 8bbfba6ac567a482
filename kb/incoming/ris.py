"""Reading RIS, as Zotero, PubMed and publishers write it, through rispy.

rispy drops without a word what is not closed by ER, and takes a broken line of an author for another author; so the
file is parted into records and whole lines here, and each record is given to it alone.
The tags: https://github.com/zotero/translators/blob/master/RIS.js
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kb.bibliography import Work
from kb.errors import InputError, Problem
from kb.incoming.fields import Person, RefusedError, make_work

TAG_LINE = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*)|)")
KINDS = {
    **dict.fromkeys(("JOUR", "JFULL", "MGZN", "NEWS", "EJOUR", "ABST", "INPR"), "article"),
    **dict.fromkeys(("ELEC", "WEB", "ICOMM", "BLOG"), "online"),
    **{"BOOK": "book", "EBOOK": "book", "CHAP": "incollection", "ECHAP": "incollection", "RPRT": "report"},
    **{"THES": "thesis", "CONF": "inproceedings", "CPAPER": "inproceedings", "DATA": "dataset"},
}
FIELDS = {  # name: the tags that give it, the best first
    "title": ("TI", "T1", "CT", "BT"),
    "journal": ("T2", "JO", "JF", "JA", "J2", "J1"),
    "volume": ("VL",),
    "number": ("IS",),
    "eid": ("C7",),
    "doi": ("DO", "M3"),
    "url": ("UR", "L2", "LK"),
    "date": ("PY", "Y1", "DA"),
}
PEOPLE = ("AU", "A1")
NOTES = ("N1", "AN", "C2")


class Record(NamedTuple):
    """The whole lines of one record, its first line in the file, and what is wrong with it as a whole."""

    line: int
    lines: tuple[str, ...]
    fault: str = ""


def read_ris(text: str, shown: str) -> Iterator[tuple[int, Work | RefusedError]]:
    """Yield the line of each record with its work, or why it is refused; raise `InputError` without rispy."""
    try:
        import rispy
    except ImportError:
        remedy = "install the ingest extra: python -m pip install rispy"
        raise InputError([Problem(shown, 0, "reading RIS needs rispy", remedy)]) from None
    for record in records(text):
        if record.fault:
            yield record.line, RefusedError(record.fault, "let each record run from a line TY to a line ER")
            continue
        tags = [line[:2] for line in record.lines]
        parser = rispy.RisParser(
            mapping={tag: tag for tag in (*tags, "UK")}, list_tags=list(set(tags) - {"TY"}), delimiter_tags_mapping={}
        )
        try:
            yield record.line, _work(parser.parse("\n".join(record.lines))[0], record.line)
        except RefusedError as refusal:
            yield record.line, refusal


def records(text: str) -> Iterator[Record]:
    """Yield the records of a file; lines that a line break tore apart are whole again."""
    lines: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        found = TAG_LINE.fullmatch(line.rstrip())
        tag = found[1] if found else ""
        if tag == "TY" and lines:
            yield Record(start, (), "it is not closed: another one starts before its line ER")
            lines = []
        if tag == "TY":
            start = number
        elif not lines and tag:
            yield Record(number, (), f"the line {tag} stands outside of a record")
            continue
        if lines and not found:
            if line.strip():
                lines[-1] += f" {line.strip()}"
        elif found:
            lines.append(f"{tag}  - {found[2] or ''}")
        if tag == "ER":
            yield Record(start, tuple(lines))
            lines = []
    if lines:
        yield Record(start, (), "it is not closed: the file ends before its line ER")


def _work(record: dict[str, Any], line: int) -> Work:
    kind = KINDS.get(record["TY"].strip().upper(), "misc")
    raw = {
        name: next((value for tag in tags for value in record.get(tag, ()) if value), "")
        for name, tags in FIELDS.items()
    }
    if not record.get("DO") and not re.search(r"\b10\.\d{4,9}/", raw["doi"]):
        raw["doi"] = ""  # M3 is a DOI for some, a kind of work for others
    first, last = (next(iter(record.get(tag, ())), "") for tag in ("SP", "EP"))
    raw["pages"] = f"{first}-{last}" if first and last and "-" not in first else first
    raw["note"] = "\n".join(value for tag in NOTES for value in record.get(tag, ()))
    people = []
    for name in (name for tag in PEOPLE for name in record.get(tag, ())):
        family, _, given = name.partition(",")
        given, _, suffix = given.partition(",")  # RIS writes "Zarate, C. A., Jr."
        people.append(Person(f"{family} {suffix}".strip(), given))
    return make_work(kind, line, raw, people)
