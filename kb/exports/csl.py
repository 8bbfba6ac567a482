"""Works as CSL-JSON, the input of citation processors (https://docs.citationstyles.org/en/stable/, version 1.0.2).

What CSL has no variable for stands in ``custom``: study design, sample size, retraction, and whether the list of
authors is complete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from kb.bibliography import Work

TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "thesis": "thesis",
    "proceedings": "book",
    "report": "report",
    "techreport": "report",
    "online": "webpage",
    "unpublished": "manuscript",
    "dataset": "dataset",
}
"""BibTeX and BibLaTeX entry types and their CSL types; any other is a "document"."""

SUFFIX = re.compile(r"(?P<family>.+) (?P<suffix>Jr\.?|Sr\.?|I{2,3}|IV)")


def to_json(works: Iterable[Work]) -> str:
    """Return the works as one CSL-JSON array, in the order given."""
    return json.dumps([item(work) for work in works], ensure_ascii=False, indent=2) + "\n"


def item(work: Work) -> dict[str, Any]:
    """Return a work as a CSL item; what is not known is left out."""
    fields: dict[str, Any] = {
        "id": work.key,
        "type": TYPES.get(work.entry_type, "document"),
        "title": work.title,
        "author": [name(author) for author in work.authors],
        "issued": {"date-parts": [[work.year]]} if work.year else None,
        "container-title": work.journal,
        "volume": work.volume,
        "issue": work.number,
        "page": (work.pages or work.eid or "").replace("–", "-"),
        "DOI": work.doi,
        "PMID": work.pmid,
        "URL": work.url,
        "shortTitle": work.shorthand,
        "custom": _custom(work),
    }
    return {key: value for key, value in fields.items() if value}


def _custom(work: Work) -> dict[str, Any]:
    given = {
        "study-design": work.design,
        "sample-size": work.sample_size,
        "retracted": work.retracted,
        "erratum": work.erratum,
        "superseded-by": work.superseded_by,
        "authors-complete": None if work.authors_complete else False,
    }
    return {key: value for key, value in given.items() if value is not None}


def name(author: str) -> dict[str, str]:
    """Return a name ("Surname, Given", or one string for a body) as CSL has it."""
    family, comma, given = author.partition(", ")
    if not comma:
        return {"literal": author}
    if found := SUFFIX.fullmatch(family):
        return {"family": found["family"], "suffix": found["suffix"], "given": given}
    return {"family": family, "given": given}
