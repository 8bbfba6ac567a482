"""The summary builder: choose topic, scope and sources, read the summary beside them, and take it away.

The address holds every choice, so a summary is a link. Disagreements cannot be left out.
"""

from __future__ import annotations

from collections import Counter
from functools import partial

import streamlit as st

from kb.incoming.entries import entry
from kb.reports.desk import Desk as ReportDesk
from kb.reports.html import body
from kb.reports.parts import Report, anchors
from kb.reports.question import Question
from kb.reports.rendering import MEDIA, ReportFormat, rendered
from kb.reports.styles import STYLES
from kb.reports.summary import Include, summary
from kb.scopes import describe_scope, effective_scope
from kb.ui import url
from kb.ui.components.card import claim_address
from kb.ui.desk import Desk
from kb.ui.frame import put
from kb.ui.markup import tag

LEFT_OUT = {"noanswers": "Without the answers", "nopictures": "Without pictures", "nogaps": "Without what is not known"}
CSS = """
.kb-report :is(th, td, caption) { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; }
.kb-report :is(tbody th) { font-weight: 400; }
.kb-report :is(th, td) { border-bottom: 1px solid color-mix(in srgb, var(--kb-ink) 18%, transparent);
  overflow-wrap: anywhere; font-size: .92rem; }
.kb-report .scroll { overflow-x: auto; }
.kb-report caption, .kb-report summary { font-weight: 600; }
.kb-report ul.hanging { list-style: none; padding: 0; }
"""
FORMATS = (ReportFormat.MD, ReportFormat.HTML, ReportFormat.DOCX)


def show(desk: Desk) -> None:
    """Show the choices and the summary that they make."""
    st.html(f"<style>{CSS}</style>")
    put(tag("h1", "Summary"))
    left, right = st.columns([1, 3], gap="large")
    with left:
        question = _question(desk)
        style = url.select("Citation style", "style", list(STYLES), STYLES.__getitem__)
        without = {name for name, label in LEFT_OUT.items() if url.switch(label, name)}
        put(tag("p", "Disagreements are always in.", cls="kb-muted kb-small"))
    include = Include("noanswers" not in without, "nopictures" not in without, "nogaps" not in without)
    report = summary(ReportDesk(desk.catalogue, desk.inbox), question, style, include)
    with left:
        _downloads(desk, report, question)
    with right:
        put(body(report, _addresses(desk, report)), cls="kb-report")


def _question(desk: Desk) -> Question:
    domain = desk.kb.domain
    topic = url.select("Topic", "topic", desk.catalogue.topics, lambda name: domain.topics[name].label)
    claims = desk.catalogue.by_topic.get(topic, [])
    scopes: Counter[str] = Counter()
    for claim in claims:
        for dimension, values in effective_scope(domain, claim).items():
            scopes.update(f"{dimension}:{value}" for value in values if domain.dimensions[dimension].schemes)

    def words(choice: str) -> str:
        dimension, _, value = choice.partition(":")
        return f"{domain.dimensions[dimension].label}: {describe_scope(domain, dimension, [value])} ({scopes[choice]})"

    asked = url.select("Scope", "scope", sorted(scopes, key=lambda e: (-scopes[e], e)), words, "every scope")
    dimension, _, value = asked.partition(":")
    dimensions = [name for name in domain.dimensions if any(choice.startswith(f"{name}:") for choice in scopes)]
    by = url.select("Group the answers by", "by", dimensions, lambda name: domain.dimensions[name].label, "nothing")
    told = topic + (f" by {domain.dimensions[by].label}" if by else "")
    scope = ((dimension, value),) if asked else ()
    return Question(told, topics=(topic,), scope=scope, sources=_sources(desk), by=by)


def _sources(desk: Desk) -> tuple[str, ...]:
    """Let a person choose sources; none chosen means all."""
    options = sorted({*desk.catalogue.by_source}, key=lambda s: (not desk.catalogue.is_document(s), desk.kb.names[s]))
    given = [name for name in url.get("sources").split(",") if name in options]
    url.adopt("sources", "choice sources", given)
    chosen = st.multiselect("Sources", options, key="choice sources", format_func=desk.kb.names.__getitem__)
    url.wrote("sources", "choice sources", ",".join(chosen))
    return tuple(chosen)


def _addresses(desk: Desk, report: Report) -> dict[str, str]:
    """Return where the claims, findings and works of a report are found in the app."""
    found = {}
    for name in anchors(report):
        if name in desk.catalogue.claims:
            found[name] = claim_address(desk, desk.catalogue.claims[name])
        elif name.startswith("f-"):
            found[name] = url.to("findings", f=name, state="all")
        else:
            found[name] = url.to("works", work=name.removeprefix("work-"))
    return found


def _downloads(desk: Desk, report: Report, question: Question) -> None:
    name = f"summary-{question.topics[0]}"
    for form in FORMATS:
        st.download_button(
            f"Download {form.value.upper()}",
            data=partial(rendered, report, form),
            file_name=f"{name}.{form}",
            mime=MEDIA[form],
            on_click="ignore",
        )
    keys = {anchor.removeprefix("work-") for anchor in anchors(report) if anchor.startswith("work-")}
    st.download_button(
        "Download references (BibTeX)",
        data=lambda: "\n".join(entry(work) for work in desk.kb.works if work.key in keys),
        file_name=f"{name}.bib",
        mime="application/x-bibtex",
        on_click="ignore",
    )
