"""Reviewing a draft: the page with its proposals marked, beside it one proposal at a time, decided by keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from kb.errors import InputError
from kb.model import Kind
from kb.propose.accepting import accepted_claims
from kb.propose.blanks import blank_claim
from kb.propose.drafting import snapshot
from kb.propose.drafts import Draft, load_draft
from kb.propose.records import Proposal
from kb.ui import decisions, url
from kb.ui.components import proposal_form, proposed, reader
from kb.ui.components.proposed import TO_DO, WORDS, state_of
from kb.ui.decisions import FAULTS, FORM
from kb.ui.desk import Desk
from kb.ui.frame import entitle, nothing_here, problem_list, put
from kb.ui.markup import tag
from kb.ui.navigation import TITLES
from kb.ui.screens import outcome
from kb.ui.store import present_place

LEVELS = ("0.3", "0.5", "0.7", "0.9")
KEYS = "Keys: A accept, E edit, X reject, S skip, U undo, J next, K back. They rest while you type in a field."


def show(desk: Desk, name: str) -> None:
    """Show the draft of a page."""
    try:
        draft = load_draft(desk.kb.path, name)
    except InputError as error:
        _back()
        put(tag("div", tag("strong", "The draft cannot be read."), problem_list(error.problems), cls="kb-banner"))
        return
    entitle(draft.page.short, "Add a document", TITLES["documents"])
    _head(desk, draft)
    text = _text(desk, draft)
    if not draft.proposals:
        nothing_here(
            "No claims are proposed for this page: no sentence of it names what the vocabulary knows, or states a "
            "quantity. Its text is kept."
        )
        reader.show(proposed.page(text, draft, (), ""), f"reader {name}", lambda _: None)
        _omitted(draft, text)
        return
    found = _selection(draft)
    if url.turned() and url.get("p") not in [each.id for each in found]:
        url.put("p", "")
    current = _current(draft, found)
    with st.container(key="kb-adding"):
        left, right = st.columns([7, 6], gap="medium")
        with left:
            marked = found if current is None or current in found else [*found, current]
            payload = proposed.page(text, draft, marked, current.id if current else "")
            reader.show(payload, f"reader {name}", lambda picked: decisions.go(picked) if picked else None)
            _omitted(draft, text)
        with right:
            _queue(desk, draft, found, current, text)
    outcome.show(desk, draft)


def _back() -> None:
    links = [
        tag("a", "‹ all documents", href=url.to("documents")),
        " · ",
        tag("a", "add another, or see the open drafts", href="/documents?add="),
    ]
    put(tag("p", *links, cls="kb-small"))


def _head(desk: Desk, draft: Draft) -> None:
    _back()
    page = draft.page
    ours = accepted_claims(draft)
    known = any(claim.id not in ours for claim in desk.catalogue.by_source.get(page.id, ()))
    told = f"{page.id} · {page.captured} · {page.characters:,} characters · sha256 {page.sha256[:8]}…"
    put(
        tag("h1", page.title),
        tag("p", told, cls="kb-muted kb-small", style="max-width:none;overflow-wrap:anywhere"),
        tag(
            "p",
            "This document is on record already; what you accept is added to its claims.",
            cls="kb-info",
        )
        if known
        else None,
    )


def _text(desk: Desk, draft: Draft) -> str:
    try:
        return snapshot(desk.kb.path, present_place().folders, draft)
    except (InputError, OSError, UnicodeDecodeError) as error:
        problems = error.problems if isinstance(error, InputError) else ()
        told = "The text of the page cannot be shown."
        put(tag("div", tag("strong", told), problem_list(problems), cls="kb-banner", role="alert"))
        return ""


def _omitted(draft: Draft, text: str) -> None:
    """List the parts of the page that were left out, with the reason for each."""
    if not draft.omitted:
        return
    reasons = Counter(span.reason for span in draft.omitted)
    count = len(draft.omitted)
    told = f"Left out: {', '.join(reasons)} ({count:,} block{'' if count == 1 else 's'})"
    items = [
        tag("li", tag("strong", span.reason), ": ", " ".join(text[span.start : span.end].split())[:300])
        for span in draft.omitted
    ]
    put(tag("details", tag("summary", told), tag("ul", *items, cls="kb-small")))


# What is asked for


def _selection(draft: Draft) -> list[Proposal]:
    """Show the filters; return the proposals that are asked for, in order of place."""
    kinds = [kind.value for kind in Kind if any(p.kind is kind for p in draft.proposals)]
    first, second, third = st.container(key="kb-filters").columns(3)
    with first:
        kind = url.select("Kind", "kind", kinds, str.capitalize, "every kind")
    with second:
        level = url.select("Confidence", "conf", LEVELS, lambda given: f"only {given} or more", "any")
    with third:
        state = url.select("State", "state", list(WORDS), WORDS.__getitem__, "every state")
    return [
        proposal
        for proposal in draft.proposals
        if kind in ("", proposal.kind.value)
        and proposal.confidence >= Decimal(level or "0")
        and state in ("", state_of(draft, proposal.id))
    ]


def _current(draft: Draft, found: Sequence[Proposal]) -> Proposal | None:
    """Return the proposal that the address names, else the first of the selection that is to do."""
    named = url.get("p")
    proposal = next((each for each in draft.proposals if each.id == named), None)
    if named and proposal is None:
        put(tag("p", f"Proposal {named} is not in this draft. The page may have been proposed anew.", cls="kb-info"))
    if proposal is None:
        proposal = next((each for each in found if state_of(draft, each.id) == TO_DO), None)
    return proposal


def after(draft: Draft, found: Sequence[Proposal], proposal: str) -> str:
    """Return the next proposal that is to do, from this one on and then from the start; "" if there is none."""
    ids = [each.id for each in found]
    at = ids.index(proposal) if proposal in ids else -1
    decided = draft.decided()
    return next((name for name in (*ids[at + 1 :], *ids[: max(at, 0)]) if name not in decided), "")


def beside(found: Sequence[Proposal], proposal: str, step: int) -> str:
    """Return the proposal before (-1) or behind (1) one in the selection; itself at the ends."""
    ids = [each.id for each in found]
    if proposal not in ids:
        return ids[0] if ids else proposal
    return ids[min(max(ids.index(proposal) + step, 0), len(ids) - 1)]


# One proposal


def _queue(desk: Desk, draft: Draft, found: list[Proposal], current: Proposal | None, text: str) -> None:
    faults = st.session_state.pop(FAULTS, ())
    if faults:
        put(tag("div", tag("strong", "Not written. "), problem_list(faults), cls="kb-banner", role="alert"))
    to_do = sum(state_of(draft, each.id) == TO_DO for each in found)
    with st.container(border=True):
        if current is None:
            _none_left(draft, found)
        else:
            place = found.index(current) + 1 if current in found else 0
            told = f"{place:,} of {len(found):,}" if place else f"not in the selection of {len(found):,}"
            put(tag("p", tag("strong", told), f" · {to_do:,} to do", cls="kb-small"))
            decision = draft.decided().get(current.id)
            accepted = decision.claim if decision else None
            put(proposed.card(desk.kb, current, state_of(draft, current.id), accepted, text))
            if st.session_state.get(FORM) == current.id:
                with st.container(key="kb-reason"):
                    _form(desk, draft, current, text, after(draft, found, current.id))
        with st.container(key="kb-verdicts", gap="small"):
            _buttons(desk, draft, found, current)


def _none_left(draft: Draft, found: list[Proposal]) -> None:
    if not draft.pending():
        put(tag("h2", "Done"), tag("p", f"{outcome.counts(draft)}. What changed is below."))
    elif found:
        nothing_here("Nothing is left to do in this selection; other proposals of the page are.")
    else:
        nothing_here("No proposals in this selection.")


def _buttons(desk: Desk, draft: Draft, found: list[Proposal], current: Proposal | None) -> None:
    data, document = desk.kb.path, draft.page.id
    with st.container(horizontal=True, gap="small"):
        if current is not None:
            name, next_one = current.id, after(draft, found, current.id)
            ready = current.claim is not None or state_of(draft, name) == "accepted"
            done = (data, document, name, "accepted", next_one)
            if ready:
                st.button(
                    "Accept", key=f"accept {name}", shortcut="a", type="primary", on_click=decisions.decide, args=done
                )
            else:  # a quantity without a property is completed first
                st.button(
                    "Accept", key=f"accept {name}", shortcut="a", type="primary", on_click=decisions.edit, args=(name,)
                )
            st.button("Edit", key=f"edit {name}", shortcut="e", on_click=decisions.edit, args=(name,))
            for label, state, key in (("Reject", "rejected", "x"), ("Skip", "skipped", "s")):
                given = (data, document, name, state, next_one)
                st.button(label, key=f"{label} {name}".lower(), shortcut=key, on_click=decisions.decide, args=given)
        here = current.id if current else ""
        st.button(
            "Undo", key=f"undo {here}", shortcut="u", type="tertiary", disabled=not draft.decisions,
            on_click=decisions.take_back, args=(data, document),
        )  # fmt: skip
        for label, step, key in (("Back", -1, "k"), ("Next", 1, "j")):
            target = beside(found, here, step)
            st.button(
                label,
                key=f"{label} {here}".lower(),
                shortcut=key,
                type="tertiary",
                on_click=decisions.go,
                args=(target,),
            )
    put(tag("p", KEYS, cls="kb-muted kb-small"))


def _form(desk: Desk, draft: Draft, proposal: Proposal, text: str, next_one: str) -> None:
    """Edit a proposal; it is accepted as it was edited, or every fault in it is told."""
    decision = draft.decided().get(proposal.id)
    try:
        start = (
            (decision and decision.claim)
            or proposal.claim
            or blank_claim(desk.kb.domain, draft.page.id, proposal, text)
        )
    except InputError as error:
        put(tag("div", problem_list(error.problems), cls="kb-banner", role="alert"))
        return
    with st.form(f"form {proposal.id}", border=True):
        typed = proposal_form.fields(desk.kb, start, f"form {proposal.id}")
        with st.container(horizontal=True, gap="small"):
            saved = st.form_submit_button("Save and accept", type="primary")
            st.form_submit_button("Cancel", type="tertiary", on_click=decisions.edit, args=(proposal.id,))
    if not saved:
        return
    try:
        claim = proposal_form.edited(desk.kb, draft, start, typed)
    except InputError as error:
        items = [tag("li", f"{problem.message} → {problem.remedy}") for problem in error.problems]
        put(tag("div", tag("strong", "Not accepted yet:"), tag("ul", *items), cls="kb-banner", role="alert"))
        return
    decisions.decide(desk.kb.path, draft.page.id, proposal.id, "accepted", next_one, claim)
    st.rerun()
