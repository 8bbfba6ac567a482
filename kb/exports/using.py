"""Which works of the bibliography the knowledge base uses."""

from __future__ import annotations

from kb.bibliography import Work
from kb.build import KnowledgeBase


def works_in_use(kb: KnowledgeBase) -> tuple[Work, ...]:
    """Return the works that a claim cites or is about, that a document lists, or of which facts are recorded."""
    used = {link.work for claim in kb.claims for link in claim.cites}
    used |= {claim.source for claim in kb.claims}
    used |= {work for document in kb.documents for work in document.listed}
    for claim in kb.claims:
        concepts = filter(None, (claim.subject, claim.object, claim.than))
        used |= {concept.removeprefix("work:") for concept in concepts if concept.startswith("work:")}
    return tuple(work for work in kb.works if work.key in used)
