"""Findings: judge what was flagged, fast and safely. A list on the left, one card on the right, keys for both."""

from __future__ import annotations

import streamlit as st

from kb.look import KINDS, dots
from kb.model import Finding, FindingKind
from kb.standing import Standing, StandingState
from kb.tables import finding_row, render
from kb.ui import url
from kb.ui.components import card
from kb.ui.desk import Desk
from kb.ui.filters import STATES, USUAL, Filter, neighbour
from kb.ui.frame import nothing_here, put
from kb.ui.judgements import DONE, NAME, STANDS, judge_name, record, undo
from kb.ui.markup import Html, join, plain, tag
from kb.ui.store import present_place, verdicts_stamp
from kb.verdicts import Ruling

PAGE = 20
DISMISSALS = ("about different things", "misread by us", "says the same as another finding", "trivial")
FORM = "verdict being explained"
WATCH_SECONDS = 4


def show(desk: Desk) -> None:
    """Show the findings that the address asks for, and the one that it names."""
    put(tag("h1", "Findings"))
    asked = _filter(desk)
    found = asked.select(desk.inbox.standings)
    wanted = url.get("f")
    standing = desk.inbox.review.by_id.get(wanted) or (found[0] if found else None)
    with st.container(key="kb-inbox"):
        left, right = st.columns([4, 8], gap="medium")
        with left:
            _list(desk, found, standing)
        with right:
            if wanted and wanted not in desk.inbox.review.by_id:
                _unknown(wanted)
            if standing is None:
                _empty(desk, asked)
            else:
                _card(desk, found, standing, wanted)
    _watch(verdicts_stamp(desk.kb.path))


# What is asked for


def _filter(desk: Desk) -> Filter:
    domain = desk.kb.domain
    topics = [name for name in desk.catalogue.topics if name in desk.inbox.by_topic]
    sources = sorted(desk.inbox.by_source, key=lambda s: (not desk.catalogue.is_document(s), desk.kb.names.get(s, s)))
    first, second, third, fourth = st.container(key="kb-filters").columns([3, 3, 2, 3])
    with first:
        topic = url.select("Topic", "topic", topics, lambda name: domain.topics[name].label, "every topic")
    with second:
        source = url.select("Source", "doc", sources, lambda name: desk.kb.names.get(name, name), "every source")
    with third:
        state = url.select("State", "state", list(STATES)[1:], STATES.__getitem__, STATES[""])
    with fourth:
        words = url.search("Words", "q", "words in the finding")
    severity = url.known("sev", ("1", "2", "3"), "0")
    claim = url.get("claim")
    asked = Filter((), topic, source, claim if claim in desk.catalogue.claims else "", state, int(severity), words)
    return _kinds(desk, asked)


def _kinds(desk: Desk, asked: Filter) -> Filter:
    """Show the kinds with their counts as switches, bound to the address."""
    counts = asked.counts(desk.inbox.standings)
    key = "kinds shown"
    given = url.get("kind").split(",")
    named = [kind for kind in FindingKind if kind.value in given]
    url.adopt("kind", key, named if named or given == ["none"] else list(USUAL))
    chosen = st.pills(
        "Kinds",
        list(FindingKind),
        selection_mode="multi",
        format_func=lambda kind: f"{KINDS[kind].glyph} {KINDS[kind].word} {counts[kind]}",
        key=key,
        label_visibility="collapsed",
    )
    kinds = tuple(kind for kind in FindingKind if kind in chosen)
    url.wrote("kind", key, "" if kinds == USUAL else ",".join(kinds) or "none")
    return Filter(kinds, asked.topic, asked.source, asked.claim, asked.state, asked.severity, asked.words)


# The list


def _list(desk: Desk, found: list[Standing], standing: Standing | None) -> None:
    if not found:
        return
    ids = [each.finding.id for each in found]
    at = ids.index(standing.finding.id) if standing and standing.finding.id in ids else 0
    first = at - at % PAGE
    items = [_item(desk, each, standing) for each in found[first : first + PAGE]]
    reopened = sum(each.state is StandingState.REOPENED for each in found)
    told = f"{len(found):,} finding{'s' if len(found) != 1 else ''}, most serious first"
    put(
        tag("p", told, f"; {reopened} reopened" if reopened else None, cls="kb-muted kb-small"),
        tag("ul", *items, cls="kb-list"),
        _pages(found, first),
        tag("p", f"{desk.inbox.judged} of {len(desk.inbox.standings):,} judged", cls="kb-muted kb-small"),
    )
    st.download_button(
        "Download this list (CSV)",
        data=lambda: render("findings", [finding_row(each) for each in found], "csv"),
        file_name="findings.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _item(desk: Desk, standing: Standing, current: Standing | None) -> Html:
    finding = standing.finding
    topic = desk.kb.domain.topics.get(finding.topic)
    state = "" if standing.state is StandingState.OPEN else standing.state.value
    verdict = standing.verdict.verdict.value if standing.state is StandingState.JUDGED and standing.verdict else state
    where = " · ".join(filter(None, [topic.label if topic else "a document as a whole", verdict]))
    return tag(
        "li",
        tag(
            "a",
            tag("span", card.glyph(finding.kind), " ", finding.title, cls="kb-clamp"),
            tag("small", tag("span", dots(finding.severity), cls="kb-dots"), f" {where}"),
            href=url.here("findings", f=finding.id),
            cls=f"kb-item kb-{finding.kind}",
            aria_current="true" if current and current.finding.id == finding.id else None,
        ),
    )


def _pages(found: list[Standing], first: int) -> Html | None:
    if len(found) <= PAGE:
        return None
    last = min(first + PAGE, len(found))
    back = tag("a", "‹ earlier", href=url.here("findings", f=found[first - PAGE].finding.id)) if first else None
    on = tag("a", "later ›", href=url.here("findings", f=found[last].finding.id)) if last < len(found) else None
    return tag("div", back, tag("span", f"{first + 1:,}–{last:,} of {len(found):,}"), on, cls="kb-pages")


# The card


def _card(desk: Desk, found: list[Standing], standing: Standing, wanted: str) -> None:
    finding = standing.finding
    if wanted and standing not in found:
        put(tag("p", "This finding is not in the selection beside it.", cls="kb-muted kb-small"))
    if standing.waiver:
        put(tag("p", f"Waived by {standing.waiver.by}: {standing.waiver.reason}", cls="kb-info"))
    with st.container(border=True):
        _unattached(desk, finding)
        put(card.build(desk, standing))
        with st.container(key="kb-verdicts", gap="small"):
            _verdicts(desk, found, standing)


def _unattached(desk: Desk, finding: Finding) -> None:
    """Say once that wording is hidden because no text is attached."""
    documents = {member.source for member in finding.members if desk.catalogue.is_document(member.source)}
    missing = sorted(desk.kb.names[name] for name in documents if name not in desk.kb.texts)
    if missing:
        which = (
            "the page text is not attached" if len(missing) == len(documents) else f"not attached: {', '.join(missing)}"
        )
        told = f"Wording not shown: {which}. Attach it with "
        put(tag("p", told, tag("code", "kb sources attach DIR"), cls="kb-muted kb-small"))


def _verdicts(desk: Desk, found: list[Standing], standing: Standing) -> None:
    name = standing.finding.id
    after = neighbour(found, name, 1)
    if refused := st.session_state.pop("refused", ""):
        put(tag("div", tag("strong", "Not recorded. "), refused, cls="kb-banner", role="alert"))
    with st.container(horizontal=True, gap="small"):
        st.button("Stands", key=f"stands {name}", shortcut="1", type="primary", on_click=_stand, args=(name, after))
        st.button("Explained by…", key=f"explained {name}", shortcut="2", on_click=_open_form, args=(name, "explained"))
        st.button("Dismiss…", key=f"dismissed {name}", shortcut="3", on_click=_open_form, args=(name, "dismissed"))
        undoable = bool(st.session_state.get(DONE))
        st.button("Undo", key=f"undo {name}", shortcut="u", type="tertiary", disabled=not undoable, on_click=_undo)
        st.button(
            "Back", key=f"back {name}", shortcut="k", type="tertiary", on_click=_go, args=(neighbour(found, name, -1),)
        )
        st.button("Next", key=f"next {name}", shortcut="j", type="tertiary", on_click=_go, args=(after,))
    with st.popover(f"Judging as {plain(judge_name()) or 'nobody'}", type="tertiary"):
        st.text_input(
            "Your name, kept with each verdict",
            value=judge_name(),
            key=f"{NAME} typed",
            max_chars=100,
            on_change=_rename,
        )
        told = (
            "Keys: 1 stands, 2 explained by…, 3 dismiss, U undo, J next, K back. They rest while you type in a field."
        )
        put(tag("p", told, cls="kb-muted kb-small"))
    if st.session_state.get(FORM, ("", ""))[0] == name:
        _form(desk, standing, after)


def _rename() -> None:
    st.session_state[NAME] = st.session_state[f"{NAME} typed"].strip()


def _go(name: str) -> None:
    if name:
        st.query_params["f"] = name


def _stand(name: str, after: str) -> None:
    if record(name, Ruling.CONFIRMED, STANDS):
        _go(after)


def _undo() -> None:
    _go(undo())


def _open_form(name: str, ruling: str) -> None:
    st.session_state[FORM] = (name, ruling)


def _form(desk: Desk, standing: Standing, after: str) -> None:
    """Ask for the reason of a verdict; Enter saves it."""
    name, ruling = st.session_state[FORM]
    labels = [desk.kb.domain.dimensions[dimension].label for dimension, _ in standing.finding.scope]
    reasons = labels if ruling == "explained" else list(DISMISSALS)
    with st.form(f"reason {name}", border=True):
        asked = "What explains it?" if ruling == "explained" else "Why is it no finding?"
        chosen = (
            st.pills(asked, reasons, selection_mode="multi", format_func=plain, key=f"reasons {name} {ruling}")
            if reasons
            else []
        )
        words = st.text_input("In your words", key=f"reason words {name} {ruling}", max_chars=500)
        saved = st.form_submit_button("Save the verdict", type="primary")
    if not saved:
        return
    reason = "; ".join(filter(None, [", ".join(chosen), words.strip()]))
    if not reason:
        put(tag("p", "Give a reason: pick one, or write it.", cls="kb-info"))
        return
    if ruling == "explained" and chosen:
        reason = f"differs in {reason}"
    if record(name, Ruling(ruling), reason):
        st.session_state.pop(FORM, None)
        _go(after)
    st.rerun()


# When there is nothing, and when something came from elsewhere


def _unknown(wanted: str) -> None:
    told = f"Finding {wanted} is not in this build. It may have been renamed or settled; search by topic or source."
    put(tag("p", told, cls="kb-info"))


def _empty(desk: Desk, asked: Filter) -> None:
    claims = desk.catalogue.by_topic.get(asked.topic, []) if asked.topic else list(desk.catalogue.claims.values())
    alone = sum(asked.source in ("", c.source) and c.id not in desk.inbox.by_claim for c in claims)
    told = f"No findings in this selection. {alone:,} claims here take part in no finding."
    nothing_here(told, join([tag("a", "Show all findings", href=url.to("findings", state="all"))]))


@st.fragment(run_every=WATCH_SECONDS)
def _watch(seen: str) -> None:
    """Look for verdicts that were given elsewhere, and show them."""
    place = present_place()
    if verdicts_stamp(place.data) != seen:
        st.rerun(scope="app")
