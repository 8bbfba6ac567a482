"""The full profile back into records: what `kb.rdf.exporting` wrote, read from any of its formats."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import ValidationError

from kb.bibliography import Work
from kb.errors import InputError, Problem
from kb.model import Claim, Document
from kb.rdf.facts import Facts
from kb.rdf.terms import CKB, DCTERMS, KB, OA, SCHEMA, VALUES, Term
from kb.rdf.tokens import name_of, root_of
from kb.verdicts import Verdict

Fields = dict[str, Any]


class Imported(NamedTuple):
    """The records of one export, each kind in its order; of works, ``line`` is their place in that order."""

    base: str
    documents: tuple[Document, ...]
    works: tuple[Work, ...]
    claims: tuple[Claim, ...]
    verdicts: tuple[Verdict, ...]


def import_facts(facts: Facts) -> Imported:
    """Return the records; raise `InputError` where the file is no export of one domain in the full profile."""
    domains = facts.of_type(KB.Domain)
    if len(domains) != 1:
        message = f"declares {len(domains)} domains"
        raise InputError([Problem("import", 0, message, "read one export of the full profile")])
    reader = _Reader(facts, root_of(domains[0]))
    documents = [reader.document(node) for node in facts.of_type(CKB.Document)]
    works = sorted((reader.work(node) for node in facts.of_type(CKB.Work)), key=lambda w: str(w["key"]))
    claims = [reader.claim(node) for node in facts.of_type(CKB.Claim)]
    verdicts = sorted((reader.verdict(node) for node in facts.of_type(CKB.Verdict)), key=lambda pair: pair[0])
    return Imported(
        domains[0],
        tuple(sorted((_made(Document, d) for d in documents), key=lambda d: d.id)),
        tuple(_made(Work, work | {"line": line}) for line, work in enumerate(works, 1)),
        tuple(sorted((_made(Claim, c) for c in claims), key=lambda c: c.id)),
        tuple(_made(Verdict, fields) for _, fields in verdicts),
    )


def _made(record: Any, fields: Fields) -> Any:
    try:
        return record.model_validate(fields)
    except ValidationError as error:
        name = str(fields.get("id") or fields.get("key") or fields.get("finding"))
        problems = [
            Problem(name, 0, f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}", "export it again")
            for fault in error.errors(include_url=False, include_context=False)
        ]
        raise InputError(problems) from None


class _Reader:
    def __init__(self, facts: Facts, root: str) -> None:
        self.facts = facts
        self.root = root

    # Values

    def name(self, address: str) -> str:
        """Return the name below the root; of a work ``work:KEY``, as claims on it say."""
        if not address.startswith(self.root):
            raise InputError([Problem(address, 0, f"lies outside <{self.root}>", "read one export of one domain")])
        rest = address[len(self.root) :]
        kind, mark, name = rest.partition("#") if "#" in rest else rest.partition("/")
        return f"work:{name_of(name)}" if kind == "work" and mark == "/" else name_of(name)

    def named(self, node: str, term: Term) -> str | None:
        found = self.facts.one(node, term)
        return None if found is None else self.name(found)

    def value(self, node: str, term: Term) -> str | None:
        """Return the value of a closed list."""
        found = self.facts.one(node, term)
        if found is None:
            return None
        if f"<{found}>" not in VALUES:
            raise InputError([Problem(node, 0, f"{term} is <{found}>, which is not in the vocabulary", "correct it")])
        return VALUES[f"<{found}>"][1]

    def number(self, node: str, term: Term) -> Decimal | None:
        found = self.facts.one(node, term)
        return None if found is None else Decimal(found)

    def ordered(self, node: str, term: Term) -> list[str]:
        """Return the nodes that a property leads to, by their position."""
        return sorted(self.facts.texts(node, term), key=lambda n: int(self.facts.needed(n, CKB.position)))

    def symbol(self, node: str) -> str | None:
        unit = self.facts.one(node, CKB.unit)
        return self.facts.needed(unit, KB.symbol) if unit else None

    # Records

    def scope(self, node: str) -> list[Fields]:
        entries: list[Fields] = []
        for item in self.ordered(node, CKB.scopeEntry):
            dimension = self.name(self.facts.needed(item, CKB.dimension))
            value = self.named(item, CKB.scopeValue) or self.facts.needed(item, CKB.measuredValue)
            if entries and entries[-1]["dimension"] == dimension:
                entries[-1]["values"] += (value,)
                continue
            state, basis = self.value(item, CKB.scopeState), self.value(item, CKB.basis) or ""
            entries.append({"dimension": dimension, "values": (value,), "state": state, "basis": basis})
        return entries

    def claim(self, node: str) -> Fields:
        facts, proposition = self.facts, self.facts.needed(node, CKB.states)
        source = facts.needed(node, CKB.source)
        fields: Fields = {
            "id": facts.needed(node, DCTERMS.identifier),
            "source": self.name(source).removeprefix("work:"),
            "text": facts.needed(node, SCHEMA.text),
            "kind": self.value(proposition, CKB.kind),
            "subject": self.named(proposition, CKB.subject),
            "property": self.named(proposition, CKB.property),
            "object": self.named(proposition, CKB.object),
            "than": self.named(proposition, CKB.than),
            "relation": self.value(proposition, CKB.relation),
            "polarity": self.value(proposition, CKB.polarity),
            "duty": self.value(proposition, CKB.duty),
            "strength": self.value(proposition, CKB.strength),
            "value": self.quantity(node),
            "implied": facts.one(node, CKB.impliedComparator) == "true",
            "scope": self.scope(node),
            "unknown": sorted(self.name(item) for item in facts.texts(node, CKB.scopeUnknown)),
            "certainty": self.value(node, CKB.certainty),
            "attribution": self.value(node, CKB.attribution),
            "appeals_to": self.value(node, CKB.appealsTo),
            "locator": self.locator(node),
            "cites": [self.citation(item) for item in self.ordered(node, CKB.citation)],
            "role": self.value(node, CKB.role),
            "checked": self.value(node, CKB.checked),
            "made": self.value(node, CKB.made),
        }
        for name, term in (("part", CKB.part), ("seen_at", CKB.seenAt), ("note", CKB.note)):
            fields[name] = facts.one(node, term) or ""
        return fields

    def quantity(self, node: str) -> Fields | None:
        item = self.facts.one(node, CKB.value)
        if item is None:
            return None
        printed = self.facts.one(item, CKB.printed) or ""
        class_ = self.named(item, CKB.valueClass)
        if class_ is not None:
            return {"class": class_, "printed": printed}
        fields: Fields = {"unit": self.symbol(item), "bound": self.value(item, CKB.bound), "printed": printed}
        kinds = self.facts.texts(item, "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>")
        if CKB.SetValue[1:-1] in kinds:
            return fields | {"any_of": sorted(Decimal(text) for text in self.facts.texts(item, SCHEMA.value))}
        if CKB.VagueValue[1:-1] in kinds:
            return fields | {"vague": True}
        return fields | {"low": self.number(item, SCHEMA.minValue), "high": self.number(item, SCHEMA.maxValue)}

    def locator(self, node: str) -> Fields | None:
        at = self.facts.one(node, CKB.locator)
        if at is None:
            return None
        target = self.facts.needed(at, OA.hasTarget)
        for selector in self.facts.texts(target, OA.hasSelector):
            if self.facts.one(selector, OA.start) is not None:
                digest = self.facts.needed(selector, CKB.quoteSha256)
                start, end = (int(self.facts.needed(selector, term)) for term in (OA.start, OA.end))
                return {"start": start, "end": end, "quote_sha256": digest}
        raise InputError([Problem(node, 0, "has a locator without a position", "export it again")])

    def citation(self, node: str) -> Fields:
        work = self.named(node, CKB.work)
        return {
            "marker": self.facts.one(node, CKB.marker) or "",
            "work": work.removeprefix("work:") if work else None,
            "basis": self.value(node, CKB.basis),
            "confidence": self.number(node, CKB.confidence),
        }

    def texts(self, node: str, fields: dict[str, Term]) -> Fields:
        """Return the fields that are given as text."""
        found = {name: self.facts.one(node, term) for name, term in fields.items()}
        return {name: value for name, value in found.items() if value is not None}

    def document(self, node: str) -> Fields:
        names = {
            "id": DCTERMS.identifier,
            "title": DCTERMS.title,
            "publisher": CKB.publisherName,
            "kind": CKB.documentKind,
            "short": CKB.shortName,
            "captured": CKB.captured,
            "sha256": CKB.sha256,
            "references": CKB.references,
            "scope_reason": CKB.scopeReason,
            "note": CKB.note,
        }
        damage = self.facts.one(node, CKB.damage) or ""
        return self.texts(node, names) | {
            "characters": int(self.facts.needed(node, CKB.characters)),
            "scope": self.scope(node),
            "damage": damage.split(),
            "lists": [self.reference(item) for item in self.ordered(node, CKB.referenceEntry)],
        }

    def reference(self, node: str) -> Fields:
        names = {
            "first_author": CKB.firstAuthor,
            "title": DCTERMS.title,
            "pages": SCHEMA.pagination,
            "doi": CKB.doi,
        }
        work = self.name(self.facts.needed(node, CKB.work)).removeprefix("work:")
        year = self.facts.one(node, DCTERMS.issued)
        return self.texts(node, names) | {"work": work, "year": int(year) if year else None}

    def work(self, node: str) -> Fields:
        names = {
            "key": DCTERMS.identifier,
            "entry_type": CKB.entryType,
            "title": DCTERMS.title,
            "volume": SCHEMA.volumeNumber,
            "number": SCHEMA.issueNumber,
            "pages": SCHEMA.pagination,
            "eid": CKB.eid,
            "doi": CKB.doi,
            "pmid": CKB.pmid,
            "url": SCHEMA.url,
            "shorthand": CKB.shorthand,
            "population": CKB.population,
            "species": CKB.species,
            "erratum": CKB.erratum,
            "superseded_by": CKB.supersededBy,
            "retracted": CKB.retracted,
            "note": CKB.note,
        }
        year, size = self.facts.one(node, DCTERMS.issued), self.facts.one(node, CKB.sampleSize)
        journal = self.facts.one(node, DCTERMS.isPartOf)
        return self.texts(node, names) | {
            "year": int(year) if year else None,
            "sample_size": int(size) if size else None,
            "journal": self.facts.one(journal, DCTERMS.title) if journal else None,
            "design": self.value(node, CKB.design),
            "authors": [self.facts.needed(item, SCHEMA.name) for item in self.ordered(node, DCTERMS.creator)],
            "authors_complete": self.facts.one(node, CKB.authorsComplete) != "false",
            "verified": (self.facts.one(node, CKB.verifiedFields) or "").split(),
            "unverified": (self.facts.one(node, CKB.unverifiedFields) or "").split(),
        }

    def verdict(self, node: str) -> tuple[int, Fields]:
        facts = self.facts
        return int(facts.needed(node, CKB.position)), {
            "finding": self.name(facts.needed(node, SCHEMA.itemReviewed)),
            "code": facts.needed(node, CKB.code),
            "question": facts.one(node, CKB.question) or "",
            "kind": self.value(node, CKB.kind),
            "verdict": self.value(node, CKB.ruling),
            "reason": facts.one(node, SCHEMA.reviewBody) or "",
            "by": facts.needed(facts.needed(node, SCHEMA.author), SCHEMA.name),
            "at": facts.needed(node, SCHEMA.datePublished).replace("+00:00", "Z"),  # as some parsers give it
            "members": [self.judged(item) for item in self.ordered(node, CKB.member)],
        }

    def judged(self, node: str) -> Fields:
        return {
            "claim": self.named(node, CKB.claim) or "",
            "source": self.name(self.facts.needed(node, CKB.source)).removeprefix("work:"),
            "pole": self.facts.needed(node, CKB.pole),
            "hash": self.facts.needed(node, CKB.contentHash),
            "text": self.facts.one(node, SCHEMA.text) or "",
        }
