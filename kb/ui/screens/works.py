"""Works: what was cited, of what design, who leans on it, and which links are lost or only ours."""

from __future__ import annotations

import streamlit as st

from kb.bibliography import Work
from kb.citations import STATES, CitationRow, citation_rows
from kb.designs import DESIGNS
from kb.look import KINDS, plural
from kb.model import Claim, Role
from kb.tables import citation_table, render, work_table
from kb.ui import url
from kb.ui.components import card, tabular
from kb.ui.desk import Desk
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.markup import Child, Html, join, tag
from kb.ui.navigation import TITLES

TABS = {
    "works": "Works",
    "unsourced": "Claims without a source",
    "lost": "Lost markers",
    "ours": "Links that are our guess",
    "listed": "Listed, never used",
}

NOTHING = {
    "unresolved": "No marker is lost: each leads to a work.",
    "ours": "No link is a guess of ours.",
    "listed": "Every work in a reference list is tied to a claim.",
}


def show(desk: Desk) -> None:
    """Show one work, or the works and the state of all links to them."""
    key = url.get("work")
    if key in desk.catalogue.works:
        _work(desk, desk.catalogue.works[key])
        return
    put(tag("h1", "Works"))
    if key:
        put(tag("p", f"Work {key} is not in the bibliography. All works are below.", cls="kb-info"))
    tab = url.known("tab", TABS, "works")
    links = [
        tag("a", words, href=url.to("works", tab=name), aria_current="true" if name == tab else None)
        for name, words in TABS.items()
    ]
    put(tag("nav", *links, cls="kb-tabs", aria_label="parts of this screen"))
    if tab == "works":
        _works(desk)
    elif tab == "unsourced":
        _unsourced(desk)
    else:
        _links(desk, {"lost": "unresolved", "ours": "ours", "listed": "listed"}[tab])


# The lists


def _works(desk: Desk) -> None:
    used = sorted({work.design for work in desk.kb.works if work.design})
    design = url.select("Design", "design", used, lambda name: DESIGNS[name].label, "every design")
    chosen = [work for work in desk.kb.works if design in ("", work.design)]
    chosen.sort(key=lambda work: (-len(desk.catalogue.citing.get(work.key, ())), desk.kb.names[work.key]))
    number = tabular.page_number(len(chosen))
    rows = [_work_row(desk, work) for work in tabular.shown(chosen, number)]
    caption = f"{len(chosen):,} of {len(desk.kb.works):,} works, those that most claims lean on first"
    columns = ("Work", "Title", "Design", "n", "Claims that lean on it", "Recorded facts", "Findings")
    put(tabular.build(caption, columns, rows), tabular.pager("works", len(chosen), number))
    _csv("works.csv", lambda: render("works", work_table(desk.kb), "csv"))


def _work_row(desk: Desk, work: Work) -> list[Child]:
    citing = desk.catalogue.citing.get(work.key, [])
    documents = sorted({desk.kb.names[claim.source] for claim in citing})
    return [
        tag("a", desk.kb.names[work.key], href=url.to("works", work=work.key)),
        join([work.title, join([" ", tag("strong", "retracted")]) if work.retracted else None]),
        DESIGNS[work.design].label.removeprefix("a ").removeprefix("an ") if work.design else "not recorded",
        f"{work.sample_size:,}" if work.sample_size else "",
        f"{len(citing)}: {', '.join(documents)}" if citing else "",
        str(len(desk.catalogue.by_source.get(work.key, ())) or ""),
        _count(desk, work.key),
    ]


def _count(desk: Desk, source: str) -> Html | None:
    found = desk.inbox.by_source.get(source, [])
    if not found:
        return None
    kinds = ",".join(sorted({standing.finding.kind for standing in found}))
    return tag("a", str(len(found)), href=url.to("findings", doc=source, state="all", kind=kinds))


def _unsourced(desk: Desk) -> None:
    needs = {name for name, definition in desk.kb.domain.properties.items() if definition.needs_source}
    made = [c for c in desk.catalogue.claims.values() if c.role is Role.CLAIM and not c.cites]
    chosen = [claim for claim in made if claim.property in needs]
    told = (
        f"{len(made):,} of {desk.catalogue.made:,} claims name no source. "
        f"Of these, {len(chosen):,} are of a kind that needs one: rates, effects, safety."
    )
    put(tag("p", told))
    _claim_table(desk, "Claims that need a source and name none", chosen)


def _claim_table(desk: Desk, caption: str, claims: list[Claim]) -> None:
    if not claims:
        nothing_here("Every claim that needs a source names one.")
        return
    number = tabular.page_number(len(claims))
    shown = tabular.shown(claims, number)
    rows: list[list[Child]] = [
        [
            tag("a", claim.text, href=card.claim_address(desk, claim)),
            desk.kb.names[claim.source],
            desk.kb.domain.topics[desk.catalogue.topic(claim)].label,
        ]
        for claim in shown
    ]
    put(
        tabular.build(f"{caption} ({len(claims):,})", ("Claim", "Source", "Topic"), rows),
        tabular.pager("works", len(claims), number),
    )


def _links(desk: Desk, state: str) -> None:
    rows = [row for row in citation_rows(desk.kb.documents, desk.kb.claims) if row.state == state]
    if not rows:
        nothing_here(NOTHING[state])
        return
    count = "1 link" if len(rows) == 1 else f"{len(rows):,} links"
    put(tag("p", f"{count}: {dict(STATES)[state]}."))  # type: ignore[index]
    number = tabular.page_number(len(rows))
    width = 5 if state == "ours" else 4  # only where a link is a guess is there a confidence to tell
    shown = [_link_row(desk, row)[:width] for row in tabular.shown(rows, number)]
    columns = ("Claim", "Document", "Printed", "Work", "Confidence")[:width]
    put(tabular.build(TABS[url.get("tab")], columns, shown), tabular.pager("works", len(rows), number))
    _csv("citations.csv", lambda: render("citations", citation_table(desk.kb), "csv"))


def _link_row(desk: Desk, row: CitationRow) -> list[Child]:
    claim = desk.catalogue.claims.get(row.claim or "")
    return [
        tag("a", claim.text, href=card.claim_address(desk, claim)) if claim else "no claim that can be tied to it",
        tag("a", desk.kb.names[row.source], href=url.to("documents", doc=row.source)),
        row.marker or (f"entry {row.number}" if row.number else "nothing"),
        tag("a", desk.kb.names[row.work], href=url.to("works", work=row.work)) if row.work else "cannot be told",
        f"{row.confidence:g}",
    ]


def _csv(name: str, data: object) -> None:
    st.download_button("Download as CSV", data=data, file_name=name, mime="text/csv", on_click="ignore")  # type: ignore[arg-type]


# One work


def _work(desk: Desk, work: Work) -> None:
    entitle(desk.kb.names[work.key], TITLES["works"])
    put(
        tag("p", tag("a", "‹ all works", href=url.to("works")), cls="kb-small"),
        tag("h1", desk.kb.names[work.key]),
        tag("p", reference(work), cls="kb-lead"),
        *_warnings(desk, work),
        _facts_of(work),
    )
    citing = desk.catalogue.citing.get(work.key, [])
    facts = desk.catalogue.by_source.get(work.key, [])
    focus = url.get("claim")
    put(*_leaning(desk, work, citing), *_recorded(desk, facts, focus), *_findings(desk, work))
    put(tag("p", tag("a", "Show in the graph", href=url.to("graph", centre=work.key)), cls="kb-small"))


def reference(work: Work) -> Html:
    """Return a work as a plain reference with its link."""
    authors = "; ".join(work.authors) + ("" if work.authors_complete else " and others")
    place = " ".join(
        filter(None, [work.journal, work.volume and f"{work.volume}{f'({work.number})' if work.number else ''}"])
    )
    place = ": ".join(filter(None, [place, work.pages or work.eid]))
    told = ". ".join(filter(None, [authors, str(work.year or ""), work.title, place]))
    address = f"https://doi.org/{work.doi}" if work.doi else work.url or ""
    link = (
        tag("a", f"doi:{work.doi}" if work.doi else address, href=address, target="_blank", rel="noopener noreferrer")
        if address
        else None
    )
    return join([told, ". ", link])


def _warnings(desk: Desk, work: Work) -> list[Child]:
    told = []
    if work.retracted:
        told.append(f"Retracted: {work.retracted}")
    if work.erratum:
        told.append(f"There is an erratum: {work.erratum}")
    if work.superseded_by:
        told.append(f"Superseded by {desk.kb.names.get(work.superseded_by, work.superseded_by)}")
    return [tag("p", line, cls="kb-banner") for line in told]


def _facts_of(work: Work) -> Html:
    shown: list[tuple[str, str]] = [
        ("design", DESIGNS[work.design].label if work.design else "not recorded"),
        ("participants", f"{work.sample_size:,}" if work.sample_size else "not recorded"),
        ("population", work.population or "not recorded"),
        ("species", work.species or ""),
        ("checked at the source", ", ".join(work.verified)),
        ("not checked", ", ".join(work.unverified)),
        ("note", work.note or ""),
    ]
    return tag("dl", *(join([tag("dt", name), tag("dd", words)]) for name, words in shown if words))


def _leaning(desk: Desk, work: Work, citing: list[Claim]) -> list[Child]:
    listing = [d.short for d in desk.kb.documents if work.key in d.listed]
    listed = tag("p", f"In the reference list of {', '.join(listing)}.", cls="kb-muted") if listing else None
    if not citing:
        return [tag("h2", "Who leans on it"), listed, tag("p", "No recorded claim cites this work.", cls="kb-muted")]
    alone = [claim for claim in citing if {link.work for link in claim.cites} == {work.key}]
    told = f"{len(citing)} claims cite it; {len(alone)} of them name no other work and lose their support if it falls."
    items = [
        tag(
            "li",
            tag("a", desk.kb.names[claim.source], href=card.claim_address(desk, claim)),
            ": ",
            claim.text,
            " ",
            tag("span", *card.cited(desk, claim), cls="kb-muted kb-small"),
        )
        for claim in citing
    ]
    return [tag("h2", "Who leans on it"), tag("p", told), listed, tag("ul", *items)]


def _recorded(desk: Desk, facts: list[Claim], focus: str) -> list[Child]:
    if not facts:
        return [tag("h2", "What it found"), tag("p", "No fact of this work is on record.", cls="kb-muted")]
    items = []
    for fact in facts:
        worst = desk.inbox.worst.get(fact.id)
        shown = tag("mark", fact.text) if fact.id == focus else fact.text
        items.append(
            tag(
                "li",
                card.glyph(worst) if worst else None,
                " " if worst else None,
                shown,
                " ",
                tag("span", card.seen(fact), cls="kb-muted kb-small"),
            )
        )
    return [tag("h2", "What it found"), tag("ul", *items)]


def _findings(desk: Desk, work: Work) -> list[Child]:
    found = desk.inbox.by_source.get(work.key, [])
    if not found:
        return [tag("h2", "Findings"), tag("p", "It takes part in no finding.", cls="kb-muted")]
    kinds = {kind: sum(s.finding.kind is kind for s in found) for kind in KINDS}
    counts = ", ".join(f"{count} {plural(kind, count)}" for kind, count in kinds.items() if count)
    return [tag("h2", f"Findings ({counts})"), tag("ul", *(card.finding_line(s.finding) for s in found[:30]))]
