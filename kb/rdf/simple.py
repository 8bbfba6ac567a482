"""The simple profile: schema.org in JSON-LD, for whoever wants claims, reviews and articles and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kb.build import KnowledgeBase
from kb.model import Role
from kb.rdf.judged_quads import source_path, verdict_id
from kb.rdf.tokens import path, root_of


def simple_texts(kb: KnowledgeBase) -> Iterator[str]:
    """Yield one JSON-LD document: articles and pages, claims with where they appear, reviews."""
    root = root_of(kb.domain.base)
    works = frozenset(work.key for work in kb.works)
    yield '{"@context":{"@vocab":"https://schema.org/"},"@graph":[\n'
    yield ",\n".join(json.dumps(_kept(node), separators=(",", ":")) for node in _nodes(kb, root, works))
    yield "\n]}\n"


def _kept(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, [], "")}


def _nodes(kb: KnowledgeBase, root: str, works: frozenset[str]) -> Iterator[dict[str, Any]]:
    for document in kb.documents:
        yield {
            "@id": f"{root}document/{path(document.id)}",
            "@type": "CreativeWork",
            "identifier": document.id,
            "name": document.title,
            "citation": [{"@id": f"{root}work/{path(key)}"} for key in dict.fromkeys(document.listed)],
        }
    for work in kb.works:
        yield {
            "@id": f"{root}work/{path(work.key)}",
            "@type": "ScholarlyArticle" if work.entry_type == "article" else "CreativeWork",
            "identifier": work.key,
            "name": work.title,
            "creditText": "; ".join(work.authors),
            "datePublished": str(work.year) if work.year else None,
            "pagination": work.pages,
        }
    for claim in sorted(kb.claims, key=lambda item: item.id):
        source = {"@id": f"{root}{source_path(claim.source, works)}"}
        yield {
            "@id": f"{root}claim/{path(claim.id)}",
            "@type": "Claim",
            "identifier": claim.id,
            "text": claim.text,
            "appearance" if claim.role is Role.CLAIM else "isBasedOn": source,
        }
    for position, verdict in enumerate(kb.verdicts, 1):
        base = f"{root}verdict/{verdict_id(position, verdict)}"
        yield {
            "@id": base,
            "@type": "ClaimReview",
            "itemReviewed": {"@id": f"{root}finding/{path(verdict.finding)}"},
            "author": {"@id": f"{base}#author", "@type": "Person", "name": verdict.by},
            "datePublished": verdict.at,
            "reviewBody": verdict.reason,
            "reviewRating": {"@id": f"{base}#rating", "@type": "Rating", "alternateName": str(verdict.verdict)},
        }
