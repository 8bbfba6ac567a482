"""Builders that several tests share: the toy domain, changed knowledge bases, and claims from printed tables."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.bibliography import Work, read_bibliography
from kb.build import KnowledgeBase, build, work_name
from kb.claims import check_against
from kb.domain import Domain
from kb.errors import Problems
from kb.model import Claim, Document, Kind, Role, State
from kb.pages import Page, make_pages

TOY = Path(__file__).parent / "toy"
WORKS = Path(__file__).parent / "works.bib"

NUMBER = r"\d+(?:\.\d+)?"
RANGE = re.compile(
    rf"(?P<bound>about|typically|up to|at least)?\s*(?P<low>{NUMBER})(?:–(?P<high>{NUMBER}))? (?P<unit>.+)"
)
SET = re.compile(rf"(?P<numbers>{NUMBER}(?:, {NUMBER})* or {NUMBER}) (?P<unit>.+)")
VAGUE = re.compile(r"“(?P<printed>[^”]+)” \((?P<unit>[^)]+)\)")
BOUNDS = {"about": "about", "typically": "typical"}


# Knowledge bases


def build_folder(folder: Path) -> KnowledgeBase:
    """Build a data folder together with the texts in its ``sources``."""
    return build(folder, [folder / "sources"])


def toy_copy(parent: Path) -> Path:
    """Copy the toy domain into ``parent``, free to be changed, and return its path."""
    return shutil.copytree(TOY, parent / "toy")


def rename_documents(folder: Path, names: Mapping[str, str]) -> None:
    """Give the documents of a data folder other ids; the ids of their claims derive anew."""
    listing = folder / "documents.yaml"
    text = listing.read_text("utf-8")
    for old, new in names.items():
        text = text.replace(f"- id: {old}\n", f"- id: {new}\n")
        claims = folder / "claims" / f"{old}.yaml"
        renamed = claims.read_text("utf-8").replace(f"source: {old}\n", f"source: {new}\n")
        (folder / "claims" / f"{new}.yaml").write_text(re.sub(r"- id: \S+\n  ", "- ", renamed), "utf-8")
        claims.unlink()
        (folder / "sources" / f"{old}.txt").rename(folder / "sources" / f"{new}.txt")
    listing.write_text(text, "utf-8")


def changed(kb: KnowledgeBase, said: str, **fields: Any) -> KnowledgeBase:
    """Return the knowledge base with ``fields`` changed in the one claim that ``said`` ("source: text") names."""
    hits = [claim for claim in kb.claims if called(claim) == said]
    if len(hits) != 1:
        raise LookupError(f"{said!r} names {len(hits)} claims")
    new = Claim.model_validate(hits[0].model_dump() | fields)
    return replace(kb, claims=tuple(new if claim is hits[0] else claim for claim in kb.claims))


def called(claim: Claim) -> str:
    """Return how tests call a claim: ``source: text``."""
    return f"{claim.source}: {claim.text}"


def scoped(**stated: str) -> tuple[dict[str, Any], ...]:
    """Return a scope in which every dimension is stated."""
    return tuple({"dimension": d, "values": (v,), "state": State.STATED} for d, v in sorted(stated.items()))


# Claims from tables that people read


def made_up_works() -> dict[str, Work]:
    """Return works that do not exist, by key: what the tables of the manual cite."""
    return {work.key: work for work in read_bibliography(WORKS)}


def parse_value(text: str) -> dict[str, Any]:
    """Read a printed value: ``0.5–1 mg/kg``, ``about 40 min``, ``56 or 84 mg``, ``“a while” (week)`` or ``rare``."""
    if match := SET.fullmatch(text):
        return {"any_of": re.findall(NUMBER, match["numbers"]), "unit": match["unit"]}
    if match := VAGUE.fullmatch(text):
        return {"vague": True, "unit": match["unit"], "printed": match["printed"]}
    match = RANGE.fullmatch(text)
    if match is None:
        return {"class": text}
    low, high, unit, word = match["low"], match["high"], match["unit"], match["bound"]
    if word == "up to":
        return {"high": low, "unit": unit, "bound": "up_to"}
    if word == "at least":
        return {"low": low, "unit": unit, "bound": "at_least"}
    return {"low": low, "high": high or low, "unit": unit, "bound": BOUNDS.get(word, "range" if high else "exact")}


def parse_scope(text: str) -> tuple[dict[str, Any], ...]:
    """Read a printed scope: ``route: intravenous; indication: depression or chronic-pain``."""
    entries = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        dimension, _, values = part.partition(": ")
        entries.append({"dimension": dimension, "values": sorted(values.split(" or ")), "state": State.STATED})
    return tuple(sorted(entries, key=lambda entry: str(entry["dimension"])))


def parse_cites(text: str) -> tuple[dict[str, Any], ...]:
    """Read printed links: ``[1] harper2012; described novak2019; inferred ortega2009; [9]``, which leads nowhere."""
    links: list[dict[str, Any]] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        how, _, work = part.partition(" ")
        printed = how.startswith("[")
        link = {"basis": "marker" if printed else how, "marker": how if printed else "", "work": work or None}
        links.append(link | ({"confidence": "0.7"} if how == "inferred" else {}))
    return tuple(links)


def slug(source: str) -> str:
    """Return the id of a source from its printed name."""
    return re.sub(r"[^a-z0-9]+", "-", source.removesuffix(" (study)").lower())


def parse_reference(text: str) -> dict[str, Any]:
    """Read an entry of a reference list: ``harper2012`` or ``harper2012 (pages: PMC1; first_author: Harker)``."""
    work, _, printed = text.partition(" (")
    parts = (part.partition(": ") for part in printed.removesuffix(")").split("; ") if part)
    return {"work": work, **{name: value for name, _, value in parts}}


def pages_from_rows(domain: Domain, rows: Iterable[Mapping[str, str]], works: Mapping[str, Work]) -> list[Page]:
    """Return the pages of a table. A row without a subject adds to its page only a ``reference`` or a ``damage``."""
    rows = list(rows)
    claims = [claim_from_row(number, row) for number, row in enumerate(rows, 1) if row.get("subject")]
    documents = []
    for name in dict.fromkeys(row["source"] for row in rows if not row["source"].endswith(" (study)")):
        own = [row for row in rows if row["source"] == name]
        lists = [parse_reference(row["reference"]) for row in own if row.get("reference")]
        marked = any("[" in row.get("cites", "") for row in own)
        state = {(1, 1): "list and markers", (1, 0): "list without markers", (0, 1): "markers without list"}
        documents.append(
            Document.model_validate(
                {
                    "id": slug(name),
                    "title": name,
                    "short": name,
                    "publisher": "made up",
                    "kind": "page",
                    "captured": "never",
                    "characters": 1000,
                    "sha256": "0" * 64,
                    "references": state.get((bool(lists), marked), "none"),
                    "lists": lists,
                    "damage": [row["damage"] for row in own if row.get("damage")],
                }
            )
        )
    names = {document.id: document.short for document in documents} | {k: work_name(w) for k, w in works.items()}
    return make_pages(domain, documents, claims, works, names)


def claim_from_row(number: int, row: Mapping[str, str]) -> Claim:
    """Return the claim of one table row; a source marked ``(study)`` holds evidence, any other is a document."""
    source = row["source"]
    study = source.endswith(" (study)")
    left_out = ("source", "value", "reference", "damage")
    fields: dict[str, Any] = {name: text for name, text in row.items() if text and name not in left_out}
    fields["scope"] = parse_scope(row.get("scope", ""))
    fields["cites"] = parse_cites(row.get("cites", ""))
    if row.get("value"):
        fields["value"] = parse_value(row["value"])
    kind = Kind.QUANTITY if row.get("value") else Kind.COMPARISON if row.get("relation") else Kind.STATEMENT
    return Claim.model_validate(
        {
            "id": f"c-{number:03}",
            "source": slug(source),
            "role": Role.EVIDENCE if study else Role.CLAIM,
            "text": f"row {number}",
            "kind": kind,
            **fields,
        }
    )


def faults(domain: Domain, claims: Iterable[Claim], works: Iterable[str] = ()) -> list[str]:
    """Return what in ``claims`` the domain does not know or does not allow."""
    problems = Problems("table")
    roles = dict.fromkeys(works, Role.EVIDENCE)
    for claim in claims:
        check_against(domain, roles, claim, (), {(): int(claim.id.removeprefix("c-"))}, problems)
    return [str(problem) for problem in problems.found]
