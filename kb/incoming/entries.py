"""Works as BibTeX entries that `kb.bibliography` reads back to exactly the same values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from kb.bibliography import Work

ESCAPES = {**{sign: f"\\{sign}" for sign in "&%$#_{}"}, "\\": "\\textbackslash{}", "~": "\\textasciitilde{}"}
LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')")
"""Between two signs that BibTeX would read as a dash or a quotation mark."""

FIELDS = (  # name in the file, name in `Work`, whether the value stands there as it is
    *(("title", "title", False), ("journal", "journal", False), ("year", "year", True)),
    *(("volume", "volume", False), ("number", "number", False), ("pages", "pages", False), ("eid", "eid", False)),
    *(("doi", "doi", True), ("pmid", "pmid", True), ("url", "url", True), ("shorthand", "shorthand", False)),
    *(("studydesign", "design", True), ("population", "population", False), ("samplesize", "sample_size", True)),
    *(("species", "species", False), ("erratum", "erratum", False), ("supersededby", "superseded_by", True)),
    *(("retraction", "retracted", False), ("note", "note", False)),
)


PLAIN_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
"""What a claim file may name as a source."""


def entry(work: Work) -> str:
    """Return a work as an entry in the layout of this project, with its line end."""
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work))
    return f"@{work.entry_type}{{{work.key},\n{lines}}}\n"


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    if work.authors or not work.authors_complete:
        yield "author", " and ".join([*map(_name, work.authors), *(() if work.authors_complete else ("others",))])
    for name, attribute, verbatim in FIELDS:
        value = getattr(work, attribute)
        if value is not None:
            text = str(value) if verbatim else _encoded(value)
            yield name, re.sub(r"(?<=\w)–(?=\w)", "--", text) if name == "pages" else text
    for name in ("verified", "unverified"):
        if getattr(work, name):
            yield name, " ".join(getattr(work, name))


def _encoded(text: str) -> str:
    return "".join(ESCAPES.get(sign, sign) for sign in LIGATURE.sub("\0", text)).replace("\0", "{}")


def _name(name: str) -> str:
    """Return a name so that nothing in it is taken for a word between names; a body is kept together by braces."""
    family, comma, given = name.partition(", ")
    if not comma or "," in given or "," in family:
        return f"{{{_encoded(name)}}}"
    return f"{_protected(family)}, {_protected(given)}"


def _protected(part: str) -> str:
    return f"{{{_encoded(part)}}}" if re.search(r"(?:^|\s)and(?:\s|$)", part) else _encoded(part)


class Keys:
    """Hands out keys: surname and year, with a letter where that is taken. ``taken`` are the ids of all sources."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = {key.casefold() for key in taken}
        self.letters: dict[str, int] = {}

    def free(self, work: Work) -> str:
        """Return a key for a work and keep it taken; its own, if it has one that is free and plain."""
        key = work.key if PLAIN_KEY.fullmatch(work.key) and work.key not in self.taken else self._made(work)
        self.taken.add(key)
        return key

    def _made(self, work: Work) -> str:
        stem = f"{_ascii(_surname(work))[:40] or _ascii(work.title.split()[0])[:40] or 'work'}{work.year or ''}"
        key = stem
        while key in self.taken:
            number = self.letters.get(stem, 0)
            self.letters[stem] = number + 1
            key = stem + _letter(number)
        return key


def _surname(work: Work) -> str:
    family = work.authors[0].partition(",")[0] if work.authors else ""
    return re.sub(r" (?:Jr|Sr)\.?$", "", family)


def _ascii(text: str) -> str:
    """Return the letters and digits of a text as the keys of this project have them: plain and lower case."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("ł", "l").replace("æ", "ae"))
    return re.sub(r"[^a-z0-9]", "", folded)


def _letter(number: int) -> str:
    tail = chr(ord("a") + number % 26)
    return tail if number < 26 else _letter(number // 26 - 1) + tail
