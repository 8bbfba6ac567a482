"""Builders that several tests share: the toy domain, changed knowledge bases, and claims from printed tables."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.build import KnowledgeBase, build
from kb.claims import check_against
from kb.domain import Domain
from kb.errors import Problems
from kb.model import Claim, Kind, Role, State

TOY = Path(__file__).parent / "toy"

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


def claim_from_row(number: int, row: Mapping[str, str]) -> Claim:
    """Return the claim of one table row; a source marked ``(study)`` holds evidence, any other is a document."""
    source = row["source"]
    study = source.endswith(" (study)")
    fields: dict[str, Any] = {name: text for name, text in row.items() if text and name not in ("source", "value")}
    fields["scope"] = parse_scope(row.get("scope", ""))
    if row.get("value"):
        fields["value"] = parse_value(row["value"])
    kind = Kind.QUANTITY if row.get("value") else Kind.COMPARISON if row.get("relation") else Kind.STATEMENT
    return Claim.model_validate(
        {
            "id": f"c-{number:03}",
            "source": re.sub(r"[^a-z0-9]+", "-", source.removesuffix(" (study)").lower()),
            "role": Role.EVIDENCE if study else Role.CLAIM,
            "text": f"row {number}",
            "kind": kind,
            **fields,
        }
    )


def faults(domain: Domain, claims: Iterable[Claim]) -> list[str]:
    """Return what in ``claims`` the domain does not know or does not allow."""
    problems = Problems("table")
    for claim in claims:
        check_against(domain, {}, claim, (), {(): int(claim.id.removeprefix("c-"))}, problems)
    return [str(problem) for problem in problems.found]
