"""What a review came to: its counts, the difference of the claim file, and which findings it brings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import streamlit as st

from kb.audit import find_all
from kb.build import KnowledgeBase, Progress, read
from kb.errors import InputError
from kb.look import plural
from kb.model import Finding, FindingKind
from kb.propose.accepting import accepted_claims, difference
from kb.propose.drafts import Draft
from kb.ui import url
from kb.ui.components import card
from kb.ui.desk import Desk
from kb.ui.frame import problem_list, put
from kb.ui.markup import Child, Html, plain, tag
from kb.wording import join

FOUND = "findings that a review brings"
LISTED = 12


def counts(draft: Draft) -> str:
    """Return how many proposals were decided which way, in words."""
    states = Counter(decision.state for decision in draft.decided().values())
    told = [f"{states[state]:,} {state}" for state in ("accepted", "rejected", "skipped") if states[state]]
    return ", ".join([*told, f"{len(draft.pending()):,} to do"] if draft.pending() or not told else told)


def show(desk: Desk, draft: Draft) -> None:
    """Show what stands so far; what takes seconds only when it is asked for."""
    accepted = accepted_claims(draft)
    link = (
        tag("a", "See the document with its claims", href=url.to("documents", doc=draft.page.id)) if accepted else None
    )
    put(tag("p", tag("strong", counts(draft)), ". " if link else ".", link))
    if not accepted:
        return
    with st.expander("What changed in the claim file", key=f"difference {draft.page.id}", on_change="rerun") as opened:
        if opened.open:
            _difference(desk.kb.path, draft)
    version = (draft.page.id, tuple(sorted(accepted.items())))
    if st.button("Which findings are new?", key="count findings"):
        st.session_state[FOUND] = (version, _counted(desk.kb.path, draft))
    known, found = st.session_state.get(FOUND, (None, ()))
    if known == version:
        put(_told(draft, found))


def _difference(data: Path, draft: Draft) -> None:
    try:
        told = difference(data, draft)
    except InputError as error:
        put(tag("div", problem_list(error.problems), cls="kb-banner", role="alert"))
        return
    put(tag("pre", told or "Nothing differs.", cls="kb-diff", tabindex="0"))


def _counted(data: Path, draft: Draft) -> tuple[Finding, ...]:
    """Return the findings that are there with the accepted claims and not without them."""
    bar = st.empty()

    def part(number: int) -> Progress:
        def report(name: str, done: int, of: int) -> None:
            bar.progress((number + done / max(of, 1)) / 3, text=plain(f"Comparing {name}"))

        return report

    bar.progress(0.0, text="Reading")
    kb, problems = read(data)
    if kb is None:
        put(tag("div", problem_list(tuple(problems)), cls="kb-banner", role="alert"))
        return ()
    found = new_findings(kb, draft, part(1), part(2))
    bar.empty()
    return found


def new_findings(
    kb: KnowledgeBase, draft: Draft, before: Progress | None = None, after: Progress | None = None
) -> tuple[Finding, ...]:
    """Return the findings of ``kb`` that it would not have without the claims accepted from a draft."""
    accepted = accepted_claims(draft)
    claims = tuple(claim for claim in kb.claims if claim.id not in accepted)
    page = draft.page.id
    bare = not any(claim.source == page for claim in claims)
    documents = tuple(document for document in kb.documents if not (bare and document.id == page))
    old = {finding.id for finding in find_all(replace(kb, claims=claims, documents=documents), before)}
    return tuple(finding for finding in find_all(kb, after) if finding.id not in old)


def _told(draft: Draft, found: tuple[Finding, ...]) -> Html:
    if not found:
        return tag("p", f"{counts(draft)}; no finding is new.", cls="kb-info")
    kinds = Counter(finding.kind for finding in found)
    told = join([f"{kinds[kind]:,} {plural(kind, kinds[kind])}" for kind in FindingKind if kinds[kind]])
    are = "finding is" if len(found) == 1 else "findings are"
    items: list[Child] = [
        tag("li", tag("a", card.glyph(finding.kind), f" {finding.title}", href=url.to("findings", f=finding.id)))
        for finding in found[:LISTED]
    ]
    if len(found) > LISTED:
        everything = url.to("findings", doc=draft.page.id, state="all", kind=",".join(FindingKind))
        items.append(tag("li", tag("a", f"and {len(found) - LISTED:,} more", href=everything)))
    return tag("div", tag("p", f"{counts(draft)}; {len(found):,} {are} new: {told}."), tag("ul", *items))
