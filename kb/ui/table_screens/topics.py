"""Topics of a table: how much is said on each, which answers a property is given, and by how many sources."""

from __future__ import annotations

import streamlit as st

from kb.bulk import browsing, inbox, overview
from kb.bulk.browsing import PAGE, Answer, PropertyLine
from kb.bulk.inbox import Asked
from kb.look import plural
from kb.model import Claim, FindingKind
from kb.scopes import describe_scope, effective_scope
from kb.ui import url
from kb.ui.components import card, tabular
from kb.ui.components.claims_download import claims_button
from kb.ui.components.lines import claim_link, concept_label
from kb.ui.components.topic_css import CSS
from kb.ui.desk import Desk
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.markup import Child, Html, join, tag
from kb.ui.navigation import TITLES
from kb.ui.table_desk import TableDesk
from kb.ui.table_frame import searched
from kb.ui.table_screens.sources import kinds_cell
from kb.wording import claim_value

FINDINGS = 8


def show(desk: TableDesk) -> None:
    """Show one topic, or all of them."""
    st.html(f"<style>{CSS}</style>")
    topic = url.get("topic")
    if topic in desk.domain.topics:
        _topic(desk, topic)
        return
    put(tag("h1", "Topics"))
    if topic:
        put(tag("p", f"Topic {topic} is not in the vocabulary. All topics are below.", cls="kb-info"))
    _topics(desk)


def _topics(desk: TableDesk) -> None:
    columns = ("Topic", "Claims", "Documents", "Works", "Findings that count")
    rows: list[list[Child]] = [
        [
            tag("a", _capital(desk.domain.topics[line.topic].label), href=url.to("topics", topic=line.topic)),
            f"{line.claims:,}",
            f"{line.documents:,}",
            f"{line.works:,}",
            kinds_cell(line.kinds),
        ]
        for line in overview.topics(desk.asking, desk.judged)
    ]
    put(tabular.build("What is said on each topic, and by how many sources", columns, rows))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# One topic


def _topic(desk: TableDesk, topic: str) -> None:
    label = _capital(desk.domain.topics[topic].label)
    entitle(label, TITLES["topics"])
    put(
        tag("p", tag("a", "‹ all topics", href=url.to("topics")), cls="kb-small"),
        tag("h1", label),
        _meta(desk, topic),
    )
    lines = browsing.properties(desk.asking, desk.judged, topic)
    if not lines:
        nothing_here("No source says anything on this topic.")
        return
    by_name = {line.property: line for line in lines}
    counts = {name: line.claims for name, line in by_name.items()}
    if source := url.get("doc"):
        own = browsing.properties_of(desk.asking, source)
        counts = {name: own[name] for name in by_name if name in own} or counts
    if (given := url.get("prop")) and given not in counts:
        put(tag("p", f"No claim on this topic is about a property {given}.", cls="kb-info"))
    labels = desk.domain.properties
    with st.columns([1, 1])[0]:
        name = url.select("Property", "prop", list(counts), lambda p: f"{labels[p].label} ({counts[p]:,})")
    line = by_name[name]
    put(tag("h2", _capital(desk.domain.properties[name].label)))
    _findings(desk, topic, name)
    answer = _answers(desk, line)
    _claims(desk, line, answer)


def _meta(desk: TableDesk, topic: str) -> Html:
    line = next(line for line in overview.topics(desk.asking, desk.judged) if line.topic == topic)
    links = [
        tag(
            "a",
            card.glyph(kind),
            f" {line.kinds[kind]:,} {plural(kind, line.kinds[kind])}",
            href=url.to("findings", topic=topic, kind=kind.value, state="remaining"),
        )
        for kind in FindingKind
        if line.kinds[kind]
    ]
    told = f"{line.claims:,} claims from {line.documents:,} documents and {line.works:,} works"
    counted = tag("span", "findings that count: ", join(links, " · ")) if links else tag("span", "no findings")
    return tag("div", tag("span", told), counted, cls="kb-meta")


def _findings(desk: TableDesk, topic: str, name: str) -> None:
    kinds = tuple(FindingKind)
    asked = Asked(kinds=kinds, topic=topic, property=name, state="all")
    found = inbox.page(desk.asking, asked, desk.judged, size=FINDINGS)
    if not found.total:
        told = f" {searched(desk)}" if desk.asking.mark.parts else ""
        put(tag("p", f"No findings on this property.{told}", cls="kb-muted"))
        return
    items = [
        tag("li", card.glyph(f.kind), " ", tag("a", f.title, href=url.to("findings", f=f.id, state="all")))
        for f in found.findings
    ]
    every = url.to("findings", topic=topic, prop=name, state="all", kind=",".join(kinds))
    more = tag("p", tag("a", f"All {found.total:,} findings on this property", href=every))
    count = f"{found.total:,} finding{'s' if found.total != 1 else ''} on this property"
    put(
        tag(
            "details",
            tag("summary", count),
            tag("ul", *items, cls="kb-t-found"),
            more if found.total > len(items) else None,
            open=True,
            cls="kb-strong",
        )
    )


# Answers


def _answers(desk: TableDesk, line: PropertyLine) -> Answer | None:
    """Show the answers of most claims; return the one that the address names."""
    found = browsing.answers(desk.asking, line.property)
    part = desk.desk([answer.claim for answer in found])
    most = max((answer.claims for answer in found), default=1)
    given = url.get("answer")
    chosen = None
    if given.isdecimal() and 0 < int(given) <= line.answers:
        chosen = next(iter(browsing.answers(desk.asking, line.property, int(given) - 1, 1)), None)
    if chosen is None:
        url.put("answer", "")
    rows = [_answer(part, answer, most, chosen) for answer in found]
    told = f"{line.answers:,} different answer{'s' if line.answers != 1 else ''} in {line.claims:,} claims"
    shown = f"; the {len(found)} of most claims" if len(found) < line.answers else ""
    put(
        tag("h3", "What is answered"),
        tabular.build(f"{told} of {line.sources:,} sources{shown}", ("Answer", "Claims", "", "Sources"), rows),
    )
    return chosen


def _answer(part: Desk, answer: Answer, most: int, chosen: Answer | None) -> list[Child]:
    current = chosen is not None and chosen.rank == answer.rank
    link = tag(
        "a",
        say(part, answer.claim),
        href=url.here("topics", answer=None if current else answer.rank + 1, page=None),
        aria_current="true" if current else None,
    )
    bar = tag("span", cls="kb-share", style=f"width:{max(1.0, 100 * answer.claims / most):.1f}%", aria_hidden="true")
    return [tag("b", link) if current else link, f"{answer.claims:,}", bar, f"{answer.sources:,}"]


def say(part: Desk, claim: Claim) -> str:
    """Return the answer that a claim gives, from its parts."""
    kb = part.kb
    about = [concept_label(kb, claim.subject)]
    if claim.object:
        about.append(concept_label(kb, claim.object))
    told = claim_value(kb.domain, claim)
    if claim.than:
        told = f"{claim.relation} than {concept_label(kb, claim.than)}"
    turned = claim.attribution == "superseded" or claim.certainty == "denied"
    denied = "denied" if (claim.polarity == "negated") is not turned else ""
    words = ": ".join(filter(None, [" · ".join(about), told]))
    return f"{words} ({denied})" if denied else words


# Claims


def _claims(desk: TableDesk, line: PropertyLine, answer: Answer | None) -> None:
    source = url.get("doc")
    where = browsing.on_property(line.property, answer.rank if answer else None, source)
    total = browsing.count_on_property(desk.asking, where)
    put(tag("h3", "Who says so"), _filters(desk, answer, source))
    if not total:
        nothing_here("No claims in this selection.")
        return
    number = tabular.page_number(total, PAGE)
    size = PAGE if number < tabular.pages(total, PAGE) else PAGE + tabular.TAIL
    claims = browsing.page_on_property(desk.asking, where, (number - 1) * PAGE, size)
    part = desk.desk(claims)
    rows = [_cells(part, claim) for claim in claims]
    told = f"{total:,} claim{'s' if total != 1 else ''}"
    put(
        tabular.build(told, ("Source", "Claim", "Value", "Scope"), rows),
        tabular.pager("topics", total, number, PAGE),
    )
    claims_button(part.kb, claims, f"{line.property}-{number}")


def _filters(desk: TableDesk, answer: Answer | None, source: str) -> Html | None:
    chips = []
    if answer is not None:
        words = f"answer: {say(desk.desk([answer.claim]), answer.claim)}"
        chips.append(_chip(words, "answer"))
    if source:
        chips.append(_chip(f"source: {inbox.contested(desk.asking, source, 0).get(source, source)}", "doc"))
    return tag("div", *chips, cls="kb-chips") if chips else None


def _chip(words: str, name: str) -> Html:
    return tag(
        "a", words, " ", tag("b", "✕", aria_label="remove"), href=url.here("topics", **{name: None, "page": None})
    )


def _cells(part: Desk, claim: Claim) -> list[Child]:
    domain = part.kb.domain
    scope = effective_scope(domain, claim)
    words = " · ".join(describe_scope(domain, name, values) for name, values in scope.items())
    link = tag("a", part.kb.names.get(claim.source, claim.source), href=claim_link(claim))
    return [link, claim.text, claim_value(domain, claim), words or "not stated"]
