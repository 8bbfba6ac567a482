"""Topics: who says what about which topic, and all that is said about one property of it."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from kb.coverage import matrix as coverage
from kb.look import KINDS, plural
from kb.model import Claim, FindingKind
from kb.scopes import describe_scope, effective_scope
from kb.standing import Standing, StandingState
from kb.tables import render
from kb.ui import url
from kb.ui.components import card, matrix, timeline
from kb.ui.components.topic_css import CSS
from kb.ui.desk import Desk
from kb.ui.filters import Filter
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.markup import Child, Html, join, tag
from kb.ui.navigation import TITLES
from kb.ui.screens import topic_pictures
from kb.wording import join as listed

FINDINGS = 10
ORDERS = {"": "as in the vocabulary", "disagreement": "most findings first"}


def show(desk: Desk) -> None:
    """Show one topic, or all of them by document."""
    st.html(f"<style>{CSS}</style>")
    topic = url.get("topic")
    if topic in desk.kb.domain.topics:
        _topic(desk, topic)
        return
    put(tag("h1", "Topics"))
    if topic:
        put(tag("p", f"Topic {topic} is not in the vocabulary. All topics are below.", cls="kb-info"))
    _topics(desk)


# All topics


def _topics(desk: Desk) -> None:
    put(tag("p", "What each document says on each topic, and the strongest finding on it. Open a topic or a cell."))
    with st.columns([1, 2])[0]:
        order = url.select("Order", "order", list(ORDERS)[1:], ORDERS.__getitem__, ORDERS[""])
    put(matrix.build(desk, order or "vocabulary"))
    remaining = [standing.finding for standing in desk.inbox.standings if standing.remains]
    st.download_button(
        "Download this table (CSV)",
        data=lambda: render("coverage", [c.model_dump(mode="json") for c in coverage(desk.kb, remaining)], "csv"),
        file_name="coverage.csv",
        mime="text/csv",
        on_click="ignore",
    )
    _silence(desk)


def _silence(desk: Desk) -> None:
    domain, catalogue = desk.kb.domain, desk.catalogue
    said = {claim.property for claim in catalogue.claims.values() if catalogue.is_document(claim.source)}
    unsaid: dict[str, list[str]] = {topic: [] for topic in catalogue.topics}
    heard = {domain.properties[name].topic for name in said}
    for definition in sorted(domain.properties.values(), key=lambda p: p.label):
        if definition.id not in said:
            unsaid[definition.topic].append(definition.label)
    silent = [domain.topics[topic].label for topic in catalogue.topics if topic not in heard]
    count = sum(map(len, unsaid.values()))
    items = [
        tag("li", tag("strong", domain.topics[topic].label), f": {', '.join(labels)}")
        for topic, labels in unsaid.items()
        if labels
    ]
    told = (
        f"No document says anything on {listed(silent)}."
        if silent
        else "Every topic is spoken on by at least one document."
    )
    folded = tag(
        "details",
        tag("summary", f"{count:,} of {len(domain.properties):,} properties on which no document makes a claim"),
        tag("ul", *items),
    )
    put(tag("h2", "Expected by the vocabulary, found nowhere"), tag("p", told), folded if items else None)


# One topic


def _topic(desk: Desk, topic: str) -> None:
    domain = desk.kb.domain
    claims = desk.catalogue.by_topic.get(topic, [])
    entitle(_capital(domain.topics[topic].label), TITLES["topics"])
    put(
        tag("p", tag("a", "‹ all topics", href=url.to("topics")), cls="kb-small"),
        tag("h1", _capital(domain.topics[topic].label)),
        _meta(desk, topic, claims),
    )
    if not claims:
        nothing_here("No source says anything on this topic.")
        return
    properties = _properties(desk, topic, claims)
    if (given := url.get("prop")) and given not in properties:
        first = _capital(domain.properties[properties[0]].label)
        told = f"No claim on this topic is about a property {given}. {first} is shown."
        put(tag("p", told, cls="kb-info"))
    name, chosen = _choose(desk, claims, properties)
    put(tag("h2", _capital(domain.properties[name].label)))
    _findings(desk, topic, name)
    if not chosen:
        nothing_here("No claims in this selection.")
    else:
        if len(chosen) == 1:
            put(tag("p", "One source says something here; there is nothing to compare.", cls="kb-muted"))
        topic_pictures.show(desk, name, chosen)
    _works(desk, claims)


def _meta(desk: Desk, topic: str, claims: list[Claim]) -> Html:
    sources = {claim.source for claim in claims}
    documents = sum(desk.catalogue.is_document(source) for source in sources)
    works = len(sources) - documents
    silent = [document.short for document in desk.kb.documents if document.id not in sources]
    counts = Filter(topic=topic).counts(desk.inbox.standings)
    links = [
        tag(
            "a",
            f"{KINDS[kind].glyph} {counts[kind]} {plural(kind, counts[kind])}",
            href=url.to("findings", topic=topic, kind=kind.value),
            cls=f"kb-{kind}",
        )
        for kind in FindingKind
        if counts[kind]
    ]
    told = f"{_count(len(claims), 'claim')} from {_count(documents, 'document')} and {_count(works, 'work')}"
    parts: list[Child] = [tag("span", told)]
    parts.append(tag("span", f"silent: {_some(silent)}" if silent else "no document is silent"))
    parts.append(
        tag("span", "findings still to judge: ", join(links, " · ")) if links else "no findings still to judge"
    )
    return tag("div", *parts, cls="kb-meta")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _some(names: list[str], most: int = 8) -> str:
    return listed(names if len(names) <= most else [*names[:most], f"{len(names) - most:,} more documents"])


def _properties(desk: Desk, topic: str, claims: list[Claim]) -> list[str]:
    """Return the properties with claims, those with most findings first, then those with most claims."""
    sizes = Counter(claim.property for claim in claims)
    contested = Counter(s.finding.property for s in desk.inbox.by_topic.get(topic, ()) if s.remains)
    return sorted(sizes, key=lambda name: (-contested[name], -sizes[name], name))


def _choose(desk: Desk, claims: list[Claim], properties: list[str]) -> tuple[str, list[Claim]]:
    """Let a person choose property, source and scope; return the property and the claims that fit."""
    domain, names = desk.kb.domain, desk.kb.names
    sizes = Counter(claim.property for claim in claims)
    first, second, third = st.columns(3)
    with first:
        name = url.select("Property", "prop", properties, lambda p: f"{domain.properties[p].label} ({sizes[p]})")
    sources = sorted({c.source for c in claims}, key=lambda s: (not desk.catalogue.is_document(s), names.get(s, s)))
    with second:
        source = url.select("Source", "doc", sources, lambda s: names.get(s, s), "every source")
    here = [claim for claim in claims if claim.property == name]
    scopes: Counter[str] = Counter()
    for claim in here:
        scopes.update(f"{d}:{v}" for d, values in effective_scope(domain, claim).items() for v in values)

    def words(entry: str) -> str:
        dimension, _, value = entry.partition(":")
        label = domain.dimensions[dimension].label
        return f"{label}: {describe_scope(domain, dimension, [value])} ({scopes[entry]})"

    with third:
        asked = url.select("Scope", "scope", sorted(scopes, key=lambda e: (-scopes[e], e)), words, "every scope")
    return name, [claim for claim in here if source in ("", claim.source) and _fits(desk, claim, asked)]


def _fits(desk: Desk, claim: Claim, asked: str) -> bool:
    dimension, _, value = asked.partition(":")
    return not asked or value in effective_scope(desk.kb.domain, claim).get(dimension, ())


def _findings(desk: Desk, topic: str, name: str) -> None:
    found = [s for s in desk.inbox.by_topic.get(topic, ()) if s.finding.property == name]
    if not found:
        return
    items = [_finding(standing) for standing in found]
    rest = items[FINDINGS:]
    put(
        tag(
            "details",
            tag("summary", f"{_count(len(found), 'finding')} on this property"),
            tag("ul", *items[:FINDINGS], cls="kb-t-found"),
            tag("details", tag("summary", f"{len(rest)} more"), tag("ul", *rest, cls="kb-t-found")) if rest else None,
            open=len(found) <= 4,
            cls="kb-strong",
        )
    )


def _finding(standing: Standing) -> Html:
    finding = standing.finding
    state = "" if standing.state is StandingState.OPEN else f" {standing.state.value}"
    link = tag("a", finding.title, href=url.to("findings", f=finding.id, state="all"))
    note = tag("span", state, cls="kb-muted kb-small") if state else None
    return tag("li", card.glyph(finding.kind), " ", link, note)


def _works(desk: Desk, claims: list[Claim]) -> None:
    works = timeline.cited_works(desk.kb, claims)
    drawn = timeline.build(desk.kb, works)
    if drawn is not None:
        told = f"{timeline.summary(works)}, by year of publication"
        put(tag("details", tag("summary", told), drawn, cls="kb-strong"))
