"""Works as CSL-JSON items, the form in which citation processors read them.

The form: https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
"""

from __future__ import annotations

import re
from typing import Any

from kb.bibliography import Work

Item = dict[str, Any]

TYPES = {
    **{"article": "article-journal", "book": "book", "booklet": "pamphlet", "inbook": "chapter"},
    **{"incollection": "chapter", "inproceedings": "paper-conference", "conference": "paper-conference"},
    **{"mastersthesis": "thesis", "phdthesis": "thesis", "thesis": "thesis", "techreport": "report"},
    **{"report": "report", "online": "webpage", "electronic": "webpage", "dataset": "dataset"},
    **{"unpublished": "manuscript", "misc": "document"},
}
"""Kinds of entry by the type that CSL gives them; every other one is a document."""

SUFFIX = re.compile(r"(?P<family>.+) (?P<suffix>Jr\.?|Sr\.?|II|III|IV)")


def csl_item(work: Work) -> Item:
    """Return a work as a CSL-JSON item, its key as the id; what is not recorded is left out.

    An article number stands as ``number``, the variable meant for it, and not as a page. An open list of authors
    cannot be said in CSL-JSON: `kb.reports.styles` adds the mark itself.
    """
    kind = TYPES.get(work.entry_type, "document")
    item: Item = {
        "id": work.key,
        "type": kind,
        "title": work.title,
        "author": [csl_name(name) for name in work.authors],
        "issued": {"date-parts": [[work.year]]} if work.year is not None else None,
        "container-title": work.journal,
        "volume": work.volume,
        "issue": work.number if kind == "article-journal" else None,
        "number": work.eid if kind == "article-journal" else work.number,
        "page": work.pages,
        "DOI": work.doi,
        "PMID": work.pmid,
        "URL": work.url,
    }
    return {name: value for name, value in item.items() if value not in (None, [], "")}


def csl_name(name: str) -> dict[str, str]:
    """Return "Surname, Given" in its parts; a name without comma is that of a body and stays as it is."""
    family, comma, given = name.partition(", ")
    if not comma:
        return {"literal": name}
    suffixed = SUFFIX.fullmatch(family)
    if suffixed:
        return {"family": suffixed["family"], "given": given, "suffix": suffixed["suffix"]}
    return {"family": family, "given": given}
