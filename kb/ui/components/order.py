"""Comparisons as a partial order: who is said to stand above whom on the scale of a property, and by which source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.build import KnowledgeBase
from kb.catalogue import Inbox
from kb.look import KINDS
from kb.model import Claim, FindingKind, Kind, Polarity, Relation, Role
from kb.scopes import describe_scope, effective_scope
from kb.stances import effective_polarity
from kb.ui.components.lines import claim_link, concept_label
from kb.ui.markup import Html, tag
from kb.wording import join

MOST = 40
NAMES = 3
OPPOSED = (FindingKind.CONTRADICTION, FindingKind.DISCREPANCY, FindingKind.TENSION)
UNDIRECTED = {Relation.EQUAL: "the same", Relation.DIFFERS: "differs", Relation.UNCLEAR: "unclear"}
INK = {False: ("#1F2430", "#566075"), True: ("#E8EAEE", "#A3ACBA")}


@dataclass(frozen=True)
class Edge:
    """One relation with the claims that state it; ``upper`` stands above ``lower`` where the relation is *greater*.

    ``denied`` says that the claims say it is not so.
    """

    upper: str
    lower: str
    relation: Relation
    object: str | None
    denied: bool
    claims: tuple[Claim, ...]
    opposed: bool

    @property
    def works(self) -> bool:
        """Whether only works stand behind it."""
        return all(claim.role is Role.EVIDENCE for claim in self.claims)


def edges(claims: Iterable[Claim], inbox: Inbox) -> list[Edge]:
    """Return the distinct relations, those that clash with another first, then those of most claims."""
    found: dict[tuple[str, str, Relation, str | None, bool], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind is not Kind.COMPARISON or claim.relation is None or claim.than is None:
            continue
        upper, lower, relation = claim.subject, claim.than, claim.relation
        if relation is Relation.LESS:
            upper, lower, relation = lower, upper, Relation.GREATER
        elif relation is not Relation.GREATER:
            upper, lower = sorted((upper, lower))
        denied = effective_polarity(claim) is Polarity.NEGATED
        found[upper, lower, relation, claim.object, denied].append(claim)
    made = [Edge(*key, tuple(members), any(_opposed(inbox, c) for c in members)) for key, members in found.items()]
    return sorted(made, key=lambda e: (not e.opposed, -len(e.claims), e.upper, e.lower, e.relation, e.object or ""))


def _opposed(inbox: Inbox, claim: Claim) -> bool:
    """Say whether the claim takes part in a finding that remains and sets comparisons against something."""
    found = inbox.by_claim.get(claim.id, ())
    return any(s.remains and s.finding.kind in OPPOSED and s.finding.code.startswith("C") for s in found)


def dot(kb: KnowledgeBase, found: Sequence[Edge], dark: bool = False) -> str:
    """Return the graph in the language of Graphviz; what is said not to be so is left to the words."""
    drawn = [edge for edge in found if not edge.denied][:MOST]
    ink, muted = INK[dark]
    look = KINDS[FindingKind.TENSION]
    names = {
        name: f"n{number}" for number, name in enumerate(dict.fromkeys(n for e in drawn for n in (e.upper, e.lower)))
    }
    font = 'fontname="Source Sans Pro, Helvetica, sans-serif"'
    lines = [
        "digraph {",
        'graph [bgcolor="transparent", rankdir="TB", nodesep="0.35", ranksep="0.45"];',
        f'node [shape="box", style="rounded", color={quoted(muted)}, fontcolor={quoted(ink)}, fontsize="13", {font}];',
        f'edge [color={quoted(muted)}, fontcolor={quoted(ink)}, fontsize="11", {font}];',
    ]
    lines += [f"{node} [label={quoted(_wrap(concept_label(kb, name)))}];" for name, node in names.items()]
    for edge in drawn:
        colour = look.dark if dark else look.light
        more = f', color={quoted(colour)}, fontcolor={quoted(colour)}, penwidth="2.5"' if edge.opposed else ""
        more += ', style="dashed"' if edge.works else ""
        more += ', dir="none"' if edge.relation in UNDIRECTED else ""
        label = quoted(_wrap(_label(kb, edge)))
        lines.append(f"{names[edge.upper]} -> {names[edge.lower]} [label={label}{more}];")
    return "\n".join([*lines, "}"])


def quoted(value: str) -> str:
    r"""Return text as a string of Graphviz: quotes, its own escapes (``\N``) and entities (``&lt;``) as they stand."""
    plain = "".join(c if c.isprintable() or c == "\n" else f"[U+{ord(c):04X}]" for c in value)
    escaped = plain.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _wrap(value: str, width: int = 24) -> str:
    lines = [""]
    for word in value.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _label(kb: KnowledgeBase, edge: Edge) -> str:
    about = f" ({concept_label(kb, edge.object)})" if edge.object else ""
    word = UNDIRECTED.get(edge.relation, "")
    return f"{word + ': ' if word else ''}{_sources(kb, edge)}{about}"


def _sources(kb: KnowledgeBase, edge: Edge) -> str:
    names = list(dict.fromkeys(kb.names.get(claim.source, claim.source) for claim in edge.claims))
    more = len(names) - NAMES
    return join([*names[:NAMES], f"{more} more"] if more > 0 else names)


def sentence(kb: KnowledgeBase, edge: Edge) -> str:
    """Return a relation in words, without its sources."""
    upper, lower = concept_label(kb, edge.upper), concept_label(kb, edge.lower)
    label = kb.domain.properties[edge.claims[0].property].label
    words = {
        Relation.EQUAL: f"{label} is the same for {upper} and {lower}",
        Relation.DIFFERS: f"{label} differs between {upper} and {lower}",
        Relation.UNCLEAR: f"how {upper} and {lower} compare in {label} is unclear",
    }
    told = words.get(edge.relation, f"{label} is greater for {upper} than for {lower}")
    about = f" ({concept_label(kb, edge.object)})" if edge.object else ""
    return f"denied: {told}{about}" if edge.denied else f"{told}{about}"


def alternative(kb: KnowledgeBase, found: Sequence[Edge]) -> str:
    """Return the graph in plain words."""
    if not found:
        return "No claims in this selection."
    told = [f"{sentence(kb, e)} ({_sources(kb, e)}{'; clashes' if e.opposed else ''})" for e in found[:MOST]]
    more = f" {len(found) - MOST} more relations are in the list." if len(found) > MOST else ""
    words = "; ".join(told)
    return f"{words[:1].upper()}{words[1:]}.{more}"


def listed(kb: KnowledgeBase, found: Sequence[Edge]) -> Html:
    """Return the relations as a list with links to the claims."""
    return tag("ul", *(_item(kb, edge) for edge in found), cls="kb-t-order")


def _item(kb: KnowledgeBase, edge: Edge) -> Html:
    look = KINDS[FindingKind.TENSION]
    mark = tag("span", f"{look.glyph} clashes ", cls="kb-t-clash") if edge.opposed else None
    told = sentence(kb, edge)
    claims = [tag("li", _claim(kb, claim)) for claim in edge.claims]
    return tag("li", mark, told[:1].upper() + told[1:], tag("ul", *claims))


def _claim(kb: KnowledgeBase, claim: Claim) -> Html:
    scope = effective_scope(kb.domain, claim)
    words = " · ".join(describe_scope(kb.domain, name, values) for name, values in scope.items())
    link = tag("a", kb.names.get(claim.source, claim.source), href=claim_link(claim))
    kind = " (work)" if claim.role is Role.EVIDENCE else ""
    note = tag("span", f" {words}", cls="kb-muted kb-small") if words else None
    return tag("span", link, f"{kind}: {claim.text}", note)
