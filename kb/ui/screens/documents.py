"""Documents: read a page with its claims, what each rests on, what contradicts it, and what nobody recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import streamlit as st

from kb.citations import STATES, State, citation_state
from kb.coverage import sentences_read, unread_sentences
from kb.look import KINDS, plural
from kb.model import Citation, Claim, Document, FindingKind
from kb.passages import blocks
from kb.reports.desk import Desk as ReportDesk
from kb.reports.html import page
from kb.reports.letter import letter
from kb.standing import Standing
from kb.ui import url
from kb.ui.components import card, reader, tabular
from kb.ui.components.claims_download import claims_button
from kb.ui.desk import Desk
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.markup import Child, Html, join, tag
from kb.ui.navigation import TITLES
from kb.ui.screens import adding

LINKS = 4
"""Findings that a note leads to by name; the rest are one link."""

NOT_ATTACHED = (
    "The text belongs to its publisher and is not part of this repository. Attach it: ",
    tag("code", "kb sources attach DIR"),
)
STATE_WORDS: dict[State, str] = {
    "printed": "printed on the page",
    "described": "identified by their description",
    "ours": "our inference",
    "unresolved": "to a list that is lost",
    "listed": "listed and never used",
}


def show(desk: Desk) -> None:
    """Show the document that the address names, or all of them."""
    if adding.asked():
        adding.show(desk)
        return
    name = url.get("doc")
    document = desk.catalogue.documents.get(name)
    if document is not None:
        _document(desk, document)
        return
    put(tag("h1", "Documents"), tag("p", tag("a", "+ Add a document", href=adding.ADDRESS, cls="kb-act")))
    if name:
        put(tag("p", f"Document {name} is not in this build. All documents are below.", cls="kb-info"))
    if desk.kb.documents:
        put(tag("div", *(_card(desk, document) for document in desk.kb.documents), cls="kb-doors"))
    else:
        nothing_here("No document is on record yet.")


# All documents


def _card(desk: Desk, document: Document) -> Html:
    claims = desk.catalogue.by_source.get(document.id, [])
    attached = "text attached and verified" if document.id in desk.kb.texts else "text not attached"
    kinds: list[Child] = [
        tag("span", card.glyph(kind), f" {count}", style="white-space:nowrap;margin-right:.8em")
        for kind, count in _kinds(desk, document).items()
    ]
    return tag(
        "a",
        tag("strong", document.short, style="font-size:1.08rem"),
        tag("div", document.title),
        tag("div", f"{_words(document.kind)} · {_publisher(document)}", cls="kb-muted kb-small"),
        tag("div", tag("strong", _count(len(claims), "claim")), style="margin-top:.45rem"),
        tag("div", *kinds) if kinds else tag("div", "no findings"),
        tag("div", f"{_references(document)}; {attached}", cls="kb-muted kb-small", style="margin-top:.35rem"),
        href=url.to("documents", doc=document.id),
        cls="kb-look",
        style="--kb-kind:var(--kb-claim);margin:0",
    )


def _kinds(desk: Desk, document: Document) -> dict[FindingKind, int]:
    """Return how many findings of each kind the document takes part in, strongest first."""
    counts = Counter(standing.finding.kind for standing in desk.inbox.by_source.get(document.id, ()))
    return {kind: counts[kind] for kind in FindingKind if counts[kind]}


def _references(document: Document) -> str:
    printed, works = len(document.listed), len(set(document.listed))
    return {
        "none": "no references and no markers",
        "list without markers": f"{_count(printed, 'reference')} ({_count(works, 'work')}), markers lost",
        "markers without list": "markers in the text, reference list lost",
        "list and markers": f"{_count(printed, 'reference')} with markers",
    }[document.references]


def _links(claims: Iterable[Claim]) -> str:
    """Return how far the links of claims to works can be trusted, in words."""
    states = Counter(citation_state(citation) for claim in claims for citation in claim.cites)
    told = ", ".join(f"{states[state]} {STATE_WORDS[state]}" for state in STATES if states[state])
    return f"; links to works: {told}" if told else ""


def _publisher(document: Document) -> str:
    """Return who published a document; what is recorded in place of a name says that it is about the publisher."""
    known = not document.publisher.casefold().startswith(("not ", "unknown"))
    return document.publisher if known else f"publisher {document.publisher}"


def _words(slug: str) -> str:
    return slug.replace("-", " ")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


# One document


def _document(desk: Desk, document: Document) -> None:
    entitle(document.short, TITLES["documents"])
    claims = desk.catalogue.by_source.get(document.id, [])
    attached = document.id in desk.kb.texts
    put(
        tag("p", tag("a", "‹ all documents", href=url.to("documents")), cls="kb-small"),
        tag("h1", document.title),
        _meta(desk, document, claims),
        _finding_links(desk, document),
        tag("p", f"References: {_references(document)}{_links(claims)}.{_damage(document)}", cls="kb-muted kb-small"),
        None if attached else tag("p", *NOT_ATTACHED, cls="kb-info"),
    )
    chosen, show_unread = _selection(desk, claims, attached)
    _about_focus(desk, document, claims, chosen)
    if attached:
        _reader(desk, document, chosen, show_unread)
    else:
        _list(desk, document, chosen)
    claims_button(desk.kb, chosen, f"claims-{document.id}", "Download claims (CSV)")
    st.download_button(
        "Download audit report (HTML)",
        data=lambda: page(letter(ReportDesk(desk.catalogue, desk.inbox), document.id)),
        file_name=f"audit-{document.id}.html",
        mime="text/html",
        on_click="ignore",
    )


def _meta(desk: Desk, document: Document, claims: Sequence[Claim]) -> Html:
    attached = document.id in desk.kb.texts
    sentences = ""
    if attached:
        read, total = sentences_read(desk.kb, document)
        sentences = f"{_count(total, 'sentence')}: {read:,} with claims, {total - read:,} without"
    told = [
        document.short,
        _words(document.kind),
        _publisher(document),
        document.captured,
        f"sha256 {document.sha256[:8]}… {'verified' if attached else 'not attached'}",
        sentences,
        _count(len(claims), "claim"),
    ]
    return tag("p", " · ".join(filter(None, told)), cls="kb-muted", style="max-width:none")


def _finding_links(desk: Desk, document: Document) -> Html:
    links: list[Child] = [
        tag(
            "a",
            card.glyph(kind),
            f" {count} {plural(kind, count)}",
            href=url.to("findings", doc=document.id, kind=kind, state="all"),
        )
        for kind, count in _kinds(desk, document).items()
    ]
    return tag("div", "Findings: ", *links, None if links else "none", cls="kb-meta")


def _damage(document: Document) -> str:
    count = len(document.damage)
    if not count:
        return ""
    lost = "1 lead-in lost its list" if count == 1 else f"{count} lead-ins lost their lists"
    return f" {lost} when the page was captured: what stood there is not on record."


def _selection(desk: Desk, claims: Sequence[Claim], attached: bool) -> tuple[list[Claim], bool]:
    """Show the controls; return the claims that are asked for, and whether to mark sentences without one."""
    topics = [topic for topic in desk.catalogue.topics if any(desk.catalogue.topic(c) == topic for c in claims)]
    labels = desk.kb.domain.topics
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width=300):
            topic = url.select("Topic", "topic", topics, lambda name: labels[name].label, "every topic")
        unread = url.switch("Mark sentences without a claim", "unread") if attached else False
        uncited = url.switch("Only claims without a citation", "uncited")
    chosen = [
        claim
        for claim in claims
        if topic in ("", desk.catalogue.topic(claim)) and not (uncited and any(link.work for link in claim.cites))
    ]
    if len(chosen) < len(claims):
        put(tag("p", f"{len(chosen):,} of {_count(len(claims), 'claim')}", cls="kb-muted kb-small"))
    return chosen, unread


def _about_focus(desk: Desk, document: Document, claims: Sequence[Claim], chosen: Sequence[Claim]) -> None:
    """Say why the claim that the address names cannot be shown, where that is so."""
    name = url.get("claim")
    if not name or any(claim.id == name for claim in chosen):
        return
    known = desk.catalogue.claims.get(name)
    everything = tag("a", "Show all claims", href=url.to("documents", doc=document.id, claim=name))
    if known is None:
        told: list[Child] = [f"Claim {name} is not in this build. It may have been reworded; the others are below."]
    elif known in claims:
        told = [f"Claim {name} is not in this selection. ", everything]
    else:
        there = tag("a", desk.kb.names.get(known.source, known.source), href=card.claim_address(desk, known))
        told = [f"Claim {name} is not of this document but of ", there, "."]
    put(tag("p", *told, cls="kb-info"))


# With the text


def _reader(desk: Desk, document: Document, chosen: Sequence[Claim], show_unread: bool) -> None:
    text = desk.kb.texts[document.id]
    located = [(claim, claim.locator) for claim in chosen if claim.locator]
    worst = desk.inbox.worst
    marks = [reader.Mark(claim.id, at.start, at.end, worst.get(claim.id)) for claim, at in located]
    unread = [(sentence.start, sentence.end) for sentence in unread_sentences(desk.kb, document)]
    headings = [(block.start, block.end) for block in blocks(text) if block.kind == "heading"]
    pieces = reader.segments(text, marks, unread, headings)
    notes = [_note(desk, claim) for claim, _ in located]
    payload = reader.build(pieces, notes, show_unread, url.get("claim"))
    reader.show(payload, f"reader {document.id}", lambda claim: url.put("claim", claim))


def _note(desk: Desk, claim: Claim) -> reader.Note:
    return reader.Note(claim.id, desk.inbox.worst.get(claim.id), claim.text, _cited(desk, claim), _onward(desk, claim))


def _cited(desk: Desk, claim: Claim) -> str:
    """Return what a claim rests on, in words."""
    if not claim.cites:
        return "names no source"
    return "rests on " + "; ".join(_citation(desk, citation) for citation in claim.cites)


def _citation(desk: Desk, citation: Citation) -> str:
    state = citation_state(citation)
    if citation.work is None:
        return f"{citation.marker} (its list is lost, so the work cannot be told)"
    words = {"printed": citation.marker, "described": "identified by its description"}.get(state, "our inference")
    return f"{desk.kb.names[citation.work]}{f' ({words})' if words else ''}"


def _onward(desk: Desk, claim: Claim) -> tuple[tuple[str, str], ...]:
    """Return where a note leads: the findings of the claim, most serious first, and all that is on record of it."""
    found = _by_strength(desk.inbox.by_claim.get(claim.id, ()))
    links = [
        (f"{KINDS[s.finding.kind].glyph} {s.finding.title}", url.to("findings", f=s.finding.id)) for s in found[:LINKS]
    ]
    if len(found) > LINKS:
        kinds = ",".join(dict.fromkeys(standing.finding.kind for standing in found))
        address = url.to("findings", claim=claim.id, kind=kinds, state="all")
        links.append((f"All {len(found)} findings on this claim", address))
    return (*links, ("All that is on record of this claim", url.to("data", claim=claim.id)))


def _by_strength(standings: Iterable[Standing]) -> list[Standing]:
    """Return findings that still count first, and the strongest kind first among them."""
    return sorted(standings, key=lambda s: (not s.remains, reader.STRENGTH[s.finding.kind], -s.finding.severity))


# Without the text


def _list(desk: Desk, document: Document, chosen: Sequence[Claim]) -> None:
    if not chosen:
        nothing_here("No claims in this selection.")
        return
    focus = url.get("claim")
    number = _page_with(focus, chosen)
    first = (number - 1) * tabular.PAGE
    shown = tabular.shown(chosen, number)
    put(
        Html(f"<style>{reader.style_sheet()}</style>"),
        _bar(desk, document, chosen, focus),
        tag(
            "ol",
            *(_item(desk, document, claim, focus) for claim in shown),
            cls="kb-r-list",
            start=str(first + 1),
        ),
        tabular.pager("documents", len(chosen), number),
    )


def _page_with(focus: str, chosen: Sequence[Claim]) -> int:
    """Return the page that the address names, else the one that holds the claim that it names."""
    if not url.get("page"):
        for place, claim in enumerate(chosen):
            if claim.id == focus:
                return min(place // tabular.PAGE + 1, tabular.pages(len(chosen)))
    return tabular.page_number(len(chosen))


def _bar(desk: Desk, document: Document, chosen: Sequence[Claim], focus: str) -> Html:
    """Return the length of the page as a bar, with a tick where each claim stands."""
    ticks = [
        tag("i", style=f"left:{_share(document, claim):.2f}%", cls=_look(desk, claim, focus))
        for claim in chosen
        if claim.locator
    ]
    label = f"where {_count(len(ticks), 'claim')} stand in the page, from its start to its end"
    return tag("div", *ticks, cls="kb-r-bar", role="img", aria_label=label, title=label)


def _look(desk: Desk, claim: Claim, focus: str) -> str:
    kind = desk.inbox.worst.get(claim.id)
    return f"kb-r-{kind or 'claim'}{' kb-r-chosen' if claim.id == focus else ''}"


def _share(document: Document, claim: Claim) -> float:
    """Return where in its page a claim stands, in per cent."""
    return min(100.0, 100 * claim.locator.start / document.characters) if claim.locator else 0.0


def _item(desk: Desk, document: Document, claim: Claim, focus: str) -> Html:
    kind = desk.inbox.worst.get(claim.id)
    where = f"around {_share(document, claim):.0f} % of the page" if claim.locator else "place not on record"
    links = [tag("a", words, href=address) for words, address in _onward(desk, claim)]
    return tag(
        "li",
        card.glyph(kind) if kind else None,
        f" {KINDS[kind].word} · " if kind else None,
        tag("span", claim.text, cls="kb-says"),
        tag("div", f"{where} · ", *card.cited(desk, claim), cls="kb-muted kb-small"),
        tag("div", join(links, " · "), cls="kb-small"),
        cls=_look(desk, claim, focus),
        aria_current="true" if claim.id == focus else None,
    )
