"""Findings of a table: the inbox by query, a page of it at a time, and the same card and verdicts as elsewhere."""

from __future__ import annotations

import streamlit as st

from kb.bulk import inbox
from kb.bulk.inbox import Asked, Shown
from kb.detectors import RULES
from kb.look import STAKES, dots, plural
from kb.model import Finding, FindingKind
from kb.standing import USUAL, Standing, StandingState
from kb.tables import finding_row, render
from kb.ui import url
from kb.ui.filters import STATES
from kb.ui.frame import nothing_here, put
from kb.ui.markup import Html, tag
from kb.ui.screens.findings import chip, choose_kinds, item, pages, show_card, unknown, watch
from kb.ui.store import verdicts_stamp
from kb.ui.table_desk import TableDesk

SPANS = {"across": "between sources", "within": "within one source"}
NAMES = {rule.CODE: rule.NAME for rule in RULES}
MOST_ROWS = 10_000
"""Rows of a downloaded list; the command line has no such end."""


def show(desk: TableDesk) -> None:
    """Show the findings that the address asks for, and the one that it names."""
    put(tag("h1", "Findings"))
    asked = _asked(desk)
    if url.turned():
        url.put("f", "")
    wanted = url.get("f")
    shown = inbox.page(desk.asking, asked, desk.judged, wanted)
    inside = next((finding for finding in shown.findings if finding.id == wanted), None)
    place = desk.asking.place_of(wanted) if wanted and inside is None else None
    finding = inside or (desk.asking.findings_at([place])[place] if place is not None else None)
    if finding is None and shown.findings:
        finding = shown.findings[0]
    with st.container(key="kb-inbox"):
        left, right = st.columns([4, 8], gap="medium")
        with left:
            _list(desk, asked, shown, finding)
        with right:
            if wanted and inside is None and place is None:
                unknown(wanted)
            if finding is None:
                _empty(desk, asked)
            else:
                _card(desk, finding, shown, wanted, listed=finding in shown.findings)
    watch(verdicts_stamp(desk.path))


# What is asked for


def _asked(desk: TableDesk) -> Asked:
    domain, asking = desk.domain, desk.asking
    topics = [t.id for t in sorted(domain.topics.values(), key=lambda t: (t.order, t.id))]
    codes = inbox.codes(asking)
    names = inbox.contested(asking, url.get("doc"))
    first, second, third, fourth, fifth, sixth = st.container(key="kb-filters").columns([3, 3, 3, 2, 2, 3])
    with first:
        topic = url.select("Topic", "topic", topics, lambda name: domain.topics[name].label, "every topic")
    with second:
        source = url.select("Source", "doc", list(names), names.__getitem__, "every source")
    with third:
        code = url.select("Rule", "code", codes, lambda c: f"{c} {NAMES.get(c, '')}".strip(), "every rule")
    with fourth:
        span = url.select("Between", "span", list(SPANS), SPANS.__getitem__, "any sources")
    with fifth:
        state = url.select("State", "state", list(STATES)[1:], STATES.__getitem__, STATES[""])
    with sixth:
        words = url.search("Words", "q", "words in the finding")
    severity = int(url.kept("sev", ("1", "2", "3")) or 0)
    name = url.kept("prop", domain.properties)
    claim = url.get("claim")
    if claim and not asking.places_of([claim]):
        put(tag("p", f"Claim {claim} is not in this table; findings on every claim are shown.", cls="kb-info"))
        url.put("claim", "")
        claim = ""
    asked = Asked((), topic, name, code, source, claim, span, state, severity, words)
    kinds = choose_kinds(inbox.counts(asking, asked, desk.judged))
    asked = Asked(kinds, topic, name, code, source, claim, span, state, severity, words)
    named = active(desk, asked)
    chips = [chip(words, name) for name, words in named.items() if name in ("sev", "claim", "prop")]
    put(tag("div", *chips, cls="kb-chips") if chips else None)
    return asked


def active(desk: TableDesk, asked: Asked) -> dict[str, str]:
    """Return every filter that is set, by its name in the address, in words."""
    domain = desk.domain
    claims = desk.asking.claims_by_id([asked.claim]) if asked.claim else []
    kinds = ", ".join(plural(kind, 2) for kind in asked.kinds) or "none"
    found = {
        "topic": f"topic: {domain.topics[asked.topic].label}" if asked.topic else "",
        "prop": f"property: {domain.properties[asked.property].label}" if asked.property else "",
        "doc": f"source: {inbox.contested(desk.asking, asked.source)[asked.source]}" if asked.source else "",
        "code": f"rule: {asked.code}" if asked.code else "",
        "span": f"between: {SPANS[asked.span]}" if asked.span else "",
        "claim": f"claim: {claims[0].text}" if claims else "",
        "kind": f"kinds: {kinds}" if asked.kinds != USUAL else "",
        "state": f"state: {STATES[asked.state]}" if asked.state else "",
        "sev": f"gravity: {dots(asked.severity)} {STAKES[asked.severity]}" if asked.severity else "",
        "q": f"words: {asked.words}" if asked.words else "",
    }
    return {name: words for name, words in found.items() if words}


# The list


def _list(desk: TableDesk, asked: Asked, shown: Shown, current: Finding | None) -> None:
    if not shown.findings:
        return
    standings = [desk.standing(finding) for finding in shown.findings]
    chosen = next((each for each in standings if each.finding == current), None)
    told = f"{shown.total:,} finding{'s' if shown.total != 1 else ''}, most serious first"
    judged = sum(s.state is StandingState.JUDGED and s.waiver is None for s in desk.judged.review.standings)
    put(
        tag("p", told, f"; {shown.reopened} reopened" if shown.reopened else None, cls="kb-muted kb-small"),
        tag("ul", *(item(desk.domain, each, chosen) for each in standings), cls="kb-list"),
        pages(shown.first, shown.first + len(standings), shown.total, shown.earlier, shown.later),
        tag("p", f"{judged:,} of {desk.asking.mark.findings:,} judged", cls="kb-muted kb-small"),
    )
    st.download_button(
        "Download this list (CSV)" if shown.total <= MOST_ROWS else f"Download the first {MOST_ROWS:,} (CSV)",
        data=lambda: _csv(desk, asked),
        file_name="findings.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _csv(desk: TableDesk, asked: Asked) -> str:
    found = inbox.page(desk.asking, asked, desk.judged, size=MOST_ROWS).findings
    return render("findings", [finding_row(desk.standing(finding)) for finding in found], "csv")


def _card(desk: TableDesk, finding: Finding, shown: Shown, wanted: str, *, listed: bool) -> None:
    part, beside = desk.around(finding)
    standing = part.inbox.review.by_id.get(finding.id, Standing(finding))
    first = shown.findings[0].id if shown.findings else ""
    sides = (shown.before, shown.after) if listed else (first, first)
    show_card(part, standing, sides, wanted, inside=listed)
    if beside.more_works:
        told = f"Facts of {inbox.WORKS} of the {inbox.WORKS + beside.more_works:,} works behind this finding are shown."
        put(tag("p", told, cls="kb-muted kb-small"))


# When there is nothing


def _empty(desk: TableDesk, asked: Asked) -> None:
    """Name the filters that leave nothing, each with what there is without it."""
    named = active(desk, asked)
    if not named:
        told = "No findings are left to judge." if desk.asking.mark.findings else "No findings in what was compared."
        link = url.to("findings", state="all", kind=",".join(FindingKind))
        nothing_here(told, tag("a", "Show all findings", href=link))
        return
    items = [_without(desk, asked, name, words) for name, words in named.items()]
    everything = tag("a", "Take all filters away", href=url.to("findings"))
    nothing_here("No findings in this selection.", tag("ul", *items), everything)


def _without(desk: TableDesk, asked: Asked, name: str, words: str) -> Html:
    fewer = asked.without(name)
    found = inbox.counts(desk.asking, fewer, desk.judged)
    count = sum(found[kind] for kind in fewer.kinds)
    link = tag("a", "leave it out", href=url.here("findings", **{name: None, "f": None}))
    return tag("li", words, ": ", link, f" ({count:,} finding{'' if count == 1 else 's'})")
