"""Classes on an ordinal scale: a column for each class in rank order, a row for each thing that is classed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.build import KnowledgeBase
from kb.domain import Concept
from kb.model import Claim, Ordinal
from kb.scopes import describe_scope, effective_scope
from kb.ui.components.lines import claim_link, concept_label
from kb.ui.markup import Html, join, tag

MOST = 60


@dataclass(frozen=True)
class OrdinalRow:
    """One thing that is classed, with the claims that put it into each class."""

    label: str
    classes: dict[str, list[Claim]]

    @property
    def disagrees(self) -> bool:
        """Whether the claims give more than one class."""
        return len(self.classes) > 1


def scale(kb: KnowledgeBase, claims: Sequence[Claim]) -> list[Concept]:
    """Return the classes of the scale that the claims use, lowest first."""
    used = {claim.value.class_ for claim in claims if isinstance(claim.value, Ordinal)}
    schemes = {kb.domain.properties[claim.property].scale for claim in claims}
    schemes |= {kb.domain.concepts[name].scheme for name in used}
    classes = [c for c in kb.domain.concepts.values() if c.rank is not None and (c.scheme in schemes or c.id in used)]
    return sorted(classes, key=lambda concept: (concept.rank or 0, concept.id))


def rows(kb: KnowledgeBase, claims: Iterable[Claim]) -> list[OrdinalRow]:
    """Return a row for each thing that is classed, those with more than one class first."""
    found: dict[str, dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        if isinstance(claim.value, Ordinal):
            found[claim.object or claim.subject][claim.value.class_].append(claim)
    made = [OrdinalRow(concept_label(kb, name), dict(classes)) for name, classes in found.items()]
    return sorted(made, key=lambda row: (not row.disagrees, -sum(map(len, row.classes.values())), row.label))


def build(kb: KnowledgeBase, claims: Sequence[Claim]) -> Html:
    """Return the table; where it is long, its first rows, and how many are left out."""
    classes, made = scale(kb, claims), rows(kb, claims)
    if not made:
        return tag("p", "No claims in this selection.", cls="kb-muted")
    caption = summary(kb, claims)
    heads = [tag("th", concept.label, scope="col") for concept in classes]
    body = [_row(kb, classes, row) for row in made[:MOST]]
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", tag("th", "Of what", scope="col"), *heads)),
        tag("tbody", *body),
        cls="kb-t-ordinal",
    )
    more = len(made) - MOST
    return join(
        [
            tag("div", table, cls="kb-scroll", tabindex="0", role="region", aria_label="classes by source"),
            tag("p", f"{more:,} more rows are in the table below.", cls="kb-muted kb-small") if more > 0 else None,
        ]
    )


def summary(kb: KnowledgeBase, claims: Sequence[Claim]) -> str:
    """Return the table in one sentence."""
    made = rows(kb, claims)
    apart = sum(row.disagrees for row in made)
    count = sum(len(found) for row in made for found in row.classes.values())
    differ = "the class differs for none of them" if not apart else f"for {apart} of them the class differs"
    return f"{count:,} claims put {len(made):,} things into classes; {differ}."


def _row(kb: KnowledgeBase, classes: Sequence[Concept], row: OrdinalRow) -> Html:
    mark = tag("span", "differs", cls="kb-t-differs") if row.disagrees else None
    cells = [
        tag("td", *(_chip(kb, c) for c in row.classes.get(concept.id, ())), data_label=concept.label)
        for concept in classes
    ]
    return tag("tr", tag("th", row.label, mark, scope="row"), *cells)


def _chip(kb: KnowledgeBase, claim: Claim) -> Html:
    scope = effective_scope(kb.domain, claim)
    words = " · ".join(describe_scope(kb.domain, name, values) for name, values in scope.items())
    title = f"{claim.text} ({words})" if words else claim.text
    name = kb.names.get(claim.source, claim.source)
    return tag("a", name, href=claim_link(claim), title=title, cls="kb-t-chip")
