"""Data: every claim as it is recorded, and everything as tables to take away."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kb import tables
from kb.coverage import matrix
from kb.model import Attribution, Certainty, Claim, Polarity, Strength
from kb.scopes import describe_scope, effective_scope
from kb.ui import url
from kb.ui.components import card, tabular
from kb.ui.components.lines import concept_label
from kb.ui.components.scope_table import BASIS
from kb.ui.desk import Desk
from kb.ui.frame import entitle, nothing_here, put
from kb.ui.markup import Child, Html, join, tag
from kb.ui.navigation import TITLES
from kb.ui.screens import querying
from kb.wording import claim_value

TABS = {"claims": "Claims", "query": "Query", "export": "Export"}
POLARITY = {Polarity.AFFIRMED: "that it is so", Polarity.NEGATED: "that it is not so"}
CERTAINTY = {
    Certainty.ASSERTED: "as a fact",
    Certainty.PROBABLE: "as likely",
    Certainty.POSSIBLE: "as possible",
    Certainty.DENIED: "as untrue",
}
STRENGTH = {Strength.UNIVERSAL: "of all cases without exception", Strength.SUPERLATIVE: "as the most or the best"}
ATTRIBUTION = {
    Attribution.AUTHOR: "in its own name",
    Attribution.REPORTED: "telling what others say",
    Attribution.SUPERSEDED: "as what was held before",
    Attribution.HYPOTHETICAL: "as a supposition",
}
ROLES = {"claim": "claims of documents", "evidence": "recorded facts of works"}


def show(desk: Desk) -> None:
    """Show the claims, or what can be exported."""
    put(tag("h1", "Data"))
    tab = url.known("tab", TABS, "claims")
    links = [
        tag("a", words, href=url.to("data", tab=name), aria_current="true" if name == tab else None)
        for name, words in TABS.items()
    ]
    put(tag("nav", *links, cls="kb-tabs", aria_label="parts of this screen"))
    if tab == "export":
        _export(desk)
    elif tab == "query":
        querying.show(desk)
    else:
        _claims(desk)


# Claims


def _claims(desk: Desk) -> None:
    claim = desk.catalogue.claims.get(url.get("claim"))
    if url.get("claim"):
        if claim is None:
            put(tag("p", f"Claim {url.get('claim')} is not in this build. Search for its words below.", cls="kb-info"))
        else:
            entitle(claim.text, TITLES["data"])
            put(record(desk, claim))
    chosen = _chosen(desk)
    if not chosen:
        nothing_here(
            f"No claims in this selection, out of {len(desk.catalogue.claims):,}.",
            tag("a", "Show all claims", href=url.to("data")),
        )
        return
    number = tabular.page_number(len(chosen))
    rows = [_row(desk, each) for each in tabular.shown(chosen, number)]
    caption = f"{len(chosen):,} of {len(desk.catalogue.claims):,} claims and recorded facts"
    put(
        tabular.build(caption, ("Claim", "Source", "About", "Value", "Rests on", "Findings"), rows),
        tabular.pager("data", len(chosen), number),
    )
    _download("claims", lambda: [tables.claim_row(desk.kb, each) for each in chosen], "Download these claims")


def _chosen(desk: Desk) -> list[Claim]:
    domain = desk.kb.domain
    first, second, third, fourth = st.container(key="kb-filters").columns([3, 3, 3, 3])
    with first:
        topic = url.select(
            "Topic", "topic", desk.catalogue.topics, lambda name: domain.topics[name].label, "every topic"
        )
    with second:
        sources = sorted(desk.catalogue.by_source, key=lambda s: (not desk.catalogue.is_document(s), desk.kb.names[s]))
        source = url.select("Source", "doc", sources, lambda name: desk.kb.names[name], "every source")
    with third:
        role = url.select("Made by", "role", list(ROLES), ROLES.__getitem__, "documents and works")
    with fourth:
        words = url.search("Words", "q", "words in the claim").casefold().split()
    pool = desk.catalogue.by_source.get(source, []) if source else list(desk.catalogue.claims.values())
    return [
        claim
        for claim in pool
        if topic in ("", desk.catalogue.topic(claim))
        and role in ("", claim.role.value)
        and (not words or all(word in claim.text.casefold() for word in words))
    ]


def _row(desk: Desk, claim: Claim) -> list[Child]:
    return [
        tag("a", claim.text, href=url.here("data", claim=claim.id)),
        desk.kb.names[claim.source],
        _about(desk, claim),
        claim_value(desk.kb.domain, claim),
        join([desk.kb.names[link.work] if link.work else f"{link.marker} (lost)" for link in claim.cites], ", "),
        _marks(desk, claim),
    ]


def _about(desk: Desk, claim: Claim) -> str:
    """Return subject, property and, where there is one, object of a claim."""
    domain = desk.kb.domain
    about = f"{concept_label(desk.kb, claim.subject)}: {domain.properties[claim.property].label}"
    return f"{about}, {concept_label(desk.kb, claim.object)}" if claim.object else about


def saying(claim: Claim) -> str:
    """Return in plain words how a source says a claim: whether so or not, how surely, how strongly, in whose name."""
    parts = [
        POLARITY.get(claim.polarity, str(claim.polarity)),
        CERTAINTY.get(claim.certainty, str(claim.certainty)),
        STRENGTH.get(claim.strength, ""),
        ATTRIBUTION.get(claim.attribution, str(claim.attribution)),
    ]
    return ", ".join(filter(None, parts))


def _marks(desk: Desk, claim: Claim) -> Html | None:
    found = desk.inbox.by_claim.get(claim.id, [])
    if not found:
        return None
    worst = desk.inbox.worst.get(claim.id)
    words = [card.glyph(worst) if worst else None, " ", str(len(found))]
    return tag(
        "a",
        *words,
        href=url.to("findings", claim=claim.id, state="all", kind=",".join(sorted({s.finding.kind for s in found}))),
    )


def record(desk: Desk, claim: Claim) -> Html:
    """Return everything on record of one claim."""
    domain = desk.kb.domain
    scope = []
    for dimension, values in effective_scope(domain, claim).items():
        entry = claim.scope_of(dimension)
        basis = (
            BASIS.get(entry.basis, "")
            if entry and entry.state.value == "inherited"
            else "stated"
            if entry
            else "comes with the subject"
        )
        scope.append(
            tag("li", f"{domain.dimensions[dimension].label}: {describe_scope(domain, dimension, values)} ({basis})")
        )
    value = claim_value(domain, claim)
    printed = getattr(claim.value, "printed", "")
    shown: list[tuple[str, Child]] = [
        ("source", tag("a", desk.kb.names[claim.source], href=card.claim_address(desk, claim))),
        ("about", f"{domain.label(claim.subject)}: {domain.properties[claim.property].label}"),
        ("object", domain.label(claim.object) if claim.object else ""),
        ("compared", f"{claim.relation} than {domain.label(claim.than)}" if claim.than else ""),
        ("value", f"{value} (printed “{printed}”)" if value and printed else value),
        ("says it", saying(claim)),
        ("duty", claim.duty.value if claim.duty.value != "none" else ""),
        ("scope", tag("ul", *scope) if scope else "nothing stated"),
        ("rests on", join(card.cited(desk, claim, lead=False))),
        ("made", f"{claim.made}, {str(claim.checked).replace('_', ' ')}"),
        ("place", f"code points {claim.locator.start}–{claim.locator.end}" if claim.locator else ""),
        ("note", claim.note),
    ]
    rows = [join([tag("dt", name), tag("dd", words)]) for name, words in shown if words]
    found = desk.inbox.by_claim.get(claim.id, [])
    lines = (
        tag("ul", *(card.finding_line(each.finding) for each in found))
        if found
        else tag("p", "It takes part in no finding.", cls="kb-muted")
    )
    links = tag("p", tag("a", "Show in the graph", href=url.to("graph", centre=claim.id)), " · ", tag("code", claim.id))
    return tag(
        "section",
        tag("p", tag("a", "Close ✕", href=url.here("data", claim=None)), cls="kb-small kb-close"),
        tag("h2", claim.text),
        card.quote(desk, claim),
        tag("dl", *rows),
        tag("h3", "Findings"),
        lines,
        links,
        cls="kb-pole kb-record",
    )


# Export


def _export(desk: Desk) -> None:
    kb = desk.kb
    found = [*desk.inbox.standings, *desk.inbox.waived]
    parts: list[tuple[str, str, int, Callable[[], list[tables.Row]]]] = [
        (
            "claims",
            "every claim and recorded fact: typed value, scope with its source, locator, citations",
            len(kb.claims),
            lambda: [tables.claim_row(kb, claim) for claim in desk.catalogue.claims.values()],
        ),
        (
            "findings",
            "every finding: members with poles, scope comparison, sentence, verdict",
            len(found),
            lambda: [tables.finding_row(standing) for standing in found],
        ),
        (
            "citations",
            "every link from a claim to a work, with its basis: printed, described, ours, unresolved, listed",
            len(tables.citation_table(kb)),
            lambda: tables.citation_table(kb),
        ),
        (
            "documents",
            "the documents, their snapshots by hash, the state of their references",
            len(kb.documents),
            lambda: tables.document_table(kb),
        ),
        (
            "works",
            "the works: identifiers, design, size, what cites them",
            len(kb.works),
            lambda: tables.work_table(kb),
        ),
        (
            "verdicts",
            "every verdict, with what has become of it and why",
            len(desk.inbox.review.verdicts),
            lambda: tables.verdict_table(desk.inbox.review),
        ),
        (
            "coverage",
            "topic by document: stated, disagrees or silent",
            len(kb.domain.topics) * len(kb.documents),
            lambda: [cell.model_dump(mode="json") for cell in matrix(kb, [s.finding for s in found])],
        ),
    ]
    put(
        tag(
            "p",
            "Every table holds all of its rows, with the columns of the command line. No page text is in any of them.",
        )
    )
    for name, told, count, rows in parts:
        put(tag("h2", name.capitalize()), tag("p", f"{count:,} rows: {told}."))
        _download(name, rows, "")
    bibliography = kb.path / kb.policy.bibliography
    put(tag("h2", "Bibliography"), tag("p", f"{len(kb.works):,} works as BibTeX, the file as it stands."))
    st.download_button(
        "BibTeX",
        data=bibliography.read_bytes,
        file_name="references.bib",
        mime="application/x-bibtex",
        on_click="ignore",
    )


def _download(name: str, rows: Callable[[], list[tables.Row]], label: str) -> None:
    with st.container(horizontal=True):
        for form, mime in (("csv", "text/csv"), ("jsonl", "application/jsonl")):
            words = {"csv": "CSV", "jsonl": "JSON Lines"}[form]
            st.download_button(
                f"{label} ({words})" if label else words,
                data=lambda form=form: tables.render(name, rows(), form),  # type: ignore[misc]
                file_name=f"{name}.{form}",
                mime=mime,
                key=f"download {name} {form}",
                on_click="ignore",
            )
